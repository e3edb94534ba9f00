"""The person whose own word an event is: nobody records it in another person's name.

A decision states the author; this is the check behind it, so that a decision that is written against the Python
interface gives no verdict, note, proposal or yes as somebody else, and none in a role in which it is not made.

Tests: ``tests/domain/status/test_event_authors.py``.
"""

from functools import cache

from domain.core.event import Event, Ident
from domain.core.refusal import Misused, Refused, suggest
from domain.correspondence.signoffs import SignoffGiven
from domain.label.people import Role
from domain.song.splits import SplitsAgreed
from domain.status.verdicts import VerdictGiven


@cache
def has_author(model: type[Event]) -> bool:
    """True if events of class *model* state in ``by`` the id of the person whose word they are."""
    by = model.model_fields.get("by")
    return by is not None and any(isinstance(mark, Ident) for mark in by.metadata)


@cache
def states_role(model: type[Event]) -> bool:
    """True if events of class *model* state in ``role`` the role in which their author decided."""
    return has_author(model) and "role" in model.model_fields


def author_of(event: Event) -> str | None:
    """The id of the person whose word *event* is; None if it is nobody's own word.

    Who records the yes of an absent writer is the author of that event.
    """
    if isinstance(event, SplitsAgreed):
        return event.by or event.person
    return getattr(event, "by") if has_author(type(event)) else None  # noqa: B009 - a field of some classes


def in_another_name(event: Event, person: str, role: Role) -> Refused | None:
    """The refusal ``person.author`` of an event that *person* would record as somebody else, or in another role.

    Args:
        event: to be recorded.
        person: who decides.
        role: the role in which they decide.

    Raises:
        Misused: ``split.evidence``, ``verdict.evidence``, ``signoff.evidence``; it records the word of somebody absent
            without the message in which it was given.
    """
    author = author_of(event)
    if author is not None and author != person:
        return Refused(
            "person.author",
            f"{event.kind} is the word of {author}, and {person} cannot give it",
            next=suggest("user show", author),
        )
    stated = getattr(event, "role", role) if states_role(type(event)) and not _is_relayed(event) else role
    if stated != role:
        return Refused(
            "person.author",
            f"{event.kind} is stated as {stated}, and {person} decides it as {role}",
            next=suggest("user show", person),
        )
    _refuse_hearsay(event)
    return None


def _is_relayed(event: Event) -> bool:
    """True if *event* is the verdict or yes of a speaker in a role of theirs, which somebody else records."""
    return isinstance(event, VerdictGiven | SignoffGiven) and event.speaker not in {None, event.by}


def _refuse_hearsay(event: Event) -> None:
    if isinstance(event, SplitsAgreed) and event.by is not None and event.evidence is None:
        raise Misused("split.evidence", f"the yes of {event.person} is recorded by {event.by} without its message")
    if isinstance(event, VerdictGiven | SignoffGiven) and _is_relayed(event) and event.evidence is None:
        rule, what = ("verdict", "verdict") if isinstance(event, VerdictGiven) else ("signoff", "yes")
        raise Misused(
            f"{rule}.evidence", f"the {what} of {event.speaker} is recorded by {event.by} without its message"
        )
