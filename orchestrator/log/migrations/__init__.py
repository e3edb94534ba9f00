"""How the tables of a store change from one release to the next.

``ladder`` climbs up and down; each rung is a file, numbered without a gap, and once released it never changes.  The
first is the log as ``sqlite.schema`` and ``postgres.schema`` lay it, to this day: a new store is an old one, brought
up.

Who climbs: the first writer that opens a store of an older release, in its turn and in one transaction, so that a
killed climb never happened.  The driver's lock plays no part: a rung either only adds, and then programs of older
releases go on beside it, or it raises ``store.min_writer`` in the same transaction, and then their next append is
refused (``store.newer``).  Readers never climb.  No rung touches the rows of events: their old shapes are lifted on
reading (``upcast``).

Alembic would do this with an import of half a second, and its batch mode for SQLite drops triggers without a word.
"""
