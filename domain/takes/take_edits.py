"""Edits of a take: reversible changes to all of its tracks at the same sample.

A take can be edited as a whole and in ranges, which never overlap.  Edit times are frames of the take, so that they
keep their place in the performance when the take is moved.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final, Literal, TypeAlias

from pydantic import Field
from typing_extensions import override

from domain.core.event import Event, PersonId, Stage, TakeId, Traits, Value
from domain.core.frames import Range
from domain.core.ids import part_of
from domain.core.refusal import Misused, NotFound, Refused, suggest
from domain.label.people import Role
from domain.recipe import Formants, Gain, Semitones, StretchRatio, stretched_frames

FARTHEST_NUDGE: Final = 384_000 * 60
MOST_SAMPLES: Final = 28_800_000
"""Most samples, over all channels, that may be stretched or shifted: ten minutes of mono at 48 kHz, 0.25 GB."""


class Change(Value):
    """New values of an edit; None leaves a value unchanged."""

    nudge: Annotated[int, Field(ge=-FARTHEST_NUDGE, le=FARTHEST_NUDGE)] | None = None
    """Frames later; negative is earlier."""
    gain_db: Gain | None = None
    fade_in: Annotated[int, Field(ge=0)] | None = None
    """Frames."""
    fade_out: Annotated[int, Field(ge=0)] | None = None
    mute: bool | None = None
    reverse: bool | None = None
    trim: Range | None = None
    """Range of the whole take that remains, in its own frames."""
    stretch: StretchRatio | None = None
    """Length after stretching divided by length before."""
    semitones: Semitones | None = None
    formants: Formants | None = None

    def describe(self) -> str:
        """The fields that are set and their values; times in frames, because the event does not hold the rate."""
        return ", ".join(
            f"{name.replace('_', ' ')} {f'{value.start}-{value.end}' if isinstance(value, Range) else value}"
            for name, value in self
            if value is not None
        )


class TakeEdited(Event):
    """A take, or a range of it, was edited."""

    schema_number: ClassVar[int] = 2
    kind: Literal["take-edited"] = "take-edited"
    traits = Traits(undoable=True, newsworthy=False, searchable=True, moves_sound=True, by_driver=False)
    address_fields = ("take",)
    take: TakeId
    range: Range | None = None
    """Frames of the take; None is the whole take."""
    change: Change | None = None
    """The change; None removes every edit of this range."""
    by: PersonId
    role: Role

    @property
    @override
    def stage_evidence(self) -> Stage:
        return "editing"

    @override
    def describe(self) -> str:
        what = self.change.describe() if self.change else "edits taken off"
        return f"{self.take}{' in a span' if self.range else ''}: {what}"


@dataclass(frozen=True, slots=True)
class Treatment:
    """All edits of a take or of one range of it."""

    nudge: int = 0
    gain_db: Decimal = Decimal(0)
    fade_in: int = 0
    fade_out: int = 0
    mute: bool = False
    reverse: bool = False
    trim: Range | None = None
    stretch: Decimal = Decimal(1)
    semitones: Decimal = Decimal(0)
    formants: Formants = "keep"
    """``keep`` unless the pitch is shifted."""

    @property
    def resounds(self) -> bool:
        """True if new samples are computed: stretched or pitch-shifted."""
        return self.stretch != 1 or self.semitones != 0

    @property
    def turns(self) -> bool:
        """True if the samples are reversed, stretched or pitch-shifted."""
        return self.reverse or self.resounds


NOTHING: Final = Treatment()
Edits: TypeAlias = Mapping[Range | None, Treatment]
"""Edits of one take by range; the key None is the whole take."""


def edited(edits: Edits, event: TakeEdited) -> Edits:
    """Fold one event into the edits of its take."""
    if event.change is None:
        return {place: done for place, done in edits.items() if event.range is not None and place != event.range}
    new = replace(edits.get(event.range, NOTHING), **_set(event.change))
    new = new if new.semitones else replace(new, formants="keep")
    rest = {place: done for place, done in edits.items() if place != event.range}
    return rest if new == NOTHING else {**rest, event.range: new}


def _set(change: Change) -> dict[str, Any]:
    return {name: value for name, value in change if value is not None}


@dataclass(frozen=True, slots=True)
class EditedTake:
    """The facts of a take that its edits are checked against."""

    take: str
    start: int
    """Frame of song time on which the take's first frame falls."""
    frames: int
    rate: int
    channels: int
    """Channels of all tracks together."""
    edits: Edits

    def within(self, span: Range | None) -> Range | None:
        """The part of *span* (song time) that overlaps the take, in the take's own frames; None if *span* is None.

        Raises:
            Misused: ``edit.span``; *span* is empty or outside the take.
        """
        if span is None:
            return None
        start, end = max(span.start - self.start, 0), min(span.end - self.start, self.frames)
        if start >= end:
            first, last = (frame / self.rate for frame in (self.start, self.start + self.frames))
            told = f"the span is empty, or outside of {self.take}, which runs from {first:.3f} s to {last:.3f} s"
            raise Misused("edit.span", told, next=suggest("take show", self.take))
        return Range(start=start, end=end)


