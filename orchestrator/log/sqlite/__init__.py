"""A log in a SQLite file; writers queue at the ``turnstile``."""
