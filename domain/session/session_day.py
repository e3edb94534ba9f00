"""State of one session's studio day, and the decisions of its keys."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal, assert_never

from domain.core.fold import fold_events
from domain.core.ids import song_of
from domain.core.refusal import Misused, Refused, suggest
from domain.session.day_events import (
    MOST_PARTS,
    DayEvent,
    Mark,
    MomentMarked,
    PartsStarted,
    RollStarted,
    RollStopped,
    SessionStarted,
    SlateEvent,
    SlateMarked,
)

LAST_NUMBER: Final = 999_999
"""Largest number of a slate and of a pass."""


@dataclass(frozen=True, slots=True)
class Slate:
    """A pass as it was announced in the room."""

    number: int
    song: str
    parts: tuple[str, ...]
    pass_number: int
    started: datetime
    stopped: datetime | None = None
    """None while the tape rolls."""
    marks: tuple[SlateMarked, ...] = ()
    """In the order they were given."""

    @property
    def mark(self) -> Mark | None:
        """The mark that counts: the last one."""
        return self.marks[-1].mark if self.marks else None


@dataclass(frozen=True, slots=True)
class SessionDay:
    """The studio day of one session."""

    session: str
    record: str
    started: datetime | None = None
    song: str | None = None
    """Song that is being recorded."""
    parts: tuple[str, ...] = ()
    """Parts that are being recorded, all of that song."""
    parts_since: datetime | None = None
    slates: Mapping[int, Slate] = field(default_factory=dict)
    """By number, in the order they were rolled."""
    free_marks: tuple[SlateMarked, ...] = ()
    """Marks that were given without roll and stop."""
    moments: tuple[MomentMarked, ...] = ()

    @property
    def rolling(self) -> Slate | None:
        """The slate that is open; None while the tape stands."""
        last = next(reversed(tuple(self.slates.values())), None)
        return last if last is not None and last.stopped is None else None

    @property
    def has_slates_or_marks(self) -> bool:
        """True if recordings can be married to this day by their times."""
        return bool(self.slates or self.free_marks)

    def slates_of(self, parts: Sequence[str]) -> list[Slate]:
        """The slates on which exactly *parts* were recorded."""
        return [slate for slate in self.slates.values() if set(slate.parts) == set(parts)]

    @property
    def marked_slate(self) -> Slate | None:
        """The slate that the next mark is for: the last one since the running parts began; None without one."""
        last = next(reversed(tuple(self.slates.values())), None)
        if last is None or self.parts_since is None or last.started < self.parts_since:
            return None
        return last


def evolve(day: SessionDay, event: DayEvent) -> SessionDay:
    """Fold one event that is in force into the state; an event of another session changes nothing."""
    if event.session != day.session:
        return day
    match event:
        case SessionStarted(at=at):
            return replace(day, started=day.started or at)
        case PartsStarted(song=song, parts=parts, at=at):
            return replace(day, song=song, parts=parts, parts_since=at)
        case MomentMarked(at=at):
            named = [one for one in day.moments if (one.at, one.text) != (at, "")]
            return replace(day, moments=(*named, event))
        case _:
            return _evolve_slates(day, event)


def _evolve_slates(day: SessionDay, event: SlateEvent) -> SessionDay:
    match event:
        case RollStarted():
            slate = Slate(event.slate, event.song, event.parts, event.pass_number, event.at)
            return replace(day, slates={**day.slates, slate.number: slate})
        case RollStopped(slate=number, at=at):
            known = day.slates.get(number)
            return day if known is None else _with_slate(day, replace(known, stopped=at))
        case SlateMarked(slate=number):
            known = day.slates.get(number) if number is not None else None
            if known is not None:
                return _with_slate(day, replace(known, marks=(*known.marks, event)))
            return replace(day, free_marks=(*day.free_marks, event))
        case _:
            assert_never(event)


def _with_slate(day: SessionDay, slate: Slate) -> SessionDay:
    return replace(day, slates={**day.slates, slate.number: slate})


def session_day_after(session: str, record: str, events: Iterable[DayEvent]) -> SessionDay:
    """The studio day of *session* after *events*, those that are in force."""
    return fold_events(evolve, SessionDay(session, record), events)


def start_session(day: SessionDay, *, at: datetime) -> list[SessionStarted]:
    """Begin the studio day.  Once it has begun, no event."""
    return [] if day.started else [SessionStarted(session=day.session, record=day.record, at=at)]


def start_parts(day: SessionDay, parts: Sequence[str], *, at: datetime) -> list[RollStopped | PartsStarted]:
    """Record *parts* from now on; a pass that is rolling ends first.  The parts that are running yield no event.

    Args:
        day: the studio day.
        parts: ids of parts of one song.
        at: the time.

    Raises:
        Misused: ``session.parts``; none, too many, or parts of several songs.
    """
    chosen, hint = tuple(dict.fromkeys(parts)), suggest("record show", day.record)
    if not 0 < len(chosen) <= MOST_PARTS:
        raise Misused("session.parts", f"{len(chosen)} parts at once; name 1 to {MOST_PARTS}", next=hint)
    songs = {song_of(part) for part in chosen}
    if len(songs) > 1:
        raise Misused(
            "session.parts",
            f"parts of {len(songs)} songs: {', '.join(sorted(songs))}; one song is recorded at a time",
            next=hint,
        )
    if day.parts == chosen:
        return []
    [song] = songs
    started = PartsStarted(session=day.session, record=day.record, song=song, parts=chosen, at=at)
    return [*stop_roll(day, at=at), started]


def start_roll(day: SessionDay, *, at: datetime, last_slate: int, last_pass: int) -> list[RollStarted]:
    """Let the tape roll for the running parts.  While it rolls, no event.

    Args:
        day: the studio day.
        at: the time.
        last_slate: the highest number of a slate of this session, those that were taken back included; 0 for none.
        last_pass: the highest pass of the song's takes and slates; 0 for none.

    Raises:
        Refused: ``session.parts``, no part is running; ``slate.number``, the numbers are used up.
    """
    if day.rolling:
        return []
    if day.song is None:
        raise Refused("session.parts", "no part is running; choose one first", next=suggest("record show", day.record))
    if max(last_slate, last_pass) >= LAST_NUMBER:
        raise Refused(
            "slate.number",
            f"slates and passes are numbered up to {LAST_NUMBER:,}",
            next=suggest("record show", day.record),
        )
    return [
        RollStarted(
            session=day.session, record=day.record, song=day.song, parts=day.parts, slate=last_slate + 1,
            pass_number=last_pass + 1, at=at,
        )
    ]  # fmt: skip


def stop_roll(day: SessionDay, *, at: datetime) -> list[RollStopped]:
    """Stop the tape.  While it stands, no event."""
    if day.rolling is None:
        return []
    return [RollStopped(session=day.session, record=day.record, slate=day.rolling.number, at=at)]


def mark_pass(day: SessionDay, mark: Mark, *, at: datetime) -> list[SlateMarked | RollStopped]:
    """Mark the pass that rolls or rolled last for the running parts; a false start ends it, too.

    Without a slate since these parts began, the mark belongs to the pass that the recorder was writing at that time.
    The mark that a slate has yields no event.

    Args:
        day: the studio day.
        mark: what was felt in the room.
        at: the time.
    """
    slate = day.marked_slate
    stopped = stop_roll(day, at=at) if mark == "false-start" else []
    number = slate.number if slate else None
    marked = SlateMarked(session=day.session, record=day.record, song=day.song, slate=number, mark=mark, at=at)
    given = slate.mark == mark if slate else marked in day.free_marks
    return [*stopped] if given else [marked, *stopped]


def mark_moment(day: SessionDay, *, at: datetime, text: str = "") -> list[MomentMarked]:
    """Mark a moment worth keeping, with *text* to say what it is.  The same words for the same time yield no event.

    Args:
        day: the studio day.
        at: the time.
        text: what happened; may be empty.
    """
    number = day.rolling.number if day.rolling else None
    marked = MomentMarked(
        session=day.session, record=day.record, song=day.song, slate=number, at=at, text=" ".join(text.split())
    )
    known = {(one.at, one.text) for one in day.moments}
    return [] if (at, marked.text) in known else [marked]


def name_moment(day: SessionDay, *, at: datetime, text: str) -> list[MomentMarked]:
    """Say in words what the moment was that was marked at *at*.  Without words, or with words already, no event."""
    words = " ".join(text.split())
    marked = next((one for one in day.moments if (one.at, one.text) == (at, "")), None)
    return [MomentMarked(**{**dict(marked), "text": words})] if marked and words else []


ParkHint = Literal["takes", "minutes"]


def park_hint(day: SessionDay, *, now: datetime, takes: int | None, minutes: int | None) -> ParkHint | None:
    """Why the running parts might better be parked for a while; None while nothing says so.

    Args:
        day: the studio day.
        now: the time.
        takes: passes of the running parts, in this session and without false starts, after which it is time; None for
            never.
        minutes: minutes since these parts began after which it is time; None for never.

    A keeper ends the hint: the part has what it needs.
    """
    tried = [slate for slate in day.slates_of(day.parts) if slate.mark != "false-start"]
    since = day.parts_since
    if since is None or any(slate.mark == "keeper" for slate in tried):
        return None
    if any(one.mark == "keeper" and one.song == day.song and one.at >= since for one in day.free_marks):
        return None
    if takes is not None and len(tried) >= takes:
        return "takes"
    return "minutes" if minutes is not None and (now - since).total_seconds() >= minutes * 60 else None
