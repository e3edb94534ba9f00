"""A session keeps the cards, the duties and the minutes of music that were agreed, whatever changes later."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.booking.booking import cancel, cancellation_fees, move
from domain.booking.resources import parse_rate
from domain.booking.schedule import add_resource
from domain.booking.sessions.cast import replace_player
from domain.booking.sessions.work import record_work
from domain.booking.slots import Slot
from domain.booking.terms.agreed_terms import TermsAgreed
from domain.booking.terms.pricing import Duties
from domain.booking.terms.register import set_card
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.refusal import Clash, Refused
from tests.domain.cases.booking import RECORD, eur, slot
from tests.domain.cases.sessions import FURNISHED, S1, Terms, book, card, evolve

PRICED = {"currency": "EUR", "zone": UTC}
MUSIC = card(call="100/3h", finished="15m", leader="100%", cancel="48h=50")


def calls(day: int, hours: int = 3) -> tuple[Slot, ...]:
    start = datetime(2027, 1, day, 10, tzinfo=UTC)
    return (Slot(start=start, end=start + timedelta(hours=hours)),)


def after(state: Terms, events: Sequence[Any]) -> Terms:
    return fold_events(evolve, state, events)


def with_card(state: Terms, name: str, known: Any) -> Terms:
    return after(state, set_card(state[0], state[2], resource=name, sort="person", card=known))


def booked(*resources: str, finished: int = 0, line: str | None = None, **duties: Duties) -> Terms:
    """A session of three hours on January 4."""
    state = with_card(FURNISHED, "jo", MUSIC)
    _, events = book(
        state, record=RECORD, resources=resources, slots=calls(4), line=line, duties=duties, finished_minutes=finished,
        **PRICED,
    )  # fmt: skip
    return after(state, events)


def moved(state: Terms, slots: tuple[Slot, ...]) -> list[Any]:
    return list(move(*state[:2], record=RECORD, session=S1, slots=slots, register=state[2], **PRICED))


def worked(state: Terms, slots: tuple[Slot, ...], **options: Any) -> list[Any]:
    return list(record_work(
        *state[:2], record=RECORD, session=S1, slots=slots, register=state[2], now=slot(31)[0].end, **PRICED, **options
    ))  # fmt: skip


def replaced(state: Terms, leaves: str, enters: str) -> list[Any]:
    return list(replace_player(
        *state[:2], record=RECORD, session=S1, leaves=leaves, enters=enters, register=state[2], **PRICED
    ))  # fmt: skip


def terms_of(events: Sequence[Event]) -> list[TermsAgreed]:
    return [event for event in events if isinstance(event, TermsAgreed)]


def test_a_card_that_changes_after_the_booking_changes_nothing_of_the_session() -> None:
    dearer = with_card(booked("jo"), "jo", card(call="900/3h", cancel="48h=100"))
    assert moved(dearer, calls(7))[0].cost == eur("100")
    assert worked(dearer, calls(4, 6))[0].cost == eur("200")
    told = cancel(*dearer[:2], record=RECORD, session=S1, register=dearer[2], now=calls(4)[0].start)
    [charged] = [event for event in told if event.kind == "cancellation-charged"]
    assert charged.fee == eur("50"), "half of the price, as was agreed"


def test_agreed_duties_count_for_the_session_as_it_moves_and_is_worked() -> None:
    state = booked("jo", jo=Duties(leader=True))
    assert state[0].sessions[S1].cost == eur("200")
    assert moved(state, calls(7, 6))[0].cost == eur("400")
    assert worked(state, calls(4, 6))[0].cost == eur("400")


def test_agreed_minutes_of_music_count_until_others_are_said() -> None:
    state = booked("jo", finished=31)
    assert state[0].sessions[S1].cost == eur("300"), "a call for each begun quarter of an hour"
    assert moved(state, calls(7))[0].cost == eur("300")
    assert (worked(state, calls(4))[0].cost, worked(state, calls(4))[0].finished_minutes) == (eur("300"), 31)
    assert worked(state, calls(4), finished_minutes=46)[0].cost == eur("400")
    assert worked(state, calls(4), finished_minutes=15)[0].cost == eur("300"), "what was booked is owed"
    assert worked(state, calls(4), finished_minutes=15, agreed=True)[0].cost == eur("100")


def test_whoever_enters_has_the_duties_of_whoever_leaves_if_a_card_prices_them() -> None:
    state = booked("jo", jo=Duties(leader=True, doubles=1))
    [agreed] = terms_of(replaced(state, "jo", "al"))
    assert [(one.resource, one.leader, one.doubles, one.price) for one in agreed.terms] == [("al", True, 1, eur("200"))]
    assert replaced(state, "jo", "kim")[0].cost == eur("20"), "a plain rate knows no duties"


def test_nothing_is_agreed_any_more_with_those_who_left() -> None:
    state = booked("jo")
    gone = replaced(state, "jo", "kim")
    assert [one.terms for one in terms_of(gone)] == [()]
    state = after(state, gone)
    told = cancel(*state[:2], record=RECORD, session=S1, register=state[2], now=calls(4)[0].start)
    assert [event.kind for event in told] == ["session-cancelled", "commitment-released"]


@pytest.mark.parametrize("line", ["studio", None])
def test_booked_hours_are_owed_whatever_was_recorded_in_between(line: str | None) -> None:
    state = booked("jo", "room-a", line=line)
    long = after(state, worked(state, calls(4, 6)))
    commitment = long[1].commitment(S1)
    assert commitment is not None
    assert commitment.amount == eur("500")
    short = worked(long, calls(4, 1))
    assert short[0].cost == eur("400")
    assert [one.terms for one in terms_of(short)] == [state[2].agreed[S1].terms]
    commitment = after(long, short)[1].commitment(S1)
    assert commitment is not None
    assert commitment.amount == eur("400")
    assert worked(after(long, short), calls(4, 1)) == []


def test_booked_hours_are_owed_even_if_their_rate_is_gone() -> None:
    state = booked("room-a")
    gone = after(state, add_resource(state[0], resource="room-a", sort="room", rate=None))
    assert worked(gone, calls(4))[0].cost == eur("300")
    assert worked(gone, calls(4), agreed=True)[0].cost is None


def test_work_is_recorded_from_the_moment_on_at_which_it_is_over() -> None:
    state = booked("jo")
    command = {"record": RECORD, "session": S1, "slots": calls(4) + calls(3), "register": state[2], **PRICED}
    end = calls(4)[0].end
    assert record_work(*state[:2], now=end, **command)  # type: ignore[arg-type]
    with pytest.raises(Refused, match=r"session\.future: .* work until 2027-01-04 13:00 has not been done yet"):
        record_work(*state[:2], now=end - timedelta(minutes=1), **command)  # type: ignore[arg-type]


def kinds(events: Sequence[Event]) -> list[str]:
    return [event.kind for event in events]


def test_what_nothing_prices_any_more_after_a_replacement_or_a_move_is_released() -> None:
    state = booked("jo")
    [freed] = [event for event in replaced(state, "jo", "pat") if event.kind == "commitment-released"]
    assert freed.amount == eur("100")
    state = booked("room-a")
    gone = after(state, add_resource(state[0], resource="room-a", sort="room", rate=None))
    [freed] = [event for event in moved(gone, calls(7)) if event.kind == "commitment-released"]
    assert freed.amount == eur("300")


def test_whoever_enters_must_be_free() -> None:
    state = booked("jo")
    _, others = book(state, record="other", resources=["al"], slots=calls(4), line=None, **PRICED)
    with pytest.raises(Clash, match=r"schedule\.conflict: al is firm for other/S1"):
        replaced(after(state, others), "jo", "al")


def test_fees_are_those_of_the_people_in_the_session_and_none_is_of_zero() -> None:
    state = booked("jo")
    [own] = state[2].agreed[S1].terms
    stranger = state[2].agreed[S1].model_copy(update={"terms": (own, own.model_copy(update={"resource": "al"}))})
    start = calls(4)[0].start
    assert [one.resource for one in cancellation_fees(after(state, [stranger])[2], state[0].sessions[S1], start)] == [
        "jo"
    ]
    free = own.model_copy(update={"card": card(call="100/3h", cancel="48h=0")})
    state = after(state, [state[2].agreed[S1].model_copy(update={"terms": (free,)})])
    told = cancel(*state[:2], record=RECORD, session=S1, register=state[2], now=start)
    assert kinds(told) == ["session-cancelled", "commitment-released"]


def test_work_beyond_what_its_line_can_pay_is_committed_all_the_same() -> None:
    state = booked("jo", line="studio")
    long = after(state, worked(state, calls(4, 30)))
    assert (long[1].lines["studio"].promised, long[1].lines["studio"].left.minor) == (eur("1000"), -10_000)


def test_the_same_booking_with_a_line_commits_what_was_agreed_and_other_duties_are_another_booking() -> None:
    state = with_card(booked("jo"), "jo", card(call="400/3h", leader="100%"))
    same = {"record": RECORD, "resources": ["jo"], "slots": calls(4), "line": "studio", **PRICED}
    dearer = with_card(booked("room-a"), "jo", MUSIC)
    dearer = after(
        dearer, add_resource(dearer[0], resource="room-a", sort="room", rate=parse_rate("800/day", "EUR"))
    )  # fmt: skip
    for before, resource, price in ((state, "jo", "100"), (dearer, "room-a", "300")):
        [paid] = book(before, **{**same, "resources": [resource]})[1]
        assert (paid.kind, paid.amount) == ("cost-committed", eur(price))
    with pytest.raises(Clash, match=r"schedule\.conflict"):
        book(state, duties={"jo": Duties(leader=True)}, **same)
