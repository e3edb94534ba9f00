"""Import of recordings by the slates of a session: the recorder's clock is asked once, then one table is confirmed.

Tests: ``tests/orchestrator/desk/recorder/test_slated_import.py``.
"""

import math
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import typer

from domain.core.refusal import Misused
from orchestrator.cli.commands.song.ingest_result import ask
from orchestrator.cli.printing.table import cell, columns_of, terminal_width
from orchestrator.cli.shell.frame import Call, NeedsInput

if TYPE_CHECKING:
    from domain.session.session_day import SessionDay
    from orchestrator.desk.intake.folder_import import ImportPlan
    from orchestrator.desk.intake.take_arrival import FileResult
    from orchestrator.studio import Studio

COLUMNS: Final = ["slate", "part", "take", "pass", "mark", "at", "tracks", "length", "note"]


def clock_ms(seconds: float) -> int:
    """*seconds* as they were typed, in ms.  Raises: Misused ``recorder.clock``."""
    if not math.isfinite(seconds) or abs(seconds) > 86_400:  # noqa: PLR2004 - a day
        raise Misused("recorder.clock", f"{seconds:g} s; a recorder's clock is at most 86,400 s ahead or behind")
    return round(seconds * 1000)


def import_slated(
    call: Call,
    studio: "Studio",
    plan: "ImportPlan",
    day: "SessionDay",
    clock_ahead: float | None,
    *,
    dry_run: bool,
    yes: bool,
    convert: bool,
) -> "Sequence[FileResult]":
    """Marry the files of *plan* to the slates of *day*, show the table, confirm it and ingest.

    Returns:
        One row for each file; with *dry_run* only those that were refused, and none where the user says no.

    Raises:
        NeedsInput: the recorder's clock is not known and cannot be asked for.
        Misused: ``recorder.clock``.
    """
    from flows.vault.vault import Vault
    from orchestrator.desk.recorder.recorder_day import set_clock_ahead
    from orchestrator.desk.recorder.slated_import import carry_out_slated, marry

    ahead_ms = recorder_clock(call, studio, plan, day, clock_ahead, is_asked=not dry_run)
    slated = marry(studio, plan, day, ahead_ms=ahead_ms)
    rows = slated.rows(studio)
    refused = [*plan.refused, *slated.refused]
    if dry_run:
        if call.json:
            call.done(rows)
        else:
            call.done(None, *_table(call, rows))
        return refused
    if not call.json:
        call.say(*_table(call, rows))
    count = len(slated.takes) + len(slated.others.takes)
    if not count:
        return refused
    if not (yes or ask(call, f"ingest {count} takes?")):
        call.say("nothing was ingested")
        return []
    set_clock_ahead(studio, day.record, day.session, ahead_ms)
    return carry_out_slated(studio, Vault(studio.config.vault), slated, convert=convert)


def _table(call: Call, rows: "Sequence[dict[str, object]]") -> list[str]:
    return columns_of(
        [COLUMNS, *([cell(row.get(name)) for name in COLUMNS] for row in circled(rows))],
        width=terminal_width(plain=call.plain),
    )


def circled(rows: "Sequence[dict[str, object]]") -> "list[dict[str, object]]":
    """*rows* of takes as a take sheet writes them: the pass of a keeper of the session is in a circle, ``(4)``."""
    return [
        row | {"pass": f"({row['pass']})"} if row.get("mark") == "keeper" and row.get("pass") else row for row in rows
    ]


def recorder_clock(
    call: Call, studio: "Studio", plan: "ImportPlan", day: "SessionDay", typed: float | None, *, is_asked: bool
) -> int:
    """How far the recorder's clock is ahead in ms: as typed, as it was stated for the session, or as it is asked for.

    Raises:
        NeedsInput: it is not known and cannot be asked for; the next step names the estimate.
        Misused: ``recorder.clock``.
    """
    from domain.session.recordings import clock_words
    from orchestrator.desk.recorder.recorder_day import read_recorder_day
    from orchestrator.desk.recorder.slated_import import proposed_clock

    if typed is not None:
        return clock_ms(typed)
    known = read_recorder_day(studio, day.record, day.session).ahead_ms
    if known is not None:
        return known
    estimate = proposed_clock(studio, day, plan)
    if estimate is None:
        return 0
    agreeing = f"so {estimate.agreeing} of {estimate.slates} slates begin with a recording"
    question = f"the recorder's clock is {clock_words(estimate.ahead_ms)}: {agreeing}"
    if not is_asked:
        call.say(question)
        return estimate.ahead_ms
    if call.no_input or not sys.stdin.isatty():
        raise NeedsInput(
            "input.needed", question, next=f"the same command with --clock-ahead {estimate.ahead_ms / 1000:g}"
        )
    if typer.confirm(f"{question}; is that right?", default=False, err=True):
        return estimate.ahead_ms
    return clock_ms(typer.prompt("seconds that it is ahead", type=float, err=True))
