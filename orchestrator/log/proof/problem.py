"""Findings of a proof."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A deviation from what was recorded; *position* is None if it concerns no single event."""

    position: int | None
    what: str
    remedy: str = ""
    """The command that repairs it, if there is one; it never loses anybody's work."""
