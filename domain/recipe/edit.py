"""The edit of a part: spans of its takes, and the text of the edit that its plan hashes."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from domain.recipe.values import Gain, Recipe, Semitones, StretchRatio

Formants: TypeAlias = Literal["keep", "move"]
"""Resonances that colour a sound, such as those of a voice: kept where they are, or moved with the pitch."""


class Ramp(Recipe):
    """A fade from ``start`` to ``end``, frames of song time; a rise ends at full level, a fall begins at it."""

    start: int
    end: int
    rises: bool


class Treated(Recipe):
    """A stretch of a take that is reversed, stretched or pitch-shifted, in frames of song time, half open."""

    start: int
    end: int
    reverse: bool = False
    stretch: StretchRatio = Decimal(1)
    semitones: Semitones = Decimal(0)
    formants: Formants = "keep"
    """Place of the formants while the pitch is shifted: where they are, or moved with the pitch."""

    @model_serializer(mode="wrap")
    def _without_the_default(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out ``formants`` where they keep their place, as texts without the field mean it."""
        fields: dict[str, Any] = dump(self)
        if self.formants == "keep":
            del fields["formants"]
        return fields

    @property
    def resounds(self) -> bool:
        """True if stretching or pitch-shifting computes new samples for the stretch."""
        return self.stretch != 1 or self.semitones != 0

    @property
    def frames(self) -> int:
        """Length after stretching, in frames."""
        return stretched_frames(self.end - self.start, self.stretch)


def stretched_frames(frames: int, ratio: Decimal) -> int:
    """*frames* times *ratio*, rounded to the nearest frame, halves up."""
    return int((frames * ratio).to_integral_value(ROUND_HALF_UP))


class Span(Recipe):
    """A stretch of song time in which one take sounds, in frames, half open."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(gt=0)]
    take: Annotated[int, Field(gt=0)]
    slip: int = 0
    """Frames by which the take sounds later than its recorded start; negative is earlier."""
    gain_db: Gain = Decimal(0)
    ramps: tuple[Ramp, ...] = ()
    treated: Treated | None = None

    @property
    def voice(self) -> tuple[object, ...]:
        """Source and treatment of the span; touching spans with an equal *voice* play on without a joint."""
        return self.take, self.slip, self.gain_db, self.ramps, self.treated

    def frame_of_take(self, at: int, begins: int) -> int:
        """Frame of the take that sounds at frame *at* of song time, for a take that begins at frame *begins* of it."""
        late = at - self.slip
        if self.treated is None:
            return late - begins
        passed = int((late - self.treated.start) / self.treated.stretch)
        within = self.treated.end - 1 - passed if self.treated.reverse else self.treated.start + passed
        return within - begins


class TimeStretch(Recipe):
    """A stretch of recorded time, in frames, half open."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(gt=0)]

    @model_validator(mode="after")
    def _has_a_length(self) -> "TimeStretch":
        if self.end <= self.start:
            raise ValueError(f"a stretch from frame {self.start} to {self.end} has no length")
        return self

    @property
    def frames(self) -> int:
        """Length in frames."""
        return self.end - self.start


class EditRecipe(Recipe):
    """The cut of a part from its takes: layers that sound together, each a row of spans that never overlap.

    Touching spans of a layer are joined by a crossfade of ``crossfade_frames`` around the joint; a span that borders
    silence inside its take is faded; the first and last frame of a take stay as they were recorded.
    """

    rate: Annotated[int, Field(gt=0)]
    length: Annotated[int, Field(ge=0)]
    """Frames of recorded time, from the song's zero to the end of the last span."""
    crossfade_frames: Annotated[int, Field(ge=0)]
    search_frames: Annotated[int, Field(ge=0)] = 0
    """Largest distance in frames of a joint from where it was decided; place and fade law are found from the audio.

    At 0 joints lie where they were decided, with an equal-power fade.
    """
    starts: Mapping[int, int]
    """Frame of song time at which each take begins, by take number."""
    layers: tuple[tuple[Span, ...], ...]
    arrangement: tuple[TimeStretch, ...] = ()
    """Stretches of recorded time, in the order they sound; empty if the result is recorded time itself.

    Neighbours that are not contiguous in recorded time are joined by a crossfade around the joint.  Beyond ``length``
    all is silence.
    """

    @property
    def result_frames(self) -> int:
        """Length in frames of every track of the result."""
        return sum(stretch.frames for stretch in self.arrangement) if self.arrangement else self.length


EDIT_SHAPE = "takesheet-edit-1"


def edit_text(recipe: EditRecipe) -> str:
    """Canonical text of *recipe*, whose hash is part of its plan; it never changes for a released shape."""
    return "\n".join(_edit_lines(recipe)) + "\n"


def _edit_lines(recipe: EditRecipe) -> Iterator[str]:
    yield EDIT_SHAPE
    yield f"rate {recipe.rate}"
    yield f"length {recipe.length}"
    yield f"crossfade {recipe.crossfade_frames}"
    if recipe.search_frames:
        yield f"search {recipe.search_frames}"
    for take, start in sorted(recipe.starts.items()):
        yield f"take {take} starts {start}"
    for number, layer in enumerate(recipe.layers, start=1):
        for span in layer:
            yield " ".join([f"layer {number} from {span.start} to {span.end} take {span.take}", *_edits(span)])
    for stretch in recipe.arrangement:
        yield f"then {stretch.start} to {stretch.end}"


def _edits(span: Span) -> Iterator[str]:
    """Words for the treatment of a span; none if it plays as recorded."""
    if span.slip:
        yield f"slip {span.slip}"
    if span.gain_db:
        yield f"gain {_plain(span.gain_db)}"
    for ramp in span.ramps:
        yield f"{'rises' if ramp.rises else 'falls'} {ramp.start} to {ramp.end}"
    if span.treated:
        yield f"of {span.treated.start} to {span.treated.end}"
        yield from ["reversed"] if span.treated.reverse else []
        yield f"stretch {_plain(span.treated.stretch)} pitch {_plain(span.treated.semitones)}"
        yield from ["formants move"] if span.treated.formants == "move" else []


def _plain(number: Decimal) -> str:
    """Canonical text of a number, however it was typed: -3 for -3.0."""
    return f"{number.normalize() + 0:f}"
