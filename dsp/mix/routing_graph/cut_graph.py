"""The connections between channels in one cut of the mix.

* A strip ``drums.kick-in`` takes that track and feeds the strip ``drums``; if there is no strip ``drums``, it feeds the
  master bus, and tracks of the part without a strip of their own are unused.  If it names a group, it feeds the group.
* A strip ``drums`` takes the track strips of its part, and the part's other tracks unprocessed (a mono track in the
  centre, at -3 dB).  It is a stereo strip, whose pan balances; if its part is a single mono track without a strip, it
  is a mono strip, whose pan is at constant power.
* A group takes the strips and groups that name it, and feeds its own group or the master bus.
* A send is taken after a channel's fader and pan, or before its fader.  Muting a channel, or leaving it out of a
  version, silences all that feeds it, sends included.
* A bus processes its sends with its tone and effects, and feeds the master bus.
* Plug-ins of other makers stand between the tone (and effects) of any channel and its fader, in stereo: a mono strip is
  in the centre there (-3 dB), and balances after them.

All sums are in the order of names, strips before groups before buses.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from domain.recipe import (
    Bus,
    Channel,
    External,
    Group,
    Grouped,
    MasterBus,
    Send,
    Sending,
    Strip,
    bus_name,
    part_of,
)  # fmt: skip
from dsp.audio import STEREO
from dsp.blocks.graph import Node
from dsp.files.sound import SoundReader
from dsp.kernels.maths import amplitude
from dsp.mix.bus_share import Sends, ShareProcessor, on_share
from dsp.mix.effects import Effect, effects_of, tail_frames
from dsp.mix.fader import Fader, fader_of
from dsp.mix.muted_passages import MutedPassages
from dsp.mix.nodes import on_sum, on_track, summing, through
from dsp.mix.plugins.rack import inserted
from dsp.mix.prints import PrintRange
from dsp.mix.routing_graph.node_registry import NodeRegistry
from dsp.mix.strip import BusProcessor, ChannelProcessor

AS_IT_IS = Strip()
FADER_UP = {"gain_db": Decimal(0), "pan": Decimal(0), "automation": (), "pan_automation": ()}
TONE_ALONE = {**FADER_UP, "external": ()}


class CutGraph:
    """The nodes of one cut; None for channels that are silent in it.

    Args:
        registry: nodes and other state shared by all cuts.
        cut: the tracks of this cut.
        keys: side-chain inputs of a channel, equal in every cut.
        main: wiring of the main version, if this cut is a share of it.
    """

    def __init__(
        self,
        registry: NodeRegistry,
        cut: PrintRange,
        keys: Callable[[Channel], Mapping[str, Node]],
        main: "CutGraph | None" = None,
    ) -> None:
        self._registry, self._recipe, self._routing, self._cut, self._keys = (
            registry,
            registry.recipe,
            registry.routing,
            cut,
            keys,
        )
        self._main, self._rate = main, registry.rate
        self._made: dict[tuple[str, bool], Node | None] = {}

    def master(self) -> Node:
        """The master bus with all of its inputs."""
        bus = self._recipe.master
        if not bus.external:
            return self._master("master", bus)
        dry = self._master("master before its plug-ins", bus.model_copy(update=TONE_ALONE))
        return self._faded("master", bus, self._plugged("master", bus, dry))

    def _master(self, node: str, bus: MasterBus) -> Node:
        tops = self._tops()
        return self._on_sum(node, bus, tops, [1.0] * len(tops), lambda: BusProcessor(bus, self._rate))

    def before_master(self) -> Node:
        """The sum of the master bus's inputs."""
        inputs = self._registry.in_time(self._tops())
        return self._registry.node("sum", inputs, lambda: summing(inputs))

    def _tops(self) -> list[Node]:
        names = [name for name in self._routing.grouped if self._routing.feeds(name) is None]
        names += [bus_name(bus) for bus in sorted(self._recipe.buses)]
        return [node for name in names if (node := self.behind_fader(name))]

    def behind_fader(self, name: str) -> Node | None:
        """A strip, group or bus after its fader and pan; None if it is silent."""
        return self._once(name, faded=True)

    def _before_fader(self, name: str) -> Node | None:
        """A strip, group or bus after its tone and effects, in stereo; None if it is silent."""
        return self._once(name, faded=False)

    def _once(self, name: str, *, faded: bool) -> Node | None:
        if (name, faded) not in self._made:
            channel = self._routing.senders[name]
            if channel.external:
                self._made[name, faded] = self._with_plug_ins(name, channel, faded=faded)
            else:
                channel = channel if faded else channel.model_copy(update=FADER_UP)
                self._made[name, faded] = self._channel(name if faded else f"{name} before its fader", name, channel)
        return self._made[name, faded]

    def _with_plug_ins(self, name: str, channel: Sending, *, faded: bool) -> Node | None:
        dry = self._channel(f"{name} before its plug-ins", name, channel.model_copy(update=TONE_ALONE))
        wet = self._plugged(f"group {name}" if isinstance(channel, Group) else name, channel, dry) if dry else None
        return self._faded(name, channel, wet) if wet and faded else wet

    def _plugged(self, place: str, channel: Channel, node: Node) -> Node:
        """*node* followed by the plug-ins of a channel."""
        for number, external in enumerate(channel.external, 1):
            node = self._plug_in(place, number, external, node)
        return node

    def _plug_in(self, place: str, number: int, external: External, node: Node) -> Node:
        def make() -> Node:
            return inserted(node, self._registry.rack.insert(place, number, external, self._rate))

        return self._registry.node(f"external {place}", (node,), make)

    def _faded(self, name: str, channel: Channel, node: Node) -> Node:
        return self._registry.node(f"fader {name}", (node,), lambda: through(node, Fader(channel, self._rate, STEREO)))

    def _channel(self, node: str, name: str, channel: Sending) -> Node | None:
        match channel:
            case Strip():
                return self._strip(node, name, channel)
            case Group():
                inputs = [heard for one in self._members(name) if (heard := self.behind_fader(one))]
                return self._group(node, channel, inputs)
            case Bus():
                return self._bus(node, name, channel)
            case _:
                raise TypeError(f"a {type(channel).__name__} is no channel of a console")

    def _members(self, group: str) -> Iterator[str]:
        return (one for one in self._routing.grouped if self._routing.feeds(one) == group)

    def _strip(self, node: str, name: str, strip: Strip) -> Node | None:
        tracks = [track for track in sorted(self._registry.tracks) if name in {track, part_of(track)}]
        heard = [track for track in tracks if track in self._cut.tracks]
        if not heard:
            return None
        if name in tracks or (len(tracks) == 1 and tracks[0] not in self._recipe.strips):
            return self._on_track(node, heard[0], strip)
        own = [track for track in heard if track not in self._recipe.strips or self._routing.feeds(track) == name]
        return self._group(node, strip, [self._input(track) for track in own])

    def _input(self, track: str) -> Node:
        """A track as input of its part's strip: its own strip, else the unprocessed track."""
        own = self.behind_fader(track) if track in self._recipe.strips else None
        return own or self._on_track(track, track, AS_IT_IS)

    def _group(self, node: str, channel: Grouped, inputs: Sequence[Node]) -> Node | None:
        if not inputs:
            return None
        late = self._registry.delay_frames(channel) if isinstance(channel, Strip) else 0
        invert = isinstance(channel, Strip) and channel.invert

        def at_work() -> ChannelProcessor:
            return ChannelProcessor(channel, self._rate, STEREO, invert=invert)

        return self._on_sum(node, channel, inputs, [1.0] * len(inputs), at_work, delay_frames=late)

    def _bus(self, node: str, name: str, bus: Bus) -> Node | None:
        sends = self.sends_to(name)
        if not sends:
            return None
        whole = self._main.sends_to(name) if self._main else sends
        if whole != sends:
            return self._on_share(node, bus, sends, whole)

        def at_work() -> BusProcessor:
            return BusProcessor(bus, self._rate, self._effects(bus))

        inputs, gains = [one for one, _ in sends], [gain for _, gain in sends]
        return self._on_sum(node, bus, inputs, gains, at_work, rings=self._rings(bus))

    def _on_share(self, node: str, bus: Bus, share: Sends, whole: Sends) -> Node:
        keys = self._keys(bus)
        in_time = self._registry.in_time([*(one for one, _ in (*share, *whole)), *keys.values()])

        def make() -> Node:
            at_work = ShareProcessor(bus, self._rate, self._effects(bus))
            heard = iter(in_time)
            mine, everything = ([(next(heard), gain) for _, gain in sends] for sends in (share, whole))
            return on_share(mine, everything, at_work, dict(zip(keys, heard, strict=True)), rings=self._rings(bus))

        return self._registry.node(f"share {node}", in_time, make)

    def _effects(self, bus: Bus) -> list[Effect]:
        return list(effects_of(bus, self._rate, self._recipe.tempo_bpm, self._registry.impulses))

    def _rings(self, bus: Bus) -> int:
        return tail_frames(bus, self._rate, self._recipe.tempo_bpm, self._registry.impulses)

    def sends_to(self, name: str) -> Sends:
        """The inputs of a bus, such as ``bus room``, each with its gain."""
        return list(self._sends(name.removeprefix(bus_name(""))))

    def _sends(self, bus: str) -> Iterator[tuple[Node, float]]:
        for name, channel in self._routing.senders.items():
            if (send := channel.sends.get(bus)) and (gain := amplitude(float(send.gain_db))):
                heard = self._before_fader(name) if send.pre_fader else self.behind_fader(name)
                if heard:
                    yield (self._rides(f"{name} to {bus}", heard, send), 1.0) if send.automation else (heard, gain)

    def _rides(self, name: str, heard: Node, send: Send) -> Node:
        """The output of an automated send."""
        return self._registry.node(f"send {name}", (heard,), lambda: through(heard, fader_of(send, self._rate)))

    def _on_track(self, node: str, track: str, strip: Strip) -> Node:
        reader, clean = self._reader(track)
        keys = self._keys(strip)

        def make() -> Node:
            channel = ChannelProcessor(strip, self._rate, reader.channels, invert=strip.invert)
            return on_track(reader, channel, keys, delay_frames=self._registry.delay_frames(strip))

        return self._registry.node(f"track {node}{' clean' * clean}", tuple(keys.values()), make)

    def _reader(self, track: str) -> tuple[SoundReader | MutedPassages, bool]:
        """The reader of a track, and True if the cut mutes passages of it."""
        reader = self._registry.tracks[track]
        names = {track, part_of(track)}
        explicit = [words for words in self._recipe.explicit if self._cut.clean and words.strip in names]
        passages = [(round(words.from_s * self._rate), round(words.to_s * self._rate)) for words in explicit]
        return (MutedPassages(reader, passages), True) if passages else (reader, False)

    def _on_sum(
        self, node: str, channel: Channel, inputs: Sequence[Node], gains: Sequence[float],
        at_work: Callable[[], ChannelProcessor | BusProcessor], *, delay_frames: int = 0, rings: int = 0,
    ) -> Node:  # fmt: skip
        keys = self._keys(channel)
        in_time = self._registry.in_time([*inputs, *keys.values()])
        heard = in_time[: len(inputs)]
        listened = dict(zip(keys, in_time[len(inputs) :], strict=True))

        def make() -> Node:
            return on_sum(heard, gains, at_work(), listened, delay_frames=delay_frames, rings=rings)

        return self._registry.node(f"sum {node}", in_time, make)
