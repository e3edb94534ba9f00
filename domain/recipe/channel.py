"""Channels: the fields that strips, groups, buses and the master bus share, and the fields of each.

Signal path of every channel: tone, then (on a bus) effects, then plug-ins of other makers, then automation, fader and
pan, then its sends.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from pydantic import Field, model_validator

from domain.recipe.effects import Chorus, Convolution, Delay, Phaser, Reverb
from domain.recipe.external import External
from domain.recipe.tone import Tone
from domain.recipe.values import Gain, Milliseconds, Pan, Recipe, Seconds


class Point(Recipe):
    """A breakpoint of a gain automation: linear in dB between points, held before the first and after the last."""

    at_s: Seconds
    gain_db: Gain


class PanPoint(Recipe):
    """A breakpoint of a pan automation: linear in position between points, held before the first and after the last."""

    at_s: Seconds
    pan: Pan


def _in_order(field: str, points: Sequence[Point | PanPoint]) -> None:
    times = [point.at_s for point in points]
    if any(late <= early for early, late in pairwise(times)):
        raise ValueError(f"{field}: the points must be in the order of time, no two at one time")


class Send(Recipe):
    """A send from a channel to a bus; written as a gain alone, or in full.

    The signal is taken after fader and pan; with ``pre_fader`` after the tone, with a mono strip in the centre (-3 dB).
    """

    gain_db: Gain = Decimal(0)
    pre_fader: bool = False
    automation: tuple[Point, ...] = ()
    """Added to ``gain_db``."""

    @model_validator(mode="before")
    @classmethod
    def _a_gain_alone(cls, given: Any) -> Any:  # noqa: ANN401 - unchecked input of the author
        return given if isinstance(given, dict | Send) else {"gain_db": given}

    @model_validator(mode="after")
    def _points_in_order(self) -> "Send":
        _in_order("automation", self.automation)
        return self


class Channel(Tone):
    """Tone, automation, fader and pan.  ``gain_db`` is the fader; ``automation`` is added to it.

    ``pan_automation`` replaces ``pan``.  Mono is panned at constant power (-3 dB in the centre), stereo is balanced;
    plug-ins give stereo.
    """

    gain_db: Gain = Decimal(0)
    pan: Pan = Decimal(0)
    automation: tuple[Point, ...] = ()
    pan_automation: tuple[PanPoint, ...] = ()
    external: tuple[External, ...] = ()
    """Plug-ins in this order, after tone (and effects) and before the fader."""

    @model_validator(mode="after")
    def _points_in_order(self) -> "Channel":
        _in_order("automation", self.automation)
        _in_order("pan_automation", self.pan_automation)
        return self


class Sending(Channel):
    """A channel that can send to buses."""

    sends: Mapping[str, Send] = Field(default_factory=dict)


class Grouped(Sending):
    """A channel that feeds a group, or the master bus if none is named."""

    mute: bool = False
    group: str | None = None


class Strip(Grouped):
    """A channel strip: repairs, tone, then automation, fader and pan, then sends.

    A strip named ``drums`` takes every track of the part; one named ``drums.kick-in`` takes that track alone and feeds
    ``drums`` if there is such a strip, unless its ``group`` says otherwise.
    """

    invert: bool = False
    delay_ms: Milliseconds = Decimal(0)


class Group(Grouped):
    """The stereo sum of the strips and groups that name it."""


class Bus(Sending):
    """An effect return: fed by sends, fully wet, mixed into the master bus.

    In this order: tone, chorus, phaser, delay, reverb, convolution, then its fader.
    """

    chorus: Chorus | None = None
    phaser: Phaser | None = None
    delay: Delay | None = None
    reverb: Reverb | None = None
    convolution: Convolution | None = None


class MasterBus(Channel):
    """The channel of the final sum."""
