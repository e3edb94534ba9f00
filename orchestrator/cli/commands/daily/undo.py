"""The commands undo and redo: take the last judgement or note back, and bring it back."""

import sys
from typing import Annotated

import typer

from domain.core.refusal import Refused
from orchestrator.cli.shell.arguments import OptionalTarget
from orchestrator.cli.shell.frame import Call, NeedsInput, command, noun

undo = noun("Take back your last judgement or note.")
redo = noun("Bring back what undo took back last.")


@command(undo, "undo")
def take_back(
    call: Call,
    target: OptionalTarget = None,
    yes: Annotated[bool, typer.Option("--yes", help="Also a verdict on a mix or master, without a question.")] = False,
) -> None:
    """Take back your last judgement or note at or under ADDRESS, by default the current place (`at`), by a new event.

    Before a verdict on a mix or master is taken back, you are asked.  The command also prints what the next undo would
    take back; redo brings back what was taken back.
    """
    from orchestrator.desk.review.undo import undo_last

    with call.studio() as studio:
        taken = undo_last(studio, target, agree=lambda said: None if yes else ask_about(call, said))
    call.done({"undone": taken.said, "next": taken.following}, f"taken back: {taken.said}")
    call.wraps(*([f"the next undo takes back: {taken.following}"] if taken.following else []))


@command(redo, "redo")
def bring_back(call: Call, target: OptionalTarget = None) -> None:
    """Bring back what your last undo at or under ADDRESS took back, unless you have decided anything since."""
    from orchestrator.desk.review.undo import redo_last

    with call.studio() as studio:
        brought = redo_last(studio, target)
    call.done({"redone": brought.said, "next": brought.following}, f"brought back: {brought.said}")
    call.wraps(*([f"the next redo brings back: {brought.following}"] if brought.following else []))


def ask_about(call: Call, said: str) -> None:
    """Ask before the verdict on a mix or master is undone.

    Raises:
        NeedsInput: ``undo.signature``; there is no terminal to ask on.
        Refused: ``undo.signature``; the answer was no.
    """
    if call.no_input or call.json or not sys.stdin.isatty():
        raise NeedsInput("undo.signature", f"a signature would be taken back: {said}", next="takesheet undo --yes")
    if not typer.confirm(f"take back the signature: {said}?", default=False, err=True):
        raise Refused("undo.signature", f"kept: {said}")