def edit(take: EditedTake, *, span: Range | None, change: Change | None, by: str, role: Role) -> list[TakeEdited]:
    """Edit a take, or a span of it in song time; a change without effect yields no event.

    Args:
        take: the take and its edits.
        span: range in song time; None is the whole take.
        change: new values; None removes all edits of the range.
        by: person who decides.
        role: role of that person.

    Raises:
        Misused: ``edit.span``; ``edit.nothing`` if the change is empty.
        NotFound: ``edit.unknown`` if there is no edit to remove.
        Refused: ``edit.overlap``, ``edit.nested``, ``edit.fade``, ``edit.long``, ``edit.trim``, ``edit.outside`` or
            ``edit.formants``.
    """
    place = take.within(span)
    if change is None:
        return _taken_off(take, place, by, role)
    if not _set(change):
        raise Misused(
            "edit.nothing", "give an edit: --nudge, --gain, --fade-in, --mute …", next=suggest("edit part", help=True)
        )
    if change.trim is not None:
        place = None
    change = _with_formants(take, place, change)
    event = TakeEdited(take=take.take, range=place, change=change, by=by, role=role)
    after = edited(take.edits, event)
    _refuse(take, place, after)
    return [] if after == take.edits else [event]


def _with_formants(take: EditedTake, place: Range | None, change: Change) -> Change:
    """*change* that says of every new pitch what happens to the formants.

    Raises:
        Refused: ``edit.formants``; the formants are named where the pitch is not shifted.
    """
    there = take.edits.get(place, NOTHING)
    if change.formants is not None and not (there.semitones if change.semitones is None else change.semitones):
        raise Refused(
            "edit.formants",
            f"{take.take} is not shifted there, so its formants stay where they are: give the pitch too",
            next=suggest("edit part", take.take, pitch="SEMITONES", formants=change.formants),
        )
    if change.semitones and change.formants is None:
        return change.model_copy(update={"formants": there.formants})
    return change


def _taken_off(take: EditedTake, place: Range | None, by: str, role: Role) -> list[TakeEdited]:
    if place is not None and place not in take.edits:
        known = [_in_seconds(take, one) for one in take.edits if one is not None]
        told = f"that span of {take.take} is not edited" + (f"; these are: {', '.join(known)}" if known else "")
        raise NotFound("edit.unknown", told, next=suggest("edit list", part_of(take.take)))
    return [TakeEdited(take=take.take, range=place, by=by, role=role)] if take.edits else []


def _in_seconds(take: EditedTake, place: Range) -> str:
    return f"{(place.start + take.start) / take.rate:.3f}-{(place.end + take.start) / take.rate:.3f}"


def _refuse(take: EditedTake, place: Range | None, after: Edits) -> None:
    """Refuse the change if the edits *after* it break a rule."""
    new = after.get(place, NOTHING)
    others = [one for one in after if one is not None and one != place]
    if place is not None and (over := [one for one in others if one.start < place.end and place.start < one.end]):
        told = f"{_in_seconds(take, over[0])} s of {take.take} is edited already: name that very span, or take it off"
        raise Refused("edit.overlap", told, next=suggest("edit list", part_of(take.take)))
    if after.get(None, NOTHING).turns and any(one is not None for one in after):
        told = f"{take.take} has edited spans, and is reversed, stretched or shifted as a whole: one of the two"
        raise Refused("edit.nested", told, next=suggest("edit part", take.take, reset=True))
    _refuse_sizes(take, place, new)


def _refuse_sizes(take: EditedTake, place: Range | None, new: Treatment) -> None:
    frames = place.end - place.start if place else take.frames
    left = new.trim.end - new.trim.start if new.trim else stretched_frames(frames, new.stretch)
    if new.fade_in + new.fade_out > left:
        told = f"fades of {new.fade_in} and {new.fade_out} frames are longer than the {left} frames there are"
        raise Refused("edit.fade", told)
    if new.resounds and frames * take.channels > MOST_SAMPLES:
        seconds = MOST_SAMPLES // take.channels / take.rate
        told = f"{frames / take.rate:.1f} s of {take.channels} channels; at most {seconds:.1f} s are stretched"
        raise Refused("edit.long", told, next=suggest("edit part", f"{take.take}@FROM-TO", "…"))
    if new.trim and (new.resounds or new.trim.end > take.frames):
        raise Refused(
            "edit.trim", "a take that is stretched or shifted as a whole is not trimmed: trim what it is used for"
        )
    if place is None and take.start + new.nudge - take.edits.get(None, NOTHING).nudge + take.frames <= 0:
        raise Refused("edit.outside", f"{take.take} would end before the song begins")


def in_words(done: Treatment, rate: int) -> tuple[str, ...]:
    """All edits in words, one entry each."""
    late = f"{abs(done.nudge) * 1000 / rate:.3f}".rstrip("0").rstrip(".")
    left = done.trim or Range(start=0, end=1)
    words = {
        f"{late} ms {'later' if done.nudge > 0 else 'earlier'}": done.nudge,
        f"{done.gain_db:+} dB": done.gain_db,
        f"fade in {done.fade_in / rate:.3f} s": done.fade_in,
        f"fade out {done.fade_out / rate:.3f} s": done.fade_out,
        "muted": done.mute,
        "reversed": done.reverse,
        f"trimmed to {left.start / rate:.3f}-{left.end / rate:.3f} s of it": done.trim,
        f"{done.stretch} times as long": done.stretch != 1,
        f"{done.semitones:+} semitones, formants {'stay' if done.formants == 'keep' else 'move'}": done.semitones,
    }
    return tuple(word for word, told in words.items() if told)
