"""Findings of a proof."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A deviation from the recorded log; *position* is None if it concerns no single event."""

    position: int | None
    what: str
    remedy: str = ""
    """The command that repairs the problem without loss of anybody's work; empty if there is none."""
