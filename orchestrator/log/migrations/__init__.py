"""Migrations of a store's tables from one release to the next.

Each migration is a file, numbered without a gap; once released it never changes.  ``migrate`` applies them up and down.
The first is the log as ``sqlite.schema`` and ``postgres.schema`` still create it: a new store is an old one, upgraded.

The first writer that opens a store of an older release migrates it, in its turn and in one transaction, so that a
killed migration leaves no trace.  The driver's lock plays no part: a migration either only adds tables, and programs of
older releases go on beside it, or it raises ``store.min_writer`` in the same transaction, and their next append is
refused (``store.newer``).  Readers never migrate.  No migration touches the rows of events: old schema numbers are
upcast on reading (``upcast``).

Alembic would do this with an import of half a second, and its batch mode for SQLite drops triggers silently.
"""
