"""The commands of deal: what people get for their work on a record."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.shell.arguments import RecordArgument
from orchestrator.cli.shell.frame import Call, command, noun
from orchestrator.cli.shell.option_groups import OptionGroup

if TYPE_CHECKING:
    from orchestrator.desk.booking.deals import AgreedDeal, DealText

deal = noun("Deals: what people get for their work on a record.")

DealArgument = Annotated[str, typer.Argument(metavar="DEAL", help="A deal, such as night-bus/D1.")]
WhyOption = Annotated[str | None, typer.Option(help="The reason.")]
COLUMNS = ["deal", "who", "role", "fee", "line", "total", "cost", "open", "state"]


@dataclass(frozen=True, slots=True)
class TermOptions(OptionGroup):
    """The terms of a deal beside its fee."""

    revisions: Annotated[
        int | None, typer.Option(min=0, max=1000, help="Mix revisions of each song that the fee includes.")
    ] = None
    extra: Annotated[str | None, typer.Option(metavar="AMOUNT", help="Price of each further revision.")] = None
    pay: Annotated[str | None, typer.Option(metavar="PERCENT/PERCENT", help="Instalments, such as 50/50.")] = None
    recoupable: Annotated[
        str | None, typer.Option(metavar="PERCENT", help="Share that royalties pay back, such as 100%.")
    ] = None

    def text(self, fee: str | None) -> "DealText":
        """The terms as they were typed, with the *fee*."""
        from orchestrator.desk.booking.deals import DealText

        return DealText(fee, self.revisions, self.extra, self.pay, self.recoupable)


@command(deal)
def add(
    call: Call,
    record: RecordArgument,
    *,
    who: Annotated[str, typer.Option(metavar="NAME", help="The person; one not known yet is added.")],
    role: Annotated[str, typer.Option(help="A word for the work, such as mixer.")],
    fee: Annotated[str, typer.Option(metavar="FEE", help="400/song, or 2000 for the whole record.")],
    line: Annotated[str | None, typer.Option(help="The budget line that pays.")] = None,
    terms: TermOptions,
    why: WhyOption = None,
) -> None:
    """Agree a deal with a person for RECORD; its price is committed to a line, and follows the songs of RECORD.

    Of instalments without a stage or a day, the first is due on agreement, the last on delivery, those between as all
    songs are in mixing.  50@agreed is due on agreement too.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.deals import agree

    with call.studio() as studio:
        agreed = agree(studio, addresses.record(studio, record), who, terms.text(fee), role=role, line=line, why=why)
    if agreed.new_person:
        call.say(f"{agreed.new_person} was not known and is in the register now, without a role")
    _say(call, agreed)


@command(deal)
def change(
    call: Call,
    deal_: DealArgument,
    *,
    fee: Annotated[str | None, typer.Option(metavar="FEE", help="400/song, or 2000 for the whole record.")] = None,
    terms: TermOptions,
    why: WhyOption = None,
) -> None:
    """Change terms of DEAL; whatever is not given stays."""
    from orchestrator.desk.booking.deals import change as change_terms
    from orchestrator.desk.booking.deals import named_deal

    with call.studio() as studio:
        record, name = named_deal(studio, deal_)
        _say(call, change_terms(studio, record, name, terms.text(fee), why=why))


@command(deal)
def end(call: Call, deal_: DealArgument, why: WhyOption = None) -> None:
    """End DEAL: what is still committed to it is free again."""
    from orchestrator.desk.booking.deals import end as end_deal
    from orchestrator.desk.booking.deals import named_deal

    with call.studio() as studio:
        record, name = named_deal(studio, deal_)
        _say(call, end_deal(studio, record, name, why=why))


@command(deal, "list", reads=True)
def list_deals(call: Call, record: RecordArgument) -> None:
    """List the deals of RECORD: who, for what, from which line, what they cost so far, and what is still open."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.deals import deal_rows

    with call.studio() as studio:
        rows = deal_rows(studio, addresses.record(studio, record))
    call.table(rows, COLUMNS, empty="no deal yet", spare=["cost"])


@command(deal, reads=True)
def show(call: Call, deal_: DealArgument) -> None:
    """Show the terms of DEAL, its price, and which instalment is due when."""
    from orchestrator.desk.booking.deals import deal_facts, named_deal

    with call.studio() as studio:
        record, name = named_deal(studio, deal_)
        facts = deal_facts(studio, record, name)
    call.facts(facts)


def _say(call: Call, agreed: "AgreedDeal") -> None:
    terms = agreed.finances.deals[agreed.deal].terms
    held = agreed.finances.budget.commitment(agreed.deal)
    left = agreed.finances.budget.lines[terms.line].left if terms.line else None
    data = {"deal": agreed.deal, "who": terms.person, "committed": held.open if held else None, "left": left}
    where = f"from {terms.line}, {left} left there" if terms.line else "unbudgeted"
    call.done(data, f"{terms.describe()} · {held.open if held else 0} committed {where}")
