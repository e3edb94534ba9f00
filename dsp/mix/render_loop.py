"""The render loop: the output of nodes from the song's first frame on, latency removed."""

from collections.abc import Generator, Sequence
from contextlib import closing

from dsp.audio import BLOCK_FRAMES, Audio
from dsp.blocks.graph import Node, pull
from dsp.mix.nodes import later


def play(nodes: Sequence[Node], frames: int, *, threads: int = 1) -> Generator[tuple[Audio, ...]]:
    """Frames 0 to *frames* of the song from each node, in blocks of equal length for all nodes.

    The first and the last block may be short.

    Args:
        nodes: stereo nodes.
        frames: number of frames.
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
