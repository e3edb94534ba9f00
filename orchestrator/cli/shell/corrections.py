"""Commands that several nouns share: rename, remove, shelve and restore."""

from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.shell.arguments import WhyOption
from orchestrator.cli.shell.frame import Call, command

if TYPE_CHECKING:
    from domain.label.corrections import Absence
    from orchestrator.desk.label.corrections import CorrectedEntry

TitleArgument = Annotated[str, typer.Argument(metavar="TITLE", help="The new title.")]
LEAVES = (
    "It leaves lists, review, new plans and boards; what was made with it stays as it is, and restore brings it back."
)


def add_corrections(app: typer.Typer, noun: str, example: str, *, titled: bool = True) -> None:
    """Register the corrections of a noun.

    Args:
        app: the noun's commands.
        noun: such as ``song``.
        example: address of one.
        titled: it has a title, which can be changed.
    """
    article = "An" if noun[0] in "aeiou" else "A"
    argument = Annotated[str, typer.Argument(metavar=noun.upper(), help=f"{article} {noun}, such as {example}.")]
    name = noun.upper()

    def rename(call: Call, entry: argument, title: TitleArgument, why: WhyOption = None) -> None:
        from orchestrator.desk.addressing import addresses
        from orchestrator.desk.label.corrections import rename as give_title

        with call.studio() as studio:
            done = give_title(studio, str(addresses.find(studio, entry, noun)), title, why=why)  # type: ignore[arg-type]  # a noun of addresses
        told(call, done, f"is called {done.title}")

    def remove(call: Call, entry: argument, why: WhyOption = None) -> None:
        _take_away(call, noun, entry, "removed", why)

    def shelve(call: Call, entry: argument, why: WhyOption = None) -> None:
        _take_away(call, noun, entry, "shelved", why)

    def restore(call: Call, entry: argument, why: WhyOption = None) -> None:
        from orchestrator.desk.addressing import addresses
        from orchestrator.desk.label.corrections import restore as bring_back

        with call.studio() as studio:
            done = bring_back(studio, str(addresses.find(studio, entry, noun)), why=why)  # type: ignore[arg-type]  # a noun of addresses
        told(call, done, "is there again" if done.changed else "is there")

    rename.__doc__ = f"Give {name} another title; its address stays for good."
    remove.__doc__ = f"Take {name} back as a slip.\n\n{LEAVES}"
    shelve.__doc__ = f"Leave {name} out for artistic reasons.\n\n{LEAVES}"
    restore.__doc__ = f"Bring a removed or shelved {name} back."
    if titled:
        command(app)(rename)
    for function in (remove, shelve, restore):
        command(app)(function)


def _take_away(call: Call, noun: str, entry: str, absence: "Absence", why: str | None) -> None:
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.label.corrections import take_away

    with call.studio() as studio:
        done = take_away(studio, str(addresses.find(studio, entry, noun)), absence, why=why)  # type: ignore[arg-type]  # a noun of addresses
    told(call, done, absence)
    call.say(f"to bring it back: takesheet {noun} restore {done.address}")


def told(call: Call, done: "CorrectedEntry", what: str) -> None:
    """Print an entry after its correction; *what* says how it is now."""
    call.done({"address": done.address, "title": done.title, "changed": done.changed}, f"{done.address} {what}")
