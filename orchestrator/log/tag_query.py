"""The tag index: ids of tags and kinds, and the SQL of a query."""

from functools import lru_cache

from orchestrator.log.database.columns import ANY
from orchestrator.log.database.connection import Connection
from orchestrator.log.query import Query, QueryItem

REMEMBERED = 65_536
"""Cached ids of tags; a label has that many songs and people after ten years."""

NOTHING = "SELECT position FROM events WHERE position > ?1 AND position <= ?2 AND 1 = 0"
"""SQL of a query without items, which matches nothing."""


class Ids:
    """Integer ids for the texts of one table, cached; ids assigned in a transaction are valid only if it commits."""

    def __init__(self, table: str, column: str) -> None:
        self._select = f"SELECT id FROM {table} WHERE {column} = ?"  # noqa: S608 - our own names
        self._next = f"SELECT coalesce(max(id), 0) + 1 FROM {table}"  # noqa: S608 - our own names
        self._insert = f"INSERT INTO {table} (id, {column}) VALUES (?, ?)"  # noqa: S608 - our own names
        self._known: dict[str, int] = {}

    def of(self, connection: Connection, text: str) -> int:
        """Return the id of *text*; assigns one if it has none."""
        known = self._known.get(text)
        if known is None:
            row = connection.execute(self._select, (text,)).fetchone()
            known = row[0] if row else self._given(connection, text)
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[text] = known
        return known

    def _given(self, connection: Connection, text: str) -> int:
        ((new,),) = connection.execute(self._next).fetchall()
        connection.execute(self._insert, (new, text))
        return int(new)

    def forget(self) -> None:
        """Drop the cached ids: the transaction was rolled back, and with it ids that it may have assigned."""
        self._known.clear()


@lru_cache(maxsize=1024)
def positions(query: Query) -> tuple[str, tuple[str, ...]]:
    """Return SQL for the distinct positions that *query* matches after ``?1`` up to ``?2``, and texts ``?3`` on."""
    texts: list[str] = []
    found = [_item(item, texts) for item in query.items]
    return " UNION ".join(found) or NOTHING, tuple(texts)


def under_tags(query: Query, kinds: frozenset[str]) -> Query:
    """Return a query with the tags of *query* and with *kinds* in place of its kinds."""
    return Query(tuple(QueryItem(kinds, item.tags) for item in query.items))


def _item(item: QueryItem, texts: list[str]) -> str:
    # The longest tag is the most selective (a part's address is longer than its song's), so it comes first.
    first, *others = sorted(item.tags, key=lambda tag: (-len(tag), tag)) or [ANY]
    also = "".join(
        f" AND EXISTS (SELECT 1 FROM event_tags o WHERE o.tag = {_tag(tag, texts)}"  # noqa: S608 - numbered parameters
        " AND o.kind = t.kind AND o.position = t.position)"
        for tag in others
    )
    kinds = ", ".join(_text(kind, texts) for kind in sorted(item.kinds))
    return (
        f"SELECT t.position FROM event_tags t WHERE t.tag = {_tag(first, texts)}"  # noqa: S608 - numbered parameters
        f" AND t.kind IN (SELECT id FROM kinds WHERE kind IN ({kinds}))"
        f" AND t.position > ?1 AND t.position <= ?2{also}"
    )


def _tag(tag: str, texts: list[str]) -> str:
    return f"(SELECT id FROM tags WHERE tag = {_text(tag, texts)})"  # noqa: S608 - numbered parameters


def _text(text: str, texts: list[str]) -> str:
    texts.append(text)
    return f"?{len(texts) + 2}"
