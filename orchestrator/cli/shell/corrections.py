"""Commands that several nouns share: rename, remove, shelve, drop and restore."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Final

import typer

from orchestrator.cli.shell.arguments import PEOPLE, RESOURCES, Completes, WhyOption
from orchestrator.cli.shell.frame import Call, command

if TYPE_CHECKING:
    from domain.label.corrections import Absence
    from orchestrator.desk.label.corrections import CorrectedEntry, EntryWord

TitleArgument = Annotated[str, typer.Argument(metavar="TITLE", help="The new title.")]
COMPLETES: Final[Mapping[str, Completes]] = {"user": PEOPLE, "resource": RESOURCES}
"""Suggestions of a shell for entries whose placeholder is only NAME."""
NOTHING: Final = Completes(())
DROPPED: Final = frozenset({"record", "song"})
"""Nouns whose entries can be dropped."""
KEPT = "What was decided before stays, and restore takes it back."


def add_corrections(
    app: typer.Typer, noun: "EntryWord", example: str, *, leaves: str, restores: str = "", metavar: str = ""
) -> None:
    """Add the commands ``rename``, ``remove``, ``shelve`` and ``restore`` to a noun, and ``drop`` to records and songs.

    Args:
        app: the noun's commands.
        noun: such as ``song``.
        example: address of such an entry, for the help.
        leaves: sentence for the help about the lists from which an absent entry disappears.
        restores: sentence on what it needs to come back, if anything.
        metavar: how help names the argument; the noun in capitals by default.
    """
    name = metavar or noun.upper()
    argument = Annotated[str, typer.Argument(metavar=name, help=f"Such as {example}."), COMPLETES.get(noun, NOTHING)]

    def rename(call: Call, entry: argument, title: TitleArgument, why: WhyOption = None) -> None:
        from orchestrator.desk.label.corrections import rename as give_title

        with call.studio() as studio:
            done = give_title(studio, noun, entry, title, why=why)
        print_entry(call, done, f"is called {done.title}")

    def remove(call: Call, entry: argument, why: WhyOption = None) -> None:
        _take_away(call, noun, entry, "removed", why)

    def shelve(call: Call, entry: argument, why: WhyOption = None) -> None:
        _take_away(call, noun, entry, "shelved", why)

    def drop(call: Call, entry: argument, why: Annotated[str, typer.Option(help="The reason.")]) -> None:
        _take_away(call, noun, entry, "dropped", why)

    def restore(call: Call, entry: argument, why: WhyOption = None) -> None:
        from orchestrator.desk.label.corrections import restore as bring_back

        with call.studio() as studio:
            done = bring_back(studio, noun, entry, why=why)
        print_entry(call, done, "is there again" if done.changed else "is there")

    rename.__doc__ = f"Give {name} a title; its address stays for good."
    remove.__doc__ = f"Take {name} back as a slip.\n\n{leaves} {KEPT}"
    shelve.__doc__ = f"Leave {name} out on purpose, such as for artistic reasons.\n\n{leaves} {KEPT}"
    drop.__doc__ = f"Give {name} up for good.\n\n{leaves} Its takes are kept; restore brings it back, with a reason."
    gone = "removed, shelved or dropped" if noun in DROPPED else "removed or shelved"
    restore.__doc__ = f"Bring a {gone} {name} back.{f'{chr(10)}{chr(10)}{restores}' if restores else ''}"
    command(app)(rename)
    for function in (remove, shelve, *((drop,) if noun in DROPPED else ()), restore):
        command(app)(function)


def _take_away(call: Call, noun: "EntryWord", entry: str, absence: "Absence", why: str | None) -> None:
    from orchestrator.desk.label.corrections import take_away

    with call.studio() as studio:
        done = take_away(studio, noun, entry, absence, why=why)
    print_entry(call, done, absence)
    reason = " --why REASON" if absence == "dropped" else ""
    call.say(f"to bring it back: takesheet {noun} restore {done.address}{reason}")


def print_entry(call: Call, done: "CorrectedEntry", what: str) -> None:
    """Print the address of a corrected entry, and *what*, its new state, in words."""
    call.done({"address": done.address, "title": done.title, "changed": done.changed}, f"{done.address} {what}")
    call.say(*filter(None, [done.money]))
