"""Rows for lists, and finding one of them."""

from collections.abc import Sequence

from domain.core.refusal import NotFound

Row = dict[str, object]


def one(rows: Sequence[Row], key: str, name: str, hint: str) -> Row:
    """The row whose *key* is *name*.  Raises: NotFound."""
    for row in rows:
        if str(row[key]).lower() == name.lower():
            return row
    raise NotFound(f"{key}.unknown", f"there is no {key} {name}", next=hint)
