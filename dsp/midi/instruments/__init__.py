"""Built-in instruments: synthesised, without samples to install."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from domain.recipe import Instrument
from dsp.midi.instruments import bass, drums, keys
from dsp.midi.instruments.timbre import Timbre


@dataclass(frozen=True, slots=True)
class Built:
    """An instrument: its channels, its range, and the timbre of each key.

    Attributes:
        channels: channels of its sound.
        lowest: lowest key in its range.
        highest: highest key in its range.
        timbre: timbre from key, velocity and rate; LookupError for a missing key.
    """

    channels: int
    lowest: int
    highest: int
    timbre: Callable[[int, int, int], Timbre]


BUILT: Final[Mapping[Instrument, Built]] = {
    "drums": Built(drums.CHANNELS, drums.LOWEST, drums.HIGHEST, drums.timbre),
    "bass": Built(bass.CHANNELS, bass.LOWEST, bass.HIGHEST, bass.timbre),
    "keys": Built(keys.CHANNELS, keys.LOWEST, keys.HIGHEST, keys.timbre),
}
