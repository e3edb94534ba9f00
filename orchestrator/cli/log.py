"""``log``: every decision in order, and the proof that none was changed."""

from typing import Annotated

import typer

from orchestrator.cli.frame import Call, command, noun

log = noun("The log of every decision: show, verify.")


@command(log, reads=True)
def show(
    call: Call,
    target: Annotated[str | None, typer.Argument(help="Only what concerns this record, song or part.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the last so many.")] = None,
) -> None:
    """Every decision in order: who, when, what and why."""
    from orchestrator.desk.history import log_rows

    with call.studio() as studio:
        rows = log_rows(studio, target, limit)
    call.table(rows, ["position", "time", "actor", "kind", "what", "why"])


@command(log, "list", reads=True)
def list_(call: Call) -> None:
    """The same as show, of everything."""
    show(call)


@command(log)
def verify(
    call: Call,
    views: Annotated[bool, typer.Option("--views", help="Replay every view too.")] = False,
    audio: Annotated[
        str | None,
        typer.Option("--audio", metavar="[ADDRESS]", help="Hash all audio again, or that of --audio=ADDRESS."),
    ] = None,
) -> None:
    """Prove that the log is whole: hashes, order, index, head, and each blob present with its size."""
    from domain.refusal import Refusal
    from orchestrator.desk import where
    from orchestrator.desk.verifying import verify_store

    with call.studio() as studio:
        below = str(where.find(studio, audio)) if audio else ""
        found, shelf = verify_store(studio, views=views, audio=audio is not None, below=below)
    said = [f"{found.events:,} events · head {found.head.hash.hex()[:16]} · {shelf.looked} blobs present"]
    said += [f"{shelf.hashed} of them hashed again"] if audio is not None else []
    rows = [{"position": problem.position, "what": problem.what} for problem in found.problems]
    if not found.sound:
        call.say(*(f"position {row['position']}: {row['what']}" for row in rows[1:20]))
        first = f"position {rows[0]['position']}: {rows[0]['what']}" if rows[0]["position"] else str(rows[0]["what"])
        raise Refusal("store.damaged", f"{first} ({len(rows)} problems)", next="restore a backup", data=rows)
    left = [*found.not_checked, *([] if audio is not None else ["the bytes of the audio: --audio hashes them again"])]
    call.done({"events": found.events, "head": found.head.hash.hex(), "not_checked": left}, *said, "all of it holds")
    call.say(*(f"not checked: {line}" for line in left))
