"""The tone of a strip, a bus or a master: filters, dynamics and saturation, in processing order."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import model_validator

from domain.recipe.dynamics import Compressor, DeEsser, Gate, Multiband
from domain.recipe.values import Frequency, Gain, Quality, Recipe, Share, between

Slope = Literal[6, 12, 18, 24, 36, 48]
"""dB per octave of a Butterworth filter; -3 dB at its frequency."""


class ToneBand(Recipe):
    """One band of a parametric equaliser (RBJ audio EQ cookbook); a notch has no gain, all others require one."""

    type: Literal["bell", "low_shelf", "high_shelf", "notch"] = "bell"
    hz: Frequency
    gain_db: Annotated[Decimal, between("-30", "30")] = Decimal(0)
    q: Quality = Decimal("0.7071")

    @model_validator(mode="after")
    def _gain_where_there_is_one(self) -> "ToneBand":
        if self.type == "notch" and self.gain_db:
            raise ValueError(f"gain_db: a notch takes its frequency away wholly, it cannot have {self.gain_db} dB")
        if self.type != "notch" and "gain_db" not in self.model_fields_set:
            raise ValueError(f"gain_db: a {self.type} needs one")
        return self


class Tilt(Recipe):
    """Tilts the spectrum around ``pivot_hz``: ``gain_db`` more above, as much less below (one pole, one zero)."""

    pivot_hz: Frequency = Decimal(1000)
    gain_db: Annotated[Decimal, between("-12", "12")]


class Saturation(Recipe):
    """Saturation, from warmth to distortion: a smooth curve, oversampled against aliasing.

    With k = 10^(drive_db/20) - 1, ``tanh`` is tanh(kx)/k and ``soft`` x/sqrt(1 + (kx)^2): quiet sounds pass as they
    are, and a drive of 0 dB is left out.  The added distortion has no DC (first order, 5 Hz).
    """

    drive_db: Annotated[Decimal, between("0", "24")]
    kind: Literal["tanh", "soft"] = "tanh"
    mix: Share = Decimal(1)
    oversampling: Literal[4, 8] = 8
    gain_db: Gain = Decimal(0)
    """Part of the plan, but not applied by the renderer."""


class Stereo(Recipe):
    """Mid and side processed separately: M = (L + R)/2, S = (L - R)/2, then decoded.

    A mono strip has no side: only ``mid_eq`` takes effect.
    """

    width: Annotated[Decimal, between("0", "2")] = Decimal(1)
    """Factor of S: 0 is mono, 1 unchanged."""
    mid_eq: tuple[ToneBand, ...] = ()
    side_eq: tuple[ToneBand, ...] = ()
    mono_below_hz: Frequency | None = None
    """Butterworth high-pass of 24 dB per octave in S at this frequency."""


class Tone(Recipe):
    """The tone of a strip, a bus or a master.

    In this order: gate, high-pass, low-pass, bands, tilt, de-esser, compressor, multiband, saturation, stereo.
    """

    gate: Gate | None = None
    high_pass_hz: Frequency | None = None
    high_pass_slope_db: Slope = 12
    low_pass_hz: Frequency | None = None
    low_pass_slope_db: Slope = 12
    eq: tuple[ToneBand, ...] = ()
    tilt: Tilt | None = None
    deesser: DeEsser | None = None
    compressor: Compressor | None = None
    multiband: Multiband | None = None
    saturation: Saturation | None = None
    stereo: Stereo | None = None

    @model_validator(mode="after")
    def _slopes_of_filters(self) -> "Tone":
        for which in ("high_pass", "low_pass"):
            if f"{which}_slope_db" in self.model_fields_set and getattr(self, f"{which}_hz") is None:
                raise ValueError(f"{which}_slope_db: there is no filter without {which}_hz")
        return self

    @property
    def side_chains(self) -> tuple[str, ...]:
        """Names of the side-chain strips, sorted."""
        listening = (self.gate, self.compressor)
        return tuple(sorted({one.side_chain for one in listening if one and one.side_chain}))
