"""Rendering a mix to a meter, without writing a print."""

from contextlib import ExitStack, closing

from domain.recipe import MixRecipe
from dsp.audio import STEREO
from dsp.meter.loudness import Loudness, LoudnessMeter
from dsp.mix.console import Inputs, readers_of
from dsp.mix.render_loop import play
from dsp.mix.routing_graph.mix_graph import MixGraph
from dsp.mix.routing_graph.node_registry import NodeRegistry


def rehearse(recipe: MixRecipe, inputs: Inputs, *, threads: int = 1) -> Loudness:
    """Loudness of the main version of a mix, without its true peak; nothing is written.

    Raises:
        Unsound: as :func:`dsp.mix.console.render_mix`.
    """
    with ExitStack() as opened:
        wiring = MixGraph(NodeRegistry(recipe, readers_of(recipe, inputs, opened)))
        master = wiring.cut(wiring.main).master()
        gauge = LoudnessMeter(wiring.rate, STEREO, true_peak=False)
        frames = max(wiring.longest_frames, master.ends)
        for (block,) in opened.enter_context(closing(play([master], frames, threads=threads))):
            gauge.add(block)
        return gauge.result()
