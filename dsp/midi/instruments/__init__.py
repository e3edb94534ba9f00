"""The built-in instruments: what a key sounds like, computed, with nothing to install."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from domain.recipe import Instrument
from dsp.midi.instruments import bass, drums, keys
from dsp.midi.instruments.timbre import Timbre


@dataclass(frozen=True, slots=True)
class Built:
    """An instrument: how many channels it has, what it is meant to play, and how a key of it sounds.

    Attributes:
        channels: of its sound.
        lowest: the lowest key a player has.
        highest: the highest.
        timbre: from key, velocity and rate; of a key it does not have: LookupError.
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
