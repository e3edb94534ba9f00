"""The studio day of one session: what is recorded, slated and marked while it runs."""
