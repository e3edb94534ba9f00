"""The commands of send: a file for people outside with the message that goes with it, and who holds what."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.shell.arguments import RecordArgument, WhyOption
from orchestrator.cli.shell.frame import Call, command, noun

if TYPE_CHECKING:
    from domain.correspondence.parcels import Purpose
    from dsp.files.lossy.encoder import ListenerFormat

send = noun("Make a file for somebody outside, with the message to paste, and keep who holds what.", default="sound")


@command(send)
def sound(
    call: Call,
    address: Annotated[
        str, typer.Argument(metavar="ADDRESS", help="A mix, a master, a take, a part or a pass, such as @mix3.")
    ],
    to: Annotated[list[str], typer.Option("--to", metavar="NAME", help="Who gets it; again for more people.")],
    format_: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help="m4a (if not said), mp3, flac or wav.")
    ] = None,
    purpose: Annotated[
        str, typer.Option("--for", metavar="PURPOSE", help="approval, pitch, mix or master.")
    ] = "approval",
    what: Annotated[
        str, typer.Option(metavar="PRINTS", help="A ZIP of these prints of a mix, such as main,instrumental,stems.")
    ] = "",
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the file; it is made.")] = Path(),
    why: WhyOption = None,
) -> None:
    """Write the sound at ADDRESS as a file for NAME, and print the message to paste; the word sound may be left out.

    With --what it is a ZIP of prints with contact, tempo, key and lyrics.  Nothing is sent by this program.  The file's
    name and tags say what it is, and that it is not final.  Who holds which sound is recorded, and next names whoever
    holds an older mix once a newer one is chosen.  Somebody who is new is added to the people of the label, without a
    role.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.correspondence.send import send as send_sound

    with call.studio() as studio:
        target = addresses.find(studio, address, "mix", "master", "take", "part", "pass")
        sent = send_sound(
            studio, target, out, to=to, format=_format(format_), purpose=_purpose(purpose), what=_words(what),
            say=call.say, why=why,
        )  # fmt: skip
    parcel = sent.parcel
    call.done(
        {
            "parcel": parcel.parcel, "file": str(sent.path), "sha256": parcel.sha, "bytes": parcel.size,
            "format": parcel.format, "to": list(parcel.to), "for": parcel.purpose, "new_people": list(sent.new_people),
            "sounds": [one.model_dump() for one in parcel.sounds], "message": sent.message,
        },
        str(sent.path), "", *sent.message.splitlines(),
    )  # fmt: skip
    for person in sent.new_people:
        call.say(f"{person} is new among the people of this label, without a role; if that was a slip, see user list")
    call.say(
        f"{parcel.parcel}: {', '.join(parcel.to)} hold{'s' if len(parcel.to) == 1 else ''} {parcel.sounds[0].target}"
    )


@command(send, "list", reads=True)
def list_(call: Call, record: RecordArgument) -> None:
    """List who holds which sound of RECORD, and where a newer mix is chosen by now."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.correspondence.send import sent_rows

    with call.studio() as studio:
        rows = sent_rows(studio, addresses.record(studio, record))
    call.table(rows, ["parcel", "to", "sound", "for", "sent", "now"], empty="nothing was sent", spare=["for", "sent"])


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _format(text: str | None) -> "ListenerFormat | None":
    from typing import get_args

    from domain.core.refusal import Misused
    from dsp.files.lossy.encoder import ListenerFormat

    formats: dict[str, ListenerFormat] = {name: name for name in get_args(ListenerFormat)}
    if text is not None and text not in formats:
        raise Misused("send.format", f"{text[:40]!r} is no format; there are {', '.join(formats)}")
    return formats[text] if text is not None else None


def _purpose(text: str) -> "Purpose":
    from typing import get_args

    from domain.core.refusal import Misused
    from domain.correspondence.parcels import Purpose

    purposes: dict[str, Purpose] = {name: name for name in get_args(Purpose)}
    if text not in purposes:
        raise Misused("send.for", f"{text[:40]!r} is no purpose; there are {', '.join(purposes)}")
    return purposes[text]
