"""``log``: all decisions in order, and the proof that none was changed.

Tests: ``tests/orchestrator/desk/upkeep/test_log_proof.py``.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from orchestrator.cli.shell.frame import Call, command, noun
from orchestrator.cli.shell.limits import LARGEST

if TYPE_CHECKING:
    from orchestrator.log.proof.verify import VerifyResult

log = noun("The log of every decision: show, verify, doubt, checkpoint, receipt, export.")


@command(log, reads=True)
def show(
    call: Call,
    target: Annotated[
        str | None, typer.Argument(metavar="TARGET", help="Only what concerns this record, song or part.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=LARGEST, help="Only the last so many.")] = 1000,
    before: Annotated[
        int | None, typer.Option(min=1, max=LARGEST, metavar="POSITION", help="Only those before POSITION.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="Only events of this kind, such as take-judged.")] = None,
    by: Annotated[str | None, typer.Option(metavar="PERSON", help="Only what this person did.")] = None,
    since: Annotated[str | None, typer.Option(metavar="TIME", help="Only from TIME on.")] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Only before TIME.")] = None,
) -> None:
    """List decisions in order, the last 1,000 unless --limit is given: who, when, what and why."""
    from orchestrator.desk.record_state.event_text import LogPage, log_rows

    with call.studio() as studio:
        rows = log_rows(studio, LogPage(target, limit, before, kind, by, since, until))
    call.table(rows, ["position", "time", "actor", "kind", "what", "why"], spare=["kind"])
    if len(rows) == limit and (first := int(str(rows[0]["position"]))) > 1:
        call.say(f"only the last {limit:,}; what came before: takesheet log show --before {first}")


@command(log, "list", reads=True)
def list_(call: Call) -> None:
    """List the last decisions, like show without a TARGET."""
    show(call)


@command(log)
def verify(
    call: Call,
    views: Annotated[bool, typer.Option("--views", help="Make every read model anew too, and compare.")] = False,
    audio: Annotated[
        str | None,
        typer.Option("--audio", metavar="[ADDRESS]", help="Hash all audio again, or that of --audio=ADDRESS."),
    ] = None,
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="A checkpoint kept outside the store; may be repeated.")
    ] = None,
    key: Annotated[
        list[Path] | None, typer.Option(help="The public key of who may sign checkpoints; may be repeated.")
    ] = None,
) -> None:
    """Verify the log: hashes, order, index, head and checkpoints, and that each blob is present with its size."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.upkeep.checkpoints import witnesses
    from orchestrator.desk.upkeep.log_proof import verify_store

    known = witnesses(checkpoint or [], key or [])
    with call.studio() as studio:
        below = str(addresses.find(studio, audio)) if audio else ""
        found, shelf = verify_store(studio, models=views, audio=audio is not None, below=below, witnesses=known)
        location = studio.log.database.location
    said = [f"{found.events:,} events · head {found.head.hash.hex()[:16]} · {shelf.looked} blobs present"]
    said += [f"{shelf.hashed} of them hashed again"] if audio is not None else []
    looked_for = [*found.looked_for, "blobs missing or cut short"]
    looked_for += [f"blobs altered{f', of {below}' if below else ''}"] if audio is not None else []
    if not found.sound:
        _damaged(call, found, looked_for)
    left = [*found.not_checked, *([] if audio is not None else ["the bytes of the audio: --audio hashes them again"])]
    data = {
        "log": location,
        "events": found.events,
        "head": found.head.hash.hex(),
        "excluded": looked_for,
        "not_checked": left,
    }
    call.done(data, *said, "all of it holds")
    call.say(
        f"looked at: {location}",
        *(f"excluded: {line}" for line in looked_for),
        *(f"not checked: {line}" for line in left),
    )


def _damaged(call: Call, found: "VerifyResult", looked_for: list[str]) -> NoReturn:
    from domain.core.refusal import Refusal

    rows = [{"position": problem.position, "what": problem.what} for problem in found.problems]
    told = [f"position {row['position']}: {row['what']}" if row["position"] else str(row["what"]) for row in rows]
    call.say(*told[1:20], *(f"not checked: {line}" for line in found.not_checked))
    data = {"problems": rows, "looked_for": looked_for, "not_checked": found.not_checked}
    remedies = {problem.remedy for problem in found.problems}
    # A backup holds less than this store, so none is suggested: without a remedy, the damaged store is kept as it is.
    remedy = remedies.pop() if len(remedies) == 1 else ""
    hint = remedy or "takesheet log export FILE"
    raise Refusal("store.damaged", f"{told[0]} ({len(rows)} problems)", next=hint, data=data)


@command(log)
def checkpoint(
    call: Call,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file, outside the store.")],
    sign: Annotated[Path | None, typer.Option(metavar="KEY", help="Sign it with this private key.")] = None,
) -> None:
    """Verify the log, and write its position, hash and Merkle root into FILE.

    Keep FILE outside the store: it reveals any later change of the events recorded until now.
    """
    from orchestrator.desk.upkeep.checkpoints import make_checkpoint

    with call.studio() as studio:
        made = make_checkpoint(studio, file, sign)
    data = {
        "file": str(file),
        "position": made.position,
        "hash": made.hash.hex(),
        "root": made.root.hex() if made.root else None,
        "key": made.key.hex() if made.key else None,
    }
    call.done(data, f"{file}: position {made.position} · {made.hash.hex()}")
    call.say(
        "signed" if made.key else "not signed: --sign KEY signs it",
        "keep it where nobody who can change the store can change it",
    )


