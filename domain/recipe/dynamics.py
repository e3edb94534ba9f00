"""What moves a level by the level itself: gate, compressor, de-esser, multiband; one gain for all channels of each."""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from domain.recipe.values import Frequency, Gain, Recipe, Share, between

Threshold = Annotated[Decimal, between("-80", "0")]
"""dBFS of the loudest channel's peak."""
Ratio = Annotated[Decimal, between("1", "100")]
Attack = Annotated[Decimal, between("0.05", "500")]
"""Milliseconds until 63 % of a step is reached."""
Release = Annotated[Decimal, between("1", "5000")]
"""Milliseconds, likewise."""
Knee = Annotated[Decimal, between("0", "24")]
"""dB, half of it on each side of the threshold."""


class Compression(Recipe):
    """A feed-forward compressor with a soft knee."""

    threshold_db: Threshold
    ratio: Ratio = Decimal(2)
    attack_ms: Attack = Decimal(10)
    release_ms: Release = Decimal(120)
    knee_db: Knee = Decimal(6)
    makeup_db: Gain = Decimal(0)


class SideChained(Recipe):
    """Listens to another strip instead of its own sound, or to either without its lows."""

    side_chain: str | None = None
    """The strip that is listened to, as it leaves its fader and pan; None for the sound itself."""
    side_chain_high_pass_hz: Frequency | None = None
    """What lies below is not listened to (12 dB per octave); it is heard all the same."""


class Compressor(SideChained, Compression):
    """A compressor that may listen to another strip, look ahead, and stand beside the sound it compresses."""

    mix: Share = Decimal(1)
    """1 is the compressed sound alone, 0.5 as much of it as of the sound that went in; make-up is within the mix."""
    lookahead_ms: Annotated[Decimal, between("0", "20")] = Decimal(0)
    """How long before a sound its gain begins to move; what it costs in time is made good by the console."""


class Gate(SideChained):
    """A gate, or with a low ratio an expander: what lies below the threshold is turned down.

    It opens at the threshold, and closes when the level has been ``hysteresis_db`` below it for ``hold_ms``.  Closed,
    it takes away (ratio - 1) dB for each dB below the threshold, ``range_db`` at most.
    """

    threshold_db: Annotated[Decimal, between("-100", "0")]
    ratio: Ratio = Decimal(10)
    range_db: Annotated[Decimal, between("0", "120")] = Decimal(60)
    attack_ms: Annotated[Decimal, between("0.02", "500")] = Decimal(1)
    """Milliseconds until 63 % of the way, in dB, to open."""
    hold_ms: Annotated[Decimal, between("0", "5000")] = Decimal(20)
    release_ms: Release = Decimal(100)
    """Milliseconds until 63 % of the way to closed."""
    hysteresis_db: Annotated[Decimal, between("0", "24")] = Decimal(3)


class DeEsser(Recipe):
    """Turns down what lies above ``hz`` where it is sharp: a shelf that moves, or the whole sound (``split`` false).

    It listens to what lies above ``hz`` (12 dB per octave) alone, and takes ``range_db`` away at most.
    """

    threshold_db: Threshold
    hz: Annotated[Decimal, between("1000", "20000")] = Decimal(6000)
    ratio: Ratio = Decimal(4)
    range_db: Annotated[Decimal, between("0", "40")] = Decimal(12)
    attack_ms: Attack = Decimal(1)
    release_ms: Release = Decimal(60)
    split: bool = True


class MultibandBand(Recipe):
    """One band of a multiband: its gain, and a compressor if it has one."""

    compressor: Compression | None = None
    gain_db: Annotated[Decimal, between("-40", "24")] = Decimal(0)


class Multiband(Recipe):
    """Two to four bands, each with a compressor and a gain; Linkwitz-Riley crossovers of 24 dB per octave.

    The bands sum to an all-pass: flat in level, later in phase around the crossovers.  Where no band does anything it
    is left out.
    """

    crossovers_hz: Annotated[tuple[Frequency, ...], Field(min_length=1, max_length=3)]
    """Where the bands meet, rising."""
    bands: Annotated[tuple[MultibandBand, ...], Field(min_length=2, max_length=4)]
    """From the lowest to the highest: one more than crossovers."""

    @model_validator(mode="after")
    def _bands_meet(self) -> "Multiband":
        if any(high <= low for low, high in pairwise(self.crossovers_hz)):
            raise ValueError("crossovers_hz: they must rise, no two at one frequency")
        if len(self.bands) != len(self.crossovers_hz) + 1:
            crossovers, bands = len(self.crossovers_hz), len(self.bands)
            raise ValueError(f"bands: {crossovers} crossovers_hz part {crossovers + 1} bands, not {bands}")
        return self
