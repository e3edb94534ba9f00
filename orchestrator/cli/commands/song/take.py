"""``take``: ingesting, importing, listing, judging, checking and aligning takes.

Tests: ``tests/orchestrator/desk/intake/test_ingest.py``.
"""

from pathlib import Path
from typing import Annotated, cast

import typer

from orchestrator.cli.commands.song.take_recordings import add_recorder
from orchestrator.cli.shell.arguments import (
    HtmlOption,
    PartArgument,
    SongArgument,
    TakeArgument,
    TakesArgument,
    WhyOption,
)
from orchestrator.cli.shell.frame import Call, command, noun

take = noun("Takes: ingest, import, watch, list, show and judge.")
add_recorder(take)

TargetArgument = Annotated[str, typer.Argument(metavar="TARGET", help="A record, a song or a part.")]
Session = Annotated[str | None, typer.Option(metavar="S1", help="The session it was recorded in.")]
Convert = Annotated[bool, typer.Option("--convert", help="Convert other sample rates to the song's.")]

ClockAhead = Annotated[
    float | None,
    typer.Option(
        metavar="SECONDS", help="The recorder's clock minus the house's; negative where it is behind.",
    ),
]  # fmt: skip
Lossy = Annotated[
    bool, typer.Option("--lossy", help="Take lossy files too (MP3, m4a): decoded, marked as lossy, the file kept.")
]


@command(take)
def ingest(
    call: Call,
    part: PartArgument,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Sound or MIDI files, or folders: one take each.")
    ],
    together: Annotated[bool, typer.Option("--together", help="All files are tracks of one take.")] = False,
    at: Annotated[str | None, typer.Option(metavar="TIME", help="Where it starts, such as 1:42.3 or chorus2.")] = None,
    pass_: Annotated[int | None, typer.Option("--pass", min=1, max=999_999, help="The pass it was played on.")] = None,
    session: Session = None,
    convert: Convert = False,
    lossy: Lossy = False,
    track: Annotated[
        list[str] | None,
        typer.Option(metavar="TRACK=FILE", help="Name of FILE's track, such as that of earlier takes; repeatable."),
    ] = None,
    voice: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="What plays a MIDI file: drums, bass or keys; by default, what PART is."),
    ] = None,
    soundfont: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="SoundFontFile that FluidSynth plays it with; kept, then a name will do."),
    ] = None,
    patch: Annotated[
        int | None, typer.Option(metavar="0-127", help="The SoundFont's instrument; by default, what PART is.")
    ] = None,
    rate: Annotated[
        int | None, typer.Option(metavar="HZ", help="The song's rate, where its first take is MIDI; else 48000.")
    ] = None,
    why: WhyOption = None,
) -> None:
    """Ingest FILEs as takes of PART.  Originals are only read; a file that is not valid audio is refused alone.

    `takesheet take ingest drums Kick.wav Snare.wav --together` · `takesheet take ingest vocal memo.mp3 --lossy` ·
    `takesheet take ingest drums KIK.wav SN.wav --together --track kick=KIK.wav --track snare=SN.wav`

    A MIDI file is kept as it is and played by built-in drums, bass or keys, or by FluidSynth with a SoundFont where
    that program is installed; `edit midi` quantises and transposes it.
    """
    from domain.core.ids import record_of
    from flows.vault.vault import Vault
    from orchestrator.cli.commands.song.ingest_result import tell
    from orchestrator.desk.addressing import addresses as where
    from orchestrator.desk.booking.booking import session_named
    from orchestrator.desk.intake.ingest import take_in
    from orchestrator.desk.intake.soundfonts import SoundFontFile
    from orchestrator.desk.intake.take_arrival import IngestOptions
    from orchestrator.desk.intake.track_map import parse_track_map

    with call.studio() as studio:
        name = where.part(studio, part)
        full = session_named(studio, record_of(name), session) if session else None
        wish = IngestOptions(
            together, at, pass_, full, convert, lossy, voice, SoundFontFile(soundfont, patch), rate, why,
            parse_track_map(track or []),
        )  # fmt: skip
        rows = take_in(studio, Vault(studio.config.vault), name, files, wish)
    tell(call, rows)


