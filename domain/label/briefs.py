"""Briefs: what a record is meant to say and whom it is to reach, in the words of artist and label."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import StringConstraints
from typing_extensions import override

from domain.core.event import Event, PersonId, RecordId, Traits
from domain.core.refusal import Misused, suggest

BriefText = Annotated[str, StringConstraints(max_length=4000, strip_whitespace=True)]


class BriefWritten(Event):
    """The brief of a record was written: its artistic intent and its audience, replacing the brief before."""

    kind: Literal["brief-written"] = "brief-written"
    traits = Traits(undoable=False, newsworthy=True, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    erasable_since = 1
    record: RecordId
    intent: BriefText = ""
    """Artistic intent; empty if nothing is written."""
    audience: BriefText = ""
    """People it is to reach, and how; empty if nothing is written."""
    by: PersonId

    @property
    @override
    def erasable_fields(self) -> tuple[str, ...]:
        return ("intent", "audience")

    @override
    def describe(self) -> str:
        told = (("intent", self.intent), ("audience", self.audience))
        return f"{self.record}: {'; '.join(f'{name}: {text}' for name, text in told if text) or 'no brief'}"


def brief_after(events: Iterable[BriefWritten]) -> BriefWritten | None:
    """The brief in force after *events* of one record; None if none was written."""
    return next(reversed(list(events)), None)


def write_brief(
    known: BriefWritten | None, *, record: str, by: str, intent: str | None = None, audience: str | None = None
) -> list[BriefWritten]:
    """Write the brief of *record*.  A brief equal to the *known* one yields no event.

    Args:
        known: the brief in force; None without one.
        record: record id.
        by: person who writes it.
        intent: what the record is to express; None leaves it, an empty text takes it away.
        audience: whom it is to reach; None leaves it, an empty text takes it away.

    Raises:
        Misused: ``brief.empty``; neither is given.
    """
    if intent is None and audience is None:
        raise Misused("brief.empty", "name what is written: --intent or --audience", next=suggest("brief", record))
    texts = known.intent if known else "", known.audience if known else ""
    new = BriefWritten(
        record=record, by=by,
        intent=texts[0] if intent is None else intent, audience=texts[1] if audience is None else audience,
    )  # fmt: skip
    return [] if (new.intent, new.audience) == texts else [new]
