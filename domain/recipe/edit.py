"""The edit: how a part is cut from its takes, and the text of it that its plan hashes."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import Field, model_validator

from domain.recipe.values import Gain, Recipe, Semitones, StretchRatio


class Ramp(Recipe):
    """A fade of its own, in frames of song time: silence before (or after) it, full level after (or before) it."""

    start: int
    end: int
    rises: bool


class Treated(Recipe):
    """A piece of a take that is heard another way than it was recorded, in frames of song time, half open."""

    start: int
    end: int
    reverse: bool = False
    stretch: StretchRatio = Decimal(1)
    semitones: Semitones = Decimal(0)

    @property
    def resounds(self) -> bool:
        """Whether it is made of new samples."""
        return self.stretch != 1 or self.semitones != 0

    @property
    def frames(self) -> int:
        """How long it sounds."""
        return stretched_frames(self.end - self.start, self.stretch)


def stretched_frames(frames: int, ratio: Decimal) -> int:
    """*frames* made *ratio* times as long, to the nearest frame, halves up."""
    return int((frames * ratio).to_integral_value(ROUND_HALF_UP))


class Span(Recipe):
    """Where one take sounds, in frames of song time, half open."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(gt=0)]
    take: Annotated[int, Field(gt=0)]
    slip: int = 0
    """Frames by which the take sounds later here than its start says; negative: earlier."""
    gain_db: Gain = Decimal(0)
    ramps: tuple[Ramp, ...] = ()
    treated: Treated | None = None

    @property
    def voice(self) -> tuple[object, ...]:
        """What sounds here: spans of one voice that touch are one performance."""
        return self.take, self.slip, self.gain_db, self.ramps, self.treated

    def frame_of_take(self, at: int, begins: int) -> int:
        """The frame of the take that is heard at frame *at* of song time, for a take that begins at *begins*."""
        late = at - self.slip
        if self.treated is None:
            return late - begins
        passed = int((late - self.treated.start) / self.treated.stretch)
        within = self.treated.end - 1 - passed if self.treated.reverse else self.treated.start + passed
        return within - begins


class TimeStretch(Recipe):
    """A piece of the recorded time line, in frames, half open."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(gt=0)]

    @model_validator(mode="after")
    def _has_a_length(self) -> "TimeStretch":
        if self.end <= self.start:
            raise ValueError(f"a stretch from frame {self.start} to {self.end} has no length")
        return self

    @property
    def frames(self) -> int:
        """Its length."""
        return self.end - self.start


class EditRecipe(Recipe):
    """How a part is cut from its takes: layers that sound together, each a row of spans that never overlap.

    Where two spans of a layer touch, they are joined by a crossfade of ``crossfade_frames`` around the joint; where a
    span borders silence inside its take it is faded; the first and last frame of a take stay as they were recorded.
    """

    rate: Annotated[int, Field(gt=0)]
    length: Annotated[int, Field(ge=0)]
    """Frames of the recorded time line, from the song's zero to the end of the last span."""
    crossfade_frames: Annotated[int, Field(ge=0)]
    search_frames: Annotated[int, Field(ge=0)] = 0
    """How far from where it was decided a joint may lie; its place and its law are then found from what sounds there.

    At 0 joints lie where they were decided, at equal power.
    """
    starts: Mapping[int, int]
    """Frame of song time at which each take begins."""
    layers: tuple[tuple[Span, ...], ...]
    arrangement: tuple[TimeStretch, ...] = ()
    """The result as stretches of the recorded time line, one after the other; none where it is that line itself.

    Where neighbours do not follow each other in the recorded time either, they are joined by a crossfade around the
    joint.  What lies beyond ``length`` is silence.
    """

    @property
    def result_frames(self) -> int:
        """Frames of every track of the result."""
        return sum(stretch.frames for stretch in self.arrangement) if self.arrangement else self.length


EDIT_SHAPE = "takesheet-edit-1"


def edit_text(recipe: EditRecipe) -> str:
    """The text of *recipe* that its plan hashes; a released shape never changes (golden file)."""
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
    """What is done to a span; nothing where it is heard as it was recorded."""
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


def _plain(number: Decimal) -> str:
    """A number in the one way it is written, however it was typed: -3 for -3.0."""
    return f"{number.normalize() + 0:f}"