@command(take, "import")
def import_(
    call: Call,
    song: SongArgument,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of a recorder or a DAW.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the table and stop.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    session: Session = None,
    convert: Convert = False,
    lossy: Lossy = False,
    map_: Annotated[
        Path | None,
        typer.Option(
            "--map", metavar="FILE", help="CSV of file,part,take,pass,track; written if it does not exist yet."
        ),
    ] = None,
    edit: Annotated[bool, typer.Option("--edit", help="Open that CSV in your editor first.")] = False,
    no_join: Annotated[
        bool, typer.Option("--no-join", help="Pieces of one recording stay takes of their own.")
    ] = False,
    clock_ahead: ClockAhead = None,
) -> None:
    """Import a whole FOLDER: parts, tracks, passes and places are guessed, shown and confirmed once.

    Time stamps and iXML count before file names, which are read as Pro Tools, Logic, REAPER, Studio One, Ableton Live,
    Cubase, Zoom, Tascam and Sound Devices write them.  Where the guess is wrong, say it yourself: `--map plan.csv`
    writes the guess to plan.csv and stops, and follows it once it is there.  A file that is not taken stops no other.

    Files that a recorder split are joined to one take where the stamp of each is the sample at which the one before
    ends: the table says so, and `--no-join` or other take numbers in the CSV part them.

    Recordings of a session with slates (`session run`) become takes of the slates' parts, by their time stamps: with
    `--session S1`.  How far the recorder's clock is ahead of the house's is then asked once.
    """
    from domain.core.ids import record_of
    from domain.core.refusal import Misused
    from flows.vault.vault import Vault
    from orchestrator.cli.commands.song.ingest_result import ask, show_plan, tell
    from orchestrator.cli.commands.song.map_file import chosen, written
    from orchestrator.cli.commands.song.slated_takes import import_slated
    from orchestrator.desk.addressing import addresses as where
    from orchestrator.desk.booking.booking import session_named
    from orchestrator.desk.intake.folder_import import carry_out, guess_plan
    from orchestrator.desk.session.session_day import read_day

    with call.studio() as studio:
        name = where.song(studio, song)
        full = session_named(studio, record_of(name), session) if session else None
        plan = guess_plan(studio, name, folder, lossy=lossy, join=not no_join)
        if map_ and not map_.exists() and not edit:
            written(call, plan, map_)
            return
        if map_ or edit:
            plan = guess_plan(studio, name, folder, chosen(call, plan, map_, edit=edit), lossy=lossy, join=not no_join)
        if full and (day := read_day(studio, record_of(full), full)).has_slates_or_marks:
            rows = import_slated(call, studio, plan, day, clock_ahead, dry_run=dry_run, yes=yes, convert=convert)
            tell(call, rows, nothing=dry_run)
            return
        if clock_ahead is not None:
            raise Misused(
                "recorder.clock", "--clock-ahead is of a --session with slates or marks, and this one has none"
            )
        show_plan(call, plan, dry_run=dry_run, asks=not yes)
        if dry_run or not plan.takes:
            tell(call, plan.refused, nothing=dry_run)
            return
        if not (yes or ask(call, f"ingest {len(plan.takes)} takes?")):
            call.say("nothing was ingested")
            return
        rows = carry_out(studio, Vault(studio.config.vault), plan, session=full, convert=convert)
    tell(call, rows)


@command(take, "list", reads=True)
def list_(
    call: Call,
    target: TargetArgument,
    unclaimed: Annotated[
        bool, typer.Option("--unclaimed", help="List the record's recordings that belong to no part yet.")
    ] = False,
) -> None:
    """List the takes of a record, song or part, with their verdicts."""
    from orchestrator.cli.commands.song.slated_takes import circled
    from orchestrator.desk.addressing import addresses as where
    from orchestrator.desk.recorder.recording_rows import unclaimed_rows
    from orchestrator.desk.session.take_marks import with_marks
    from orchestrator.desk.takes.take_rows import take_rows

    with call.studio() as studio:
        found = where.find(studio, target, "record", "song", "part")
        rows = unclaimed_rows(studio, found.path[0]) if unclaimed else with_marks(studio, take_rows(studio, found))
    if unclaimed:
        columns = ["recording", "at", "length", "tracks", "files", "session", "warnings"]
        call.table(rows, columns, empty="every recording belongs to a part", spare=["session", "warnings"])
        return
    shown = ["take", "verdict", "pass", "starts", "length", "tracks", "notes", "recorded", "warnings"]
    shown = [*shown[:2], "moved", *shown[2:]] if any(row["moved"] for row in rows) else shown
    shown += [name for name in ("mark", "gap") if any(row[name] for row in rows)]
    call.table(rows if call.json else circled(rows), shown, spare=["tracks", "notes", "recorded", "pass", "moved"])


