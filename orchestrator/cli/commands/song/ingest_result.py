"""Output of ``take ingest`` and ``take import``: the result for each file, the plan, and a question.

Tests: ``tests/orchestrator/desk/intake/test_ingest.py``.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from domain.core.refusal import Refused
from orchestrator.cli.shell.frame import Call, NeedsInput
from orchestrator.cli.shell.table import cell, columns_of, safe, terminal_width

if TYPE_CHECKING:
    from orchestrator.desk.intake.folder_import import ImportPlan
    from orchestrator.desk.intake.take_arrival import FileResult


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
            call.say(f"not taken: {row.path.name}: {row.reason}")
    data = [row.as_dict() for row in rows]
    if refused:
        good = len(rows) - len(refused)
        detail = (
            f"{len(refused)} of {len(rows)} files not taken, {good} taken: {refused[0].path.name}: {refused[0].reason}"
        )
        convert = any("rate.match" in row.reason for row in refused)
        hint = "the same command with --convert" if convert else ""
        raise Refused("audio.refused", detail, next=hint, data=data)
    if call.json and not nothing:
        call.done(data)


def show_plan(call: Call, plan: "ImportPlan", *, dry_run: bool) -> None:
    """Show the plan of an import as one table."""
    if call.json and not dry_run:
        return
    columns = ["part", "take", "pass", "at", "tracks", "length", "note"]
    if call.json:
        call.done(plan.rows())
    else:
        rows = [columns, *([cell(row.get(name)) for name in columns] for row in plan.rows())]
        lines = columns_of(rows, width=terminal_width(plain=call.plain)) if plan.takes else ["no sound in this folder"]
        call.done(None, *lines) if dry_run else call.say(*lines)


def ask(call: Call, question: str) -> bool:
    """Ask a yes-or-no question; return True for yes.  Raises: NeedsInput, without a terminal."""
    if call.no_input or not sys.stdin.isatty():
        raise NeedsInput("input.needed", question, next="the same command with --yes")
    return typer.confirm(safe(question), default=False, err=True)
