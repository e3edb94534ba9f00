"""Channels: what strips, groups, buses and the master bus have in common, and what each has of its own.

The way of a sound through any of them: tone, then (on a bus) effects, then plug-ins of other makers, then automation,
fader and pan, then its sends.
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
    """A breakpoint of an automation: straight lines in dB between points, held before the first and after the last."""

    at_s: Seconds
    gain_db: Gain


class PanPoint(Recipe):
    """A breakpoint of a pan's automation: straight lines in position between points, held at both ends."""

    at_s: Seconds
    pan: Pan


def _in_order(field: str, points: Sequence[Point | PanPoint]) -> None:
    times = [point.at_s for point in points]
    if any(late <= early for early, late in pairwise(times)):
        raise ValueError(f"{field}: the points must be in the order of time, no two at one time")


class Send(Recipe):
    """What goes from a channel to a bus; written as a gain alone, or in full.

    It leaves behind fader and pan; with ``pre_fader`` behind the tone, where a mono strip stands in the centre (-3 dB).
    """

    gain_db: Gain = Decimal(0)
    pre_fader: bool = False
    automation: tuple[Point, ...] = ()
    """Added to ``gain_db``."""

    @model_validator(mode="before")
    @classmethod
    def _a_gain_alone(cls, given: Any) -> Any:  # noqa: ANN401 - whatever the author wrote, before it is checked
        return given if isinstance(given, dict | Send) else {"gain_db": given}

    @model_validator(mode="after")
    def _points_in_order(self) -> "Send":
        _in_order("automation", self.automation)
        return self


class Channel(Tone):
    """Tone, automation, fader and pan.  ``gain_db`` is the fader; its automation is added to it.

    ``pan_automation`` takes the place of ``pan``.  Mono is panned at constant power (-3 dB in the centre), stereo is
    balanced; what went through plug-ins is stereo.
    """

    gain_db: Gain = Decimal(0)
    pan: Pan = Decimal(0)
    automation: tuple[Point, ...] = ()
    pan_automation: tuple[PanPoint, ...] = ()
    external: tuple[External, ...] = ()
    """Plug-ins, in this order, between its tone (and effects) and its fader."""

    @model_validator(mode="after")
    def _points_in_order(self) -> "Channel":
        _in_order("automation", self.automation)
        _in_order("pan_automation", self.pan_automation)
        return self


class Sending(Channel):
    """A channel that can send to buses."""

    sends: Mapping[str, Send] = Field(default_factory=dict)


class Grouped(Sending):
    """A channel that feeds a group, or the master bus where none is named."""

    mute: bool = False
    group: str | None = None


class Strip(Grouped):
    """A channel strip: repairs, tone, then automation, fader and pan, then sends.

    A strip named ``drums`` hears every track of the part; one named ``drums.kick-in`` hears that track alone and feeds
    ``drums`` where there is such a strip, unless its ``group`` says otherwise.
    """

    invert: bool = False
    delay_ms: Milliseconds = Decimal(0)


class Group(Grouped):
    """The stereo sum of the strips and groups that name it."""


class Bus(Sending):
    """An effect return: fed by sends, wholly wet, mixed into the master bus.

    In this order: tone, chorus, phaser, delay, reverb, convolution, then its fader.
    """

    chorus: Chorus | None = None
    phaser: Phaser | None = None
    delay: Delay | None = None
    reverb: Reverb | None = None
    convolution: Convolution | None = None


class MasterBus(Channel):
    """What the sum goes through."""
