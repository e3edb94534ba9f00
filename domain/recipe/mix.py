"""The mix recipe: strips, groups, effect buses, the master bus, versions and prints."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.recipe.channel import Bus, Channel, Group, MasterBus, Strip
from domain.recipe.effects import Tempo
from domain.recipe.external import External
from domain.recipe.routing import Routing, part_of
from domain.recipe.values import Gain, Recipe, Seconds, Word, between

PrintKind = Literal["stems", "instrumental", "a-cappella", "tv", "clean", "listen"]


class Version(Recipe):
    """A version of the song: the strips and groups that are left out, or the only ones that sound."""

    without: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


class Words(Recipe):
    """A passage of one strip that a clean print silences, with fades of 5 ms."""

    strip: str
    from_s: Seconds
    to_s: Seconds

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Words":
        if self.to_s <= self.from_s:
            raise ValueError(f"to_s: a passage ends after it begins, not at {self.to_s} s")
        return self


class Listen(Recipe):
    """The limited print for listening: gain and true-peak ceiling."""

    gain_db: Gain = Decimal(0)
    ceiling_dbtp: Annotated[Decimal, between("-12", "0")] = Decimal(-1)


class MixRecipe(Recipe):
    """A mix recipe; ``main``, every version, and every kind in ``prints`` are printed.

    ``stems`` are prints before the master bus, one for each strip or group that feeds it, each with the returns of its
    sends and with the gains of the whole mix, so that the stems sum to the mix; plug-ins on a bus process each stem
    separately. ``instrumental`` is without all vocals, ``tv`` without the lead, ``a-cappella`` has nothing but vocals,
    ``clean`` is without the ``explicit`` words, ``listen`` is limited for listening.
    """

    format: Literal[1] = 1
    external: bool = False
    """Allow plug-ins of other makers; the mix is then not reproducible."""
    tempo_bpm: Tempo | None = None
    """Tempo that note values of delays refer to."""
    prints: tuple[PrintKind, ...] = ()
    lead_vocals: tuple[str, ...] = ()
    backing_vocals: tuple[str, ...] = ()
    """Names of strips or groups."""
    explicit: tuple[Words, ...] = ()
    listen: Listen = Listen()
    strips: Mapping[str, Strip]
    groups: Mapping[Word, Group] = Field(default_factory=dict)
    buses: Mapping[str, Bus] = Field(default_factory=dict)
    master: MasterBus = MasterBus()
    versions: Mapping[Word, Version] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_exist(self) -> "MixRecipe":
        self.routing.check()
        self._check_versions()
        self._check_voices()
        self._check_prints()
        self._check_plug_ins()
        for name, bus in self.buses.items():
            if bus.delay and bus.delay.note and self.tempo_bpm is None:
                raise ValueError(f"buses.{name}.delay.note: a note has no length without tempo_bpm, at the top")
        return self

    def _check_versions(self) -> None:
        for name, version in self.versions.items():
            if name == "main":
                raise ValueError("versions.main: the main version is the recipe itself")
            for heard in (*version.without, *version.only):
                if heard not in self.strips and heard not in self.groups:
                    raise ValueError(f"versions.{name}: there is no strip {heard!r}")

    def _check_voices(self) -> None:
        for field, names in (("lead_vocals", self.lead_vocals), ("backing_vocals", self.backing_vocals)):
            for name in names:
                if name not in self.strips and name not in self.groups:
                    raise ValueError(f"{field}: there is no strip or group {name!r}")
        for words in self.explicit:
            if words.strip not in self.strips:
                raise ValueError(f"explicit.strip: there is no strip {words.strip!r}")

    def _check_prints(self) -> None:
        voices = self.lead_vocals + self.backing_vocals
        lacking = {
            "tv": "" if self.lead_vocals else "leaves the lead out; name it in lead_vocals",
            "instrumental": "" if voices else "leaves the voices out; name them in lead_vocals and backing_vocals",
            "a-cappella": "" if voices else "has the voices alone; name them in lead_vocals and backing_vocals",
            "clean": "" if self.explicit else "silences what explicit names; nothing is named there",
        }
        for kind in self.prints:
            if kind in self.versions:
                raise ValueError(f"prints: [versions.{kind}] makes a print of this name already")
            if said := lacking.get(kind):
                raise ValueError(f"prints: {kind} {said}")

    def _check_plug_ins(self) -> None:
        for field, _, external in self._external():
            if not self.external:
                raise ValueError(
                    f"{field}: plug-in {external.plugin!r} wants external = true at the top, for what comes of it is "
                    "not reproducible"
                )

    def _external(self) -> Iterator[tuple[str, str, External]]:
        """Field, channel in words, and recipe of each plug-in."""
        tables: tuple[tuple[str, str, Mapping[str, Channel]], ...] = (
            ("strips.", "", self.strips), ("groups.", "group ", self.groups), ("buses.", "bus ", self.buses),
            ("", "", {"master": self.master}),
        )  # fmt: skip
        for table, kind, channels in tables:
            for name, channel in channels.items():
                for number, external in enumerate(channel.external):
                    yield f"{table}{name}.external.{number}", f"{kind}{name}", external

    @property
    def plug_ins(self) -> tuple[tuple[str, str], ...]:
        """Channel and plug-in name of each plug-in of another maker, such as ``("lead-vocal", "limiter")``."""
        return tuple((place, external.plugin) for _, place, external in self._external())

    @property
    def stem_notes(self) -> tuple[str, ...]:
        """Notes of a report on stems that may not sum to the mix: one per bus with plug-ins."""
        hosts = [name for name, bus in self.buses.items() if bus.external] if "stems" in self.prints else []
        return tuple(f"stems may not sum to the mix: plug-ins of bus {name} hear each stem alone" for name in hosts)

    @property
    def routing(self) -> Routing:
        """The routing of all channels."""
        return Routing(self.strips, self.groups, self.buses, self.master)

    @property
    def impulses(self) -> Mapping[str, str]:
        """The bus of each impulse by the impulse's name, sorted; the last one if several buses use it."""
        return dict(sorted((bus.convolution.impulse, name) for name, bus in self.buses.items() if bus.convolution))

    @property
    def parts(self) -> tuple[str, ...]:
        """Slugs of the parts in this mix, sorted."""
        return tuple(sorted({part_of(name) for name in self.strips}))
