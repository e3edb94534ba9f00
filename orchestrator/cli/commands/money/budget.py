"""The commands of budget: the money of a record."""

from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.commands.money.received_invoices import received_invoices as _received_invoices
from orchestrator.cli.shell.arguments import RecordArgument
from orchestrator.cli.shell.budget_table import print_budget
from orchestrator.cli.shell.frame import Call, command, noun
from orchestrator.cli.shell.limits import LARGEST

if TYPE_CHECKING:
    from domain.booking.budget import Budget

budget = noun("A record's money: its budget, invoices, payments and overruns.")
budget.add_typer(_received_invoices)


@command(budget, "set")
def set_(
    call: Call,
    record: RecordArgument,
    lines: Annotated[list[str], typer.Argument(metavar="LINE=AMOUNT", help="Such as studio=7200 mixing=2400.")],
    why: Annotated[str | None, typer.Option(help="The reason.")] = None,
) -> None:
    """Approve the named lines of RECORD's budget; other lines stay."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.budget import set_budget

    with call.studio() as studio:
        name = addresses.record(studio, record)
        _report(call, name, set_budget(studio, name, lines, why=why))


@command(budget)
def move(
    call: Call,
    record: RecordArgument,
    source: Annotated[str, typer.Argument(metavar="FROM_LINE", help="The line that gives.")],
    target: Annotated[str, typer.Argument(metavar="TO_LINE", help="The line that gets.")],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="In the record's currency, such as 600.01.")],
    again: Annotated[bool, typer.Option("--again", help="Once more, although the last move was the same.")] = False,
    why: Annotated[str | None, typer.Option(help="The reason.")] = None,
) -> None:
    """Move AMOUNT of what is approved from one line of RECORD's budget to another; the total stays."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.budget import move as move_amount

    with call.studio() as studio:
        name = addresses.record(studio, record)
        _report(call, name, move_amount(studio, name, source, target, amount, again=again, why=why))


@command(budget)
def authorise(
    call: Call,
    record: RecordArgument,
    line: Annotated[str, typer.Argument(metavar="LINE", help="The line that may be exceeded.")],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="By how much; 0 takes an earlier overrun back.")],
    until: Annotated[str, typer.Option(metavar="DATE", help="The last day on which it holds.")],
    why: Annotated[str, typer.Option(help="The reason.")],
) -> None:
    """Authorise an overrun: LINE may be exceeded by AMOUNT through a day, instead of any overrun before."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.addressing.times import day
    from orchestrator.desk.booking.budget import authorise as authorise_overrun

    with call.studio() as studio:
        name = addresses.record(studio, record)
        _report(call, name, authorise_overrun(studio, name, line, amount, until=day(until), why=why))


@command(budget, "spend")
def spend(
    call: Call,
    record: RecordArgument,
    line: Annotated[str, typer.Argument(metavar="LINE", help="The line that pays.")],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="In the record's currency, such as 600.01.")],
    invoice: Annotated[str, typer.Option(help="The invoice's number.")],
    payee: Annotated[str, typer.Option(metavar="NAME", help="Who is paid.")] = "",
    session: Annotated[
        str | None, typer.Option(metavar="S1", help="Count it against the commitment of this session.")
    ] = None,
    deal: Annotated[
        str | None, typer.Option(metavar="D1", help="Count it against the commitment of this deal.")
    ] = None,
    final: Annotated[bool, typer.Option("--final", help="The last payment for it: free the rest.")] = False,
    why: Annotated[str | None, typer.Option(help="The reason.")] = None,
) -> None:
    """Pay AMOUNT from LINE of RECORD's budget.

    An invoice that came in (budget invoice) is paid line by line, without its tax; its session or deal need not be
    named again.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.booking import session_named
    from orchestrator.desk.booking.budget import spend as pay
    from orchestrator.desk.booking.deals import deal_named

    with call.studio() as studio:
        name = addresses.record(studio, record)
        settled = session_named(studio, name, session) if session else None
        of = deal_named(name, deal) if deal else None
        after = pay(
            studio, name, line, amount, invoice=invoice, payee=payee, session=settled, deal=of, final=final, why=why
        )
        _report(call, name, after)
    _say_unpaid(call, after, after.recorded_key(payee, invoice), line)
    _say_open(call, after, settled or of)


InvoiceArgument = Annotated[str, typer.Argument(metavar="INVOICE", help="The number of an invoice that was paid.")]
PayeeOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="Who was paid, if several have an invoice of this number.")
]


