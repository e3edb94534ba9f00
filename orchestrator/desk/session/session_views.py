"""Both views of a session that runs: the producer's, and the room's, which shows the music and nothing else.

Tests: ``tests/orchestrator/cli/commands/session/test_run.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.booking.slots import Slot
from domain.core.ids import part_of, slug_of, song_of
from domain.label.catalog import Catalog
from domain.label.corrections import TakeMoved
from domain.label.house_rules import PARK_MINUTES, PARK_TAKES, HouseRules
from domain.session.run_order import following_parts
from domain.session.session_day import SessionDay, Slate, park_hint
from domain.status.undo import effective_events
from domain.takes.takes import CompSet, TakeJudged
from orchestrator.desk.addressing.addresses import catalog_of
from orchestrator.desk.addressing.house_rules import HOUSE_RULES, rules_after
from orchestrator.desk.addressing.times import shown_exactly
from orchestrator.desk.booking.booking import schedule_of, sessions_query
from orchestrator.desk.session.goals import goal_of
from orchestrator.desk.session.parked_parts import parked_after, parking_query
from orchestrator.desk.session.run_order import run_order_rows
from orchestrator.desk.session.session_day import PASSES, day_of, day_query, last_pass
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio


@dataclass(frozen=True, slots=True)
class RoomView:
    """The view that everybody in the room may see; it never gets another field."""

    song: str
    """Title; empty before any part began."""
    parts: tuple[str, ...]
    """Names of the running parts."""
    take: int | None
    """Number of the pass that rolls, rolled last, or comes next; None before any part began."""
    next_up: str
    """Name of the part that comes next, with its song's title where that is another; empty without one."""
    goal: str
    """The day's goal; empty without one."""


@dataclass(frozen=True, slots=True)
class ProducerView:
    """The view of whoever leads the session; without money, which is asked for on its own."""

    record: str
    """Title of the record."""
    session: str
    room: RoomView
    day: SessionDay
    slot: Slot | None
    """The booked time that runs, or else the one that comes next or was the last; None if none is booked."""
    tries: tuple[Slate, ...]
    """The slates of the running song, in order."""
    left: tuple[str, ...]
    """Names of the parts that nothing was approved or kept of."""
    marked: int
    """Number of those among them of which a pass was marked as a keeper today; whoever judges has not confirmed it."""
    parked: tuple[str, ...]
    """Names of those among them that were put aside."""
    following: tuple[str, ...]
    """Ids of the parts that come next: those of the run order first, parked ones last; empty if none is left."""
    rules: HouseRules

    def hint(self, now: datetime) -> str:
        """Quiet advice to park the running parts; empty while nothing says so."""
        match park_hint(self.day, now=now, takes=self.rules.most(PARK_TAKES), minutes=self.rules.most(PARK_MINUTES)):
            case "takes":
                return f"{len(self.day.slates_of(self.day.parts))} takes of this; something else for a while?"
            case "minutes" if self.day.parts_since:
                return f"{(now - self.day.parts_since).seconds // 60} min on this; something else for a while?"
            case _:
                return ""


def session_view(studio: Studio, record: str, session: str) -> ProducerView:
    """The session as it is now.

    Raises:
        NotFound: ``record.unknown``.
    """
    catalog = catalog_of(studio, record)
    kinds = (*PASSES, TakeJudged, CompSet, TakeMoved)
    history = studio.read(Query.of(*kinds, tags=[f"record:{record}"]) | day_query(record, session))
    day = day_of(history, record, session)
    left = parts_left(catalog, history, record)
    marked = {part for slate in day.slates.values() if slate.mark == "keeper" for part in slate.parts}
    parked = parked_after(studio.read(parking_query(record)))
    later = [part for part in parked if part in left]
    to_record = [part for part in left if part not in parked and part not in marked]
    following = (
        following_parts(run_order_rows(studio, session), to_record, day.parts)
        or _following(to_record, day.parts)
        or _following(later, day.parts)
    )
    title = catalog.record(record).title
    schedule = schedule_of(studio.read(sessions_query(f"record:{record}")))
    booked = schedule.sessions.get(session)
    tries = tuple(slate for slate in day.slates.values() if slate.song == day.song)
    return ProducerView(
        title, session, _room(catalog, history, day, following, goal_of(studio, session)), day,
        _slot(booked.slots, studio.now()) if booked else None, tries,
        tuple(part_title(catalog, part, day.song) for part in left), len(marked.intersection(left)),
        tuple(part_title(catalog, part, day.song) for part in later), following,
        rules_after(studio.read(HOUSE_RULES)),
    )  # fmt: skip


def parts_left(catalog: Catalog, history: History, record: str) -> tuple[str, ...]:
    """Ids of the parts of *record* that nothing is approved or kept of, in the order of its songs, without guides.

    A mark of the room is no verdict: a part with a keeper of the day is left until somebody who judges confirms it.
    """
    verdicts: dict[str, str] = {}
    for one in effective_events(history):
        match one.event:
            case TakeJudged(take=take, verdict=verdict):
                verdicts[take] = verdict
            case CompSet(part=part, spans=spans):
                verdicts |= {f"{part}/{span.take}": "approved" for span in spans if span.take}
            case TakeMoved(take=take):
                verdicts.pop(take, None)
            case _:
                pass
    done = {part_of(take) for take, verdict in verdicts.items() if verdict in {"approved", "kept"}}
    parts = (f"{song.id}/{slug}" for song in catalog.songs_of(record) for slug in song.mixable)
    return tuple(part for part in parts if part not in done)


def part_title(catalog: Catalog, part: str, song: str | None = None) -> str:
    """Name of *part*, with the title of its song where that is another than *song*."""
    known = catalog.song(song_of(part))
    name = known.parts[slug_of(part)].name
    return name if song == known.id else f"{name} ({known.title})"


def _room(catalog: Catalog, history: History, day: SessionDay, following: Sequence[str], goal: str) -> RoomView:
    next_up = ", ".join(part_title(catalog, part, day.song) for part in following)
    if day.song is None:
        return RoomView("", (), None, next_up, goal)
    slate = day.marked_slate
    take = slate.pass_number if slate else last_pass(history, day.song) + 1
    parts = tuple(part_title(catalog, part, day.song) for part in day.parts)
    return RoomView(catalog.song(day.song).title, parts, take, next_up, goal)


def _following(left: Sequence[str], running: Sequence[str]) -> tuple[str, ...]:
    """The part that comes after the running ones in the order of *left*; the first one after the last."""
    order = [*left]
    last = max((order.index(part) for part in running if part in order), default=-1)
    others = [part for part in (*order[last + 1 :], *order[: last + 1]) if part not in running]
    return tuple(others[:1])


def _slot(slots: Sequence[Slot], now: datetime) -> Slot | None:
    begun = [slot for slot in slots if slot.start <= now]
    running = [slot for slot in begun if now < slot.end]
    return next(iter(running or [slot for slot in slots if slot.start > now] or slots[-1:]), None)


def clock_line(studio: Studio, view: ProducerView) -> str:
    """The house's clock and the booked time, such as ``14:22 · booked 10:00 to 18:00``."""
    clock = studio.now().astimezone(studio.config.zone).strftime("%H:%M")
    if view.slot is None:
        return clock
    start, end = (shown_exactly(studio, moment) for moment in (view.slot.start, view.slot.end))
    return f"{clock} · booked {start[11:]} to {end[11:]}"
