"""Readiness of a session: everything that has to be in place before anybody arrives, each with its remedy."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from domain.booking.schedule import Schedule
from domain.booking.session_events import SessionBooked, SessionHeld
from domain.core.money import Money
from domain.core.refusal import Suggestion, suggest

PLANNED_RATE: Final = 48_000
"""Sample rate in Hz of songs that have no take yet, by which disk space is planned."""
PLANNED_BITS: Final = 24
GIB: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class SongPreparation:
    """A song that a session is to record, and what is known of it."""

    song: str
    charts: int = 0
    """Number of its charts."""
    has_lyrics: bool = False
    has_tempo: bool = False
    references: int = 0
    """Number of its reference recordings."""
    rate: int = 0
    """Sample rate in Hz; 0 before the first take, which sets it."""


@dataclass(frozen=True, slots=True)
class SetupPreparation:
    """A part whose setup was saved, and whether one is approved."""

    part: str
    saved: int
    """Number of the setup saved last."""
    approved: int | None = None
    """Number of the approved one."""


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """Free space of one folder that the session's recordings will be written to."""

    folder: str
    free: int | None
    """Bytes; None where the system does not report it."""


@dataclass(frozen=True, slots=True)
class SessionMoney:
    """Money of a session, as far as the reader may see it."""

    unpriced: Sequence[str] = ()
    """Ids of rooms, people and gear without a price."""
    line: str | None = None
    """Budget line that pays for the session; None without one."""
    left: Money | None = None
    """Rest of that line, with the session already committed."""


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """Facts by which the readiness of one session is checked."""

    schedule: Schedule
    place: SessionBooked | SessionHeld
    songs: Sequence[SongPreparation]
    tracks: int
    """Tracks that are recorded at once."""
    disks: Sequence[DiskSpace] = ()
    money: SessionMoney | None = None
    """None for a reader who sees no money."""
    setups: Sequence[SetupPreparation] = ()
    """Parts of the songs whose setup was saved before."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Names of people by id."""


@dataclass(frozen=True, slots=True)
class ReadinessLine:
    """One thing that a session needs."""

    what: str
    about: str
    """Song, room, person or folder that it concerns."""
    found: str
    ready: bool
    next: Suggestion | str = ""
    """Remedy; empty where nothing is wanted."""


def readiness(facts: SessionFacts) -> list[ReadinessLine]:
    """Everything that the session needs, whether it is there or not, in the order in which it is prepared."""
    return [
        *_songs(facts), *_setups(facts), *_rates(facts), *_rooms(facts), *_people(facts), *_disks(facts),
        *_money(facts),
    ]  # fmt: skip


def _songs(facts: SessionFacts) -> Iterator[ReadinessLine]:
    if not facts.songs:
        record = facts.place.record
        yield ReadinessLine("songs", record, "none", ready=False, next=suggest("song add", record, "TITLE"))
    for one in facts.songs:
        song = one.song
        yield _counted("charts", song, one.charts, suggest("song describe", song, chart="FILE"))
        yield _there("lyrics", song, suggest("song attach", song, lyrics="FILE"), there=one.has_lyrics)
        yield _there("tempo", song, _tempo_remedy(one), there=one.has_tempo)
        yield _counted("references", song, one.references, suggest("song describe", song, reference="FILE"))


def _tempo_remedy(one: SongPreparation) -> Suggestion:
    """The step towards a tempo: its times are kept at the rate that the first take sets, such as a guide or demo."""
    if not one.rate:
        return suggest("take ingest", f"{one.song}/PART", "FILE")
    return suggest("song form", one.song, "verse=0:00", "end=3:20", tempo="120")


def _counted(what: str, song: str, count: int, remedy: Suggestion) -> ReadinessLine:
    return ReadinessLine(what, song, str(count) if count else "none", ready=count > 0, next="" if count else remedy)


def _there(what: str, song: str, remedy: Suggestion, *, there: bool) -> ReadinessLine:
    return ReadinessLine(what, song, "yes" if there else "none", ready=there, next="" if there else remedy)


def _setups(facts: SessionFacts) -> Iterator[ReadinessLine]:
    for one in facts.setups:
        if one.approved is not None:
            yield ReadinessLine("setup", one.part, f"setup {one.approved} approved", ready=True)
        else:
            remedy = suggest("setup approve", one.part, str(one.saved))
            yield ReadinessLine("setup", one.part, f"setup {one.saved} not approved", ready=False, next=remedy)


