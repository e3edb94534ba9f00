"""The wiring of the console: the cuts of a mix, and the side-chains of its channels.

Connections within a cut are made in :mod:`dsp.mix.routing_graph.cut_graph`.  A side-chain takes its strip or group from
the main version, after fader and pan, in every cut, so that all versions react as main does.  If the strip or group is
muted in main, its unmuted signal is taken.  The share of a bus in a stem is processed as the bus is in main.
"""

from domain.recipe import Channel
from dsp.blocks.graph import Node
from dsp.mix.nodes import silence
from dsp.mix.prints import PrintRange, main_cut
from dsp.mix.routing_graph.cut_graph import CutGraph
from dsp.mix.routing_graph.node_registry import NodeRegistry


class MixGraph:
    """All cuts of the render of *registry*."""

    def __init__(self, registry: NodeRegistry) -> None:
        self._registry = registry
        self.tracks, self.rate = registry.tracks, registry.rate
        self.longest_frames = max(reader.frames for reader in self.tracks.values())
        self._cuts: dict[PrintRange, CutGraph] = {}

    @property
    def main(self) -> PrintRange:
        """The tracks of the main version."""
        return main_cut(self._registry.recipe, frozenset(self.tracks))

    def cut(self, cut: PrintRange) -> CutGraph:
        """The wiring of a cut, made on first use."""
        if cut not in self._cuts:
            main = self.cut(self.main) if cut.share else None
            self._cuts[cut] = CutGraph(self._registry, cut, self._keys, main)
        return self._cuts[cut]

    def _keys(self, channel: Channel) -> dict[str, Node]:
        """Side-chain inputs of the channel by name, of equal latency."""
        names = channel.side_chains
        nodes = self._registry.in_time([self._key(name) for name in names])
        return dict(zip(names, nodes, strict=True))

    def _key(self, name: str) -> Node:
        everything = PrintRange(frozenset(self.tracks))
        heard = self.cut(self.main).behind_fader(name) or self.cut(everything).behind_fader(name)
        return heard or self._registry.node("silence", (), silence)
