"""Facts of one session: its times, people and answers, and as far as the reader sees them its terms and fees.

Tests: ``tests/orchestrator/cli/commands/session/test_session_cast.py``.
"""

from domain.booking.resources import price
from domain.booking.schedule import Schedule
from domain.booking.session_events import SessionBooked
from domain.booking.slots import Slot, in_words
from domain.booking.terms.agreed_terms import AgreedTerms
from domain.booking.terms.pricing import deposit_due, deposit_of
from domain.booking.terms.register import TermsRegister
from domain.core.money import Money
from domain.label.curtain import sees_fee
from orchestrator.desk.addressing.rows import Row, one
from orchestrator.desk.addressing.times import shown
from orchestrator.desk.booking.booking import (
    booking_query,
    register_of,
    schedule_of,
    session_rows,
    sessions_query,
)
from orchestrator.desk.booking.terms import percent
from orchestrator.studio import Studio


def session_facts(studio: Studio, record: str, session: str) -> Row:
    """One session of *record*, firm, held or cancelled."""
    row = one(session_rows(studio, record, absent=True), "session", session, f"takesheet session list {record}")
    history = studio.read(booking_query(record, ()))
    state, terms = schedule_of(history), register_of(history)
    place = state.sessions.get(session) or state.holds[session].held
    row |= {"times": [in_words(slot, studio.config.zone) for slot in place.slots], "answers": _answers(state, session)}
    if hold := state.holds.get(session):
        row["expires"] = shown(studio, hold.held.expires) if hold.held.expires else ""
        row["challenged"] = (
            f"by {hold.challenge.by}, firm until {shown(studio, hold.challenge.deadline)}" if hold.challenge else ""
        )
    if any(sees_fee(studio.reader, name, record) for name in place.resources):
        agreed, charged = terms.agreed.get(session), terms.charged.get(session)
        seen = [one for one in agreed.terms if sees_fee(studio.reader, one.resource, record)] if agreed else []
        fees = [one for one in charged.fees if sees_fee(studio.reader, one.resource, record)] if charged else []
        row["terms"] = [_terms(found) for found in seen]
        row["deposits"] = [told for found in seen if (told := _deposit(studio, found, place.slots))]
        row["cancellation"] = [f"{fee.resource} {percent(fee.fee_bp)}: {fee.fee}" for fee in fees]
    return row


def session_fees(studio: Studio, person: str) -> list[Row]:
    """One row for each session of *person* that pays a fee, as far as the caller sees it, by record and time.

    The fee is the one of the agreed terms; without a rate card, the price by their present rate; of a cancelled
    session, what its cancellation costs.
    """
    booked = schedule_of(studio.read(sessions_query(f"resource:{person}"))).sessions.values()
    rows: list[Row] = []
    for record in dict.fromkeys(place.record for place in booked):
        if not sees_fee(studio.reader, person, record):
            continue
        history = studio.read(booking_query(record, (person,)))
        state, terms = schedule_of(history), register_of(history)
        own = [place for place in state.sessions.values() if place.record == record and person in place.resources]
        for place in sorted(own, key=lambda one: one.slots[0].start):
            fee = _fee(studio, state, terms, place, person)
            if fee is not None:
                starts = shown(studio, place.slots[0].start)
                rows.append({"session": place.session, "from": starts, "fee": fee})
    return rows


def _fee(studio: Studio, state: Schedule, terms: TermsRegister, place: SessionBooked, person: str) -> Money | None:
    """The fee of *person* for the session *place*; None without one."""
    if place.session in state.cancelled:
        charged = terms.charged.get(place.session)
        return next((one.fee for one in charged.fees if one.resource == person), None) if charged else None
    agreed = terms.agreed.get(place.session)
    known = agreed.by_resource.get(person) if agreed else None
    if known is not None:
        return known.fee
    rate = state.resource(person).rate
    return price(rate, place.slots, studio.config.zone) if rate else None


def _answers(state: Schedule, session: str) -> list[str]:
    said = {person: f"{person}: asked" for person in state.asked.get(session, {})}
    answers = state.answers.get(session, {})
    said |= {
        person: f"{person}: {found.answer}{f', {found.note}' if found.note else ''}"
        for person, found in answers.items()
    }  # fmt: skip
    return list(said.values())


def _terms(found: AgreedTerms) -> str:
    duties = [
        *(["leader"] if found.leader else []),
        *([f"{found.doubles} doubles"] if found.doubles else []),
        *(["overdub"] if found.overdub else []),
    ]
    beside = f", fee {found.fee}" if found.fee != found.price else ""
    words = f" ({', '.join(duties)})" if duties else ""
    return f"{found.resource}{words}: {found.price}{beside}"


def _deposit(studio: Studio, found: AgreedTerms, slots: tuple[Slot, ...]) -> str:
    """The deposit that *found* asks for, and when it is due; empty without one."""
    amount = deposit_of(found.card, found.price)
    if not amount.minor:
        return ""
    due = deposit_due(found.card, slots)
    return f"{found.resource}: {amount}, due {shown(studio, due) if due else 'as it is booked'}"
