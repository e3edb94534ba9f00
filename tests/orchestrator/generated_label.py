"""A whole label, generated: a store of any size, filled through the product's own log.

For tests, :func:`record_events` returns the decisions of one record and :func:`fill` writes a label into a log; as a
program (``python -m tests.orchestrator.generated_label FOLDER SCALE``) it makes a store.  The events depend on the
scale and its seed alone; only the log's id and the ids and times of events differ from run to run.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final

from domain.booking import schedule
from domain.booking.resources import Rate
from domain.booking.schedule import Schedule
from domain.core.event import Event
from domain.core.ids import slug_of
from domain.core.money import Money
from domain.label import people
from domain.label.people import People, PeopleEvent, Role
from domain.label.role_scopes import EVERYWHERE
from domain.render.engine import EnginePaused, EngineResumed
from domain.status.events.event_types import KINDS
from domain.store import clocks
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.log.append_condition import Draft
from orchestrator.log.store import Log
from orchestrator.store import config
from orchestrator.studio import Caller, Studio
from tests.orchestrator.generated_material import ROBOT, Decision, Pen
from tests.orchestrator.generated_record import (
    ARTISTS,
    ENGINEERS,
    MIXERS,
    PRODUCERS,
    ROOM_RATE,
    ROOMS,
    RecordPlan,
    record_events,
)  # fmt: skip
from tests.orchestrator.generated_song import SongScript

FOUNDER: Final = PRODUCERS[0]
BATCH: Final = 4000
"""Events of one append, at least."""
AT_ONCE: Final = 12
"""Records in the making at one time: their decisions stand between one another in the log."""
YEARS: Final = timedelta(days=3 * 365)
"""Time from the first generated event to the last."""


@dataclass(frozen=True, slots=True)
class LabelScale:
    """A size of a label; ``events`` counts all of the log, the founding included.

    The log holds exactly as many, unless they are too few for the songs.
    """

    name: str
    records: int
    songs: int
    events: int
    seed: int = 1


QUICK: Final = LabelScale("quick", 4, 3, 2_000)
SMALL: Final = LabelScale("small", 60, 10, 300_000)
WIDE: Final = LabelScale("wide", 2_000, 3, 370_000)
"""Scale with the records of the large one and a fifth of its events: three songs a record."""
LARGE: Final = LabelScale("large", 2_000, 10, 2_000_000)
SCALES: Final = {scale.name: scale for scale in (QUICK, SMALL, WIDE, LARGE)}


def label_events(seed: int) -> Iterator[Decision]:
    """The people and resources of the label, and an outage that passed."""
    pen, known = Pen(seed, "label"), People(names={FOUNDER: FOUNDER}, roles={FOUNDER: {"producer": (EVERYWHERE,)}})
    staff: dict[Role, tuple[str, ...]] = {
        "producer": PRODUCERS, "engineer": ENGINEERS, "mixer": MIXERS, "artist": ARTISTS, "finance": ("kit",)
    }  # fmt: skip
    for role, names in staff.items():
        for name in names:
            events: list[PeopleEvent] = people.add_person(known, person=name, name=name.title(), roles=(role,))
            for event in events:
                known = people.evolve(known, event)
            yield pen.write(events, FOUNDER)
    for room in ROOMS:
        yield pen.write(schedule.add_resource(Schedule(), resource=room, sort="room", rate=ROOM_RATE), FOUNDER)
    for name in ENGINEERS:
        rate = Rate(amount=Money(minor=4_500, currency="EUR"), per="hour")
        yield pen.write(schedule.add_resource(Schedule(), resource=name, sort="person", rate=rate), FOUNDER)
    yield pen.write([EnginePaused(cause="vault")], ROBOT)
    yield pen.write([EngineResumed()], ROBOT)


def record_plans(scale: LabelScale, events: int) -> Iterator[RecordPlan]:
    """The records of *scale*, which share *events* among them."""
    for number in range(scale.records):
        share = events * (number + 1) // scale.records - events * number // scale.records
        yield RecordPlan(number, scale.songs, share, scale.seed)


def interleaved(scale: LabelScale, events: int) -> Iterator[Decision]:
    """The decisions of all records, interleaved: an evening's work on one record, then on another."""
    waiting, dice = record_plans(scale, events), Random(f"{scale.seed} order")  # noqa: S311 - no secret
    making = [record_events(plan) for plan in islice(waiting, AT_ONCE)]
    while making:
        turn = dice.randrange(len(making))
        evening_ = list(islice(making[turn], dice.randint(10, 60)))
        yield from evening_
        if not evening_:
            following = next(waiting, None)
            making[turn : turn + 1] = [record_events(following)] if following else []


