"""``take watch`` and ``take claim``: recordings that come while the session runs, and those of no part yet.

Tests: ``tests/orchestrator/desk/recorder/test_watched_folder.py``.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from orchestrator.cli.shell.arguments import PartArgument, WhyOption
from orchestrator.cli.shell.frame import Call, command

if TYPE_CHECKING:
    from orchestrator.desk.intake.take_arrival import FileResult
    from orchestrator.desk.recorder.watched_folder import WatchedFolder

LONGEST_SETTLE_S: Final = 600


def add_recorder(take: typer.Typer) -> None:
    """Add the commands of this module to the noun *take*."""
    command(take)(watch)
    command(take)(claim)


def watch(
    call: Call,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder that the recorder writes to.")],
    session: Annotated[
        str, typer.Option(metavar="RECORD/S1", help="The session that is recorded, such as night-bus/S1.")
    ],
    clock_ahead: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="The recorder's clock minus the house's; negative where it is behind."),
    ] = None,
    settle: Annotated[
        float, typer.Option(metavar="SECONDS", help="A file that did not change for so long is read; up to 600.")
    ] = 3.0,
    once: Annotated[bool, typer.Option("--once", help="Take what is complete, and end.")] = False,
) -> None:
    """Take recordings from FOLDER as they are completed, as takes of the parts that are running; asks nothing.

    What is complete is a take of the slate in whose time it lies (`session run`), else of the parts that were running
    then; files that begin together are tracks of one take.  What belongs to no running part is kept as recording R1,
    R2 …, listed by `take list RECORD --unclaimed`, and becomes a take by `take claim R1 PART`.  Half-written files
    wait, a file that comes twice is one take, and FOLDER is only read.  Ctrl-C ends it; begun again, it goes on.
    """
    from domain.core.refusal import Misused, NotFound
    from flows.vault.vault import Vault
    from orchestrator.cli.commands.song.slated_takes import clock_ms
    from orchestrator.desk.booking.session_corrections import named_session
    from orchestrator.desk.recorder.recorder_day import set_clock_ahead
    from orchestrator.desk.recorder.watched_folder import WatchedFolder

    if not folder.is_dir():
        raise NotFound("import.folder", f"there is no folder {folder}")
    if not 0 <= settle <= LONGEST_SETTLE_S:  # refuses what is no number, too
        raise Misused("watch.settle", f"{settle:g} s; a file settles within 0 to {LONGEST_SETTLE_S} s")
    ahead_ms = clock_ms(clock_ahead) if clock_ahead is not None else None
    with call.studio() as studio:
        record, full = named_session(studio, session)
        if ahead_ms is not None:
            set_clock_ahead(studio, record, full, ahead_ms)
        watched = WatchedFolder(studio, Vault(studio.config.vault), folder, record, full, settle_s=settle)
        rows = _scans(call, watched, folder, settle, once=once)
    if call.json:
        call.done([row.as_dict() for row in rows])


def _scans(call: Call, watched: "WatchedFolder", folder: Path, settle: float, *, once: bool) -> "list[FileResult]":
    """Scan until interrupted, or with *once* until everything that does not change any more is taken."""
    from orchestrator.desk.intake.recorder_file_names import spoken
    from orchestrator.desk.recorder.folder_changes import changes

    rows: list[FileResult] = []
    told: set[tuple[Path, str]] = set()
    try:
        for _ in changes(folder, settle, times=2 if once else None):
            new = watched.scan()
            rows += [row for row in new if row.taken]
            _tell(call, new)
            for path, reason in watched.waiting.items():
                if reason and (path, reason) not in told:
                    told.add((path, reason))
                    call.say(f"waits: {spoken(path.name)}: {reason}")
    except KeyboardInterrupt:
        call.say("stopped; begun again, it goes on from here")
    return rows


def _tell(call: Call, rows: "list[FileResult]") -> None:
    from orchestrator.desk.intake.recorder_file_names import spoken

    for take in dict.fromkeys(row.take for row in rows if row.taken):
        own = [row for row in rows if row.take == take]
        if not call.json:
            call.done(None, take)
        call.say(*(f"{take}: {note}" for row in own for note in row.notes))
    call.say(*(f"waits: {spoken(row.path.name)}: {row.reason}" for row in rows if not row.taken))


def claim(
    call: Call,
    recording: Annotated[str, typer.Argument(metavar="RECORDING", help="A recording without a part, such as R1.")],
    part: PartArgument,
    pass_: Annotated[
        int | None,
        typer.Option("--pass", min=1, max=999_999, help="The pass it was played on; by default, that of its slate."),
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="Where it starts, such as 1:42.3 or chorus2; by default 0:00.")
    ] = None,
    convert: Annotated[bool, typer.Option("--convert", help="Convert it to the song's sample rate.")] = False,
    why: WhyOption = None,
) -> None:
    """Let a RECORDING that `take watch` found without a running part be a take of PART.

    `takesheet take list night-bus --unclaimed` · `takesheet take claim R1 night-bus/tin-roof/drums`
    """
    from flows.vault.vault import Vault
    from orchestrator.desk.addressing import addresses as where
    from orchestrator.desk.recorder.unclaimed import claim as claim_recording

    with call.studio() as studio:
        name = where.part(studio, part)
        done = claim_recording(
            studio, Vault(studio.config.vault), recording, name, pass_number=pass_, at=at, convert=convert, why=why
        )
    call.done({"take": done.take, "known": done.known, "notes": list(done.notes)}, done.take)
    call.say(*done.notes)
