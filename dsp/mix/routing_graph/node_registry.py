"""The registry of one render: its tracks, and its nodes, each of which is made once.

Nodes that are equal in two cuts of a mix are shared.  Inputs of a sum are aligned: earlier ones are delayed to the
latest (:mod:`dsp.mix.nodes`).
"""

from collections.abc import Callable, Mapping, Sequence

from domain.recipe import MixRecipe, Strip
from dsp.audio import Source, Unsound
from dsp.blocks.delay_line import frames_of
from dsp.blocks.graph import Node
from dsp.files.sound import SoundReader
from dsp.mix.impulse import impulses_of
from dsp.mix.nodes import later
from dsp.mix.plugins.rack import Rack

Readers = Mapping[str, Mapping[str, SoundReader]]
"""Open file by part and track."""
NO_SOURCES: Mapping[str, Source] = {}


class NodeRegistry:
    """State shared by all cuts of a render.

    Args:
        recipe: mix recipe.
        readers: readers of one rate, at least one.
        impulses: impulse responses by name in the recipe.
        rack: provides plug-ins of other makers; without one, none are allowed.

    Raises:
        Unsound: an impulse is missing or unusable.
    """

    def __init__(
        self,
        recipe: MixRecipe,
        readers: Readers,
        impulses: Mapping[str, Source] = NO_SOURCES,
        rack: Rack | None = None,
    ) -> None:
        self.recipe, self.routing, self.rack = recipe, recipe.routing, rack or Rack()
        self.tracks = {f"{part}.{track}": reader for part in readers for track, reader in readers[part].items()}
        self.rate = next(iter(self.tracks.values())).rate
        self.impulses = impulses_of(recipe, impulses, self.rate)
        self._nodes: dict[tuple[str, tuple[Node, ...]], Node] = {}

    def node(self, name: str, inputs: tuple[Node, ...], make: Callable[[], Node]) -> Node:
        """The node called *name* with these inputs, made on first use.

        Raises:
            Unsound: the node cannot be made; the reason begins with *name* without its first word, the kind.
        """
        if (name, inputs) not in self._nodes:
            try:
                self._nodes[name, inputs] = make()
            except Unsound as error:
                raise Unsound(f"{name.partition(' ')[2]}: {error.reason}") from error
        return self._nodes[name, inputs]

    def in_time(self, nodes: Sequence[Node]) -> tuple[Node, ...]:
        """The nodes, each delayed to the latest of them."""
        late = max((node.latency for node in nodes), default=0)
        return tuple(self._later(one, late) for one in nodes)

    def _later(self, node: Node, latency: int) -> Node:
        return self.node(f"later {latency}", (node,), lambda: later(node, latency))

    def delay_frames(self, strip: Strip) -> int:
        """Delay of a strip in frames."""
        return frames_of(strip.delay_ms, self.rate)
