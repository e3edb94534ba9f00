"""The wiring of the console: the cuts of a mix, and what its side-chains hear.

Which channel hears what within a cut stands in :mod:`dsp.mix.routing_graph.cut_graph`.  A side-chain hears its strip or
group as the main version has it, behind fader and pan, in every cut: so a version moves as main does.  Where main has
nothing of it, because it is muted, it is heard as if it were not.  A bus of which a stem has but a share moves as
main's bus does.
"""

from domain.recipe import Channel
from dsp.blocks.graph import Node
from dsp.mix.nodes import silence
from dsp.mix.prints import PrintRange, main_cut
from dsp.mix.routing_graph.cut_graph import CutGraph
from dsp.mix.routing_graph.node_registry import NodeRegistry


class MixGraph:
    """All cuts of the render that *bay* is the patch bay of."""

    def __init__(self, bay: NodeRegistry) -> None:
        self._bay = bay
        self.tracks, self.rate = bay.tracks, bay.rate
        self.longest_frames = max(reader.frames for reader in self.tracks.values())
        self._cuts: dict[PrintRange, CutGraph] = {}

    @property
    def main(self) -> PrintRange:
        """What the main version hears."""
        return main_cut(self._bay.recipe, frozenset(self.tracks))

    def cut(self, cut: PrintRange) -> CutGraph:
        """The wiring of a cut, made the first time it is asked for."""
        if cut not in self._cuts:
            main = self.cut(self.main) if cut.share else None
            self._cuts[cut] = CutGraph(self._bay, cut, self._keys, main)
        return self._cuts[cut]

    def _keys(self, channel: Channel) -> dict[str, Node]:
        """What the channel's side-chains hear, equally late."""
        names = channel.side_chains
        nodes = self._bay.in_time([self._key(name) for name in names])
        return dict(zip(names, nodes, strict=True))

    def _key(self, name: str) -> Node:
        everything = PrintRange(frozenset(self.tracks))
        heard = self.cut(self.main).behind_fader(name) or self.cut(everything).behind_fader(name)
        return heard or self._bay.node("silence", (), silence)
