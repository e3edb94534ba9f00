"""Dynamics: gate, compressor, de-esser and multiband, each of which applies one gain to all channels of its signal."""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from domain.recipe.values import Frequency, Gain, Recipe, Share, between

Threshold = Annotated[Decimal, between("-80", "0")]
"""Peak of the loudest channel, dBFS."""
Ratio = Annotated[Decimal, between("1", "100")]
Attack = Annotated[Decimal, between("0.05", "500")]
"""Milliseconds until 63 % of a step is reached."""
Release = Annotated[Decimal, between("1", "5000")]
"""Milliseconds until 63 % of a step is reached."""
Knee = Annotated[Decimal, between("0", "24")]
"""Width in dB, half on each side of the threshold."""


class Compression(Recipe):
    """A feed-forward compressor with a soft knee."""

    threshold_db: Threshold
    ratio: Ratio = Decimal(2)
    attack_ms: Attack = Decimal(10)
    release_ms: Release = Decimal(120)
    knee_db: Knee = Decimal(6)
    makeup_db: Gain = Decimal(0)


class SideChained(Recipe):
    """A processor whose detector input is another strip or its own signal, optionally high-passed."""

    side_chain: str | None = None
    """Strip that is detected on, taken after its fader and pan; None for the processed sound itself."""
    side_chain_high_pass_hz: Frequency | None = None
    """High-pass in the detector path only, 12 dB per octave."""


class Compressor(SideChained, Compression):
    """A compressor with optional side-chain, look-ahead and parallel (dry) signal."""

    mix: Share = Decimal(1)
    """Share of the compressed signal: 1 is the compressed one alone, 0.5 equal parts; make-up comes before the mix."""
    lookahead_ms: Annotated[Decimal, between("0", "20")] = Decimal(0)
    """Milliseconds that the gain moves ahead of the sound; the console compensates the latency."""


class Gate(SideChained):
    """A gate, or with a low ratio an expander: levels below the threshold are turned down.

    It opens at the threshold, and closes when the level has been ``hysteresis_db`` below it for ``hold_ms``.  When
    closed, it attenuates by (ratio - 1) dB for each dB below the threshold, ``range_db`` at most.
    """

    threshold_db: Annotated[Decimal, between("-100", "0")]
    ratio: Ratio = Decimal(10)
    range_db: Annotated[Decimal, between("0", "120")] = Decimal(60)
    attack_ms: Annotated[Decimal, between("0.02", "500")] = Decimal(1)
    """Milliseconds to 63 % of the way, in dB, to open."""
    hold_ms: Annotated[Decimal, between("0", "5000")] = Decimal(20)
    release_ms: Release = Decimal(100)
    """Milliseconds to 63 % of the way, in dB, to closed."""
    hysteresis_db: Annotated[Decimal, between("0", "24")] = Decimal(3)


class DeEsser(Recipe):
    """Attenuates sibilance above ``hz`` by a dynamic shelf, or attenuates the whole signal (``split`` false).

    The detector input is high-passed at ``hz`` (12 dB per octave); the reduction is ``range_db`` at most.
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

    The bands sum to an all-pass: flat in level, with a phase shift around the crossovers.  A multiband without any
    effective band is left out.
    """

    crossovers_hz: Annotated[tuple[Frequency, ...], Field(min_length=1, max_length=3)]
    """Crossover frequencies, rising."""
    bands: Annotated[tuple[MultibandBand, ...], Field(min_length=2, max_length=4)]
    """Bands from the lowest to the highest, one more than crossovers."""

    @model_validator(mode="after")
    def _bands_meet(self) -> "Multiband":
        if any(high <= low for low, high in pairwise(self.crossovers_hz)):
            raise ValueError("crossovers_hz: they must rise, no two at one frequency")
        if len(self.bands) != len(self.crossovers_hz) + 1:
            crossovers, bands = len(self.crossovers_hz), len(self.bands)
            raise ValueError(f"bands: {crossovers} crossovers_hz part {crossovers + 1} bands, not {bands}")
        return self
