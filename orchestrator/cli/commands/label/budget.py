"""The commands of budget: the money of a record.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.shell.arguments import RecordArgument
from orchestrator.cli.shell.frame import Call, command, noun

if TYPE_CHECKING:
    from domain.booking.budget import Budget

budget = noun("A record's money: set, spend, report.")


@command(budget, "set")
def set_(
    call: Call,
    record: RecordArgument,
    lines: Annotated[list[str], typer.Argument(metavar="LINE=AMOUNT", help="Such as studio=7200 mixing=2400.")],
) -> None:
    """Approve the named lines of RECORD's budget; other lines stay."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.booking import set_budget

    with call.studio() as studio:
        _report(call, set_budget(studio, addresses.record(studio, record), lines))


@command(budget, "spend")
def spend(
    call: Call,
    record: RecordArgument,
    line: Annotated[str, typer.Argument(metavar="LINE", help="The line that pays.")],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="In the record's currency, such as 600.01.")],
    invoice: Annotated[str, typer.Option(help="The invoice's number.")],
    payee: Annotated[str, typer.Option(metavar="NAME", help="Who is paid.")] = "",
    session: Annotated[str | None, typer.Option(metavar="S1", help="Settle the commitment of this session.")] = None,
    why: Annotated[str | None, typer.Option(help="The reason.")] = None,
) -> None:
    """Pay AMOUNT from LINE of RECORD's budget."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.booking import session_named
    from orchestrator.desk.booking.booking import spend as pay

    with call.studio() as studio:
        name = addresses.record(studio, record)
        settled = session_named(studio, name, session) if session else None
        _report(call, pay(studio, name, line, amount, invoice=invoice, payee=payee, session=settled, why=why))


@command(budget, reads=True)
def report(call: Call, record: RecordArgument) -> None:
    """Show what was approved, committed, spent, and is left."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.booking import budget_of, budget_query

    with call.studio() as studio:
        _report(call, budget_of(studio.read(budget_query(addresses.record(studio, record)))))


command(budget, "show", reads=True)(report)


@command(budget, "list", reads=True)
def list_budgets(call: Call) -> None:
    """Every record's budget, all its lines together."""
    from orchestrator.desk.booking.booking import budget_rows

    with call.studio() as studio:
        rows = budget_rows(studio)
    call.table(rows, ["record", "approved", "committed", "spent", "left"])


def _report(call: Call, state: "Budget") -> None:
    rows: list[dict[str, object]] = [
        {"line": name, "approved": line.approved, "committed": line.promised, "spent": line.spent, "left": line.left}
        for name, line in state.lines.items()
    ]
    call.table(rows, ["line", "approved", "committed", "spent", "left"], empty="no lines yet")
