"""What a proof finds wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it was recorded; *position* is None where no single event is concerned."""

    position: int | None
    what: str
    remedy: str = ""
    """The command that makes it right, where one does; it never costs anybody's work."""
