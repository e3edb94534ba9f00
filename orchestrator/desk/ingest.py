"""Ingest: files in, takes out.  Originals are only read; what is not sound is refused file by file."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from domain import catalog, takes
from domain.address import clock, slug
from domain.catalog import Catalog, PartAdded, RecordOpened, SongAdded, SongClockSet, set_clock
from domain.event import Event
from domain.jobs import Sound
from domain.people import Role
from domain.refusal import Misused, Refused
from domain.takes import TakeIngested, Takes, Track, ingest
from dsp.audio import Source, Unsound
from dsp.files import FileFacts, inspect
from dsp.resample import convert
from dsp.take_check import check
from flows.vault import Vault, VaultFault
from orchestrator.desk.forms import places_of, places_query
from orchestrator.desk.names import guess
from orchestrator.desk.where import catalog_query
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

STEREO = 2


@dataclass(frozen=True, slots=True)
class Brought:
    """One file that somebody brought, and what became of it."""

    path: Path
    taken: bool = False
    known: bool = False
    """The same audio was a take already."""
    take: str = ""
    reason: str = ""
    """Why it was refused."""
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """For ``--json``."""
        row: dict[str, object] = {"file": str(self.path), "taken": self.taken}
        return row | ({"take": self.take, "known": self.known} if self.taken else {"reason": self.reason}) | (
            {"notes": list(self.notes)} if self.notes else {}
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """How the files shall be taken."""

    together: bool = False
    at: str | None = None
    """Song time, as typed."""
    pass_number: int | None = None
    session: str | None = None
    convert: bool = False
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A sound file that was read through."""

    path: Path
    facts: FileFacts
    marks: tuple[int, int]
    """Size and time of change when it was read."""


@dataclass(slots=True)
class Batch:
    """What one command brings in: the good files in takes, the bad ones with their reasons."""

    groups: list[list[Heard]] = field(default_factory=list)
    refused: list[Brought] = field(default_factory=list)


def take_in(studio: Studio, vault: Vault, part: str, paths: Sequence[Path], wish: Wish) -> list[Brought]:
    """Take files in as takes of *part*, each on its own unless something says that they belong together.

    Returns:
        One row a file, in the order of the takes; the refused ones last.

    Raises:
        Refusal: what concerns the command as a whole: an unknown part, a song time that does not parse.
    """
    batch = sort_out(paths, together=wish.together)
    rows: list[Brought] = []
    for group in batch.groups:
        rows += take_group(studio, vault, part, group, wish)
    return rows + batch.refused


def sort_out(paths: Sequence[Path], *, together: bool = False) -> Batch:
    """Read every file through, refuse what is not sound, and put the rest into takes.

    A folder is one take of all its files, and so is ``together``; else files with an equal stamp and length are one.
    """
    batch = Batch()
    loose: list[Heard] = []
    for path in paths:
        if _is_folder(path):
            _one_take(_in_folder(path), batch, path)
        else:
            heard = hear(path)
            batch.refused.append(heard) if isinstance(heard, Brought) else loose.append(heard)
    if together and paths:
        bad, batch.refused = batch.refused, []
        _one_take([*loose, *bad], batch, paths[0])
    else:
        batch.groups += by_stamp(loose)
    return batch


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # a name no file system takes; the door says so in a sentence


def _in_folder(folder: Path) -> "list[Heard | Brought]":
    try:
        files = sorted(file for file in folder.iterdir() if not file.name.startswith("."))
    except OSError as error:
        return [Brought(folder, reason=f"it cannot be read ({error.strerror})")]
    return [hear(file) for file in files]


def _one_take(files: Sequence["Heard | Brought"], batch: Batch, named: Path) -> None:
    """All of *files* as one take, or, where one of them is not sound, none: a take is never half a take."""
    bad = [file for file in files if isinstance(file, Brought)]
    good = [file for file in files if isinstance(file, Heard)]
    batch.refused += bad
    if bad:
        why = f"its take is not taken: {bad[0].path.name}: {bad[0].reason}"
        batch.refused += [Brought(file.path, reason=why) for file in good]
    elif good:
        batch.groups.append(good)
    else:
        batch.refused.append(Brought(named, reason="the folder holds no files"))


