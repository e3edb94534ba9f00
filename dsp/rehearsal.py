"""Playing a mix to a meter, without printing it."""

from contextlib import ExitStack, closing

from domain.recipe import MixRecipe, Version
from dsp.audio import BLOCK_FRAMES, STEREO
from dsp.console import Inputs, readers_of
from dsp.graph import pull
from dsp.loudness import Loudness, Meter
from dsp.wiring import Wiring


def rehearse(recipe: MixRecipe, inputs: Inputs, *, threads: int = 1) -> Loudness:
    """What the main version of a mix measures, without its true peak; nothing is written.

    Raises:
        Unsound: as :func:`dsp.console.render_mix`.
    """
    with ExitStack() as opened:
        wiring = Wiring(recipe, readers_of(recipe, inputs, opened))
        master = wiring.master(Version())
        frames = max(wiring.longest_frames, master.ends)
        gauge = Meter(wiring.rate, STEREO, true_peak=False)
        pulled = opened.enter_context(closing(pull([master], -(-frames // BLOCK_FRAMES), threads=threads)))
        for number, (block,) in enumerate(pulled):
            gauge.add(block[:, : frames - number * BLOCK_FRAMES])
        return gauge.result()
