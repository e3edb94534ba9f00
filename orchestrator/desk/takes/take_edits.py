"""Edits of takes: applying one to a take or to a stretch of it, and listing those in force.

Tests: ``tests/orchestrator/cli/commands/song/test_edit.py``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from domain.core.address import Address, clock
from domain.core.event import Event
from domain.core.frames import Range
from domain.core.ids import song_of
from domain.core.plain_errors import plain_words
from domain.core.refusal import Misused, suggest
from domain.label.people import Role
from domain.takes.comps import Comp
from domain.takes.take_edits import FARTHEST_NUDGE, NOTHING, Change, EditedTake, TakeEdited, edit, edited, in_words
from domain.takes.takes import Take
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.takes.takes import parts_of, parts_read, places_in, song_query
from orchestrator.studio import History, Studio

_LENGTH = re.compile(r"([+-]?\d{1,9}(?:\.\d{1,6})?)\s?(ms|s|frames|f)?", re.ASCII)
_PER_SECOND = {"ms": Decimal(1000), "s": Decimal(1)}


@dataclass(frozen=True, slots=True)
class EditRequest:
    """An edit as typed; fields that are not given stay as they are."""

    lengths: Mapping[str, str]
    """``nudge``, ``fade_in`` and ``fade_out``, such as ``12ms``, ``-480f`` or ``1.5s``."""
    values: Mapping[str, Any]
    """Other fields of an ``Change``."""
    trim: bool = False
    reset: bool = False


@dataclass(frozen=True, slots=True)
class EditResult:
    """Result of an edit."""

    take: str
    place: str
    """Stretch of song time; empty for the whole take."""
    done: tuple[str, ...]
    """All edits in force after the change, in words."""
    again: bool
    """True if nothing new was recorded."""


def edit_take(studio: Studio, address: Address, request: EditRequest, *, why: str | None = None) -> EditResult:
    """Apply the edit *request* to the take at *address*, or to a span of it.

    Raises:
        Misused: ``edit.number``, ``edit.trim``, ``edit.track``, ``edit.reset``, ``edit.span``; and errors of
            :func:`domain.takes.take_edits.edit`.
    """
    part, song = "/".join(address.path), "/".join(address.path[:2])
    if address.track:
        raise Misused("edit.track", f"an edit acts on all tracks of a take at once; {address} names one of them")
    if request.trim and not address.span:
        raise Misused("edit.trim", "name the span to keep: edit part drums/3@0:04-3:10 --trim")
    if request.reset and (request.trim or request.lengths or request.values):
        raise Misused("edit.reset", "--reset removes edits, and goes with no other option")

    def decision(history: History, role: Role) -> tuple[EditResult, Sequence[Event]]:
        known = parts_of(history)
        take = known[part].takes.take(part, address.take or 0)
        span = places_in(song, known, history).span(address.span) if address.span else None
        there = _as_heard(take, known[part].comp, span)
        change = None if request.reset else _change(request, there, span)
        new = edit(there, span=span, change=change, by=studio.who.actor, role=role)
        return _done(there, span if not request.trim else None, new), new

    return studio.decide(song_query(song), decision, deed="edit-take", why=why)


def _as_heard(take: Take, comp: Comp, span: Range | None) -> EditedTake:
    """The take at its position in the song, which in a song cut from passes differs from its position in the pass.

    Raises:
        Misused: ``edit.span``; within the span the take is moved by different amounts.
    """
    lies = take.as_edited
    if span is None:
        return lies
    slips = comp.slips(take.number, span) or comp.slips(take.number)[:1] or (0,)
    if len(slips) > 1:
        told = f"the band comp joins {len(slips)} stretches of {lies.take} there: name a span within one section"
        raise Misused("edit.span", told, next=suggest("comp band", song_of(lies.take)))
    return replace(lies, start=lies.start + slips[0])


def _change(request: EditRequest, there: EditedTake, span: Range | None) -> Change:
    asked: dict[str, Any] = {name: _frames(text, there.rate) for name, text in request.lengths.items()}
    if request.trim:
        if asked or request.values:
            raise Misused("edit.trim", "--trim applies to the whole take, with no other option")
        asked["trim"] = there.within(span)
    try:
        return Change.model_validate({**asked, **request.values})
    except ValidationError as error:
        raise _no_number(error, request, there.rate) from None


def _no_number(error: ValidationError, request: EditRequest, rate: int) -> Misused:
    """The refusal for an invalid number, in which a length is quoted as it was typed, not in frames."""
    first = error.errors()[0]
    field = str(first["loc"][0])
    if field in request.lengths:
        bounds = "0 s or more" if first["type"] == "greater_than_equal" and field != "nudge" else ""
        told = bounds or f"at most {FARTHEST_NUDGE / rate:g} s either way"
        return Misused("edit.number", f"{field.replace('_', '-')}: {told}, not {request.lengths[field][:40]}")
    return Misused("edit.number", f"{field.replace('_', '-')}: {plain_words(first)}, not {str(first['input'])[:40]}")


def _frames(text: str, rate: int) -> int:
    """A length as typed, in frames; without a unit it is in milliseconds.  Raises: Misused ``edit.number``."""
    found = _LENGTH.fullmatch(text.strip())
    if not found:
        raise Misused("edit.number", f"{text[:40]!r} is no length; write 12ms, 1.5s or 480f")
    number, unit = Decimal(found[1]), found[2] or "ms"
    if unit in _PER_SECOND:
        number = number * rate / _PER_SECOND[unit]
    elif number != int(number):
        raise Misused("edit.number", f"{text[:40]!r}: there are no parts of a frame")
    return round(number)


def _done(there: EditedTake, span: Range | None, new: Sequence[TakeEdited]) -> EditResult:
    edits, place = there.edits, there.within(span)
    for event in new:
        edits = edited(edits, event)
    return EditResult(there.take, _told(there, place), in_words(edits.get(place, NOTHING), there.rate), again=not new)


def _told(there: EditedTake, place: Range | None) -> str:
    if place is None:
        return ""
    start, end = (clock(max(0, there.start + frame), there.rate) for frame in (place.start, place.end))
    return f"{start}-{end}"


def edit_rows(studio: Studio, part: str) -> list[Row]:
    """One row for each edited stretch of a take of *part*, by take number and time."""
    read = parts_read(studio, song_of(part))[part]
    comp = read.comp
    return [
        {
            "take": take.ingested.take,
            "span": _told(replace(take.as_edited, start=take.begins + _slip(comp, take, place)), place),
            "edits": ", ".join(in_words(done, take.rate)),
        }
        for _, take in sorted(read.takes.takes.items())
        for place, done in sorted(take.edits.items(), key=lambda one: one[0].start if one[0] else -1)
    ]


def _slip(comp: Comp, take: Take, place: Range | None) -> int:
    return comp.slip_of(take, place.start) if place else 0