@command(take, reads=True)
def show(call: Call, take: TakeArgument) -> None:
    """Show one take: its tracks, its sound and its verdicts."""
    from orchestrator.desk.addressing import addresses as where
    from orchestrator.desk.session.take_marks import with_marks
    from orchestrator.desk.takes.take_rows import take_facts

    with call.studio() as studio:
        [facts] = with_marks(studio, [take_facts(studio, where.find(studio, take, "take"))])
    call.facts(facts)


@command(take, reads=True)
def coverage(call: Call, song: SongArgument) -> None:
    """Show in which sections each part of SONG has a keeper.

    kept: a keeper sounds in all of it; partly: in some of it; to judge: takes without a verdict reach into it; none;
    -: the part is wanted in other sections.
    """
    from orchestrator.desk.addressing import addresses as where
    from orchestrator.desk.review.completion import coverage_rows

    with call.studio() as studio:
        rows = coverage_rows(studio, where.song(studio, song))
    sections = list(dict.fromkeys(name for row in rows for name in cast("dict[str, str]", row["sections"])))
    if call.json:
        call.done(rows)
        return
    flat = [{**row, **cast("dict[str, str]", row["sections"])} for row in rows]
    call.table(flat, ["part", "player", "unheard", *(sections or ["kept"])], empty="no part yet", statuses=sections)


@command(take, reads=True)
def sheet(
    call: Call, target: Annotated[str, typer.Argument(metavar="SONG|PART", help="A song or a part.")],
    html: HtmlOption = None,
) -> None:  # fmt: skip
    """Print the take sheet of a song or part: each take with its pass, verdict, mark, times and player.

    `takesheet take sheet drums --html sheet.html` writes a page of A4.  Rejections are for those who may see them.
    """
    from orchestrator import new_file
    from orchestrator.desk.addressing import addresses as where
    from orchestrator.desk.sheets.take_sheet import take_sheet

    with call.studio() as studio:
        found = take_sheet(studio, where.find(studio, target, "song", "part"))
    data = {"title": found.title, "sections": [section.data() for section in found.filled]}
    if html is None:
        call.done(data, *found.lines())
        return
    new_file.replace(html, found.page().encode())
    call.done({**data, "file": str(html)}, str(html))


From = Annotated[
    str | None, typer.Option("--from", metavar="TIME", help="Approve from this song time, section or line on.")
]
To = Annotated[
    str | None, typer.Option(metavar="TIME", help="Approve up to this song time, or to the end of this section.")
]
Except = Annotated[list[str] | None, typer.Option("--except", metavar="PART", help="Of a pass, all parts but this.")]


@command(take)
def approve(
    call: Call, targets: TakesArgument, from_: From = None, to: To = None, except_: Except = None, why: WhyOption = None
) -> None:
    """Approve takes, a span of one (drums/2@0:00-1:02.5, drums/2@chorus1), or all takes of a pass (@pass3)."""
    from orchestrator.cli.commands.daily.verdicts import judge

    judge(call, targets, "approved", times=(from_, to), leave=except_ or [], why=why)


@command(take)
def keep(call: Call, targets: TakesArgument, except_: Except = None, why: WhyOption = None) -> None:
    """Circle takes as keepers; the comp does not change."""
    from orchestrator.cli.commands.daily.verdicts import judge

    judge(call, targets, "kept", leave=except_ or [], why=why)


@command(take)
def hold(call: Call, targets: TakesArgument, except_: Except = None, why: WhyOption = None) -> None:
    """Leave takes for later; their strokes are removed from the comp."""
    from orchestrator.cli.commands.daily.verdicts import judge

    judge(call, targets, "held", leave=except_ or [], why=why)


