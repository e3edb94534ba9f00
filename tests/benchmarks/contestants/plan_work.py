"""Arguments TASK STORE [RECORD]: plan the coming weeks of a generated label, or time what is decided on that plan.

A generated label ends today; ``fill`` adds what is still to come, through the rules of the domain: sessions in other
studios with people who were asked and answered, holds, invoices beyond a budget, and a person for each role.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Final

from domain.booking import booking, schedule
from domain.booking.budget import Budget
from domain.booking.received_invoices import InvoiceReceived
from domain.booking.schedule import Rate, Schedule, ScheduleEvent
from domain.booking.sessions import cast, holds
from domain.booking.slots import Slot
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.money import Money
from domain.label import people
from domain.label.people import People, Role
from orchestrator.desk.booking.booking import book as book_session
from orchestrator.desk.booking.booking import schedule_of, sessions_query
from orchestrator.desk.booking.calendar import conflict_rows
from orchestrator.desk.review.review_rows import records
from orchestrator.studio import Studio
from tests.benchmarks.contestants.stopwatch import timed
from tests.orchestrator.generated_label import FOUNDER
from tests.orchestrator.generated_material import Decision, Pen
from tests.orchestrator.generated_record import ENGINEERS, STAGES

STAFF: Final[dict[Role, str]] = {"label": "lou", "coordinator": "cora"}
STUDIOS: Final = tuple(f"studio-{number}" for number in range(1, 21))
PLAYERS: Final = tuple(f"player-{number}" for number in range(1, 41))
HOURLY: Final = Rate(amount=Money(minor=6_000, currency="EUR"), per="hour")
SESSIONS: Final = 4
"""Coming sessions of a record in the making; the last of them is a hold."""
OVERRUN: Final = 10
"""One in so many records has an invoice beyond its budget."""
BOOKINGS: Final = 25
BATCH: Final = 4_000
"""Events of one append, at least."""
FAR: Final = 20_000
"""Days from the first on which a booking is timed; each run begins on another of them."""


def fill(store: Path) -> None:
    """Append the plan of the coming weeks."""
    with Studio.at(str(store), FOUNDER) as studio:
        timed(lambda: {"head": _append_all(studio, PlanScript(studio).decisions())})


def _append_all(studio: Studio, decisions: Iterator[Decision]) -> int:
    batch = Decision()
    for decision in decisions:
        batch += decision
        if len(batch) >= BATCH:
            studio.log.append(batch)
            batch = Decision()
    if batch:
        studio.log.append(batch)
    return studio.log.head().position


class PlanScript:
    """Sessions, asks and invoices to come in a generated label."""

    def __init__(self, studio: Studio) -> None:
        self._studio, self._pen = studio, Pen(1, "plan")
        self._now, self._zone = studio.now(), studio.config.zone
        added = [
            schedule.add_resource(Schedule(), resource=name, sort=sort, rate=HOURLY)
            for sort, names in (("room", STUDIOS), ("person", PLAYERS))
            for name in names
        ]
        self._added: Sequence[ScheduleEvent] = list(chain.from_iterable(added))

    def decisions(self) -> Iterator[Decision]:
        """The decisions, in order."""
        for role, name in STAFF.items():
            entered = people.add_person(People(), person=name, name=name.title(), roles=(role,))
            yield self._pen.write(entered, FOUNDER)
        yield self._pen.write(self._added, FOUNDER)
        opened = records(self._studio)
        making = [record for number, record in enumerate(opened) if STAGES[number % len(STAGES)] == "in progress"]
        for number, record in enumerate(making):
            yield from self._sessions(number, record)
        for number, record in enumerate(opened[::OVERRUN]):
            yield self._pen.write([_overrun(record, number, self._studio.today())], FOUNDER)

    def _sessions(self, number: int, record: str) -> Iterator[Decision]:
        """The coming sessions of the record that is *number* of those in the making; no two want one studio."""
        known = schedule_of(self._studio.read(sessions_query(f"record:{record}")))
        known = fold_events(schedule.evolve, known, self._added)
        turn, place = divmod(number, len(STUDIOS))
        players = [PLAYERS[(2 * number + one) % len(PLAYERS)] for one in range(2)]
        wanted = [STUDIOS[place], *players]
        for count in range(SESSIONS):
            slot = self._slot(1 + turn * SESSIONS + count)
            session, events = self._placed(known, record, wanted, slot, is_held=count == SESSIONS - 1)
            yield self._pen.write(events, FOUNDER)
            known = _after(known, events)
            asked = cast.ask(known, record=record, session=session)
            yield self._pen.write(asked, FOUNDER)
            known = _after(known, asked)
            for turn_, player in enumerate(players):
                said = "no" if (number + count + turn_) % 12 == 0 else "yes"
                answer = cast.answer(known, record=record, session=session, person=player, said=said)
                yield self._pen.write(answer, FOUNDER)
                known = _after(known, answer)

    def _placed(
        self, known: Schedule, record: str, wanted: Sequence[str], slot: Slot, *, is_held: bool
    ) -> tuple[str, Sequence[Event]]:
        """A booked or a held session: its id, and its events."""
        if is_held:
            return holds.hold(
                known, record=record, resources=wanted, slots=(slot,), line=None, rank=None, expires=None,
                now=self._now,
            )  # fmt: skip
        return booking.book(
            known, Budget(), record=record, resources=wanted, slots=(slot,), line=None, currency="EUR",
            zone=self._zone,
        )  # fmt: skip

    def _slot(self, days: int) -> Slot:
        """Eight hours, *days* from today."""
        day = self._studio.today() + timedelta(days=days)
        start = datetime(day.year, day.month, day.day, 10, tzinfo=self._zone)
        return Slot(start=start, end=start + timedelta(hours=8))


def _after(known: Schedule, events: Sequence[Event]) -> Schedule:
    return fold_events(schedule.evolve, known, [one for one in events if isinstance(one, ScheduleEvent)])


def _overrun(record: str, number: int, day: date) -> InvoiceReceived:
    amount = Money(minor=900_000, currency="EUR")
    return InvoiceReceived(
        record=record, payee="piano-hire", invoice=f"P{number}", line="musicians", net=amount, dated=day
    )


def book(store: Path, record: str) -> None:
    """Time decisions on bookings of a room and a person on days after all others, each with its own append."""
    with Studio.at(str(store), FOUNDER) as studio:
        first = studio.today() + timedelta(days=2_000 + time.time_ns() // 10**9 % FAR)
        wall, processor = list[float](), list[float]()
        for count in range(BOOKINGS):
            day = first + timedelta(days=count)
            start = datetime(day.year, day.month, day.day, 10, tzinfo=studio.config.zone)
            slot = Slot(start=start, end=start + timedelta(hours=8))
            began, busy = time.perf_counter(), time.process_time()
            book_session(studio, record, resources=["room-a", ENGINEERS[0]], slots=(slot,), line=None)
            wall.append(time.perf_counter() - began)
            processor.append(time.process_time() - busy)
        timed(lambda: {
            "first_wall_s": wall[0], "first_s": processor[0], "wall_s": median(wall[1:]), "s": median(processor[1:]),
        })  # fmt: skip


def settle(store: Path) -> None:
    """Count the conflicts of the calendar, to show that there are some."""
    with Studio.at(str(store), FOUNDER) as studio:
        timed(lambda: {"conflicts": len(conflict_rows(studio))})


if __name__ == "__main__":
    task, place = sys.argv[1], Path(sys.argv[2])
    match task:
        case "fill":
            fill(place)
        case "book":
            book(place, sys.argv[3])
        case _:
            settle(place)
