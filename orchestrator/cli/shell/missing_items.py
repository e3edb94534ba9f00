"""The list of what is missing of a song or record, printed with the next commands; incomplete ends with exit 6."""

from typing import TYPE_CHECKING

from orchestrator.cli.shell.frame import Call
from orchestrator.cli.shell.suggestions import command_line

if TYPE_CHECKING:
    from orchestrator.desk.review.completion import CompletionCheck


def show_missing(call: Call, check: "CompletionCheck") -> None:
    """Print what *check* found.

    Raises:
        Unfit: ``song.incomplete``, ``record.incomplete``; anything is missing.
    """
    rows = [{**row, "next": command_line(item.next)} for row, item in zip(check.rows, check.items, strict=True)]
    if call.json and not rows:
        call.done(rows)
    elif not call.json:
        call.table(
            rows, ["what", "address", "why", "owed_by", "next"], empty=f"{check.address} is complete", spare=["owed_by"]
        )
    check.refuse_incomplete(rows)