@command(log)
def receipt(
    call: Call,
    position: Annotated[
        int, typer.Argument(metavar="POSITION", min=1, max=LARGEST, help="The event's position in the log.")
    ],
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="A new file; without one, it is printed.")] = None,
    checkpoint: Annotated[
        Path | None,
        typer.Option(
            help="The signed checkpoint to prove it by; else the first one in the store that reaches POSITION."
        ),
    ] = None,
) -> None:
    """Prove one event to outsiders: the event, a signed checkpoint, and the hashes that lead from one to the other."""
    from orchestrator.desk.curtain import refuse_receipt
    from orchestrator.desk.upkeep.receipts import make_receipt

    with call.studio() as studio:
        refuse_receipt(studio, position)
        made = make_receipt(studio.log, position, file, checkpoint)
    size, key = made.checkpoint.position, (made.checkpoint.key or b"").hex()
    data = {"position": position, "hash": made.event["hash"], "tree_size": size, "key": key}
    if file is None:
        call.done({**data, "receipt": made.fields()}, *made.text().splitlines())
    else:
        call.done({"file": str(file), **data}, f"{file}: position {position} · {made.event['hash']}")
    call.say(
        f"by the checkpoint of position {size}, signed by {key}",
        "it holds the event word for word; python verify_log.py RECEIPT KEY.pub checks it without takesheet",
    )


@command(log)
def doubt(
    call: Call,
    first: Annotated[int, typer.Argument(metavar="FROM", min=-LARGEST, max=LARGEST, help="The first position.")],
    last: Annotated[int, typer.Argument(metavar="TO", min=-LARGEST, max=LARGEST, help="The last position.")],
    why: Annotated[str, typer.Option(help="What was wrong with the clock.")],
) -> None:
    """Ignore the wrong clocks of positions FROM to TO when times are looked up.  Nothing else changes."""
    from orchestrator.desk.upkeep.clocks import doubt as leave_out

    with call.studio() as studio:
        is_new = leave_out(studio, first, last, why)
    said = "left out when times are looked up" if is_new else "left out already"
    call.done({"from": first, "to": last, "new": is_new}, f"positions {first} to {last}: {said}")


@command(log)
def keygen(
    call: Call, file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file, outside every store.")]
) -> None:
    """Make a key pair for signing checkpoints: the private half in FILE, the public half in FILE.pub."""
    from orchestrator.log.proof.signing import make_key

    public, key = make_key(file)
    call.done({"private": str(file), "public": str(public), "key": key.hex()}, str(file), str(public))
    call.say(f"anyone who has {file} can sign in your name; {public} may be given to anyone")


@command(log)
def export(
    call: Call,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
    texts: Annotated[
        bool, typer.Option("--texts", help="Also the notes, reasons and names that you may see, each with its salt.")
    ] = False,
) -> None:
    """Write every event as it is stored into FILE, one JSON object a line; anybody can check it without Takesheet.

    Of notes, reasons and names an event holds a hash alone; what releases up to 0.1.0 wrote stands in it as plain text.
    """
    from flows.vault.permissions import create_private
    from orchestrator.desk.upkeep.log_texts import export_log, plain_private_notes
    from orchestrator.new_file import new_file

    with call.studio() as studio, new_file(file) as draft, create_private(draft) as out:
        head = export_log(studio, out, texts=texts)
        plain = plain_private_notes(studio)
    if plain:
        call.say(f"{plain} private notes of releases up to 0.1.0 are in it as plain text: the log cannot forget them")
    call.done(
        {"file": str(file), "events": head.position, "head": head.hash.hex()},
        f"{file}: {head.position:,} events · head {head.hash.hex()[:16]}",
    )


@command(log, "rebuild-models")
def rebuild_models(call: Call) -> None:
    """Rebuild every read model beside the old one and swap them; correct the table meta from the events."""
    from orchestrator.desk.upkeep.rebuild_read_models import rebuild_models as rebuild

    with call.studio() as studio:
        rows = list(rebuild(studio))
        place = studio.models.place
    call.table(rows, ["model", "version", "position", "rows", "before"])
    call.say(f"made anew: {place}")


@command(log, "rebuild-views", hidden=True)
def rebuild_views(call: Call) -> None:
    """Rebuild every read model: the name of rebuild-models in release 0.1.0."""
    rebuild_models(call)


@command(log)
def outbox(
    call: Call,
    after: Annotated[int, typer.Option(min=0, max=LARGEST, metavar="POSITION", help="Only what is newer.")] = 0,
    again: Annotated[bool, typer.Option("--again", help="Try once more what is parked.")] = False,
) -> None:
    """List all notices to deliver to people, and the parked events, which could not be processed."""
    from orchestrator.desk.upkeep.notices import outbox_rows

    with call.studio() as studio:
        notices, parked = outbox_rows(studio, after=after, again=again)
    if call.json:
        call.done({"notices": notices, "parked": parked})
    else:
        call.table(
            notices, ["position", "actor", "kind", "address", "what", "why"], empty="there is nothing to deliver"
        )
    call.say(*(f"parked: position {row['position']}: {row['reason']}" for row in parked))
