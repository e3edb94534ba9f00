"""Parked parts: put aside while a session goes on to something else, and taken up again."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import override

from domain.core.event import Event, PartId, SessionId, Traits
from domain.core.refusal import Misused

LONGEST_REASON = 2_000
Reason = Annotated[str, Field(max_length=LONGEST_REASON)]


class PartParked(Event):
    """A part was put aside, to be tried again later.

    Musicians and artists do not see it: that a part does not come yet is for those who lead the session.
    """

    kind: Literal["part-parked"] = "part-parked"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("part",)
    erasable_since = 1
    part: PartId
    session: SessionId | None = None
    """Session in which it was parked; None between sessions."""
    reason: Reason = ""

    @property
    @override
    def secret(self) -> Literal["rejections"]:
        return "rejections"

    @property
    @override
    def erasable_fields(self) -> tuple[str, ...]:
        return ("reason",) if self.reason else ()

    @override
    def describe(self) -> str:
        return f"{self.part} parked{f': {self.reason}' if self.reason else ''}"


class PartResumed(Event):
    """A parked part was taken up again."""

    kind: Literal["part-resumed"] = "part-resumed"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("part",)
    part: PartId
    session: SessionId | None = None

    @property
    @override
    def secret(self) -> Literal["rejections"]:
        return "rejections"

    @override
    def describe(self) -> str:
        return f"{self.part} resumed"


ParkingEvent = PartParked | PartResumed
ParkedParts = Mapping[str, PartParked]
"""Parked parts by id, the one parked first first."""


def evolve(parked: ParkedParts, event: ParkingEvent) -> ParkedParts:
    """Fold one event into the state."""
    others = {part: one for part, one in parked.items() if part != event.part}
    if isinstance(event, PartResumed):
        return others
    return {**parked, event.part: event} if event.part in parked else {**others, event.part: event}


def park(parked: ParkedParts, *, part: str, session: str | None = None, reason: str = "") -> list[PartParked]:
    """Put *part* aside.  A part that is parked already is parked anew only for another reason or in another session.

    Raises:
        Misused: ``part.reason``; the reason is too long.
    """
    if len(reason) > LONGEST_REASON:
        raise Misused("part.reason", f"a reason has at most {LONGEST_REASON:,} characters, this has {len(reason):,}")
    known = parked.get(part)
    if known is not None and (not reason or reason == known.reason) and session in {None, known.session}:
        return []
    return [PartParked(part=part, session=session, reason=reason or (known.reason if known else ""))]


def resume(parked: ParkedParts, *, part: str, session: str | None = None) -> list[PartResumed]:
    """Take *part* up again.  One that is not parked yields no event."""
    return [PartResumed(part=part, session=session)] if part in parked else []
