"""``handoff``: folders for outside editors, mixers and mastering engineers, updated when something changes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from orchestrator.cli.shell.arguments import WhyOption
from orchestrator.cli.shell.frame import Call, command, noun

if TYPE_CHECKING:
    from orchestrator.desk.delivery.handoffs import WrittenHandoff

handoff = noun("Handoffs: what outside mixers, editors and mastering engineers are given.", default="give")

HandoffArgument = Annotated[str, typer.Argument(metavar="HANDOFF", help="A handoff, such as night-bus/H1.")]
FolderArgument = Annotated[
    Path, typer.Argument(metavar="DIR", help="Where to: a folder is made in it; DIR is made where it is not there.")
]


@command(handoff)
def give(
    call: Call,
    target: Annotated[str, typer.Argument(metavar="SONG", help="A song; to master, a record; to edit, also a part.")],
    folder: FolderArgument,
    *,
    receiver: Annotated[str, typer.Option("--to", metavar="NAME", help="Who gets it; one not known yet is added.")],
    purpose: Annotated[str, typer.Option("--for", metavar="mix|edit|master", help="What they are to do.")],
    why: WhyOption = None,
) -> None:
    """Write a folder in DIR with all that NAME needs, and record every hash under a number such as H1.

    To mix or edit: the tracks of SONG from its start, all of one length, named Part_Track; tempo, rough mix, lyrics,
    form, open notes and a recall sheet.  To master: the prints of the chosen mixes, and their sequence.  Private notes
    are never in it.  What comes back is submitted with --from H1.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.delivery.handoffs import give_handoff

    with call.studio() as studio:
        address = addresses.find(studio, target, "record", "song", "part")
        done = give_handoff(studio, "/".join(address.path), folder, to=receiver, purpose=purpose, why=why)
    _print(call, done)


@command(handoff)
def update(call: Call, handoff: HandoffArgument, folder: FolderArgument, why: WhyOption = None) -> None:
    """Write a folder in DIR with only those files of HANDOFF that have changed since it was given last."""
    from orchestrator.desk.delivery.handoffs import update_handoff

    with call.studio() as studio:
        done = update_handoff(studio, handoff, folder, why=why)
    _print(call, done)


@command(handoff, "list", reads=True)
def list_(
    call: Call,
    record: Annotated[str | None, typer.Argument(metavar="RECORD", help="Only those of this record.")] = None,
) -> None:
    """List the handoffs; one of which something has changed since is OUTSIDE-STALE."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.submissions.handoff_list import handoff_rows

    with call.studio() as studio:
        rows = handoff_rows(studio, addresses.record(studio, record) if record else None)
    columns = ["handoff", "of", "to", "for", "sounds", "updates", "given", "state", "changes"]
    call.table(rows, columns, spare=["sounds", "given"], empty="nothing was handed out")


@command(handoff, reads=True)
def show(call: Call, handoff: HandoffArgument) -> None:
    """Show HANDOFF: each sound that was given with its hash, and what has changed since."""
    from orchestrator.desk.submissions.handoff_list import handoff_facts

    with call.studio() as studio:
        facts = handoff_facts(studio, handoff)
    hashes = cast("dict[str, str]", facts["hashes"])
    shown = {name: value for name, value in facts.items() if name != "hashes" and value != ""}
    call.done(
        facts,
        *(f"{name}: {value}" for name, value in shown.items()),
        *(f"{one}  {hash_[:12]}" for one, hash_ in hashes.items()),
    )


def _print(call: Call, done: "WrittenHandoff") -> None:
    data = {"handoff": done.handoff, "folder": str(done.folder), "files": list(done.files)}
    call.say(*done.remarks)
    call.done(data, f"{done.handoff} {done.folder}", *(f"  {name}" for name in done.files))
