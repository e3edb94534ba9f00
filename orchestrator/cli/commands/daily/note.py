"""The command note: a line about anything.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from typing import Annotated

import typer

from orchestrator.cli.shell.frame import Call, command, noun

note = noun("Write one line down about anything.")


@command(note, "note")
def write_note(
    call: Call,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="What it is about: anything with an address.")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What is to be remembered; the log never forgets.")],
    time: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="The song time, section or line it is about.")
    ] = None,
    private: Annotated[bool, typer.Option("--private", help="For yourself alone.")] = False,
) -> None:
    """Write TEXT down as a note about ADDRESS."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.review.notes import add_note

    with call.studio() as studio:
        target = addresses.find(studio, address)
        add_note(studio, target, text, at=time, visibility="private" if private else "team")
    call.done({"target": str(target), "text": text}, f"noted on {target}")
