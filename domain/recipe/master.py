"""The master recipe: tone and glue for every song, then the targets."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.recipe.tone import Tone
from domain.recipe.values import Recipe, Word, between


class Target(Recipe):
    """A target of a master.  Without ``integrated_lufs`` the loudness stays as mixed."""

    rate: Literal[44100, 48000, 88200, 96000] | None = None
    """Hz; None keeps the rate of the source."""
    bits: Literal[16, 24] = 24
    integrated_lufs: Annotated[Decimal, between("-40", "-5")] | None = None
    ceiling_dbtp: Annotated[Decimal, between("-12", "0")] = Decimal(-1)
    dither: Literal["tpdf", "shaped", "none"] = "tpdf"
    """``shaped`` moves the noise to where the ear is least sensitive; 44.1 and 48 kHz only."""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    """Seed of the dither; equal seeds give equal bits."""

    @model_validator(mode="after")
    def _shaped_where_it_can_be(self) -> "Target":
        if self.dither == "shaped" and self.rate in {88200, 96000}:
            raise ValueError(f"dither: shaped is made for 44.1 and 48 kHz, not for {self.rate} Hz")
        return self


class MasterRecipe(Recipe):
    """A master: tone and glue for every song, then one album gain and one limiter per target."""

    format: Literal[1] = 1
    chain: Tone = Tone()
    targets: Annotated[Mapping[Word, Target], Field(min_length=1)]

    @model_validator(mode="after")
    def _listens_to_itself_alone(self) -> "MasterRecipe":
        if self.chain.side_chains:
            raise ValueError(f"chain: a master has no strip {self.chain.side_chains[0]!r} to listen to")
        return self