def _rates(facts: SessionFacts) -> Iterator[ReadinessLine]:
    """A recorder runs at one sample rate: songs of two rates need two sessions."""
    known = {one.rate for one in facts.songs if one.rate}
    found = ", ".join(f"{rate} Hz" for rate in sorted(known)) or "set by the first take"
    is_one = len(known) <= 1
    remedy = "" if is_one else suggest("session ready", facts.place.session, song="SONG")
    yield ReadinessLine("sample rate", facts.place.session, found, ready=is_one, next=remedy)


def _rooms(facts: SessionFacts) -> Iterator[ReadinessLine]:
    session = facts.place.session
    firm = isinstance(facts.place, SessionBooked)
    rooms = [name for name in facts.place.resources if facts.schedule.resource(name).sort == "room"]
    if not rooms:
        remedy = suggest("session book", facts.place.record, room="ROOM")
        yield ReadinessLine("room", session, "none", ready=False, next=remedy)
    for room in rooms:
        wanted = "" if firm else suggest("session firm", session)
        yield ReadinessLine("room", room, "firm" if firm else "held", ready=firm, next=wanted)


def _people(facts: SessionFacts) -> Iterator[ReadinessLine]:
    session = facts.place.session
    for person in facts.place.resources:
        if facts.schedule.resource(person).sort != "person":
            continue
        answer = facts.schedule.answer_of(session, person)
        name = facts.names.get(person, person)
        if answer is not None and answer.answer == "yes":
            yield ReadinessLine("person", name, "confirmed", ready=True)
        elif answer is not None:
            remedy = suggest("session replace", session, person, "NAME")
            yield ReadinessLine("person", name, f"says {answer.answer}", ready=False, next=remedy)
        elif person in facts.schedule.asked.get(session, {}):
            remedy = suggest("session answer", session, person, "yes")
            yield ReadinessLine("person", name, "asked, no answer yet", ready=False, next=remedy)
        else:
            remedy = suggest("session ask", session, who=person)
            yield ReadinessLine("person", name, "not asked", ready=False, next=remedy)


def bytes_needed(facts: SessionFacts) -> int:
    """Bytes of sound if every track is recorded from the beginning of the session to its end."""
    seconds = sum(int((slot.end - slot.start).total_seconds()) for slot in facts.place.slots)
    rate = max((one.rate for one in facts.songs if one.rate), default=PLANNED_RATE)
    return seconds * facts.tracks * rate * PLANNED_BITS // 8


def _disks(facts: SessionFacts) -> Iterator[ReadinessLine]:
    needed = bytes_needed(facts)
    wanted = f"{needed / GIB:.1f} GiB needed for {facts.tracks} track{'s' if facts.tracks > 1 else ''}"
    for disk in facts.disks:
        if disk.free is None:
            remedy = "name a folder that exists: --folder DIR"
            yield ReadinessLine("disk space", disk.folder, f"unknown; {wanted}", ready=False, next=remedy)
        elif disk.free < needed:
            told = f"{disk.free / GIB:.1f} GiB free; {wanted}"
            remedy = f"free {(needed - disk.free) / GIB:.1f} GiB on that disk"
            yield ReadinessLine("disk space", disk.folder, told, ready=False, next=remedy)
        else:
            yield ReadinessLine("disk space", disk.folder, f"enough; {wanted}", ready=True)


def _money(facts: SessionFacts) -> Iterator[ReadinessLine]:
    if facts.money is None:
        return
    place, money = facts.place, facts.money
    for name in money.unpriced:
        kind = facts.schedule.resource(name).sort
        remedy = suggest("resource add", name, kind=kind, rate="600/day")
        yield ReadinessLine("price", name, "none", ready=False, next=remedy)
    if money.line is None or money.left is None:
        line = suggest("session book", place.record, line="LINE")
        yield ReadinessLine("budget", place.session, "no line pays for it", ready=False, next=line)
        return
    enough = money.left.minor >= 0
    wanted = "" if enough else suggest("budget set", place.record, f"{money.line}=AMOUNT")
    yield ReadinessLine("budget", money.line, f"{money.left} left", ready=enough, next=wanted)
