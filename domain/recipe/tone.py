"""The tone of a strip, a bus or a master: filters and dynamics, in the order in which they stand."""

from decimal import Decimal
from typing import Annotated, Literal

from domain.recipe.values import Frequency, Gain, Quality, Recipe, between


class Band(Recipe):
    """One band of a parametric equaliser (RBJ audio EQ cookbook)."""

    type: Literal["bell", "low_shelf", "high_shelf"] = "bell"
    hz: Frequency
    gain_db: Annotated[Decimal, between("-30", "30")]
    q: Quality = Decimal("0.7071")


class Compressor(Recipe):
    """A feed-forward compressor with a soft knee; one gain for all channels of its strip."""

    threshold_db: Annotated[Decimal, between("-80", "0")]
    ratio: Annotated[Decimal, between("1", "100")] = Decimal(2)
    attack_ms: Annotated[Decimal, between("0.05", "500")] = Decimal(10)
    release_ms: Annotated[Decimal, between("1", "5000")] = Decimal(120)
    knee_db: Annotated[Decimal, between("0", "24")] = Decimal(6)
    makeup_db: Gain = Decimal(0)


class Tone(Recipe):
    """What any strip has in front of its dynamics; in this order: high-pass, bands, compressor."""

    high_pass_hz: Frequency | None = None
    eq: tuple[Band, ...] = ()
    compressor: Compressor | None = None
