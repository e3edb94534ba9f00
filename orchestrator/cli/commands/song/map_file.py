"""Map of ``take import``: written to a file, read from one, or edited.

Tests: ``tests/orchestrator/desk/intake/test_import_map.py``.
"""

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from orchestrator.cli.shell.editor import edit_until_valid, read_text
from orchestrator.cli.shell.frame import Call
from orchestrator.desk.intake.import_map import MapRow, read_map, write_map
from orchestrator.new_file import new_file

if TYPE_CHECKING:
    from orchestrator.desk.intake.folder_import import ImportPlan


def written(call: Call, plan: "ImportPlan", file: Path) -> None:
    """Write the map of *plan* to *file*, and say how it is used."""
    with new_file(file) as draft:
        draft.write_text(_map_of(plan), encoding="utf-8")
    call.done({"map": str(file), "takes": len(plan.takes), "refused": len(plan.refused)}, str(file))
    call.say(f"{len(plan.takes)} takes are planned in {file}; edit it, then give the same command again")


def chosen(call: Call, plan: "ImportPlan", file: Path | None, *, edit: bool) -> list[MapRow]:
    """The lines of *file*, or of the map of *plan* where there is none; with *edit* after the user edited them.

    Raises:
        Misused: ``import.map``, ``editor``, ``file.text``.
        NeedsInput: an editor would be opened, and nobody is there.
    """
    text = read_text(file) if file and file.exists() else _map_of(plan)
    if edit:
        command = f"takesheet take import {plan.song} {quote(str(plan.folder))} --map FILE"
        return edit_until_valid(call, text, read_map, command, name="plan.csv")
    return read_map(text)


def _map_of(plan: "ImportPlan") -> str:
    return write_map(plan.takes, plan.refused, plan.folder)
