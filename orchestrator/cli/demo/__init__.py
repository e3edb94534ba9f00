"""The demo: a small production from an empty store to a rebuilt release, played through the program's own commands."""
