"""The table of one budget.

Tests: ``tests/orchestrator/cli/commands/money/test_budget.py``.
"""

from typing import TYPE_CHECKING

from orchestrator.cli.shell.frame import Call

if TYPE_CHECKING:
    from orchestrator.desk.addressing.rows import Row


def print_budget(call: Call, rows: "list[Row]") -> None:
    """Print a row for each line; columns of instalments, invoices and overruns are left out where there are none."""
    shown = ["line", "approved", "committed", *_used(rows, "due"), *_used(rows, "invoiced"), "spent", "left"]
    columns = [*shown, *_used(rows, "authorised"), *_used(rows, "authorised_until"), "forecast"]
    call.table(rows, columns, empty="no lines yet", spare=["forecast"])


def _used(rows: "list[Row]", name: str) -> list[str]:
    values = (row.get(name) for row in rows)
    return [name] if any(getattr(value, "minor", value) for value in values) else []
