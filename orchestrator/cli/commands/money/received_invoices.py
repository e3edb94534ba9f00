"""The commands of budget about invoices received."""

from typing import Annotated

import typer

from orchestrator.cli.shell.arguments import RecordArgument
from orchestrator.cli.shell.budget_table import print_budget
from orchestrator.cli.shell.frame import Call, command, noun

received_invoices = noun("Invoices that came in: record, withdraw, list.")
"""These commands are verbs of ``budget``."""


@command(received_invoices)
def invoice(
    call: Call,
    record: RecordArgument,
    line: Annotated[str, typer.Argument(metavar="LINE", help="The line that is charged.")],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="Without tax, such as 600.01.")],
    invoice: Annotated[str, typer.Option(help="The invoice's number.")],
    payee: Annotated[str, typer.Option(metavar="NAME", help="Who sent it.")],
    session: Annotated[str | None, typer.Option(metavar="S1", help="The session that it is for.")] = None,
    deal: Annotated[str | None, typer.Option(metavar="D1", help="The deal that it is for.")] = None,
    final: Annotated[bool, typer.Option("--final", help="The last invoice for it: free the rest.")] = False,
    tax: Annotated[str | None, typer.Option(metavar="TAX", help="Tax: 19%, or an amount; no line counts it.")] = None,
    dated: Annotated[str | None, typer.Option(metavar="DATE", help="Day of the invoice.")] = None,
    due: Annotated[str | None, typer.Option(metavar="DATE", help="Day on which it must be paid.")] = None,
    currency: Annotated[str | None, typer.Option(metavar="CODE", help="Its currency, if not the record's.")] = None,
    rate: Annotated[
        str | None, typer.Option(metavar="RATE", help="The record's currency for one unit of its own, like 1.17.")
    ] = None,
    on: Annotated[str | None, typer.Option(metavar="DATE", help="Day of the rate; else that of the invoice.")] = None,
    correct: Annotated[bool, typer.Option("--correct", help="Replace what was recorded of this line.")] = False,
    why: Annotated[str | None, typer.Option(help="The reason.")] = None,
) -> None:
    """Record an invoice that came in: it charges LINE of RECORD's budget with AMOUNT.

    An invoice is a fact: it is recorded even if the line cannot pay it, and that is said.  Several lines of an invoice
    are recorded one after the other.  Converted amounts are rounded to the nearest unit, half up.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.addressing.times import day
    from orchestrator.desk.booking.booking import session_named
    from orchestrator.desk.booking.budget import rows_of
    from orchestrator.desk.booking.deals import deal_named
    from orchestrator.desk.booking.invoices import InvoiceText, receive_invoice

    days = [day(text) if text else None for text in (dated, due, on)]
    with call.studio() as studio:
        name = addresses.record(studio, record)
        text = InvoiceText(
            line, amount, invoice, payee, tax=tax, session=session_named(studio, name, session) if session else None,
            deal=deal_named(name, deal) if deal else None, final=final, dated=days[0], due=days[1], currency=currency,
            rate=rate, on=days[2],
        )  # fmt: skip
        found = receive_invoice(studio, name, text, correct=correct, why=why)
        print_budget(call, rows_of(found.budget, name))
    call.say(*found.remarks)


@command(received_invoices)
def withdraw(
    call: Call,
    record: RecordArgument,
    invoice: Annotated[str, typer.Argument(metavar="INVOICE", help="The number of an invoice that came in.")],
    payee: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who sent it, if several sent one of this number.")
    ] = None,
    why: Annotated[str | None, typer.Option(help="The reason.")] = None,
) -> None:
    """Record that INVOICE, which came in and is unpaid, does not hold: it is no cost any more."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.budget import rows_of
    from orchestrator.desk.booking.invoices import withdraw_invoice

    with call.studio() as studio:
        name = addresses.record(studio, record)
        print_budget(call, rows_of(withdraw_invoice(studio, name, invoice, payee=payee, why=why), name))


@command(received_invoices, reads=True)
def invoices(
    call: Call,
    record: RecordArgument,
    unpaid: Annotated[bool, typer.Option("--unpaid", help="Only those that are not paid.")] = False,
) -> None:
    """List the invoices that came in for RECORD: what each charges a line, with its tax and what is unpaid of it."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.invoices import invoice_rows

    with call.studio() as studio:
        rows = invoice_rows(studio, addresses.record(studio, record), only_unpaid=unpaid)
    columns = ["invoice", "payee", "line", "net", "tax", "unpaid", "for", "due", "state"]
    call.table(rows, columns, empty="no invoice yet", spare=["for", "tax"])
