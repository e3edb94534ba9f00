"""How a MIDI take is played: the instrument, pinned by its version, and what was changed of what was played."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Final, Literal, get_args

from pydantic import Field, StringConstraints

from domain.recipe.values import Recipe, between

Instrument = Literal["drums", "bass", "keys"]
INSTRUMENT_NAMES: Final[tuple[Instrument, ...]] = get_args(Instrument)

INSTRUMENTS: Final[Mapping[Instrument, int]] = {"drums": 1, "bass": 1, "keys": 1}
"""The version of each; raised by hand in the commit that moves its golden audio hash, and only then."""
SAMPLER: Final = 1
"""The version of how a SoundFont is played; raised by hand with what :mod:`flows.jobs.fluidsynth` asks for."""
PATCHES: Final[Mapping[Instrument, int]] = {"drums": 0, "bass": 33, "keys": 0}
"""General MIDI's standard kit, fingered bass and grand piano, counted from 0."""

GRID = re.compile(r"^1/(?:1|2|4|8|16|32|64)T?$")
Grid = Annotated[str, StringConstraints(pattern=GRID.pattern)]
"""A note value; a ``T`` behind it makes triplets: 1/8T is a third of a quarter."""


class SoundFont(Recipe):
    """A file of sampled instruments that sounds in place of a built-in one, played by FluidSynth."""

    file: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    """The name it came by."""
    blob: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of its bytes, which the vault keeps."""
    size: Annotated[int, Field(gt=0)]
    patch: Annotated[int, Field(ge=0, le=127)]
    """Which instrument of it, as General MIDI counts them, from 0."""
    program: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}(\.[0-9]{1,4}){1,3}$")]
    """The version of FluidSynth."""


class MidiRecipe(Recipe):
    """How a MIDI file is played."""

    instrument: Instrument
    """Whose notes they are, and what plays them where there is no SoundFont."""
    version: Annotated[int, Field(gt=0)]
    """Of the instrument, or of how a SoundFont is played."""
    soundfont: SoundFont | None = None
    quantise: Grid | None = None
    strength: Annotated[Decimal, between("0", "100")] = Decimal(100)
    """Percent of the way to the grid that a note is moved."""
    swing: Annotated[Decimal, between("50", "75")] = Decimal(50)
    """Where every second step of the grid lies between its neighbours, percent: 50 is straight, 66.7 a triplet."""
    transpose: Annotated[int, Field(ge=-48, le=48)] = 0
    """Semitones."""
    velocity_times: Annotated[Decimal, between("0.01", "10")] = Decimal(1)
    velocity_plus: Annotated[int, Field(ge=-126, le=126)] = 0
    """Added after ``velocity_times``; the result is held within 1 and 127."""


def grid_quarters(grid: str) -> Fraction:
    """The length of a step of *grid*, in quarters."""
    step = Fraction(4, int(grid.removeprefix("1/").removesuffix("T")))
    return step * 2 / 3 if grid.endswith("T") else step


def midi_words(recipe: MidiRecipe) -> str:
    """*recipe* as a person would say it: the instrument and its version, then what was changed."""
    said = [f"{recipe.instrument} {recipe.version}"]
    if font := recipe.soundfont:
        said = [f"{recipe.instrument} of {font.file}, patch {font.patch}, by FluidSynth {font.program}"]
    if recipe.quantise:
        said.append(f"quantised to {recipe.quantise}")
        said += [f"strength {_plain(recipe.strength)} %"] if recipe.strength != 100 else []  # noqa: PLR2004 - all the way
        said += [f"swing {_plain(recipe.swing)} %"] if recipe.swing != 50 else []  # noqa: PLR2004 - straight
    said += [f"transposed {recipe.transpose:+d}"] if recipe.transpose else []
    said += [f"velocity times {_plain(recipe.velocity_times)}"] if recipe.velocity_times != 1 else []
    said += [f"velocity {recipe.velocity_plus:+d}"] if recipe.velocity_plus else []
    return ", ".join(said)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
