"""The command next: what to do next."""

from typing import Annotated

import typer

from orchestrator.cli.shell.arguments import OptionalTarget
from orchestrator.cli.shell.frame import Call, command, noun

next = noun("What to do next: verdicts to give, renders to do, gaps to fill.")  # noqa: A001 - the word people type


@command(next, "next", reads=True)
def what_next(
    call: Call,
    target: OptionalTarget = None,
    mine: Annotated[bool, typer.Option("--mine", help="Only the one thing that is for you.")] = False,
) -> None:
    """List what there is to do, and the command for it; the one thing that is for you now comes first.

    Which it is follows from your roles: a producer judges, a mixer answers notes, a label sees what is late.
    """
    from orchestrator.desk.review.next_rows import next_rows
    from orchestrator.desk.review.review_rows import scope
    from orchestrator.desk.review.role_rows import own_row

    with call.studio() as studio:
        rows = next_rows(studio, target)
        own = own_row(studio, rows, scope(studio, target)[1])
    first = own[1] if own else None
    others = [] if mine else [row for row in rows if row is not first]
    marked = [*([{**first, "mine": True}] if first else []), *({**row, "mine": False} for row in others)]
    mine_alone = [str(first["next"])] if first else []
    columns = ["what", "address", "why", "next"]
    call.table(marked, columns, empty="nothing to do", spare=["address"], wrapped=["why"], mine=mine_alone)
    if own:
        call.say(f"for you, as {own[0]}: {own[1]['next']}", style="mine")
    elif rows:
        call.say("nothing of this is for you")
