"""Arguments that many commands share, each documented once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer


@dataclass(frozen=True, slots=True)
class Completes:
    """Marks an argument whose placeholder does not say what a shell suggests for it."""

    nouns: tuple[str, ...]
    """Nouns of ids: ``person``, ``resource``, ``record``, ``session``; or ``number``, the number of a session."""


PEOPLE, RESOURCES = Completes(("person",)), Completes(("resource",))
SESSIONS = Completes(("session", "record"))

RecordArgument = Annotated[str, typer.Argument(metavar="RECORD", help="A record, such as night-bus.")]
SongArgument = Annotated[str, typer.Argument(metavar="SONG", help="A song, such as night-bus/tin-roof.")]
HtmlOption = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write a page of A4 instead, or replace it.")
]
PartArgument = Annotated[str, typer.Argument(metavar="PART", help="A part, such as night-bus/tin-roof/drums.")]
TakeArgument = Annotated[str, typer.Argument(metavar="TAKE", help="A take, such as night-bus/tin-roof/drums/3.")]
TakesArgument = Annotated[
    list[str], typer.Argument(metavar="TAKE", help="Takes, such as drums/2, or a pass, such as @pass3.")
]
MixArgument = Annotated[str, typer.Argument(metavar="MIX", help="A mix, such as night-bus/tin-roof@mix2.")]
MasterArgument = Annotated[str, typer.Argument(metavar="MASTER", help="A master, such as night-bus@master1.")]
AddressArgument = Annotated[
    str, typer.Argument(metavar="ADDRESS", help="A take, a part, a mix or a master; any unique tail of its address.")
]
OptionalTarget = Annotated[
    str | None, typer.Argument(metavar="ADDRESS", help="A record, a song, a part or anything in one.")
]
OutputOption = Annotated[str | None, typer.Option("--output", metavar="HASH", help="Only if this is still its output.")]
WhyOption = Annotated[str | None, typer.Option(help="The reason; it is kept and found again.")]
