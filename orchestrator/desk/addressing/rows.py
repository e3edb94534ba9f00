"""Rows of tables, and finding one of them by the value of a column.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from collections.abc import Sequence

from domain.core.refusal import NotFound

Row = dict[str, object]


def one(rows: Sequence[Row], key: str, name: str, hint: str) -> Row:
    """The first of *rows* whose column *key* is *name*, ignoring case.  Raises: NotFound ``KEY.unknown``."""
    for row in rows:
        if str(row[key]).lower() == name.lower():
            return row
    raise NotFound(f"{key}.unknown", f"there is no {key} {name}", next=hint)
