"""The mix: strips, effect buses, the master bus, and the versions that are printed."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.recipe.tone import Tone
from domain.recipe.values import Gain, Milliseconds, Pan, Recipe, Seconds, Share, Word, between


class Point(Recipe):
    """A breakpoint of an automation: straight lines in dB between points, held before the first and after the last."""

    at_s: Seconds
    gain_db: Gain


class Strip(Tone):
    """A channel strip: input gain and repairs, tone, then fader, automation and pan, then sends after the fader.

    A strip named ``drums`` hears every track of the part; one named ``drums.kick-in`` hears that track alone and feeds
    ``drums``.  A mono strip is panned at constant power (-3 dB in the centre), a stereo one is balanced.
    """

    gain_db: Gain = Decimal(0)
    pan: Pan = Decimal(0)
    invert: bool = False
    delay_ms: Milliseconds = Decimal(0)
    mute: bool = False
    sends: Mapping[str, Gain] = Field(default_factory=dict)
    automation: tuple[Point, ...] = ()

    @model_validator(mode="after")
    def _points_in_order(self) -> "Strip":
        times = [point.at_s for point in self.automation]
        if any(late <= early for early, late in pairwise(times)):
            raise ValueError("automation: the points must be in the order of time, no two at one time")
        return self


class Reverb(Recipe):
    """A room: size, damping and width from 0 to 1, and how long before the first reflection."""

    size: Share = Decimal("0.5")
    damping: Share = Decimal("0.5")
    width: Share = Decimal(1)
    pre_delay_ms: Milliseconds = Decimal(0)


class Delay(Recipe):
    """An echo."""

    time_ms: Annotated[Decimal, between("1", "2000")]
    feedback: Annotated[Decimal, between("0", "0.95")] = Decimal("0.3")


class Bus(Tone):
    """An effect return: fed by sends, wholly wet, mixed into the master bus."""

    reverb: Reverb | None = None
    delay: Delay | None = None
    gain_db: Gain = Decimal(0)


class MasterBus(Tone):
    """What the sum goes through."""

    gain_db: Gain = Decimal(0)


class Version(Recipe):
    """A version of the song as differences: strips left out, or the only ones heard."""

    without: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


class MixRecipe(Recipe):
    """A mix: strips, effect buses, the master bus and the versions printed from it; ``main`` is always printed."""

    format: Literal[1] = 1
    strips: Mapping[str, Strip]
    buses: Mapping[str, Bus] = Field(default_factory=dict)
    master: MasterBus = MasterBus()
    versions: Mapping[Word, Version] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_exist(self) -> "MixRecipe":
        for name, strip in self.strips.items():
            for bus in strip.sends:
                if bus not in self.buses:
                    raise ValueError(f"strips.{name}.sends: there is no bus {bus!r}; write [buses.{bus}]")
        for name, version in self.versions.items():
            if name == "main":
                raise ValueError("versions.main: the main version is the recipe itself")
            for heard in (*version.without, *version.only):
                if heard not in self.strips:
                    raise ValueError(f"versions.{name}: there is no strip {heard!r}")
        return self

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts this mix hears, sorted."""
        return tuple(sorted({name.split(".")[0] for name in self.strips}))
