"""The wiring of the console: which strip hears what, in which version.

* A strip ``drums.kick-in`` hears that track and feeds the strip ``drums``; where there is no strip ``drums``, it feeds
  the master bus, and the part's tracks without a strip of their own are not heard.
* A strip ``drums`` hears its part's track strips, and the part's other tracks as they are (a mono one in the centre, at
  -3 dB).  It is a stereo strip, and balances; only where its part is one mono track without a strip of its own is it a
  mono strip, and pans.
* A send leaves a strip behind its fader and pan.  Muting a part, or leaving it out of a version, silences its track
  strips with it, sends included.
* A bus hears its sends through its tone, echo and room, and feeds the master bus.

Whatever is summed is summed in the order of its names.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from domain.recipe import Bus, MasterBus, MixRecipe, Strip, Version
from dsp.audio import BLOCK_FRAMES, STEREO, Audio
from dsp.delay_line import frames_of
from dsp.effects import effects_of, tail_frames
from dsp.files import Reader
from dsp.graph import Make, Node
from dsp.maths import amplitude
from dsp.strip import StripAtWork
from dsp.sums import summed
from dsp.tone import ToneChain

Readers = Mapping[str, Mapping[str, Reader]]
"""Part to track to its open file."""

AS_IT_IS = Strip()


class Wiring:
    """The nodes of one render.  What two versions hear alike is one node, and is made once.

    Args:
        recipe: the mix.
        readers: one rate, at least one track.
    """

    def __init__(self, recipe: MixRecipe, readers: Readers) -> None:
        self._recipe, self._readers = recipe, readers
        self._nodes: dict[tuple[str, tuple[Node, ...]], Node] = {}
        tracks = [reader for part in readers.values() for reader in part.values()]
        self.rate = tracks[0].rate
        self.longest_frames = max(reader.frames for reader in tracks)

    def master(self, version: Version) -> Node:
        """The master bus of *version*, with all that it hears."""
        strips = dict(sorted(self._strips(version)))
        direct = [node for name, node in strips.items() if name == part_of(name) or part_of(name) not in strips]
        buses = [node for name in sorted(self._recipe.buses) if (node := self._bus(name, strips))]
        inputs, bus = (*direct, *buses), self._recipe.master
        return self._node("master", inputs, lambda: bus_at_work(bus, self.rate, [1.0] * len(inputs)))

    def _strips(self, version: Version) -> Iterator[tuple[str, Node]]:
        """Every strip that sounds in *version*, by its name."""
        for part, tracks in self._readers.items():
            names = {f"{part}.{track}": reader for track, reader in tracks.items()}
            audible = {name: reader for name, reader in names.items() if self._sounds(name, version)}
            own = {name: self._track(name, reader) for name, reader in audible.items() if name in self._recipe.strips}
            yield from own.items()
            if part in self._recipe.strips and audible:
                yield part, self._part(part, audible, own)

    def _sounds(self, track: str, version: Version) -> bool:
        """Whether the track, such as ``drums.kick-in``, is heard at all: neither it nor its part is switched off."""
        names = {track, part_of(track)}
        strips = (self._recipe.strips.get(name, AS_IT_IS) for name in names)
        left_out = names & set(version.without) or (version.only and not names & set(version.only))
        return not left_out and not any(strip.mute for strip in strips)

    def _part(self, part: str, audible: Mapping[str, Reader], own: Mapping[str, Node]) -> Node:
        if len(self._readers[part]) == 1 and not own:
            return self._track(next(iter(audible)), next(iter(audible.values())), strip=part)
        inputs = tuple(own.get(name) or self._track(name, reader) for name, reader in sorted(audible.items()))
        strip = self._recipe.strips[part]
        late = delay_frames(strip, self.rate)
        return self._node(f"part {part}", inputs, lambda: group_at_work(strip, self.rate), late)

    def _track(self, name: str, reader: Reader, *, strip: str = "") -> Node:
        """A track through the strip that is named, else through its own, else as it is."""
        settings = self._recipe.strips.get(strip or name, AS_IT_IS)
        ends = reader.frames + delay_frames(settings, self.rate)
        return self._node(f"track {name}", (), lambda: track_at_work(settings, reader), ends)

    def _bus(self, name: str, strips: Mapping[str, Node]) -> Node | None:
        """The bus with those strips that send to it; None where nothing does."""
        sends = {strip: amplitude(float(self._recipe.strips[strip].sends.get(name, -144))) for strip in strips}
        heard = {strip: gain for strip, gain in sends.items() if gain}
        if not heard:
            return None
        bus = self._recipe.buses[name]
        inputs = tuple(strips[strip] for strip in heard)
        tail = tail_frames(bus, self.rate)
        return self._node(f"bus {name}", inputs, lambda: bus_at_work(bus, self.rate, list(heard.values())), tail)

    def _node(self, name: str, inputs: tuple[Node, ...], make: Callable[[], Make], rings: int = 0) -> Node:
        """The node of this name over these inputs, made the first time it is asked for."""
        if (name, inputs) not in self._nodes:
            ends = max((node.ends for node in inputs), default=0) + rings
            self._nodes[name, inputs] = Node(make(), inputs, ends)
        return self._nodes[name, inputs]


def part_of(strip: str) -> str:
    """``drums`` of ``drums.kick-in``, and of ``drums``."""
    return strip.partition(".")[0]


def delay_frames(strip: Strip, rate: int) -> int:
    """By how much a strip is late."""
    return frames_of(strip.delay_ms, rate)


def track_at_work(strip: Strip, reader: Reader) -> Make:
    """A strip on a track."""
    at_work = StripAtWork(strip, reader.rate, reader.channels)

    def make(number: int, _: Sequence[Audio]) -> Audio:
        return at_work.process(number, reader.read(number * BLOCK_FRAMES, BLOCK_FRAMES))

    return make


def group_at_work(strip: Strip, rate: int) -> Make:
    """A strip on the sum of others."""
    at_work = StripAtWork(strip, rate, STEREO)

    def make(number: int, blocks: Sequence[Audio]) -> Audio:
        return at_work.process(number, summed(blocks, [1.0] * len(blocks)))

    return make


def bus_at_work(bus: Bus | MasterBus, rate: int, gains: Sequence[float]) -> Make:
    """A bus on its inputs, each at its gain: tone, effects, then the bus's own gain."""
    tone = ToneChain(bus, rate, STEREO)
    effects = effects_of(bus, rate) if isinstance(bus, Bus) else []
    gain = amplitude(float(bus.gain_db))

    def make(_: int, blocks: Sequence[Audio]) -> Audio:
        block = tone.process(summed(blocks, gains))
        for effect in effects:
            block = effect.process(block)
        return summed([block], [gain])

    return make
