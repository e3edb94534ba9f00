"""Rebuilt, moved event by event, or asked as of an earlier moment, a model holds the same rows: those of the rules."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.booking import budget, schedule
from domain.booking.budget import Budget, BudgetEvent, BudgetSet
from domain.booking.commitments import CommitmentReleased, CostCommitted, CostUnbudgeted
from domain.booking.payments import MoneySpent, PaymentCorrected, PaymentVoided
from domain.booking.schedule import Schedule, ScheduleEvent
from domain.booking.session_events import (
    PlayerReplaced,
    PlayersAsked,
    SessionAnswered,
    SessionBooked,
    SessionCancelled,
    SessionChallenged,
    SessionHeld,
    SessionMoved,
    SessionReleased,
    SessionWorked,
)
from domain.booking.slots import Slot
from domain.core.event import Event, Recorded
from domain.core.fold import fold_events
from domain.core.money import Money
from domain.core.refusal import Refusal
from domain.label.notes import NoteAdded
from domain.masters.masters import Masters
from domain.mixes.mixes import Mixes
from domain.status.due_renders import RenderNeed, due_renders
from domain.status.events.event_types import KINDS
from domain.status.record_fold import fold
from domain.status.review_items import blocked, to_judge
from domain.status.undo import effective_events, undo
from orchestrator.log.database.connection import Connection
from orchestrator.log.store import Log
from orchestrator.readmodels import budget_status, calendar, judgements, label_board, notes, review_queue, takes
from orchestrator.readmodels import due_renders as due_model
from orchestrator.readmodels.models import MODELS
from tests.domain.acts import ACTS, Wish, act, studio
from tests.domain.night_shift import RECORD, NightShift
from tests.domain.paper import ROOF
from tests.golden_history import golden_history
from tests.orchestrator.log.databases import Databases
from tests.orchestrator.readmodels.given import drafts, empty_log, held, held_at, models_of

History = list[Recorded[Event]]
INTERVALS = [model for model in MODELS if "until" in model.table.columns]
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def euros(cents: int) -> Money:
    return Money(minor=cents, currency="EUR")


def acted(acts: list[Wish | str], amounts: list[int]) -> History:
    """A production after *acts*, with money moved among them."""
    paper = studio()
    night = NightShift(paper)
    for number, wish in enumerate(acts):
        act(paper, night, wish)
        if number < len(amounts):
            line, session = f"line-{number % 2}", f"{RECORD}/S1"
            paper.say(BudgetSet(record=RECORD, lines={line: euros(1000 + amounts[number])}))
            paper.say(CostCommitted(record=RECORD, line=line, session=session, amount=euros(amounts[number])))
            paper.say(
                MoneySpent(
                    record=RECORD, line=line, amount=euros(7), payee="room", invoice=f"{number}",
                    session=session if number % 3 else None,
                )
            )  # fmt: skip
            for event in changed_money(number, amounts[number]):
                paper.say(event)
            for event in (*changed_sessions(number, amounts[number]), *held_sessions(number, amounts[number])):
                paper.say(event)
    return paper.history


def changed_money(number: int, amount: int) -> list[Event]:
    """A payment by its amount that is corrected, voided or left; and a cost that no line pays, or that is freed."""
    line, key = f"line-{number % 2}", {"record": RECORD, "payee": "room", "invoice": f"by amount {number}"}
    paid = {**key, "line": line, "amount": euros(amount // 2), "session": f"{RECORD}/S1"}
    events: list[Event] = [MoneySpent(**paid, settles="amount", final=amount % 5 == 0)]
    if amount % 2:
        events.append(PaymentCorrected(**{**paid, "amount": euros(1), "session": f"{RECORD}/S2"}))
    if amount % 3 == 0:
        events.append(PaymentVoided(**key))
    events.append(CostUnbudgeted(record=RECORD, session=f"{RECORD}/S{2 + number}", amount=euros(amount)))
    if amount % 7 == 0:
        events.append(CommitmentReleased(record=RECORD, session=f"{RECORD}/S1", line=line, amount=euros(0)))
    if amount % 11 == 0:
        events.append(CostCommitted(record=RECORD, line=line, session=f"{RECORD}/S2", amount=euros(amount)))
    return events


def changed_sessions(number: int, amount: int) -> list[Event]:
    """A session that is booked, and may be moved and cancelled."""
    session = {"session": f"{RECORD}/S{number + 1}", "record": RECORD, "resources": ("room-a", "pat")}
    events: list[Event] = [SessionBooked(**session, slots=(hours(24 * number), hours(24 * number + 12)))]
    if amount % 2:
        events.append(SessionMoved(**session, slots=(hours(24 * number + amount),)))
    if amount % 3 == 0:
        events.append(SessionCancelled(**session))
    return events


def held_sessions(number: int, amount: int) -> list[Event]:
    """A session that is held, and may be challenged, asked about, answered, recast, firm, worked or released."""
    people, slots = ("room-a", "pat"), (hours(24 * number),)
    session = {"session": f"{RECORD}/S{number + 101}", "record": RECORD}
    here = {**session, "resources": people, "slots": slots}
    answer = {**session, "resource": "pat", "slots": slots, "answer": "no" if amount % 2 else "other"}
    events: list[Event] = [
        SessionHeld(**here, rank=2, expires=slots[0].start),
        SessionChallenged(**session, resources=people, by="a film", deadline=slots[0].start),
        PlayersAsked(**session, resources=("pat",), slots=slots),
        SessionAnswered(**answer),
        SessionHeld(**here) if amount % 5 else SessionHeld(**here | {"slots": (hours(24 * number + 1),)}),
        PlayersAsked(**session, resources=("pat",), slots=slots),
        SessionAnswered(**answer),
        SessionBooked(**here),
        PlayerReplaced(**here | {"resources": ("room-a", "kim")}, leaves="pat", enters="kim"),
        SessionAnswered(**answer | {"resource": "room-a"}),
        SessionWorked(**here | {"resources": ("room-a", "kim"), "slots": (hours(24 * number + amount % 2),)}),
    ]
    released = [SessionReleased(**session, resources=people)] if amount % 7 < FEWEST_HELD else []
    return [*events[: 2 + amount % 7], *released] if released else events[: 2 + amount % 10]


FEWEST_HELD = 3


def hours(first: int) -> Slot:
    start = datetime(2026, 12, 7, tzinfo=UTC) + timedelta(hours=first)
    return Slot(start=start, end=start + timedelta(hours=8))


HISTORIES = st.builds(acted, ACTS, st.lists(st.integers(1, 500), max_size=4))


@FEW
@given(HISTORIES, st.lists(st.integers(1, 9), max_size=30))
def test_rebuilt_is_moved_step_by_step_is_as_of(databases: Databases, history: History, steps: list[int]) -> None:
    with empty_log(databases) as log:
        cuts, at = [], 0
        for step in steps:
            at = min(len(history), at + step)
            cuts.append(at)
        seen: dict[int, dict[str, Any]] = {}
        with models_of(log) as moved:
            for start, end in zip([0, *cuts], [*cuts, len(history)], strict=True):
                if start < end:
                    log.append(drafts(history[start:end]))
                connection = moved.catch_up(*MODELS)
                seen[end] = {model.name: held_at(connection, model, end) for model in INTERVALS}
            step_by_step = {model.name: held(connection, model) for model in MODELS}
            connection = moved.rebuild(*MODELS)
            assert {model.name: held(connection, model) for model in MODELS} == step_by_step
            for position, rows in seen.items():
                assert {model.name: held_at(connection, model, position) for model in INTERVALS} == rows


@FEW
@given(HISTORIES)
def test_the_rows_at_every_position_are_those_of_the_rules(history: History) -> None:
    with TemporaryDirectory() as folder, Log.create(Path(folder) / "log.db", kinds=KINDS) as log:
        log.append(drafts(history))
        with models_of(log) as store:
            connection = store.catch_up(*MODELS)
            for position in range(1, len(history) + 1):
                as_the_rules_say(connection, history[:position], position)
            as_the_rules_say_now(connection, history)


def as_the_rules_say(connection: Connection, history: History, position: int) -> None:
    state = fold(history)
    if RECORD not in state.catalog.records:
        return
    found = review_queue.rows(connection, upto=position)
    told = [(row.sort, row.address, row.output, row.why) for row in found if row.sort != "render"]
    items = [(item.kind, item.address, item.output or "", item.why) for item in to_judge(state, RECORD)]
    items += [("blocked", item.address, "", item.why) for item in blocked(state, RECORD)]
    assert told == items, position
    assert any(row.sort == "render" for row in found) is bool(due_renders(RenderNeed(state), RECORD)), position
    [song] = [row for row in label_board.rows(connection, position) if row.song == ROOF] or [None]
    living = [part for part in state.takes if part.startswith(ROOF) and not state.catalog.absent_entry(part)]
    own = [take for part in living for take in state.takes[part].takes.values()]
    if song is not None:
        counted = (len(own), sum(take.verdict is None for take in own), len(state.mixes.get(ROOF, Mixes()).living))
        assert (song.takes, song.unheard, song.mixes) == counted, position
    assert (song is None) is (ROOF not in {one.id for one in state.catalog.songs_of(RECORD)}), position
    whole = next((row for row in label_board.rows(connection, position) if not row.song), None)
    assert (whole is None) is (RECORD in state.catalog.absent_records)
    if whole is not None:
        assert whole.masters == len(state.masters.get(RECORD, Masters()).living)
    money = [one.event for one in history if isinstance(one.event, BudgetEvent)]
    after = fold_events(budget.evolve, Budget(), money)
    lines = after.lines
    beside = [row.unbudgeted for row in budget_status.rows(connection, position) if not row.line]
    assert beside == ([] if after.beside is None else [after.beside.minor]), position
    amounts = [
        (row.line, row.approved, row.committed, row.spent)
        for row in budget_status.rows(connection, position)
        if row.line
    ]
    assert amounts == [
        (name, one.approved.minor, one.promised.minor, one.spent.minor) for name, one in lines.items()
    ], position


def as_the_rules_say_now(connection: Connection, history: History) -> None:
    state = fold(history)
    [row] = due_model.rows(connection)
    assert bool(row.due) is bool(due_renders(RenderNeed(state), RECORD))
    found = {(take.part, take.number): take.verdict for take in takes.rows(connection, song=ROOF)}
    assert found == {
        (part, number): take.verdict
        for part, own in state.takes.items()
        if not state.catalog.absent_entry(part)
        for number, take in own.takes.items()
    }
    last = judgements.last_of(connection, "pat")
    back = None
    with suppress(Refusal):
        back = undo(history, by="pat")
    assert (last is None) is (back is None)
    if last and back:
        assert last.id in {event.decision.bytes for event in back}
    sessions = [one.event for one in history if isinstance(one.event, ScheduleEvent)]
    assert calendar.rows(connection) == calendar.entries_of(fold_events(schedule.evolve, Schedule(), sessions))
    stands = [one.position for one in standing_notes(history)]
    assert [note.position for note in notes.rows(connection, record=RECORD)] == stands


def standing_notes(history: History) -> list[Any]:
    return [one for one in effective_events(history) if isinstance(one.event, NoteAdded)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_every_kind_of_event_leaves_every_model_whole(databases: Databases, model: Any) -> None:
    with empty_log(databases) as log:
        log.append(drafts([one for one in golden_history() if one.event.kind != "midi-played"]))
        with models_of(log) as store:
            assert held(store.catch_up(model), model) or model.name in {"calendar", "due_renders"}
