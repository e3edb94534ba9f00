"""``store``: backup, restore, move and rights of a whole store.

Tests: ``tests/orchestrator/desk/upkeep/test_move_log.py``.
"""

from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.shell.frame import Call, command, noun

store = noun("The store as a whole: backup, restore, move, grant.")

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Check and count everything, and write nothing.")]
BackupArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A backup: a tar file.")]


@command(store)
def backup(
    call: Call,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
    with_audio: Annotated[
        bool, typer.Option("--with-audio", help="And all audio and reports that the log names.")
    ] = False,
    dry_run: DryRunOption = False,
) -> None:
    """Save the present log and the settings in FILE, a tar that is verified before it appears.  Others go on writing.

    FILE contains people's present contact data, unencrypted, even after it is erased from the store.
    """
    from domain.core.refusal import Refusal
    from orchestrator.desk.upkeep.backups import back_up, measure_backup

    with call.studio() as studio:
        if dry_run:
            made, size = measure_backup(studio, file, audio=with_audio, progress=call.say)
        else:
            made = back_up(studio, file, audio=with_audio, progress=call.say)
            size = file.stat().st_size
    data = {"file": str(file), "bytes": size, "events": made.position, "head": made.hash, "audio": made.audio,
            "files": len(made.files), "lacks": list(made.lacks)}  # fmt: skip
    if made.lacks:
        call.say(*made.lacks[1:20])
        detail = f"{file} {'would lack' if dry_run else 'is made, and lacks'} {len(made.lacks)} files: {made.lacks[0]}"
        raise Refusal("store.damaged.audio", detail, next="takesheet log verify --audio", data=data)
    would = "would be made: " if dry_run else ""
    call.done(data, f"{would}{file}: {made.position:,} events · {len(made.files):,} files · {size:,} bytes")
    call.say(*([] if made.audio else ["without audio: --with-audio takes it along"]))


@command(store)
def restore(
    call: Call,
    file: BackupArgument,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the store shall be; without one so far.")],
    erased_in: Annotated[
        Path | None,
        typer.Option("--erased-in", metavar="EXPORT", help="A log export made later: what it erased is erased again."),
    ] = None,
    dry_run: DryRunOption = False,
) -> None:
    """Make a store in DIR from the backup FILE, verified before it appears.  Nothing is overwritten.

    A backup still holds the words that were erased after it was made; --erased-in leaves them out.
    """
    from flows.vault.redaction import redacted
    from orchestrator.desk.upkeep.backups import restore as run
    from orchestrator.store.trust_refusals import trust_command

    done = run(file, folder.absolute(), erased_in=erased_in, dry_run=dry_run)
    contents, vault = done.contents, redacted(done.config.vault_address)
    data = {"store": str(done.folder), "events": contents.position, "head": contents.hash, "audio": contents.audio,
            "vault": vault, "lacks": list(contents.lacks), "erased": done.erased}  # fmt: skip
    if dry_run:
        size = sum(count for count, _ in contents.files.values())
        call.done(
            {**data, "files": len(contents.files), "bytes": size},
            f"would be made: {done.folder}: {contents.position:,} events · {len(contents.files):,} files"
            f" · {size:,} bytes · vault {vault}",
        )
    else:
        call.done(data, f"{done.folder}: {contents.position:,} events · vault {vault}")
    call.say(*(f"not in the backup: {line}" for line in contents.lacks))
    call.say(*([f"texts erased again: {done.erased}"] if done.erased else []))
    if not contents.audio:
        call.say("the backup has no audio: that vault is expected to have it")
    if done.player:
        call.say(f"the backup plays by {done.player!r}; that was left out, and {done.folder}/config.toml may say it")
    if not contents.audio:
        call.say(f"that vault is used once you trust the store: {trust_command(done.folder)}")
    if done.plugins:
        call.say(f"the plug-ins it names were left out, too: {', '.join(done.plugins)}")


@command(store)
def move(
    call: Call,
    to: Annotated[
        str,
        typer.Argument(
            metavar="PLACE",
            help="postgresql+psycopg://USER@HOST/DATABASE, a path, or - to read it from standard input.",
        ),
    ],
    dry_run: DryRunOption = False,
) -> None:
    """Move the log to PLACE: copied and verified while nobody can append, then named in config.toml."""
    from orchestrator.desk.upkeep.move_log import address, move_log

    with call.studio() as studio:
        moved = move_log(studio, address(to), dry_run=dry_run)
    data = {"was": moved.was, "now": moved.now, "events": moved.head.position, "head": moved.head.hash.hex()}
    if dry_run:
        call.done(data, f"would be moved to {moved.now}: {moved.head.position:,} events from {moved.was}")
        return
    call.done(data, f"{moved.now}: {moved.head.position:,} events · head {moved.head.hash.hex()[:16]}")
    call.say(
        f"{moved.was} is closed: it is read, never written to again, and has no contact data and no texts any more"
    )


@command(store)
def grant(
    call: Call,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="A role of the PostgreSQL server.")],
    read_only: Annotated[bool, typer.Option("--read-only", help="Only to read, and no contact data.")] = False,
) -> None:
    """Let ROLE of the database server decide in this store, or only read it.  The owner of the log runs this."""
    from orchestrator.desk.upkeep.database_rights import grant_role

    with call.studio() as studio:
        tables = grant_role(studio, role, readonly=read_only)
    may = "reads" if read_only else "reads and decides"
    call.done({"role": role, "read_only": read_only, "tables": tables}, f"{role} {may}: {len(tables)} tables")
