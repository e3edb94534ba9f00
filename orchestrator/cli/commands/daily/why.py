"""The command why: the decisions behind a sound, and the events behind the figures of a budget.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from typing import Annotated

import typer

from orchestrator.cli.shell.arguments import AddressArgument
from orchestrator.cli.shell.frame import Call, command, noun

why = noun("Why a master, mix, comp or take sounds as it does, and who decided it.")


@command(why, "why", reads=True)
def tell_why(
    call: Call,
    address: AddressArgument,
    line: Annotated[
        str | None,
        typer.Argument(
            metavar="RECORD/LINE", help="After the word budget: the line that is explained; after duration: a stage."
        ),
    ] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="Only what sounds at this second.")] = None,
) -> None:
    """Show the tree behind ADDRESS: master, mixes, comps, takes and sessions, with who decided what, when and why.

    --at limits the tree to one second of the sound, which can also be part of the address: @mix1@1:12.

    why budget RECORD/LINE lists every event that made what is approved, committed, invoiced, spent, left and forecast
    there, with the sums after it, and then the instalments of deals; why budget RECORD does so for all lines.

    why duration STAGE lists the songs whose days the plan takes the median of, and the days that it counts with.
    """
    if line is not None:
        _explain(call, address, line)
        return
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.provenance.why import tree

    whole, _, second = address.rpartition("@")
    if at is None and second[:1].isdigit() and "-" not in second:
        address, at = whole, second
    with call.studio() as studio:
        found = tree(studio, addresses.find(studio, address), second=at)
    call.paragraphs(found.as_dict(), *found.lines())


def _explain(call: Call, word: str, what: str) -> None:
    """Explain the figures of the budget line *what*, or the days of the stage *what*."""
    from domain.core.refusal import Misused

    match word:
        case "budget":
            _explain_budget(call, what)
        case "duration":
            _explain_duration(call, what)
        case _:
            raise Misused(
                "why.what", f"{word} and {what} are two; write one ADDRESS, budget RECORD/LINE or duration STAGE"
            )


def _explain_duration(call: Call, stage: str) -> None:
    from orchestrator.desk.label.critical_path import duration_reasons

    with call.studio() as studio:
        rows = duration_reasons(studio, stage)
    call.table(rows, ["what", "days", "set_by"])


def _explain_budget(call: Call, line: str) -> None:
    from orchestrator.desk.booking.budget_history import budget_history

    with call.studio() as studio:
        rows = budget_history(studio, line)
    sums = ["approved", "committed", "invoiced", "spent", "left", "forecast"]
    columns = ["line", "position", "when", "who", "event", "change", *sums, "why"]
    call.table(
        rows, columns, empty="nothing yet", wrapped=["event", "change"], spare=["who", "when", "line", *sums[:4]]
    )