@command(take)
def reject(call: Call, targets: TakesArgument, except_: Except = None, why: WhyOption = None) -> None:
    """Reject takes: their strokes are removed from the comp, and the strokes beneath sound again."""
    from orchestrator.cli.commands.daily.verdicts import judge

    judge(call, targets, "rejected", leave=except_ or [], why=why)


@command(take)
def move(call: Call, take: TakeArgument, part: PartArgument, why: WhyOption = None) -> None:
    """Move TAKE to another PART, under a new number: the same audio, pass and place.

    The part may be of another song of the record that runs at the take's rate.  Verdicts and edits do not move; the old
    address leads to the new one from then on.
    """
    from orchestrator.desk.addressing import addresses as where
    from orchestrator.desk.takes.take_moves import move as move_take

    with call.studio() as studio:
        found = where.take(studio, take)
        done = move_take(studio, found, where.part(studio, part), why=why)
    data = {"take": done.take, "was": done.was, "replaced": list(done.replaced), "changed": done.changed}
    call.done(data, f"{done.was} is {done.take} now" if done.changed else f"{done.take} is there")
    call.say(*done.replaced)


@command(take, reads=True)
def check(
    call: Call, takes: Annotated[list[str], typer.Argument(metavar="TAKE|FILE", help="Takes, or sound files.")]
) -> None:
    """Report technical faults of TAKEs, or of FILEs before they are ingested; nothing is changed.

    Clipping, clicks, dropouts, offset, silence, polarity, hum, noise and length; times count from the take's start.
    """
    from orchestrator.cli.printing.table import rounded
    from orchestrator.desk.addressing import addresses as where
    from orchestrator.desk.takes.take_check import check_file, check_rows

    rows = [row for one in takes if Path(one).is_file() for row in check_file(Path(one))]
    if addresses := [one for one in takes if not Path(one).is_file()]:
        with call.studio() as studio:
            rows += [row for one in addresses for row in check_rows(studio, where.find(studio, one, "take"))]
    shown = rows if call.json else [rounded(row) for row in rows]
    call.table(
        shown,
        ["take", "kind", "at_s", "size", "confidence", "count", "what"],
        empty="no warnings",
        spare=["confidence", "count"],
        wrapped=["what"],
    )


@command(take)
def repair(
    call: Call,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A recording that was never closed, or is refused.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The copy to write; it must not exist yet.")],
) -> None:
    """Write a closed copy of FILE to OUT: the same samples under a header that says how many there are.

    For recordings that a crash left open, sizes that 32 bits could not hold, missing pad bytes, and legal variants of
    WAV, AIFF and CAF that cannot be read as they are.  FILE is only read, and no store is needed:
    `takesheet take repair CARD/0007.wav 0007.wav`.
    """
    from domain.core.address import clock
    from orchestrator.desk.intake.repair import repair as write_copy

    made = write_copy(file, out)
    length = clock(made.facts.frames, made.facts.rate)
    facts = {"file": str(made.path), "fault": made.fault, "frames": made.facts.frames, "rate": made.facts.rate}
    channels = f"{made.facts.channels} channel{'s' if made.facts.channels > 1 else ''}"
    call.done(facts, f"{made.path}: {length} of sound at {made.facts.rate} Hz in {channels}")
    call.say(f"{file.name}: {made.fault}")


@command(take, reads=True)
def align(
    call: Call,
    take: TakeArgument,
    to: Annotated[str | None, typer.Option(metavar="TAKE", help="Another performance, compared by its onsets.")] = None,
    track: Annotated[str | None, typer.Option(metavar="TRACK", help="The track the others are compared with.")] = None,
) -> None:
    """Measure how late TAKE is against another take, or its tracks against each other; proposes a move, makes none.

    Tracks of one take are compared to the sample, with their polarity; performances to a few milliseconds.
    """
    from orchestrator.desk.addressing import addresses as where
    from orchestrator.desk.takes.alignment import microphones, performance

    with call.studio() as studio:
        address = where.find(studio, take, "take")
        found = (
            performance(studio, address, where.find(studio, to, "take")) if to else microphones(studio, address, track)
        )
    if call.json:
        call.done({"rows": found.rows, "apply": list(found.apply)})
        return
    call.table(found.rows, ["track", "against", "frames", "ms", "polarity", "confidence"])
    call.say(*(found.apply or ["nothing to align"]))
