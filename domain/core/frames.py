"""Ranges of frames."""

from typing import Annotated

from pydantic import Field

from domain.core.event import Value


class Range(Value):
    """A half-open range of frames."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(gt=0)]
