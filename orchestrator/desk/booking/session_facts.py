"""Facts of one session: its times, people and answers, and for those who see money its terms, deposit and fee.

Tests: ``tests/orchestrator/cli/commands/label/test_session_cast.py``.
"""

from domain.booking.schedule import Schedule
from domain.booking.slots import Slot, in_words
from domain.booking.terms.agreed_terms import AgreedTerms
from domain.booking.terms.pricing import deposit_due, deposit_of
from domain.label.curtain import sees
from orchestrator.desk.addressing.rows import Row, one
from orchestrator.desk.addressing.times import shown
from orchestrator.desk.booking.booking import booking_query, register_of, schedule_of, session_rows
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
    if sees(studio.reader, "money", record):
        agreed, charged = terms.agreed.get(session), terms.charged.get(session)
        row["terms"] = [_terms(found) for found in agreed.terms] if agreed else []
        row["deposits"] = [
            told for found in (agreed.terms if agreed else ()) if (told := _deposit(studio, found, place.slots))
        ]
        row["cancellation"] = (
            [f"{fee.resource} {percent(fee.fee_bp)}: {fee.fee}" for fee in charged.fees] if charged else []
        )
    return row


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
