"""Two processes book one room for two records at one time: exactly one of them is firm, round after round.

Half of the rounds race a booking against a booking, a quarter a hold that becomes firm against a booking, and a quarter
a session that moves onto the wanted time.  The loser is told of a double booking, and nothing of it is recorded.
"""

import multiprocessing
import tempfile
from datetime import UTC, datetime, timedelta
from itertools import combinations
from multiprocessing.synchronize import Barrier
from pathlib import Path
from queue import Queue
from typing import Final

from domain.booking.session_events import SessionBooked
from domain.booking.slots import Slot
from domain.booking.terms.card_text import CardText
from domain.core.refusal import Clash
from orchestrator.desk.booking import booking
from orchestrator.desk.booking.holds import firm, hold
from orchestrator.desk.booking.terms import HoursText, add_bookable
from orchestrator.desk.label.records import new_record
from orchestrator.log.proof.verify import verify
from orchestrator.studio import Studio

spawn: Final = multiprocessing.get_context("spawn")
RECORDS: Final = ("night-bus", "tin-can")
START: Final = datetime(2030, 1, 1, 10, tzinfo=UTC)


def wanted(number: int) -> tuple[Slot, ...]:
    """The time of one round: eight hours of a day of its own."""
    start = START + timedelta(days=2 * number)
    return (Slot(start=start, end=start + timedelta(hours=8)),)


def earlier(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """Hours of the day before."""
    return tuple(Slot(start=slot.start - timedelta(days=1), end=slot.end - timedelta(days=1)) for slot in slots)


def racer(folder: str, record: str, rounds: int, line: Barrier, said: "Queue[tuple[int, str, bool]]") -> None:
    """Take part in every round; say of each whether the room was had."""
    with Studio.at(folder) as studio:
        for number in range(rounds):
            slots, way = wanted(number), number % 4 if record == RECORDS[1] else 0
            name = ""
            if way == 1:
                name = hold(
                    studio, record, resources=["room-a"], slots=slots, line=None, rank=None, expires=None
                ).hold.held.session
            if way == 3:
                before = booking.book(studio, record, resources=["room-a"], slots=earlier(slots), line=None)
                name = before.session.session
            line.wait()
            try:
                if way == 1:
                    firm(studio, record, name, line=None)
                elif way == 3:
                    booking.move(studio, record, name, lambda _, to=slots: to)
                else:
                    booking.book(studio, record, resources=["room-a"], slots=slots, line=None)
                said.put((number, record, True))
            except Clash as clash:
                if clash.rule != "schedule.conflict":
                    raise
                said.put((number, record, False))
            line.wait()


def race(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        Studio.create(folder, label="Harbour", currency="EUR", timezone="Europe/Berlin")
        with Studio.at(place) as studio:
            add_bookable(studio, "room-a", sort="room", card=CardText(), hours=HoursText())
            for record in RECORDS:
                new_record(studio, title=record, artist="Ann", due=None)
        line, said = spawn.Barrier(2), spawn.Queue()
        racers = [spawn.Process(target=racer, args=(place, record, rounds, line, said)) for record in RECORDS]
        for one in racers:
            one.start()
        answers = [said.get(timeout=300) for _ in range(2 * rounds)]
        for one in racers:
            one.join()
            assert one.exitcode == 0, f"a process ended with {one.exitcode}"
        check(place, rounds, answers)


def check(place: str, rounds: int, answers: list[tuple[int, str, bool]]) -> None:
    won = [number for number, _, had in answers if had]
    assert sorted(won) == list(range(rounds)), "a round was won by both, or by none"
    with Studio.at(place) as studio:
        firm_ = [one for record in RECORDS for one in booking.sessions_of(studio, record)]
        assert isinstance(firm_[0], SessionBooked)
        for one, other in combinations((slot for session in firm_ for slot in session.slots), 2):
            assert not one.overlaps(other), "a room was booked twice"
        assert verify(studio.log).sound


DRILLS = [("booking race, 2 processes, one room", race, 100, 8)]