@command(budget)
def correct(
    call: Call,
    record: RecordArgument,
    invoice: InvoiceArgument,
    payee: PayeeOption = None,
    amount: Annotated[str | None, typer.Option(help="The amount that was paid.")] = None,
    line: Annotated[str | None, typer.Option(help="The line that paid.")] = None,
    session: Annotated[
        str | None, typer.Option(metavar="S1", help='The session that was paid for; "" for none.')
    ] = None,
    final: Annotated[
        bool | None, typer.Option("--final/--no-final", help="Free what is left of the session's commitment, or not.")
    ] = None,
    why: Annotated[str | None, typer.Option(help="The reason.")] = None,
) -> None:
    """Correct the payment of INVOICE; whatever is not given stays as recorded."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.booking import session_named
    from orchestrator.desk.booking.budget import correct as correct_payment

    with call.studio() as studio:
        name = addresses.record(studio, record)
        of = session_named(studio, name, session) if session else session
        after = correct_payment(
            studio, name, invoice, payee=payee, line=line, amount=amount, session=of, final=final, why=why
        )
        _report(call, name, after)
    _say_open(call, after, of)


@command(budget)
def void(
    call: Call,
    record: RecordArgument,
    invoice: InvoiceArgument,
    payee: PayeeOption = None,
    why: Annotated[str | None, typer.Option(help="The reason.")] = None,
) -> None:
    """Void the payment of INVOICE, which was never made; the amount it settled is committed again."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.budget import void as void_payment

    with call.studio() as studio:
        name = addresses.record(studio, record)
        _report(call, name, void_payment(studio, name, invoice, payee=payee, why=why))


@command(budget, reads=True)
def report(
    call: Call,
    record: RecordArgument,
    version: Annotated[
        int | None, typer.Option(min=1, max=LARGEST, help="Against the approved amounts of this version.")
    ] = None,
) -> None:
    """Show each line of RECORD's budget: approved, committed, invoiced, spent, left, and forecast at completion.

    The forecast is what is invoiced, spent and committed, and what is left of the plan.  An invoice that was received
    and not paid is invoiced; an overrun that is authorised today adds to what is left.  Due is what of the committed
    fees of deals is to be paid by now: an instalment whose day or stage has come, and for which no invoice came in.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.budget import report_rows

    with call.studio() as studio:
        rows = report_rows(studio, addresses.record(studio, record), version=version)
    print_budget(call, rows)


command(budget, "show", reads=True)(report)


@command(budget, reads=True)
def payments(call: Call, record: RecordArgument) -> None:
    """List the paid invoices of RECORD, with all corrections applied."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.budget import payment_rows

    with call.studio() as studio:
        rows = payment_rows(studio, addresses.record(studio, record))
    call.table(rows, ["invoice", "payee", "amount", "line", "session", "final"], empty="nothing paid yet")


@command(budget, reads=True)
def versions(call: Call, record: RecordArgument) -> None:
    """List the versions of RECORD's budget: each change of approved amounts, who made it, when and why."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.budget_history import version_rows

    with call.studio() as studio:
        rows = version_rows(studio, addresses.record(studio, record))
    call.table(rows, ["version", "total", "when", "who", "change", "why"], empty="no budget yet", wrapped=["change"])


@command(budget, "list", reads=True)
def list_budgets(call: Call) -> None:
    """List every record's budget, the sum of its lines, and its unbudgeted costs."""
    from orchestrator.desk.booking.budget import budget_rows

    with call.studio() as studio:
        rows = budget_rows(studio)
    columns = ["record", "approved", "committed", "invoiced", "spent", "left", "forecast", "unbudgeted"]
    call.table(rows, columns, spare=["unbudgeted", "invoiced"])


def _say_unpaid(call: Call, state: "Budget", key: tuple[str, str], line: str) -> None:
    """Print what of the invoice *key* is still unpaid, and the tax that is transferred with the payment."""
    charge = state.received.get(key, {}).get(line)
    if charge is None:
        return
    if rest := state.lines[line].unpaid.get(key):
        call.say(f"{rest} of invoice {charge.invoice} on {line} stays unpaid")
    elif charge.tax:
        call.say(f"{charge.gross} to transfer: {charge.net} and {charge.tax} tax, which counts in no line")


def _say_open(call: Call, state: "Budget", session: str | None) -> None:
    """Print the amount that stays committed to a session or deal after a payment for it."""
    held = state.commitment(session) if session else None
    if held and held.open.minor:
        call.say(f"{held.open} stays committed to {session}; --final with the last payment frees the rest")


def _report(call: Call, record: str, state: "Budget") -> None:
    from orchestrator.desk.booking.budget import rows_of

    print_budget(call, rows_of(state, record))
