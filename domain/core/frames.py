"""Stretches of time, counted in frames."""

from typing import Annotated

from pydantic import Field

from domain.core.event import Value


class Range(Value):
    """From one frame to another, half open."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(gt=0)]
