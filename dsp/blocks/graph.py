"""A graph of nodes, pulled block by block from its outputs.

Each node makes its blocks in order, one after the other, and so may keep state.  A node of level L (its longest path
from a source) makes block b in step b + L of the render.  The nodes of one step are independent of each other: the
buses of one block run beside the tracks of the next, no task waits for another, and any number of threads gives the
same bits.  A block is kept only until the last node that reads it has run, so that memory does not grow with the song.

Nodes declare their latency (:attr:`Node.latency`); the code that builds the graph aligns the inputs of a sum.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

from dsp.audio import Audio

Make = Callable[[int, Sequence[Audio]], Audio]
"""From a block's number and the same block of each input to that block of the output; inputs must not be changed."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One node of the graph.

    Attributes:
        make: computes a block of the output.
        inputs: nodes it reads, in the order *make* gets them.
        ends: the frame of the song after which it is silent: the end of its input plus its tail.
        latency: frames by which its output lags the song.
        level: length of its longest path from a source.
    """

    make: Make
    inputs: tuple["Node", ...]
    ends: int
    latency: int = 0
    level: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "level", 1 + max((node.level for node in self.inputs), default=-1))


Turn = tuple[Node, int]
"""A node and a block number."""


def pull(outputs: Sequence[Node], blocks: int, *, threads: int = 1) -> Generator[tuple[Audio, ...]]:
    """Blocks 0 to *blocks* - 1 of each output, in order.

    Args:
        outputs: the nodes to pull; nodes they do not depend on do not run.
        blocks: number of blocks.
        threads: number of nodes that may run at a time; with 1, all run in the caller's thread.
    """
    nodes = _reachable(outputs)
    depth = max(node.level for node in outputs)
    keep = _steps_kept(nodes, outputs, depth)
    made: dict[Turn, Audio] = {}

    def make(turn: Turn) -> Audio:
        node, block = turn
        return node.make(block, [made[heard, block] for heard in node.inputs])

    with ExitStack() as stack:
        run = stack.enter_context(ThreadPoolExecutor(threads, "strip")).map if threads > 1 else map
        for step in range(blocks + depth + 1):
            turns = [(node, step - node.level) for node in nodes if 0 <= step - node.level < blocks]
            working = run(make, turns)
            if step > depth:  # a pool works on while the caller consumes the block before
                yield tuple(made[node, step - depth - 1] for node in outputs)
            fresh = dict(zip(turns, working, strict=True))
            made = {turn: block for turn, block in made.items() if turn[1] + keep[turn[0]] > step} | fresh


def _reachable(outputs: Iterable[Node]) -> list[Node]:
    """The outputs and all nodes they depend on, once each, highest level first, since these are the most expensive."""
    found: dict[Node, None] = {}
    waiting = list(outputs)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found[node] = None
            waiting.extend(node.inputs)
    return sorted(found, key=lambda node: -node.level)


def _steps_kept(nodes: Iterable[Node], outputs: Iterable[Node], depth: int) -> dict[Node, int]:
    """For each node, the last step in which a block of it is read, counted from the number of the block."""
    kept: dict[Node, int] = {}
    for node in nodes:
        for heard in node.inputs:
            kept[heard] = max(kept.get(heard, 0), node.level)
    return kept | dict.fromkeys(outputs, depth + 1)
