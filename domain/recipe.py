"""Recipes: how a comp is cut, a mix is balanced and a master is finished, as text a person can read and keep.

A recipe is stored as its author wrote it and never dumped anew: its text is part of the plan's hash.  Numbers are
decimals; units stand in the names: dB, Hz, ms, s, LUFS, dBTP, frames (samples per channel).
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from domain.refusal import Misused


def _between(low: str, high: str) -> object:
    return Field(ge=Decimal(low), le=Decimal(high), allow_inf_nan=False)


Gain = Annotated[Decimal, _between("-144", "48")]
"""dB; -144 is silence."""
Pan = Annotated[Decimal, _between("-1", "1")]
"""-1 left, 0 centre, 1 right."""
Frequency = Annotated[Decimal, _between("10", "40000")]
Quality = Annotated[Decimal, _between("0.1", "40")]
Milliseconds = Annotated[Decimal, _between("0", "2000")]
Share = Annotated[Decimal, _between("0", "1")]
Seconds = Annotated[Decimal, _between("0", "36000")]
Word = Annotated[str, StringConstraints(pattern=r"^[^\s/\\@.:]{1,120}$")]
"""A name that becomes part of an address and of a file's name."""

STEREO = 2


class Recipe(BaseModel):
    """A part of a recipe: immutable, and an unknown field in it is an error, not a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Band(Recipe):
    """One band of a parametric equaliser (RBJ audio EQ cookbook)."""

    type: Literal["bell", "low_shelf", "high_shelf"] = "bell"
    hz: Frequency
    gain_db: Annotated[Decimal, _between("-30", "30")]
    q: Quality = Decimal("0.7071")


class Compressor(Recipe):
    """A feed-forward compressor with a soft knee; one gain for all channels of its strip."""

    threshold_db: Annotated[Decimal, _between("-80", "0")]
    ratio: Annotated[Decimal, _between("1", "100")] = Decimal(2)
    attack_ms: Annotated[Decimal, _between("0.05", "500")] = Decimal(10)
    release_ms: Annotated[Decimal, _between("1", "5000")] = Decimal(120)
    knee_db: Annotated[Decimal, _between("0", "24")] = Decimal(6)
    makeup_db: Gain = Decimal(0)


class Point(Recipe):
    """A breakpoint of an automation: straight lines in dB between points, held before the first and after the last."""

    at_s: Seconds
    gain_db: Gain


class Tone(Recipe):
    """What any strip has in front of its dynamics; in this order: high-pass, bands, compressor."""

    high_pass_hz: Frequency | None = None
    eq: tuple[Band, ...] = ()
    compressor: Compressor | None = None


class Strip(Tone):
    """A channel strip: input gain and repairs, tone, then fader, automation and pan, then sends after the fader.

    A strip named ``drums`` hears every track of the part; one named ``drums.kick-in`` hears that track alone and feeds
    ``drums``.  A mono strip is panned at constant power (-3 dB in the centre), a stereo one is balanced.
    """

    gain_db: Gain = Decimal(0)
    pan: Pan = Decimal(0)
    invert: bool = False
    delay_ms: Milliseconds = Decimal(0)
    mute: bool = False
    sends: Mapping[str, Gain] = Field(default_factory=dict)
    automation: tuple[Point, ...] = ()

    @model_validator(mode="after")
    def _points_in_order(self) -> "Strip":
        times = [point.at_s for point in self.automation]
        if any(late <= early for early, late in pairwise(times)):
            raise ValueError("automation: the points must be in the order of time, no two at one time")
        return self


class Reverb(Recipe):
    """A room: size, damping and width from 0 to 1, and how long before the first reflection."""

    size: Share = Decimal("0.5")
    damping: Share = Decimal("0.5")
    width: Share = Decimal(1)
    pre_delay_ms: Milliseconds = Decimal(0)


class Delay(Recipe):
    """An echo."""

    time_ms: Annotated[Decimal, _between("1", "2000")]
    feedback: Annotated[Decimal, _between("0", "0.95")] = Decimal("0.3")


class Bus(Tone):
    """An effect return: fed by sends, wholly wet, mixed into the master bus."""

    reverb: Reverb | None = None
    delay: Delay | None = None
    gain_db: Gain = Decimal(0)


class MasterBus(Tone):
    """What the sum goes through."""

    gain_db: Gain = Decimal(0)


class Version(Recipe):
    """A version of the song as differences: strips left out, or the only ones heard."""

    without: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


class MixRecipe(Recipe):
    """A mix: strips, effect buses, the master bus and the versions printed from it; ``main`` is always printed."""

    format: Literal[1] = 1
    strips: Mapping[str, Strip]
    buses: Mapping[str, Bus] = Field(default_factory=dict)
    master: MasterBus = MasterBus()
    versions: Mapping[Word, Version] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_exist(self) -> "MixRecipe":
        for name, strip in self.strips.items():
            for bus in strip.sends:
                if bus not in self.buses:
                    raise ValueError(f"strips.{name}.sends: there is no bus {bus!r}; write [buses.{bus}]")
        for name, version in self.versions.items():
            if name == "main":
                raise ValueError("versions.main: the main version is the recipe itself")
            for heard in (*version.without, *version.only):
                if heard not in self.strips:
                    raise ValueError(f"versions.{name}: there is no strip {heard!r}")
        return self

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts this mix hears, sorted."""
        return tuple(sorted({name.split(".")[0] for name in self.strips}))


