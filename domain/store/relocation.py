"""Relocation of a log: the last event in the old place, and part of the copy."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from domain.core.event import Event


class LogMoved(Event):
    """The log was moved to another place and continues there.

    The address names no role and holds no secret; of a file only the name is kept, because events are never erased.
    """

    kind: Literal["log-moved"] = "log-moved"
    medium: Literal["file", "postgresql"]
    to: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
