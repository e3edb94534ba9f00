"""Tape: what nodes make, from the song's first frame on, whatever latency they have."""

from collections.abc import Generator, Sequence
from contextlib import closing

from dsp.audio import BLOCK_FRAMES, Audio
from dsp.blocks.graph import Node, pull
from dsp.mix.nodes import later


def play(nodes: Sequence[Node], frames: int, *, threads: int = 1) -> Generator[tuple[Audio, ...]]:
    """Frames 0 to *frames* of the song as each node has them, in blocks of one length for all.

    The first and the last block may be short.

    Args:
        nodes: stereo.
        frames: how many.
        threads: see :func:`dsp.blocks.graph.pull`.
    """
    latency = max(node.latency for node in nodes)
    blocks = -(-(frames + latency) // BLOCK_FRAMES)
    outputs = {node: later(node, latency) for node in nodes}
    with closing(pull([outputs[node] for node in nodes], blocks, threads=threads)) as pulled:
        for number, made in enumerate(pulled):
            first = max(0, latency - number * BLOCK_FRAMES)
            last = frames + latency - number * BLOCK_FRAMES
            if first < BLOCK_FRAMES:
                yield tuple(block[:, first:last] for block in made)
