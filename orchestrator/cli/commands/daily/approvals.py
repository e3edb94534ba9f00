"""Verdicts on mixes and masters: common code of ``mix`` and ``master`` ``approve`` and ``reject``.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import typer

from domain.core.refusal import Refused
from orchestrator.cli.shell.frame import Call, NeedsInput

if TYPE_CHECKING:
    from domain.status.verdicts import Status, Verdict


def give_verdict(
    call: Call, text: str, noun: Literal["mix", "master"], verdict: "Verdict", presented: str | None, why: str | None,
    *, alternate: bool = False, yes: bool = False,
) -> None:  # fmt: skip
    """Judge the current output of the mix or master at *text*, and print the result."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.mixes.mixes import judge_revision, notes_left_open
    from orchestrator.desk.record_state.holders import holder_line, older_mixes_held

    with call.studio() as studio:
        address = addresses.find(studio, text, noun)
        if noun == "mix" and verdict == "approved" and not yes:
            _ask_about_notes(call, notes_left_open(studio, address))
        judged = judge_revision(studio, address, verdict, presented=presented, alternate=alternate, why=why)
        older = older_mixes_held(studio, address.path[0]) if noun == "mix" and verdict == "approved" else []
    word = _in_words(judged, verdict, alternate=alternate)
    call.done(
        {"address": judged.address, "verdict": verdict, "output": judged.output, "missing": str(judged.lack or "")},
        f"{judged.address} {word} ({(judged.output or '')[:12]})",
    )
    call.say(*([f"not approved yet: {judged.lack}"] if judged.lack else []))
    call.say(*(holder_line(holder, chosen) for holder, chosen in older if chosen == judged.address))


def _in_words(judged: "Status", verdict: "Verdict", *, alternate: bool) -> str:
    """A verdict in words; an alternate is not told of a mix that was approved already, and stays what it is."""
    if verdict != "approved":
        return "not this one"
    if alternate and judged.state == "approved" and judged.remark != "alternate":
        return "is approved already" + (", and stays the chosen mix" if judged.remark == "chosen" else "")
    return "approved as an alternate" if alternate else "approved"


def _ask_about_notes(call: Call, notes: Sequence[str]) -> None:
    """Ask for the approval of a mix on which *notes* are open.

    Raises:
        NeedsInput: ``mix.open_notes``; there is no terminal to ask on.
        Refused: ``mix.open_notes``; the answer was no.
    """
    if not notes:
        return
    told = f"{len(notes)} open: {'; '.join(notes)}"
    if call.no_input or call.json or not sys.stdin.isatty():
        raise NeedsInput("mix.open_notes", f"notes are {told}", next="the same command with --yes")
    call.say(*(f"note {line}" for line in notes))
    if not typer.confirm(f"notes are open: {len(notes)}; approve all the same?", default=False, err=True):
        raise Refused("mix.open_notes", f"not approved: notes are {told}", next="takesheet note done NOTE")