def by_stamp(files: Sequence[Heard]) -> list[list[Heard]]:
    """Files with an equal BWF stamp, rate and length are one take; every other file is its own."""
    groups: dict[object, list[Heard]] = {}
    for number, file in enumerate(files):
        stamp, facts = file.facts.stamp, file.facts
        together = (stamp.time_reference, stamp.originated, facts.rate, facts.frames)
        groups.setdefault(together if stamp.time_reference is not None else number, []).append(file)
    return list(groups.values())


def hear(path: Path) -> Heard | Brought:
    """Read a file through: what it holds, or why it is not taken."""
    try:
        marks = _marks(path)
        return Heard(path, inspect(path), marks)
    except Unsound as error:
        return Brought(path, reason=error.reason)
    except OSError as error:
        return Brought(path, reason=f"it cannot be read ({error.strerror})")


def _marks(path: Path) -> tuple[int, int]:
    try:
        there = path.stat()
    except OSError:
        return (0, 0)  # the door says in a sentence what is wrong with it
    return there.st_size, there.st_mtime_ns


def take_group(studio: Studio, vault: Vault, part: str, group: Sequence[Heard], wish: Wish) -> list[Brought]:
    """Take *group* in as one take of *part*; one row a file."""
    try:
        return _decide(studio, vault, part, group, wish)
    except (VaultFault, Unsound) as fault:
        return [Brought(file.path, reason=fault.reason) for file in group]
    except Refused as refusal:
        if refusal.rule not in {"rate.match", "take.tracks"}:
            raise
        return [Brought(file.path, reason=f"{refusal.rule}: {refusal.detail}") for file in group]


def _decide(studio: Studio, vault: Vault, part: str, group: Sequence[Heard], wish: Wish) -> list[Brought]:
    song = part.rpartition("/")[0]
    query = catalog_query(song.partition("/")[0]) | Query.of(TakeIngested, tags=[f"song:{song}"]) | places_query(song)
    rate = _rate(_catalog(studio.read(query)), part, group, wish)
    tracks, bits = _tracks(vault, group, rate)
    warnings = _check(vault, tracks)

    def decision(history: History, _: Role) -> tuple[tuple[int, bool, tuple[str, ...]], Sequence[Event]]:
        there = _catalog(history).song(song)
        stamp = group[0].facts.stamp
        own = Takes()
        end = 0
        for recorded in history:
            if isinstance(event := recorded.event, TakeIngested):
                end = max(end, event.starts_at + event.tracks[0].sound.frames)
                own = takes.evolve(own, event) if event.part == part else own
        reference = _converted(stamp.time_reference, group[0].facts.rate, rate)
        at = replace(places_of(song, history), rate=rate).start(wish.at) if wish.at is not None else None
        starts_at, note = place(there.clock, end, reference, at, rate)
        clocks = set_clock(there, rate=rate, bits=bits, zero=reference if wish.at is None else None)
        number, events = ingest(
            own,
            part=part,
            tracks=tracks,
            bits=bits,
            starts_at=starts_at,
            pass_number=wish.pass_number,
            session=wish.session,
            recorded_on=stamp.originated,
            warnings=warnings,
        )
        return (number, not events, (note,) if note and events else ()), [*clocks, *events] if events else []

    number, known, notes = studio.decide(query, decision, deed="ingest", why=wish.why)
    said = () if known else (*notes, *warnings)
    return [
        Brought(file.path, taken=True, known=known, take=f"{part}/{number}", notes=said if file is group[0] else ())
        for file in group
    ]


def _catalog(history: History) -> Catalog:
    state = Catalog()
    for recorded in history:
        if isinstance(recorded.event, RecordOpened | SongAdded | PartAdded | SongClockSet):
            state = catalog.evolve(state, recorded.event)
    return state


