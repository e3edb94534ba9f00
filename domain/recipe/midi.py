"""Recipe of a MIDI take: the instrument, pinned by its version, and changes to the performance."""

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
"""Version of each instrument; raised by hand in the commit that moves its golden audio hash, and only then."""
SAMPLER: Final = 1
"""Version of SoundFont playing; raised by hand when the settings of :mod:`flows.jobs.fluidsynth` change."""
PATCHES: Final[Mapping[Instrument, int]] = {"drums": 0, "bass": 33, "keys": 0}
"""General MIDI programs counted from 0: standard kit, fingered bass, grand piano."""

GRID = re.compile(r"^1/(?:1|2|4|8|16|32|64)T?$")
Grid = Annotated[str, StringConstraints(pattern=GRID.pattern)]
"""A note value; a trailing ``T`` makes triplets: 1/8T is a third of a quarter."""


class SoundFont(Recipe):
    """A file of sampled instruments, played by FluidSynth in place of a built-in instrument."""

    file: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    """Name of the original file."""
    blob: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of the file's bytes, which the vault keeps."""
    size: Annotated[int, Field(gt=0)]
    patch: Annotated[int, Field(ge=0, le=127)]
    """Program number in General MIDI, from 0."""
    program: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}(\.[0-9]{1,4}){1,3}$")]
    """Version of FluidSynth."""


class MidiRecipe(Recipe):
    """Instrument or SoundFont of a MIDI file, and changes to its performance."""

    instrument: Instrument
    """Instrument the notes are written for; it also plays them if there is no SoundFont."""
    version: Annotated[int, Field(gt=0)]
    """Version of the instrument, or of SoundFont playing."""
    soundfont: SoundFont | None = None
    quantise: Grid | None = None
    strength: Annotated[Decimal, between("0", "100")] = Decimal(100)
    """Percent of the distance to the grid that a note is moved."""
    swing: Annotated[Decimal, between("50", "75")] = Decimal(50)
    """Position of every second grid step between its neighbours, percent: 50 is straight, 66.7 a triplet."""
    transpose: Annotated[int, Field(ge=-48, le=48)] = 0
    """Semitones."""
    velocity_times: Annotated[Decimal, between("0.01", "10")] = Decimal(1)
    velocity_plus: Annotated[int, Field(ge=-126, le=126)] = 0
    """Added after ``velocity_times``; the result is clamped to 1..127."""


def grid_quarters(grid: str) -> Fraction:
    """Length of a step of *grid*, in quarter notes."""
    step = Fraction(4, int(grid.removeprefix("1/").removesuffix("T")))
    return step * 2 / 3 if grid.endswith("T") else step


def midi_words(recipe: MidiRecipe) -> str:
    """*recipe* in words: the instrument and its version, then the changes."""
    said = [f"{recipe.instrument} {recipe.version}"]
    if font := recipe.soundfont:
        said = [f"{recipe.instrument} of {font.file}, patch {font.patch}, by FluidSynth {font.program}"]
    if recipe.quantise:
        said.append(f"quantised to {recipe.quantise}")
        said += [f"strength {_plain(recipe.strength)} %"] if recipe.strength != 100 else []  # noqa: PLR2004 - full strength
        said += [f"swing {_plain(recipe.swing)} %"] if recipe.swing != 50 else []  # noqa: PLR2004 - straight
    said += [f"transposed {recipe.transpose:+d}"] if recipe.transpose else []
    said += [f"velocity times {_plain(recipe.velocity_times)}"] if recipe.velocity_times != 1 else []
    said += [f"velocity {recipe.velocity_plus:+d}"] if recipe.velocity_plus else []
    return ", ".join(said)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
