"""The generated label is one that the rules accept: what it says happened could have happened."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import get_args

import pytest

from domain.booking.booking import total
from domain.booking.budget_line import BudgetMoved, OverrunAuthorised
from domain.booking.received_invoices import InvoiceEvent
from domain.booking.schedule import Schedule, ScheduleEvent, check_free
from domain.booking.schedule import evolve as evolve_schedule
from domain.booking.session_events import CastEvent, HoldEvent, SessionBooked, SessionMoved, SessionWorked
from domain.booking.terms.register import TermsEvent
from domain.core.event import Event, Recorded
from domain.core.ids import number_of, part_of
from domain.core.text_limits import refuse_long_texts
from domain.correspondence.answers import AnswerReceived
from domain.correspondence.handoffs import HandoffGiven
from domain.correspondence.parcels import SoundSent
from domain.correspondence.signoffs import SignoffEvent
from domain.finance.deals import DealEvent
from domain.label.briefs import BriefWritten
from domain.label.corrections import Correction, TakeMoved
from domain.label.erasure import TextsErased
from domain.label.house_rules import HouseRuleSet
from domain.label.notes import NoteAnswered
from domain.label.people import LeaveEvent, RolesRevoked
from domain.label.permissions import role_for
from domain.label.stage_durations import StageDurationsSet
from domain.label.stages import SongStaged
from domain.mixes.versions import VersionSummed
from domain.render.jobs import Rendered
from domain.session.archives import SessionArchived
from domain.session.day_events import DayEvent
from domain.session.goals import SessionGoalSet
from domain.session.parked_parts import ParkingEvent
from domain.session.recordings import RecorderEvent
from domain.session.run_order import RunOrderSet
from domain.session.setups import SetupEvent
from domain.session.wraps import SessionWrapped
from domain.song.ideas import IdeaCaptured, IdeaPromoted
from domain.song.song_facts import SongDescribed
from domain.song.splits import SplitsAgreed, SplitsProposed
from domain.status.due_renders import RenderNeed, due_renders
from domain.status.events.event_types import EVENTS, KINDS
from domain.status.master_status import master_status
from domain.status.record_fold import RecordFold
from domain.status.record_state import RecordState
from domain.status.review.ratings import SoundRated
from domain.status.review_items import to_judge
from domain.status.undo import DecisionUndone
from domain.store.relocation import LogMoved
from domain.store.upgrade import StoreUpgraded
from domain.takes.take_verdicts import judge
from domain.takes.takes import TakeIngested, TakeJudged, ingest
from orchestrator.desk.addressing.register import everybody
from orchestrator.desk.booking.booking import schedule_of
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.review.review_rows import records
from orchestrator.log.proof.verify import verify
from orchestrator.log.store import Log
from orchestrator.studio import ROBOT, Caller, Studio
from tests.orchestrator.generated_label import (
    FOUNDER,
    QUICK,
    RecordPlan,
    evening,
    fill,
    founded,
    generate,
    label_events,
    record_events,
    record_plans,
)  # fmt: skip

OTHER_PLANS = [RecordPlan(number, 10, 1_000) for number in (5, 6)] + [RecordPlan(1, 5, 2_500), RecordPlan(12, 1, 150)]


LEFT_OUT = {
    LogMoved, StoreUpgraded, RolesRevoked, TakeMoved, TextsErased, NoteAnswered, SessionWorked,
    *get_args(Correction), *get_args(TermsEvent), *get_args(HoldEvent), *get_args(CastEvent),
    BudgetMoved, OverrunAuthorised, *get_args(InvoiceEvent), *get_args(DealEvent), *get_args(LeaveEvent), HouseRuleSet,
    SongStaged, BriefWritten, SongDescribed, StageDurationsSet, SplitsProposed, SplitsAgreed,
    IdeaCaptured, IdeaPromoted, HandoffGiven, *get_args(SignoffEvent), *get_args(DayEvent),
    SessionGoalSet, *get_args(ParkingEvent), SoundSent, AnswerReceived,
    SessionWrapped, SessionArchived, RunOrderSet, *get_args(RecorderEvent), SoundRated,
    *get_args(SetupEvent), VersionSummed,
}  # fmt: skip
"""A generated label keeps its log and its program, mistypes nothing, answers no note, books at plain rates, and has no
deals, plan and leave, and sends nothing.
"""


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("quick")
    assert generate(folder, QUICK) == QUICK.events
    with Studio.at(str(folder), FOUNDER) as studio:
        yield studio


def drafts(plan: RecordPlan) -> list[object]:
    return [draft for decision in record_events(plan) for draft in decision]


def test_the_log_of_the_quick_label_is_whole(quick: Studio) -> None:
    result = verify(quick.log)
    assert (result.events, result.problems) == (QUICK.events, ())


def test_every_kind_of_event_occurs_but_moves_upgrades_and_corrections(quick: Studio) -> None:
    kinds = Counter(type(recorded.event) for recorded in quick.read_all())
    assert [kind.__name__ for kind in EVENTS if not kinds[kind] and kind not in LEFT_OUT] == []
    assert kinds[TakeIngested] == max(kinds[kind] for kind in (TakeIngested, Rendered, DecisionUndone))
    assert 0.004 < kinds[DecisionUndone] / QUICK.events < 0.02


def test_every_decision_is_made_by_somebody_of_the_label(quick: Studio) -> None:
    history = quick.read_all()
    people = everybody(history)
    for actor in {recorded.actor for recorded in history} - {ROBOT}:
        assert role_for(people, actor, "note", day=date(2026, 12, 7))
    for recorded in history:
        refuse_long_texts(recorded.event)


def test_no_room_is_booked_twice_and_every_session_has_its_price(quick: Studio) -> None:
    known = Schedule()
    zone = quick.config.zone
    for recorded in quick.read_all():
        event = recorded.event
        if isinstance(event, SessionBooked):
            check_free(known, event.resources, event.slots, zone)
            assert event.cost == total(known, event.resources, event.slots, "EUR", zone)
        if isinstance(event, SessionMoved):
            check_free(known, event.resources, event.slots, zone, moving=event.session)
        if isinstance(event, ScheduleEvent):
            known = evolve_schedule(known, event)
    assert known == schedule_of(quick.read_all())


def states(history: list[Recorded[Event]]) -> Iterator[tuple[RecordState, Event]]:
    """Each event with the state before it, without those that were taken back."""
    fold = RecordFold()
    undone = {recorded.event.decision for recorded in history if isinstance(recorded.event, DecisionUndone)}
    for recorded in history:
        if recorded.id not in undone and not isinstance(recorded.event, DecisionUndone):
            yield fold.state, recorded.event
            fold.apply(recorded.event)


def test_every_take_is_the_one_that_an_ingest_of_its_tracks_yields(quick: Studio) -> None:
    seen = 0
    for record in records(quick):
        for state, event in states(list(read_record(quick, record).history)):
            if isinstance(event, TakeIngested):
                number, new = ingest(
                    state.takes_of(event.part), part=event.part, tracks=event.tracks, bits=24, starts_at=0,
                    pass_number=event.pass_number, session=event.session, warnings=event.warnings,
                )  # fmt: skip
                assert (number, new) == (number_of(event.take), [event])
                seen += 1
    assert seen > QUICK.events / 4


def test_every_verdict_on_a_take_is_news(quick: Studio) -> None:
    seen = 0
    for record in records(quick):
        for state, event in states(list(read_record(quick, record).history)):
            if isinstance(event, TakeJudged):
                part = part_of(event.take)
                known = state.judgements.get(part, ())
                own = state.takes_of(part)
                assert judge(
                    own, known, take=event.take, verdict=event.verdict, span=event.range, by=event.by, role=event.role
                ) == [event]
                seen += 1
    assert seen > QUICK.events / 5


def test_every_render_is_one_that_was_due_when_it_was_recorded(quick: Studio) -> None:
    for record in records(quick):
        for state, event in states(list(read_record(quick, record).history)):
            if isinstance(event, Rendered):
                need = RenderNeed(state)
                due = due_renders(need, record)
                edits = {edit.plan for song in due.songs for edit in song.edits}
                mixes = {f"{mix.song}@mix{mix.revision}" for song in due.songs for mix in song.mixes}
                others = {job.plan for job in (*due.gains, *due.masters)}
                report = event.report
                assert report.plan in edits | others or report.subject in mixes


def test_a_label_has_finished_masters_some_to_hear_takes_to_judge_and_work_in_progress(quick: Studio) -> None:
    masters, waiting, due = [], Counter[str](), 0
    for record in records(quick):
        state = read_record(quick, record).state
        masters += (
            [str(master_status(state, record, number)) for number in state.masters[record].masters]
            if (record in state.masters)
            else []
        )
        waiting += Counter(item.kind for item in to_judge(state, record))
        due += bool(due_renders(RenderNeed(state), record))
    assert sorted(masters) == ["approved", "approved", "to hear"]
    assert waiting["take"] > 3
    assert waiting["mix"] > 0
    assert waiting["master"] == 1
    assert due == 0


@pytest.mark.parametrize("plan", OTHER_PLANS, ids=str)
def test_a_record_has_as_many_events_as_planned_and_is_rendered_as_far_as_its_stage_says(plan: RecordPlan) -> None:
    decisions = list(record_events(plan))
    assert sum(map(len, decisions)) == plan.events
    assert {event.kind for decision in decisions for event in (draft.event for draft in decision)} <= KINDS.keys()
    for decision in decisions:
        assert len({draft.correlation for draft in decision}) == 1


def test_the_seed_decides_all_that_a_record_says() -> None:
    plan, other = RecordPlan(3, 3, 400), RecordPlan(3, 3, 400, seed=2)
    assert drafts(plan) == drafts(plan) != drafts(other)
    assert list(label_events(1)) == list(label_events(1))


def test_the_records_of_a_label_share_its_events() -> None:
    plans = list(record_plans(QUICK, 1_937))
    assert sum(plan.events for plan in plans) == 1_937
    assert len({plan.title for plan in plans}) == QUICK.records


def test_an_evening_appends_its_events_to_one_record_and_can_be_repeated(tmp_path: Path) -> None:
    settings = founded(tmp_path)
    with Log.open(settings.log, kinds=KINDS) as log:
        fill(log, QUICK)
        studio = Studio(log, settings, Caller(FOUNDER, FOUNDER))
        record = records(studio)[1]
        before = log.head().position
        assert evening(log, settings, record, count=100) == before + 100
        assert evening(log, settings, record, count=100) == before + 200
        new = list(log.read_all(after=before))
        assert {tag for one in new for tag in [one.event.address.partition("/")[0]]} == {record}
        takes = [one.event.take for one in new if isinstance(one.event, TakeIngested)]
        assert len(takes) > 50
        assert all(len(list(same)) == 1 for _, same in groupby(sorted(takes)))
        assert read_record(studio, record).state.takes
        assert verify(log).sound