def _rate(known: Catalog, part: str, group: Sequence[Heard], wish: Wish) -> int:
    """The rate the take shall have.  Raises: NotFound, Refused ``rate.match``."""
    known.part(part)
    song = known.song(part.rpartition("/")[0])
    own = group[0].facts.rate
    if wish.convert and song.clock:
        return song.clock.rate
    if wish.convert and own not in catalog.RATES:
        return 48_000
    set_clock(song, rate=own, bits=group[0].facts.bits, zero=None)
    return own


def _converted(reference: int | None, own: int, rate: int) -> int | None:
    return None if reference is None else reference * rate // own


def place(clock_: SongClockSet | None, end: int, reference: int | None, at: int | None, rate: int) -> tuple[int, str]:
    """The frame of song time a take starts at, and what to say about it.

    Args:
        clock_: the song's clock, once a take has set it.
        end: the frame after the last that any take of the song sounds in.
        reference: the BWF time reference, in frames at *rate*.
        at: the frame that was asked for.
        rate: Hz.
    """
    if at is not None:
        return at, ""
    if reference is None:
        return 0, ""
    if clock_ is None or clock_.zero is None:
        return 0, "its stamp is 0:00 of the song from now on"
    if 0 <= reference - clock_.zero < max(end, 1):
        return reference - clock_.zero, f"lies at {clock(reference - clock_.zero, rate)} by its stamp"
    return 0, "its stamp lies outside the song, as a clock on the wall would: put at 0:00; --at says otherwise"


def _tracks(vault: Vault, group: Sequence[Heard], rate: int) -> tuple[tuple[Track, ...], int]:
    """The group's files in the vault, as tracks at *rate*, and their bit depth."""
    found: list[Track] = []
    for file in group:
        blob = vault.take_in(file.path)
        if _marks(file.path) != file.marks:
            raise Unsound("it changed while it was taken in; wait until the recorder is done with it")
        for cut in file.facts.tracks:
            sound = Sound(
                blob=blob.hash,
                size=blob.size,
                pcm=cut.pcm,
                rate=file.facts.rate,
                frames=file.facts.frames,
                channels=cut.channels,
                first_channel=cut.first_channel,
            )
            name = _track_name(file, cut.first_channel, group, {track.name for track in found})
            found.append(_at_rate(vault, Track(name=name, sound=sound, file=file.path.name), rate))
    return tuple(found), max(file.facts.bits for file in group)


def _track_name(file: Heard, channel: int, group: Sequence[Heard], taken: set[str]) -> str:
    stamp, several = file.facts.stamp, len(file.facts.tracks) > 1
    if len(group) == 1 and not several:
        return "main"
    told = stamp.track_names.get(channel) if several or len(stamp.track_names) == 1 else None
    found = guess(file.path.stem)
    own = (found.track if found.track != "main" else found.part) if not several else f"channel {channel + 1}"
    try:
        return slug(told or own, taken)
    except Misused:
        return slug(f"track {channel + 1}", taken)


def _at_rate(vault: Vault, track: Track, rate: int) -> Track:
    """*track* at *rate*: itself, or converted once and for all, the original kept beside it."""
    if track.sound.rate == rate:
        return track
    old = track.sound
    source = Source(vault.path(old.blob), old.first_channel, old.channels)
    with vault.scratch() as room:
        printed = convert(source, rate, room / "converted.wav")
        blob = vault.publish(printed.path)
    sound = Sound(
        blob=blob.hash, size=blob.size, pcm=printed.pcm, rate=rate, frames=printed.frames, channels=printed.channels
    )
    return track.model_copy(update={"sound": sound, "original": old.blob})


def _check(vault: Vault, tracks: Sequence[Track]) -> tuple[str, ...]:
    """What the take check says of each track; it warns and never decides."""
    sources = {
        track.name: Source(vault.path(track.sound.blob), track.sound.first_channel, track.sound.channels)
        for track in tracks
    }
    return tuple(finding.sentence for finding in check(sources))
