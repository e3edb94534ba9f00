"""A graph of blocks: what hears what, pulled block by block from its outputs.

Each node makes its blocks in order, one after the other, and so may keep state.  A node of level L (its longest way to
a source) makes block b in step b + L of the render: all work of one step is independent of each other, so that the
buses of one block run while the tracks of the next do, no task ever waits for another of its pool, and any number of
threads gives the same bits.  What a node made is kept until the last that hears it has run, and no longer: memory does
not grow with the song.

What is late says so (:attr:`Node.latency`); that all that is summed be equally late is the wiring's work.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

from dsp.audio import Audio

Make = Callable[[int, Sequence[Audio]], Audio]
"""From the number of a block and that block of each input, to that block of the output; the inputs stay untouched."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One step of the graph.

    Attributes:
        make: what it does.
        inputs: what it hears, in this order.
        ends: the frame of the song at which it falls silent: its input's end and what it rings beyond.
        latency: how many frames later than in the song a sound comes out.
        level: its longest way to a source.
    """

    make: Make
    inputs: tuple["Node", ...]
    ends: int
    latency: int = 0
    level: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "level", 1 + max((node.level for node in self.inputs), default=-1))


Turn = tuple[Node, int]
"""A node and the number of a block."""


def pull(outputs: Sequence[Node], blocks: int, *, threads: int = 1) -> Generator[tuple[Audio, ...]]:
    """Blocks 0 to *blocks* of each output, in order.

    Args:
        outputs: the nodes to pull; what they do not hear is not made.
        blocks: how many.
        threads: how many nodes may work at a time; with one, everything runs in the caller's thread.
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
            if step > depth:  # a pool works on while the caller is busy with the block before
                yield tuple(made[node, step - depth - 1] for node in outputs)
            fresh = dict(zip(turns, working, strict=True))
            made = {turn: block for turn, block in made.items() if turn[1] + keep[turn[0]] > step} | fresh


def _reachable(outputs: Iterable[Node]) -> list[Node]:
    """The outputs and all they hear, once each; those that wait for most come first, for they are the heaviest."""
    found: dict[Node, None] = {}
    waiting = list(outputs)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found[node] = None
            waiting.extend(node.inputs)
    return sorted(found, key=lambda node: -node.level)


def _steps_kept(nodes: Iterable[Node], outputs: Iterable[Node], depth: int) -> dict[Node, int]:
    """How many steps after its block's number each node's block is used for the last time."""
    kept: dict[Node, int] = {}
    for node in nodes:
        for heard in node.inputs:
            kept[heard] = max(kept.get(heard, 0), node.level)
    return kept | dict.fromkeys(outputs, depth + 1)
