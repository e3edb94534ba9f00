"""Splices and joints as a render reports them: their place, their fade and the correlation of the material joined."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field

from domain.recipe.values import Recipe

_NOTE: Final = re.compile(
    r"layer (\d+): take (\d+) to take (\d+), decided at frame (\d+), spliced at frame (\d+), fade (\d+) to (\d+)"
    r"(?:, correlation (.+))?"
)
_ALIKE: Final = re.compile(r"(\S+) (-?\d\.\d{3})")


class Splice(Recipe):
    """A joint between two takes, in frames of song time; every track is cut there."""

    layer: Annotated[int, Field(gt=0)]
    left: int
    """Number of the take that ends."""
    right: int
    decided: Annotated[int, Field(ge=0)]
    at: Annotated[int, Field(ge=0)]
    fade_start: Annotated[int, Field(ge=0)]
    fade_end: Annotated[int, Field(ge=0)]
    correlation: Mapping[str, Decimal]
    """Correlation by track that both takes have, -1 to 1 in thousandths; the fade law is computed from it."""


class ArrangedJoint(Recipe):
    """A joint between two stretches of an arrangement; every part is cut there."""

    stretch: Annotated[int, Field(gt=1)]
    """Index of the stretch that begins, from 1; contiguous stretches of recorded time count as one."""
    left: Annotated[int, Field(ge=0)]
    """Frame of recorded time before which the left stretch ends."""
    right: Annotated[int, Field(ge=0)]
    """Frame of recorded time at which the right stretch begins."""
    at: Annotated[int, Field(ge=0)]
    """Frame of the result."""
    fade_start: Annotated[int, Field(ge=0)]
    fade_end: Annotated[int, Field(ge=0)]
    correlation: Mapping[str, Decimal]
    """Correlation by track, as in :class:`Splice`."""


def splice_note(splice: Splice) -> str:
    """Format *splice* as a line of a report."""
    words = [
        f"layer {splice.layer}: take {splice.left} to take {splice.right}",
        f"decided at frame {splice.decided}",
        f"spliced at frame {splice.at}",
        f"fade {splice.fade_start} to {splice.fade_end}",
    ]
    return ", ".join([*words, *_alike(splice.correlation)])


def joint_note(joint: ArrangedJoint) -> str:
    """Format *joint* as a line of a report."""
    words = [
        f"stretch {joint.stretch}: recorded frame {joint.left} to recorded frame {joint.right}",
        f"joined at frame {joint.at}",
        f"fade {joint.fade_start} to {joint.fade_end}",
    ]
    return ", ".join([*words, *_alike(joint.correlation)])


def _alike(correlation: Mapping[str, Decimal]) -> list[str]:
    told = ", ".join(f"{track} {value}" for track, value in correlation.items())
    return [f"correlation {told}"] if told else []


def splice_noted(note: str) -> Splice | None:
    """Parse a line of a report; None if it is not about a splice."""
    found = _NOTE.fullmatch(note)
    if not found:
        return None
    layer, left, right, decided, at, start, end = (int(number) for number in found.groups()[:7])
    return Splice(
        layer=layer, left=left, right=right, decided=decided, at=at, fade_start=start, fade_end=end,
        correlation={track: Decimal(value) for track, value in _ALIKE.findall(found[8] or "")},
    )  # fmt: skip
