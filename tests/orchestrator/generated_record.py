"""The events of one record of a generated label, from its first budget to its master."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal

from domain.booking import booking, budget, invoices, schedule, session_times
from domain.booking.budget import Budget, BudgetEvent
from domain.booking.resources import Rate, ResourceAdded
from domain.booking.schedule import Schedule, ScheduleEvent
from domain.booking.slots import Slot
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.money import Money
from domain.core.refusal import Refused
from domain.label import catalog, catalog_additions
from domain.label.catalog import Catalog
from domain.label.notes import note
from domain.masters import masters
from domain.masters.masters import MasterPlanned, Masters
from domain.recipe import parse_master
from domain.render.jobs import GainJob, MasterJob, Named, Rendered, Report, manifest
from domain.status import verdicts
from domain.status.master_status import gain_plan, master_plan
from domain.status.verdicts import Verdicts, derive_status
from tests.orchestrator.generated_material import PART_COUNTS, RATE, ROBOT, Decision, Pen, Staff, report_of, sound
from tests.orchestrator.generated_song import SongScript, only

Stage = Literal["in progress", "to hear", "finished"]
STAGES: Final[tuple[Stage, ...]] = (
    "finished", "in progress", "to hear", "finished", "finished", "in progress", "finished", "in progress", "finished",
    "finished",
)  # fmt: skip
"""Stages of ten records in turn."""

PRODUCERS: Final = ("pat", "lea", "sam", "ida", "noor", "yuki")
ENGINEERS: Final = ("max", "eli", "rosa", "tom", "vera", "jin", "abe", "ola")
MIXERS: Final = ("mo", "fay", "gus", "zoe")
ARTISTS: Final = ("ann", "bo", "cleo", "dev", "enzo", "fritz", "gia", "hugo", "ines", "jo")
ROOMS: Final = tuple(f"room-{letter}" for letter in "abcdefghijkl")
ROOM_RATE: Final = Rate(amount=Money(minor=60_000, currency="EUR"), per="day")
FIRST_DAY: Final = date(2024, 1, 8)
MOST_SESSIONS: Final = 12

FIRST: Final = ("Night", "Harbour", "Paper", "Silver", "Winter", "Slow", "Tin", "Glass", "Hollow", "Northern", "Copper")
SECOND: Final = ("Bus", "Lights", "Rivers", "Garden", "Roof", "Letters", "Engines", "Ferry", "Orchard", "Signals")
TARGETS: Final = ("streaming", "cd")


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """Number of a record in the label, its size, and the seed of all random choices.

    ``events`` is met exactly, unless it is too small for *songs*.
    """

    number: int
    songs: int
    events: int
    seed: int = 1

    @property
    def stage(self) -> Stage:
        """How far the record has come."""
        return STAGES[self.number % len(STAGES)]

    @property
    def title(self) -> str:
        """Title, unique within the label."""
        return f"{FIRST[self.number % len(FIRST)]} {SECOND[self.number // len(FIRST) % len(SECOND)]} {self.number + 1}"

    @property
    def staff(self) -> Staff:
        """The people who make the record."""
        return Staff(*(names[self.number % len(names)] for names in (PRODUCERS, ENGINEERS, MIXERS, ARTISTS)))


def record_events(plan: RecordPlan) -> Iterator[Decision]:
    """The decisions of one record, in order; nothing but *plan* decides what they are."""
    yield from RecordScript(plan).decisions()


class RecordScript:
    """The production of one record, with its catalog, budget and sessions."""

    def __init__(self, plan: RecordPlan) -> None:
        self.plan, self.staff, self.pen = plan, plan.staff, Pen(plan.seed, plan.title)
        self.catalog, self.budget, self.written = Catalog(), Budget(), 0
        self.schedule = Schedule({room: ResourceAdded(resource=room, sort="room", rate=ROOM_RATE) for room in ROOMS})
        self.record, self.songs = "", list[SongScript]()
        self._sessions: Final = min(MOST_SESSIONS, max(3, plan.events // 300))

    def decisions(self) -> Iterator[Decision]:
        """The decisions, in order."""
        yield from self._open()
        for number in range(self.plan.songs):
            if number < self._sessions:
                yield from self._session(number)
            yield from self._song(number)
        for number in range(self.plan.songs, self._sessions):
            yield from self._session(number)
        yield from self._guarded()
        yield from self._slips()
        if self.plan.stage != "in progress":
            yield from self._master()
        yield from self._padding()

    def _say(self, events: Sequence[Event], by: str, why: str | None = None) -> Iterator[Decision]:
        if events:
            self.written += len(events)
            yield self.pen.write(events, by, why)

    @property
    def _by_label(self) -> str:
        return "pat"

    # ---- catalog and money

    def _open(self) -> Iterator[Decision]:
        due = FIRST_DAY + timedelta(days=300 + self.plan.number % 900)
        opened = catalog_additions.open_record(
            self.catalog,
            title=self.plan.title,
            artist=f"The {FIRST[-1 - self.plan.number % 7]}men",
            due=due,
            currency="EUR",
        )
        self.catalog = fold_events(catalog.evolve, self.catalog, opened)
        (self.record,) = self.catalog.records
        yield from self._say(opened, self.staff.producer)
        lines = {"studio": 60_000 * self._sessions, "musicians": 400_000, "mixing": 350_000, "mastering": 120_000}
        amounts = {name: Money(minor=minor, currency="EUR") for name, minor in lines.items()}
        new = budget.set_lines(self.budget, record=self.record, lines=amounts)
        yield from self._say(self._booked(new), self._by_label)

    def _booked(self, events: Sequence[ScheduleEvent | BudgetEvent]) -> Sequence[ScheduleEvent | BudgetEvent]:
        self.budget = fold_events(budget.evolve, self.budget, [one for one in events if isinstance(one, BudgetEvent)])
        self.schedule = fold_events(
            schedule.evolve, self.schedule, [one for one in events if isinstance(one, ScheduleEvent)]
        )
        return events

    def _book(self, number: int, line: str | None = "studio") -> tuple[str, Sequence[ScheduleEvent | BudgetEvent]]:
        """Book session *number*; no two records of a label ever ask for one room on one day."""
        turn, room = divmod(self.plan.number, len(ROOMS))
        day = FIRST_DAY + timedelta(days=turn * (MOST_SESSIONS + 1) + number)
        start = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
        return booking.book(
            self.schedule, self.budget, record=self.record, resources=[ROOMS[room]],
            slots=(Slot(start=start, end=start + timedelta(hours=8)),), line=line, currency="EUR", zone=UTC,
        )  # fmt: skip

    def _session(self, number: int) -> Iterator[Decision]:
        """Book a session, and pay for it and for something else."""
        session, events = self._book(number)
        yield from self._say(self._booked(events), self.staff.producer)
        for line, minor, its in (("studio", 60_000, session), ("musicians", 20_000 + 100 * number, None)):
            paid = invoices.spend(
                self.budget, record=self.record, line=line, amount=Money(minor=minor, currency="EUR"),
                payee="room" if its else "players", invoice=f"{number + 1}", session=its,
            )  # fmt: skip
            yield from self._say(self._booked(paid), self._by_label)

    def _guarded(self) -> Iterator[Decision]:
        """Book a session that the line cannot pay, which the guard refuses and records."""
        try:
            self._book(self._sessions)
        except Refused as refusal:
            noted = refusal.values["noted"]
            assert isinstance(noted, Event)
            yield from self._say([noted], self.staff.producer)

    def _slips(self) -> Iterator[Decision]:
        """Correct what was recorded of an invoice, and void it; book, move and cancel a session that no line pays."""
        which = {"record": self.record, "payee": "players", "invoice": "1"}
        fixed = invoices.correct(self.budget, **which, amount=Money(minor=19_999, currency="EUR"))
        yield from self._say(self._booked(fixed), self._by_label)
        yield from self._say(self._booked(invoices.void(self.budget, **which)), self._by_label)
        session, booked = self._book(self._sessions, line=None)
        yield from self._say(self._booked(booked), self.staff.producer)
        name = {"record": self.record, "session": session}
        later = session_times.shifted(self.schedule.sessions[session].slots, FIRST_DAY - timedelta(days=1), UTC)
        moved = booking.move(self.schedule, self.budget, **name, slots=later, currency="EUR", zone=UTC)
        yield from self._say(self._booked(moved), self.staff.producer)
        yield from self._say(self._booked(booking.cancel(self.schedule, self.budget, **name)), self.staff.producer)

    # ---- songs

    def _song(self, number: int) -> Iterator[Decision]:
        like = self.songs[0].song if self.songs and number % 2 else None
        title = f"{SECOND[(self.plan.number + number) % len(SECOND)]} {number + 1}"
        added = catalog_additions.add_song(self.catalog, record=self.record, title=title, like=like)
        self.catalog = fold_events(catalog.evolve, self.catalog, added)
        yield from self._say(added, self.staff.producer)
        song = list(self.catalog.songs)[-1]
        script = SongScript(self.pen, self.staff, song, only(song, self.catalog))
        self.songs.append(script)
        room = (self.plan.events - self._written - self._reserve()) // (self.plan.songs - number)
        yield from _produced(script, number, self.plan, room)
        left = room - script.written
        if left > 0:
            yield from script.outtakes(left)
        known = script.state.catalog.songs[song]
        self.catalog = Catalog(records=self.catalog.records, songs={**self.catalog.songs, song: known})

    @property
    def _written(self) -> int:
        return self.written + sum(song.written for song in self.songs)

    def _reserve(self) -> int:
        """Events that come after the songs of this moment: sessions, noted booking, slips, master, song titles."""
        sessions = 4 * max(0, self._sessions - len(self.songs)) + 8
        master = 0 if self.plan.stage == "in progress" else 2 + len(self._targets) * (self.plan.songs + 1)
        return sessions + master + self.plan.songs - len(self.songs)

    # ---- master

    @property
    def _targets(self) -> tuple[str, ...]:
        return TARGETS[: 1 + (self.plan.number % 4 == 0)]

    def _master(self) -> Iterator[Decision]:
        approved = {script.song: max(script.state.mixes[script.song].revisions) for script in self.songs}
        planned = masters.plan(
            Masters(), record=self.record, songs=list(approved), approved=approved, recipe=masters.draft(self._targets)
        )
        yield from self._say(planned, self.staff.producer)
        mains = tuple(Named(name=script.song, sound=script.main_prints[approved[script.song]]) for script in self.songs)
        outputs: dict[str, str] = {}
        for target in self._targets:
            for number, report in enumerate(_mastered(planned[0], target, mains)):
                song = mains[number - 1].name if number else None
                outputs |= {f"{target} {number:02d} {song}": report.outputs[0].sound.pcm} if song else {}
                yield from self._say([Rendered(record=self.record, song=song, report=report)], ROBOT)
        if self.plan.stage == "finished":
            status = derive_status(
                Verdicts(), address=f"{self.record}@master1", subject=f"{self.record}@master",
                output=manifest(outputs.items()), files=list(outputs.values()),
            )  # fmt: skip
            new = verdicts.judge(
                Verdicts(), status, record=self.record, song=None, verdict="approved", by=self.staff.producer,
                role="producer",
            )  # fmt: skip
            yield from self._say(new, self.staff.producer, "this is what it is")

    def _padding(self) -> Iterator[Decision]:
        for number in range(self.plan.events - self._written):
            text = f"{self.pen.text()} ({number + 1})"
            yield from self._say(note(self.record, text=text, by=self.staff.engineer), self.staff.engineer)


def _produced(script: SongScript, number: int, plan: RecordPlan, room: int) -> Iterator[Decision]:
    """A song's production in about *room* events, as far as its record has come."""
    count = script.pen.dice.choice(PART_COUNTS)
    if not script.parts:
        yield from script.plan_parts(count)
    count = len(script.parts)
    yield from script.form(words=number % 3 == 0)
    is_last = number == plan.songs - 1
    recording = plan.stage == "in progress" and (number % 4 == 3 or is_last)
    after = 6 if recording else 20 + 3 * count if is_last else 14 + 5 * count // 2  # the most there is, or the usual
    session = f"{script.record}/S{min(number + 1, 3)}"
    yield from script.play(count, room - after, unjudged=6 if recording else 0, session=session)
    if recording:
        yield from script.render()  # the keepers of a stack sound together at once
        return
    if number % 5 == 1:
        yield from script.cut_from_passes()
    yield from script.comp()
    yield from _mixed(script, number, plan)


