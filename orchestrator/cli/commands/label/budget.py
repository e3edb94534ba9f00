"""The commands of budget: the money of a record."""

from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.shell.arguments import RecordArgument
from orchestrator.cli.shell.frame import Call, command, noun

if TYPE_CHECKING:
    from domain.booking.budget import Budget

budget = noun("A record's money: set, spend, correct, void, payments, report.")


@command(budget, "set")
def set_(
    call: Call,
    record: RecordArgument,
    lines: Annotated[list[str], typer.Argument(metavar="LINE=AMOUNT", help="Such as studio=7200 mixing=2400.")],
) -> None:
    """Approve the named lines of RECORD's budget; other lines stay."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.budget import set_budget

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
    session: Annotated[
        str | None, typer.Option(metavar="S1", help="Count it against the commitment of this session.")
    ] = None,
    final: Annotated[bool, typer.Option("--final", help="The last payment for the session: free the rest.")] = False,
    why: Annotated[str | None, typer.Option(help="The reason.")] = None,
) -> None:
    """Pay AMOUNT from LINE of RECORD's budget."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.booking import session_named
    from orchestrator.desk.booking.budget import spend as pay

    with call.studio() as studio:
        name = addresses.record(studio, record)
        settled = session_named(studio, name, session) if session else None
        after = pay(studio, name, line, amount, invoice=invoice, payee=payee, session=settled, final=final, why=why)
        _report(call, after)
    _say_open(call, after, settled)


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
        _report(call, after)
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
        _report(call, void_payment(studio, addresses.record(studio, record), invoice, payee=payee, why=why))


@command(budget, reads=True)
def report(call: Call, record: RecordArgument) -> None:
    """Show the approved, committed, spent and remaining amount of each line."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.budget import budget_of, budget_query
    from orchestrator.desk.curtain import refuse_money

    with call.studio() as studio:
        name = addresses.record(studio, record)
        refuse_money(studio, name)
        _report(call, budget_of(studio.read(budget_query(name))))


command(budget, "show", reads=True)(report)


@command(budget, reads=True)
def payments(call: Call, record: RecordArgument) -> None:
    """List the paid invoices of RECORD, with all corrections applied."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.budget import payment_rows

    with call.studio() as studio:
        rows = payment_rows(studio, addresses.record(studio, record))
    call.table(rows, ["invoice", "payee", "amount", "line", "session", "final"], empty="nothing paid yet")


@command(budget, "list", reads=True)
def list_budgets(call: Call) -> None:
    """List every record's budget, the sum of its lines, and its unbudgeted costs."""
    from orchestrator.desk.booking.budget import budget_rows

    with call.studio() as studio:
        rows = budget_rows(studio)
    call.table(rows, ["record", "approved", "committed", "spent", "left", "unbudgeted"])


def _say_open(call: Call, state: "Budget", session: str | None) -> None:
    """Print the amount that stays committed to *session* after a payment for it."""
    held = state.commitment(session) if session else None
    if held and held.open.minor:
        call.say(f"{held.open} stays committed to {session}; --final with the last payment frees the rest")


def _report(call: Call, state: "Budget") -> None:
    rows: list[dict[str, object]] = [
        {"line": name, "approved": line.approved, "committed": line.promised, "spent": line.spent, "left": line.left}
        for name, line in state.lines.items()
    ]
    if state.beside is not None and state.beside.minor:
        rows.append({"line": "unbudgeted", "approved": None, "committed": state.beside, "spent": None, "left": None})
    call.table(rows, ["line", "approved", "committed", "spent", "left"], empty="no lines yet")
