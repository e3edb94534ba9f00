"""A log in a SQLite file: ``file`` is the door; writers queue at the ``turnstile``."""
