"""Sign-offs of a record: read, named as ``night-bus/G1``, and listed with whose yes is still asked for.

Tests: ``tests/orchestrator/cli/commands/correspondence/test_signoff.py``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from domain.completion.signed_outputs import outputs_today
from domain.core.event import Recorded
from domain.core.fold import fold_events
from domain.core.ids import IdParts, revision_of
from domain.core.refusal import suggest
from domain.correspondence import signoffs
from domain.correspondence.signoffs import Signoff, SignoffEvent, SignoffGiven, SignoffOpened, Signoffs, Today
from domain.status.record_state import RecordState
from domain.status.undo import DecisionUndone, effective_events
from orchestrator.desk.addressing.numbered_entries import numbered_entry
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

KINDS: Final = (*get_args(SignoffEvent), DecisionUndone)
OPENED: Final = Query.of(SignoffOpened)


@dataclass(frozen=True, slots=True)
class SignoffToday:
    """A sign-off, and the outputs that it is about at present."""

    signoff: Signoff
    today: Today

    @property
    def name(self) -> str:
        """Such as ``night-bus/G1``."""
        return f"{self.signoff.opened.record}/{self.signoff.opened.signoff}"

    @property
    def owing(self) -> str:
        """Whose yes is asked for, to how many outputs, in words; empty if nobody's."""
        signoff, today = self.signoff, self.today
        return ", ".join(f"{one} to {len(signoff.asked(one, today))}" for one in signoff.owing(today))

    @property
    def is_complete(self) -> bool:
        """True if enough people accepted every output, and none is missing."""
        return self.signoff.is_complete(self.today)

    @property
    def state(self) -> str:
        """The state in words: ``accepted``, ``open``, ``reopened``, or what it waits for."""
        if self.is_complete:
            return "accepted"
        if self.signoff.owing(self.today):
            return "reopened" if self.signoff.reopened(self.today) else "open"
        return f"waits for {', '.join(self.today.pending) or 'an output'}"


def signoff_query(record: str) -> Query:
    """Query for the sign-offs of *record*, and for what was undone."""
    return Query.of(*KINDS, tags=[f"record:{record}"])


def signoffs_in(history: History) -> Signoffs:
    """The sign-offs in *history*, the events of one record; a yes that was undone is not among them."""
    return fold_events(signoffs.evolve, Signoffs(), (one.event for one in given_in(history)))


def given_in(history: History) -> list[Recorded[SignoffEvent]]:
    """The events of sign-offs in *history* that are in force."""
    own = [one for one in history if isinstance(one.event, KINDS)]
    return [one for one in effective_events(own) if isinstance(one.event, SignoffEvent)]  # type: ignore[misc]


def signoffs_read(studio: Studio, record: str) -> Signoffs:
    """The sign-offs of *record* now."""
    return signoffs_in(studio.read(signoff_query(record)))


def signoff_named(studio: Studio, text: str) -> SignoffToday:
    """The sign-off named *text*: ``night-bus/G1``, or ``G1`` of the current record; of a record, its newest one.

    Raises:
        Misused: ``signoff.id``; *text* is no number of a sign-off, or names no record where there are several.
        NotFound: ``signoff.unknown``, ``record.unknown``.
    """
    record, id_ = numbered_entry(
        studio,
        text,
        noun="signoff",
        is_id=signoffs.is_signoff_id,
        records_with=lambda id_: _records_with(studio, id_),
        listing=suggest("signoff list"),
    )
    found = signoffs_read(studio, record).named(record, id_)
    return SignoffToday(found, outputs_today(read_record(studio, record).state, record, found))


def _records_with(studio: Studio, id_: str) -> list[str]:
    """Ids of the records with a sign-off *id_*."""
    events = (one.event for one in studio.read(OPENED))
    return [event.record for event in events if isinstance(event, SignoffOpened) and event.signoff == id_]


