"""The commands of room, person and gear: what can be booked, at which terms."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.shell.arguments import RESOURCES, WhyOption
from orchestrator.cli.shell.frame import Call, command, noun
from orchestrator.cli.shell.option_groups import OptionGroup

if TYPE_CHECKING:
    from domain.booking.resources import ResourceKind
    from domain.booking.terms.card_text import CardText
    from orchestrator.desk.booking.terms import HoursText

HELP = """Make NAME bookable, or change its terms: options of the price state the whole rate card anew.

A price is by the hour (begun quarters count whole), by the working day touched, or by the call: each slot of a session
is one. Beyond the length of a day or call, --overtime counts begun units; without it a day covers its night, and each
begun length is another call. Uplifts are shares of the fee with its overtime. Each item is rounded up to the cent.

--cancel 14d=0,7d=50,48h=100: with less than 48 hours of notice 100 % is due, with less than 7 days 50 %, else nothing;
exactly 48 hours of notice are not less than 48 hours.
"""

room = noun("Rooms that can be booked, and their terms.")
person = noun("People who can be booked, and their terms.")
gear = noun("Gear that can be booked, and its terms.")
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Its name, such as room-a."), RESOURCES]
FromOption = Annotated[str, typer.Option("--from", metavar="TIME", help="2026-12-07T10:00, by the house's clock.")]
ToOption = Annotated[str, typer.Option(metavar="TIME", help="When it ends.")]


@dataclass(frozen=True, slots=True)
class CardOptions(OptionGroup):
    """The rate card of a resource: options of its price state it anew."""

    hour: Annotated[str | None, typer.Option(metavar="60", help="Price of an hour; 60/8h: until overtime begins.")] = (
        None
    )
    day: Annotated[str | None, typer.Option(metavar="500/10h", help="Price of a working day, and its length.")] = None
    call_: Annotated[str | None, typer.Option("--call", metavar="250/3h", help="Price of a call, and its length.")] = (
        None
    )
    finished: Annotated[
        str | None, typer.Option(metavar="20m", help="Most finished music of one call; more is another call.")
    ] = None
    minimum: Annotated[str | None, typer.Option(metavar="2h", help="Least time charged by the hour, a slot.")] = None
    overtime: Annotated[str | None, typer.Option(metavar="30m=45", help="Unit of overtime, and its price.")] = None
    leader: Annotated[str | None, typer.Option(metavar="100%", help="On top for the leader of a session.")] = None
    double: Annotated[str | None, typer.Option(metavar="25%", help="On top for a second instrument.")] = None
    further_double: Annotated[
        str | None, typer.Option("--further-double", metavar="15%", help="On top for each instrument after the second.")
    ] = None
    overdub: Annotated[str | None, typer.Option(metavar="110%", help="On top for an overdub.")] = None
    on_cost: Annotated[
        list[str] | None,
        typer.Option(
            "--on-cost", metavar="NAME=12.81%", help="A cost beside the fee, or a sum per call; may be repeated."
        ),
    ] = None
    deposit: Annotated[
        str | None, typer.Option(metavar="50%@14d", help="A share or a sum, due as it is booked, or so long before.")
    ] = None
    cancel: Annotated[
        str | None, typer.Option(metavar="7d=50,48h=100", help="Under this notice, this per cent of the price is due.")
    ] = None
    preset: Annotated[
        str | None,
        typer.Option(
            help="A union's card: mu-session, mu-long-session, mu-short-session, afm-session; options change it."
        ),
    ] = None

    def text(self) -> "CardText":
        """The card as it was typed."""
        from domain.booking.terms.card_text import CardText

        return CardText(
            self.hour, self.day, self.call_, self.finished, self.minimum, self.overtime, self.leader, self.double,
            self.further_double, self.overdub, tuple(self.on_cost or ()), self.deposit, self.cancel, self.preset,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpeningOptions(OptionGroup):
    """The weekly hours of a resource, and its time before and after each session."""

    setup: Annotated[str | None, typer.Option(metavar="1h", help="Time it needs before each session; 0 for none.")] = (
        None
    )
    strike: Annotated[str | None, typer.Option(metavar="30m", help="Time it needs after each session; 0 for none.")] = (
        None
    )
    open_: Annotated[
        str | None, typer.Option("--open", metavar="mon-fri=10-22", help="Hours of the week, separated by commas.")
    ] = None

    def text(self) -> "HoursText":
        """The hours as they were typed."""
        from orchestrator.desk.booking.terms import HoursText

        return HoursText(self.setup, self.strike, self.open_)


def _commands(app: typer.Typer, sort: "ResourceKind") -> None:
    """Register the commands of one kind of resource."""

    def add(call: Call, name: NameArgument, card: CardOptions, hours: OpeningOptions) -> None:
        from orchestrator.desk.booking.terms import add_bookable

        with call.studio() as studio:
            found = add_bookable(studio, name, sort=sort, card=card.text(), hours=hours.text())
        call.done({"resource": found.resource}, found.resource)
        if found.new_person:
            call.say(f"{found.resource} is new among the people of this label: takesheet user list")

    add.__doc__ = HELP
    command(app)(add)

    @command(app)
    def block(call: Call, name: NameArgument, from_: FromOption, to: ToOption, why: WhyOption = None) -> None:
        """Block NAME for a time; sessions that are booked then stay: takesheet plan conflicts shows them."""
        _block(call, name, from_, to, why, free=False)

    @command(app)
    def unblock(call: Call, name: NameArgument, from_: FromOption, to: ToOption, why: WhyOption = None) -> None:
        """Free NAME from every block that shares a moment with this time."""
        _block(call, name, from_, to, why, free=True)

    @command(app, reads=True)
    def show(call: Call, name: NameArgument) -> None:
        """The terms of NAME: price, deposit, cancellation, hours and blocked times."""
        from orchestrator.desk.booking.terms import terms_facts

        with call.studio() as studio:
            row = terms_facts(studio, name)
        call.facts(row)


def _block(call: Call, name: str, from_: str, to: str, why: str | None, *, free: bool) -> None:
    from domain.booking.slots import in_words
    from orchestrator.desk.addressing.times import SessionTimes
    from orchestrator.desk.booking.terms import block

    with call.studio() as studio:
        [slot] = SessionTimes(from_, to).slots(studio)
        found = block(studio, name, slot, why=why, free=free)
        told = [in_words(one, studio.config.zone) for one in found.slots]
    word = "free" if free else "blocked"
    call.done({"resource": found.resource, word: told}, *(f"{found.resource} {word} {one}" for one in told))
    if not found.changed:
        call.say("nothing of it was blocked" if free else "it was blocked already")


_commands(room, "room")
_commands(person, "person")
_commands(gear, "gear")
