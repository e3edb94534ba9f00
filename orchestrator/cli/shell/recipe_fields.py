"""The list of a recipe's fields, as ``mix fields`` and ``master fields`` print it.

Tests: ``tests/orchestrator/cli/test_master_fields.py``.
"""

from typing import TYPE_CHECKING

from orchestrator.cli.shell.frame import Call

if TYPE_CHECKING:
    from domain.recipe.values import Recipe


def list_fields(call: Call, table: str, root: "type[Recipe]", *, default: str = "default") -> None:
    """Print each field of a recipe, or of one table of it, with its range and its default.

    Args:
        call: the command.
        table: name of the table; empty for the whole recipe.
        root: type of the recipe.
        default: key of the default in ``--json``.

    Raises:
        NotFound: ``recipe.table``, with the names of all tables.
    """
    from domain.recipe.text.fields import table as table_of

    found = table_of(table, root)
    key = default if call.json else "default"
    rows: list[dict[str, object]] = [
        {"field": field.name, "takes": field.takes, key: field.default} for field in found.fields
    ]
    if not call.json:
        call.done(None, found.path, *found.about.splitlines(), "")
    call.table(rows, ["field", "takes", "default"], wrapped=["takes"])