def _mixed(script: SongScript, number: int, plan: RecordPlan) -> Iterator[Decision]:
    """Everything from the painted comps to the approved mix."""
    if number % 3 == 0:
        yield from script.play_keys_otherwise()
    if number % 4 == 2:
        yield from script.edit_outside()
    yield from script.mix(1)
    if plan.stage == "in progress" and number % 8 == 5:
        return  # renders are due
    yield from script.render(fails=number % 7 == 0)
    if number % 3 == 2:
        yield from script.pin_rough(1)
    yield from script.judge_mix(1, "rejected", by=script.staff.artist if number % 2 else "")
    yield from _mixed_again(script, number, plan)


def _mixed_again(script: SongScript, number: int, plan: RecordPlan) -> Iterator[Decision]:
    if number % 9 == 4:
        yield from script.mix_outside()
    else:
        yield from script.mix(2)
        yield from script.render()
    if plan.stage == "in progress" and number % 4 == 1:
        return  # to hear
    if number % 4 == 0:
        yield from script.judge_mix(2, "held", back=True)
    yield from script.judge_mix(2, "approved")
    if plan.stage == "in progress" and number % 4 == 2:
        yield from script.render_again(2)


def _mastered(planned: MasterPlanned, target: str, mains: tuple[Named, ...]) -> Iterator[Report]:
    """The gain report of *target*, then that of each song."""
    assert parse_master(planned.recipe).targets[target].integrated_lufs is not None
    plan, gain_db = gain_plan(planned, target, mains), "-1.5"
    common = {"record": planned.record, "master": planned.number, "target": target, "recipe": planned.recipe}
    gain = GainJob(plan=plan, mixes=mains, **common)
    yield report_of(gain, plan, (), lambda: {"gain_db": gain_db})
    measures: Mapping[str, str] = {"integrated_lufs": "-14", "true_peak_dbtp": "-1"}
    for main in mains:
        plan = master_plan(planned, target, main.sound, gain_db)
        job = MasterJob(song=main.name, plan=plan, mix=main.sound, gain_db=gain_db, **common)
        audio = sound(
            "master", plan, frames=main.sound.frames * (44_100 if target == "cd" else RATE) // RATE, channels=2
        )
        yield report_of(job, plan, (Named(name=main.name, sound=audio),), lambda: measures)
