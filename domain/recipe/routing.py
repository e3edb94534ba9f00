"""Routing of a mix by channel names: from strips, groups and buses to the master bus, without cycles.

Strips and groups share one namespace; a bus is called ``bus room`` and so may share the name of a strip.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.recipe.channel import Bus, Channel, Group, Grouped, MasterBus, Sending, Strip

MASTER = "master"


@dataclass(frozen=True, slots=True)
class Wire:
    """A connection from one channel to another, and the field that makes it, such as ``strips.kick.group``."""

    source: str
    listener: str
    field: str


@dataclass(frozen=True, slots=True)
class Routing:
    """All channels of a mix by name."""

    strips: Mapping[str, Strip]
    groups: Mapping[str, Group]
    buses: Mapping[str, Bus]
    master: MasterBus

    @property
    def grouped(self) -> dict[str, Grouped]:
        """Strips, then groups, each sorted by name."""
        return {**dict(sorted(self.strips.items())), **dict(sorted(self.groups.items()))}

    @property
    def senders(self) -> dict[str, Sending]:
        """Strips, then groups, then buses, each sorted by name."""
        return {**self.grouped, **{bus_name(name): bus for name, bus in sorted(self.buses.items())}}

    def feeds(self, name: str) -> str | None:
        """The strip or group that a strip or group feeds; None is the master bus."""
        part = part_of(name) if name in self.strips else name
        return self.grouped[name].group or (part if part != name and part in self.strips else None)

    def way(self, track: str) -> tuple[str, ...]:
        """Strips and groups on the path of a track such as ``drums.kick-in``; empty if the mix does not use it."""
        at = next((name for name in (track, part_of(track)) if name in self.strips), None)
        way: list[str] = []
        while at is not None:
            way.append(at)
            at = self.feeds(at)
        return tuple(way)

    def check(self) -> None:
        """Check names and connections.  Raises: ValueError, with the field; a name is unknown or taken, or a cycle."""
        for name in self.groups:
            if name in self.strips:
                raise ValueError(f"groups.{name}: there is a strip of this name; a group needs one of its own")
        wires = list(self._wires())
        for wire in wires:
            self._refuse_unknown(wire)
        hears: dict[str, list[Wire]] = {}
        for wire in wires:
            hears.setdefault(wire.listener, []).append(wire)
        _refuse_circles(hears)

    def _wires(self) -> Iterator[Wire]:
        for name, channel in self.grouped.items():
            place = f"{'strips' if name in self.strips else 'groups'}.{name}"
            if channel.group is not None:
                yield Wire(name, channel.group, f"{place}.group")
            elif (feeds := self.feeds(name)) is not None:
                yield Wire(name, feeds, place)
            yield from _wires_of(name, channel, place)
            yield from (Wire(name, bus_name(bus), f"{place}.sends.{bus}") for bus in channel.sends)
        for name, bus in self.buses.items():
            yield from _wires_of(bus_name(name), bus, f"buses.{name}")
            yield from (Wire(bus_name(name), bus_name(other), f"buses.{name}.sends.{other}") for other in bus.sends)
        yield from _wires_of(MASTER, self.master, MASTER)

    def _refuse_unknown(self, wire: Wire) -> None:
        if wire.source not in self.senders:
            raise ValueError(f"{wire.field}: there is no strip or group {wire.source!r}")
        if wire.field.endswith(".group") and wire.listener not in self.groups:
            raise ValueError(f"{wire.field}: there is no group {wire.listener!r}; write [groups.{wire.listener}]")
        if wire.listener not in {*self.senders, MASTER}:
            bus = wire.listener.removeprefix(bus_name(""))
            raise ValueError(f"{wire.field}: there is no bus {bus!r}; write [buses.{bus}]")


def bus_name(bus: str) -> str:
    """The name of a bus among all channels."""
    return f"bus {bus}"


def part_of(strip: str) -> str:
    """The part of a strip: ``drums`` for ``drums.kick-in`` and for ``drums``."""
    return strip.partition(".")[0]


def _wires_of(name: str, channel: Channel, place: str) -> Iterator[Wire]:
    """Connections made by the channel's side-chains."""
    for field in ("gate", "compressor"):
        processor = getattr(channel, field)
        if processor and processor.side_chain is not None:
            yield Wire(processor.side_chain, name, f"{place}.{field}.side_chain")


def _refuse_circles(hears: Mapping[str, list[Wire]]) -> None:
    """Depth-first search from every channel along its inputs.  Raises: ValueError on a cycle."""
    done: set[str] = set()
    for start in hears:
        way: list[str] = [start]
        open_wires = [iter(hears[start])]
        while way:
            wire = next(open_wires[-1], None)
            if wire is None:
                done.add(way.pop())
                open_wires.pop()
            elif wire.source in way:
                circle = " hears ".join((*way[way.index(wire.source) :], wire.source))
                raise ValueError(f"{wire.field}: closes a circle: {circle}")
            elif wire.source not in done:
                way.append(wire.source)
                open_wires.append(iter(hears.get(wire.source, ())))
