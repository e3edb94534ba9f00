"""The command next: what to do next."""

from orchestrator.cli.shell.arguments import OptionalTarget
from orchestrator.cli.shell.frame import Call, command, noun

next = noun("What to do next: verdicts to give, renders to do, gaps to fill.")  # noqa: A001 - the word people type


@command(next, "next", reads=True)
def what_next(call: Call, target: OptionalTarget = None) -> None:
    """List what there is to do, and the command for it."""
    from orchestrator.desk.review.next_rows import next_rows

    with call.studio() as studio:
        rows = next_rows(studio, target)
    call.table(rows, ["what", "address", "why", "next"], empty="nothing to do", spare=["address"], wrapped=["why"])