class Target(Recipe):
    """What a master is made for.  ``integrated_lufs`` None leaves the loudness as mixed."""

    rate: Literal[44100, 48000, 88200, 96000] | None = None
    """Hz; None keeps the rate of the source."""
    bits: Literal[16, 24] = 24
    integrated_lufs: Annotated[Decimal, _between("-40", "-5")] | None = None
    ceiling_dbtp: Annotated[Decimal, _between("-12", "0")] = Decimal(-1)
    dither: Literal["tpdf", "none"] = "tpdf"
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    """Of the dither; the same seed gives the same bits."""


class MasterRecipe(Recipe):
    """A master: tone and glue for every song, then one album gain and a limiter a target."""

    format: Literal[1] = 1
    chain: Tone = Tone()
    targets: Annotated[Mapping[Word, Target], Field(min_length=1)]


class Span(Recipe):
    """Where one take sounds, in frames of song time, half open."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(gt=0)]
    take: Annotated[int, Field(gt=0)]


class EditRecipe(Recipe):
    """How a part is cut from its takes: layers that sound together, each a row of spans that never overlap.

    Where two spans of a layer touch, they are joined by a crossfade of ``crossfade_frames`` around the joint; where a
    span borders silence inside its take it is faded; the first and last frame of a take stay as they were recorded.
    """

    rate: Annotated[int, Field(gt=0)]
    length: Annotated[int, Field(ge=0)]
    """Frames, of every track of the result."""
    crossfade_frames: Annotated[int, Field(ge=0)]
    starts: Mapping[int, int]
    """Frame of song time at which each take begins."""
    layers: tuple[tuple[Span, ...], ...]


R = TypeVar("R", bound=Recipe)


def parse_mix(text: str) -> MixRecipe:
    """Read a mix recipe.  Raises: Misused ``recipe.mix`` with line, field and what was expected."""
    return _parse(text, MixRecipe, "recipe.mix")


def parse_master(text: str) -> MasterRecipe:
    """Read a master recipe.  Raises: Misused ``recipe.master``."""
    return _parse(text, MasterRecipe, "recipe.master")


def _parse(text: str, model: type[R], rule: str) -> R:
    try:
        return model.model_validate(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        raise Misused(rule, str(error)) from None
    except RecursionError:
        raise Misused(rule, "nested too deep") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        line = _line_of(text, [str(word) for word in first["loc"]])
        given = f", not {first['input']!r}"[:80] if isinstance(first["input"], str | int | float | Decimal) else ""
        detail = f"{place or 'recipe'}: {first['msg'].removeprefix('Value error, ')}{given}"
        raise Misused(rule, f"line {line}, {detail}" if line else detail) from None
    except (ValueError, ArithmeticError):  # Python's own limits on the digits of an integer and the size of an exponent
        raise Misused(rule, "a number in it has more digits than any number needs") from None


def _line_of(text: str, words: list[str]) -> int:
    """The line that most likely holds the field *words*, each word looked for in turn; 0 where none is found."""
    at, found = 0, 0
    lines = text.splitlines()
    for word in words:
        if word.isdigit():
            continue
        for number in range(at, len(lines)):
            if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", lines[number]):
                at, found = number, number + 1
                break
    return found


EDIT_SHAPE = "takesheet-edit-1"


def edit_text(recipe: EditRecipe) -> str:
    """The text of *recipe* that its plan hashes; a released shape never changes (golden file)."""
    return "\n".join(_edit_lines(recipe)) + "\n"


def _edit_lines(recipe: EditRecipe) -> Iterator[str]:
    yield EDIT_SHAPE
    yield f"rate {recipe.rate}"
    yield f"length {recipe.length}"
    yield f"crossfade {recipe.crossfade_frames}"
    for take, start in sorted(recipe.starts.items()):
        yield f"take {take} starts {start}"
    for number, layer in enumerate(recipe.layers, start=1):
        for span in layer:
            yield f"layer {number} from {span.start} to {span.end} take {span.take}"
