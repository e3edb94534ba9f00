"""Output of ``take ingest`` and ``take import``: the result for each file, the plan, and a question.

Tests: ``tests/orchestrator/desk/intake/test_ingest.py``.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import typer

from domain.core.refusal import FreeText, Refused, Suggestion, suggest
from orchestrator.cli.printing.table import cell, columns_of, safe, terminal_width
from orchestrator.cli.shell.frame import Call, NeedsInput

if TYPE_CHECKING:
    from orchestrator.desk.intake.folder_import import ImportPlan
    from orchestrator.desk.intake.take_arrival import FileResult


MOST_SHOWN: Final = 5


def tell(call: Call, rows: "Sequence[FileResult]", *, nothing: bool = False) -> None:
    """Print the result for each file.  Raises: Refused ``audio.refused``; a file was refused."""
    refused = [row for row in rows if not row.taken]
    for row in rows:
        for note in row.notes:
            call.say(f"{row.take}: {note}")
    if not call.json:
        for take in dict.fromkeys(row.take for row in rows if row.taken):
            known = all(row.known for row in rows if row.take == take)
            call.done(None, take)
            call.say(*([f"{take} is this audio already"] if known else []))
        for row in refused:
            call.say(f"not taken: {_name(row)}: {row.reason}")
    data = [row.as_dict() for row in rows]
    if refused:
        good = len(rows) - len(refused)
        detail = (
            f"{len(refused)} of {len(rows)} files not taken, {good} taken: {_name(refused[0])}: {refused[0].reason}"
        )
        raise Refused("audio.refused", detail, next=_next(refused), data=data)
    if call.json and not nothing:
        call.done(data)


def show_plan(call: Call, plan: "ImportPlan", *, dry_run: bool, asks: bool) -> None:
    """Show what an import would take, as one table; if it *asks* before it begins, also what it would not, and why."""
    if call.json and not dry_run:
        return
    columns = ["part", "take", "pass", "at", "tracks", "length", "note"]
    if call.json:
        call.done(plan.rows())
        return
    rows = [columns, *([cell(row.get(name)) for name in columns] for row in plan.rows())]
    lines = columns_of(rows, width=terminal_width(plain=call.plain)) if plan.takes else ["no sound in this folder"]
    call.done(None, *lines) if dry_run else call.say(*lines)
    if asks and not dry_run:
        call.say(*(f"not taken: {_name(row)}: {row.reason}" for row in plan.refused))
    if plan.passed_over:
        shown = ", ".join(sorted(plan.passed_over)[:MOST_SHOWN])
        more = f" and {len(plan.passed_over) - MOST_SHOWN} more" if len(plan.passed_over) > MOST_SHOWN else ""
        call.say(f"left out: {shown}{more}")


def _next(refused: "Sequence[FileResult]") -> Suggestion | str:
    """Next step for refused files; empty where none is known."""
    if any("rate.match" in row.reason for row in refused):
        return "the same command with --convert"
    damaged = [row for row in refused if "take repair" in row.reason]
    return suggest("take repair", FreeText(_path(damaged[0])), "OUT") if damaged else ""


def _name(row: "FileResult") -> str:
    from orchestrator.desk.intake.recorder_file_names import spoken

    return spoken(row.path.name)


def _path(row: "FileResult") -> str:
    from orchestrator.desk.intake.recorder_file_names import spoken

    return spoken(str(row.path))


def ask(call: Call, question: str) -> bool:
    """Ask a yes-or-no question; return True for yes.  Raises: NeedsInput, without a terminal."""
    if call.no_input or not sys.stdin.isatty():
        raise NeedsInput("input.needed", question, next="the same command with --yes")
    return typer.confirm(safe(question), default=False, err=True)
