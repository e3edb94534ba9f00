"""The patch bay of one render: its tracks, and its nodes, each made once.

What two cuts of a mix hear alike is one node.  Whatever is summed is in time: what comes sooner waits for what comes
last (:mod:`dsp.mix.nodes`).
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
"""Part to track to its open file."""
NO_SOURCES: Mapping[str, Source] = {}


class NodeRegistry:
    """What all cuts of a render share.

    Args:
        recipe: the mix.
        readers: one rate, at least one track.
        impulses: by the names that the recipe has for them.
        rack: where plug-ins of other makers are had; none are allowed where nobody brings one.

    Raises:
        Unsound: an impulse is missing or unfit.
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
        """The node of this name over these inputs, made the first time it is asked for.

        Raises:
            Unsound: it cannot be made; the reason begins with its name, less the first word, which is its kind.
        """
        if (name, inputs) not in self._nodes:
            try:
                self._nodes[name, inputs] = make()
            except Unsound as error:
                raise Unsound(f"{name.partition(' ')[2]}: {error.reason}") from error
        return self._nodes[name, inputs]

    def in_time(self, nodes: Sequence[Node]) -> tuple[Node, ...]:
        """The nodes, each as late as the latest of them."""
        late = max((node.latency for node in nodes), default=0)
        return tuple(self._later(one, late) for one in nodes)

    def _later(self, node: Node, latency: int) -> Node:
        return self.node(f"later {latency}", (node,), lambda: later(node, latency))

    def delay_frames(self, strip: Strip) -> int:
        """By how much a strip is late."""
        return frames_of(strip.delay_ms, self.rate)
