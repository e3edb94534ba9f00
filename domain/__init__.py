"""The rules of a production: pure, without a clock, I/O, audio or SQL."""
