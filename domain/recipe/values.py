"""Base types of all recipes: ranged decimals, and a model that refuses unknown fields."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


def between(low: str, high: str) -> object:
    """Return a pydantic field for a finite decimal from *low* to *high*, both included."""
    return Field(ge=Decimal(low), le=Decimal(high), allow_inf_nan=False)


Gain = Annotated[Decimal, between("-144", "48")]
"""dB; -144 is silence."""
Pan = Annotated[Decimal, between("-1", "1")]
"""-1 left, 0 centre, 1 right."""
Frequency = Annotated[Decimal, between("10", "40000")]
Quality = Annotated[Decimal, between("0.1", "40")]
Milliseconds = Annotated[Decimal, between("0", "2000")]
Share = Annotated[Decimal, between("0", "1")]
Seconds = Annotated[Decimal, between("0", "36000")]
Semitones = Annotated[Decimal, between("-24", "24")]
StretchRatio = Annotated[Decimal, between("0.5", "2")]
"""Length after stretching divided by length before."""
Word = Annotated[str, StringConstraints(pattern=r"^[^\s/\\@.:]{1,120}$")]
"""A name that is part of an address and of file names."""


class Recipe(BaseModel):
    """Base of recipe tables: immutable; unknown fields are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