def records_signing(studio: Studio) -> list[str]:
    """Ids of the records with a sign-off, in the order of their first one."""
    events = (one.event for one in studio.read(OPENED))
    return list(dict.fromkeys(event.record for event in events if isinstance(event, SignoffOpened)))


def current_signoffs(studio: Studio, record: str, state: RecordState | None = None) -> list[SignoffToday]:
    """The newest sign-off of each acceptance of *record*; none of one that was removed or shelved.

    Args:
        studio: the store.
        record: record id.
        state: of the record; None to read it, if it has a sign-off.
    """
    current = signoffs_read(studio, record).current
    if not current:
        return []
    there = read_record(studio, record).state if state is None else state
    if there.catalog.own_absence(record):
        return []
    return [SignoffToday(one, outputs_today(there, record, one)) for one in current]


def open_signoffs(studio: Studio) -> Iterator[SignoffToday]:
    """Every current sign-off in which somebody's yes is asked for, the earliest due date first."""
    found = [one for record in records_signing(studio) for one in current_signoffs(studio, record)]
    dated = sorted(found, key=lambda one: (one.signoff.opened.due is None, one.signoff.opened.due or studio.day_seen()))
    yield from (one for one in dated if one.owing)


def signoff_remarks(studio: Studio) -> dict[str, str]:
    """Whose yes is asked for, in words, by record."""
    remarks: dict[str, list[str]] = {}
    for one in open_signoffs(studio):
        remarks.setdefault(one.signoff.opened.record, []).append(owing_words(studio, one))
    return {record: "; ".join(words) for record, words in remarks.items()}


def owing_words(studio: Studio, one: SignoffToday) -> str:
    """Whose yes to a sign-off is asked for, and by when, in words."""
    opened = one.signoff.opened
    sort = f"{opened.acceptance} sign-off" if opened.acceptance else "sign-off"
    late = ", overdue" if opened.due and opened.due < studio.day_seen() else ""
    due = f", due {opened.due}{late}" if opened.due else ""
    again = "reopened, " if one.state == "reopened" else ""
    return f"{sort} {opened.signoff} ({again}{one.owing}{due})"


def signoff_rows(studio: Studio, record: str | None) -> list[Row]:
    """One row for each sign-off of *record*, or of every record."""
    rows = list[Row]()
    for one in [record] if record is not None else records_signing(studio):
        known, state = signoffs_read(studio, one), read_record(studio, one).state
        current = known.current
        rows += [
            _row(SignoffToday(found, outputs_today(state, one, found)), is_current=found in current)
            for found in known.known.values()
        ]
    return rows


def _row(one: SignoffToday, *, is_current: bool) -> Row:
    opened = one.signoff.opened
    return {
        "signoff": one.name,
        "for": opened.acceptance or "",
        "who": ", ".join(map(str, opened.signatories)),
        "quorum": opened.quorum,
        "due": opened.due,
        "outputs": len(one.today.outputs),
        "state": one.state if is_current else "replaced",
        "owed_by": one.owing if is_current else "",
    }


def signoff_lines(
    history: Sequence[Recorded[SignoffEvent]], target: str, hash_: str
) -> Iterator[tuple[str, Recorded[SignoffEvent]]]:
    """Each yes to the output *target* with *hash_*, in words, with its event."""
    subject = signoffs.subject_of(target)
    sorts = {one.event.signoff: one.event.acceptance for one in history if isinstance(one.event, SignoffOpened)}
    for one in history:
        event = one.event
        if isinstance(event, SignoffGiven) and any(
            (out.subject, out.hash) == (subject, hash_) for out in event.outputs
        ):
            acceptance = sorts.get(event.signoff)
            sort = f" ({acceptance})" if acceptance else ""
            speaker = f", the yes of {event.speaker}" if event.speaker else ""
            label = IdParts.of(target).label
            of = f" {label}" if label else ""
            yield f"{event.signoff}{sort} signed off{of} as {event.role}{speaker}", one


def revision_word(target: str) -> str:
    """The revision of an output and its target, if any, for people: ``mix3``, ``master1 streaming``."""
    return revision_of(target)