class PassingTime:
    """A clock for the log that goes from three years ago to an hour ago as events are recorded."""

    def __init__(self, events: int, until: datetime) -> None:
        self._began, self._step, self.recorded = until - YEARS, (YEARS - timedelta(hours=1)) / events, 0

    def __call__(self) -> datetime:
        return self._began + self._step * self.recorded


def fill(
    log: Log, scale: LabelScale, clock: PassingTime | None = None, say: Callable[[str], None] = lambda _: None
) -> int:
    """Write the label of *scale* into *log*, which holds nothing but its founding; return the position of its head.

    Args:
        log: opened with *clock*, if one is given.
        scale: the size.
        clock: moved on with each append.
        say: called with one line now and then.
    """
    began, head = time.perf_counter(), log.head().position
    pen = Pen(scale.seed, "clock")
    founding = [pen.write(clocks.doubt((), first=1, last=head, head=head), FOUNDER), *label_events(scale.seed)]
    left = scale.events - head - sum(map(len, founding))
    batch: list[Draft] = [draft for decision in founding for draft in decision]
    for decision in interleaved(scale, left):
        batch += decision
        if len(batch) >= BATCH:
            head = _append(log, batch, clock)
            if head // 100_000 > (head - len(batch)) // 100_000:
                say(f"{head:,} events, {time.perf_counter() - began:.0f} s")
            batch = []
    return _append(log, batch, clock) if batch else head


def _append(log: Log, batch: list[Draft], clock: PassingTime | None) -> int:
    recorded = log.append(batch)
    if clock is not None:
        clock.recorded += len(batch)
    return recorded[-1].position


def founded(folder: Path) -> config.Settings:
    """An empty store in *folder*, founded by one of the generated people."""
    place = Studio.create(folder, label="Harbour Records", currency="EUR", timezone="Europe/Berlin", claimed=FOUNDER)
    return config.load(place)


def generate(folder: Path, scale: LabelScale, say: Callable[[str], None] = lambda _: None) -> int:
    """A store in *folder* that holds the label of *scale*; return the position of its head."""
    clock = PassingTime(scale.events, datetime.now(UTC))
    with Log.open(founded(folder).log, kinds=KINDS, clock=clock) as log:
        return fill(log, scale, clock, say)


def evening(log: Log, settings: config.Settings, record: str, *, count: int = 100, seed: int = 1) -> int:
    """Append exactly *count* events of one evening's work on *record*, without read models.  Return the head."""
    studio = Studio(log, settings, Caller(FOUNDER, f"{FOUNDER}@desk"))
    state, head = read_record(studio, record).state, log.head().position
    song = state.catalog.songs_of(record)[-1].id
    plan = RecordPlan(0, 1, count, seed)
    script = SongScript(Pen(seed, f"{record} {head}"), plan.staff, song, state)
    drafts: list[Draft] = []
    for decision in script.play(count // 10, count, unjudged=count // 10):
        if len(drafts) + len(decision) > count:
            break
        drafts += decision
    missing = count - len(drafts)
    pen = Pen(seed, f"{slug_of(song)} {head} rest")
    drafts += [draft for number in range(missing) for draft in _remark(pen, song, number)]
    return log.append(drafts)[-1].position


def _remark(pen: Pen, song: str, number: int) -> Decision:
    from domain.label.notes import note

    new: list[Event] = list(note(song, text=f"{pen.text()} ({number + 1})", by=FOUNDER))
    return pen.write(new, FOUNDER)


def main() -> None:
    """Make a store."""
    parser = argparse.ArgumentParser(description="Make the store of a generated label.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("scale", choices=SCALES)
    asked = parser.parse_args()
    began = time.perf_counter()
    head = generate(asked.folder, SCALES[asked.scale], lambda line: print(line, file=sys.stderr, flush=True))
    print(f"{head:,} events in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
