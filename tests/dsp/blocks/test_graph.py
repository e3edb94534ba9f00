import threading
import weakref
from collections.abc import Sequence

import numpy as np
import pytest

from dsp.audio import Audio
from dsp.blocks.graph import Make, Node, pull


def of(value: float) -> Audio:
    return np.full((2, 4), value, np.float32)


def counter() -> Node:
    return Node(lambda number, _: of(number), (), 0)


def adding() -> Make:
    """Adds its inputs and all that it made before: state that reveals any wrong order."""
    total = 0.0

    def make(_: int, blocks: Sequence[Audio]) -> Audio:
        nonlocal total
        total += sum(float(block[0, 0]) for block in blocks)
        return of(total)

    return make


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_every_node_makes_its_blocks_in_order_and_hears_those_of_the_same_number(threads: int) -> None:
    source = counter()
    early, late = Node(adding(), (source,), 0), Node(adding(), (source,), 0)
    deep = Node(adding(), (source, Node(adding(), (late,), 0), early), 0)
    made = [tuple(float(block[0, 0]) for block in blocks) for blocks in pull([deep, early], 5, threads=threads)]
    once = np.cumsum(np.arange(5))
    twice = np.cumsum(once)
    assert made == list(zip(np.cumsum(np.arange(5) + twice + once), once, strict=True))


def test_two_outputs_may_be_one_node() -> None:
    node = counter()
    assert [len(blocks) for blocks in pull([node, node], 3)] == [2, 2, 2]


@pytest.mark.parametrize("threads", [1, 2])
def test_what_is_kept_does_not_grow_with_the_song(threads: int) -> None:
    alive: weakref.WeakSet[Audio] = weakref.WeakSet()
    most = 0

    class Block(np.ndarray):  # type: ignore[type-arg] # hashable by identity, to be counted
        __hash__ = object.__hash__

    def counted(number: int, _: Sequence[Audio]) -> Audio:
        block = of(number).view(Block)
        alive.add(block)
        return block

    def passing(_: int, blocks: Sequence[Audio]) -> Audio:
        nonlocal most
        most = max(most, len(alive))
        return of(float(blocks[0][0, 0]))

    sources = [Node(counted, (), 0) for _ in range(3)]
    chain = Node(passing, (Node(passing, (sources[0],), 0), *sources[1:]), 0)
    for _ in pull([chain], 200, threads=threads):
        pass
    assert most <= 4 * len(sources)


def test_a_step_that_fails_ends_the_render_with_its_error() -> None:
    def fail(number: int, _: Sequence[Audio]) -> Audio:
        raise OSError(f"block {number} cannot be read")

    with pytest.raises(OSError, match="block 0 cannot be read"):
        list(pull([Node(fail, (counter(),), 0)], 3, threads=2))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("strip")]


def test_buses_of_one_block_run_while_the_tracks_of_the_next_do() -> None:
    together = threading.Barrier(2, timeout=10)

    def meet(number: int, _: Sequence[Audio]) -> Audio:
        if number == 1:
            together.wait()
        return of(0)

    def bus(number: int, _: Sequence[Audio]) -> Audio:
        if number == 0:
            together.wait()
        return of(0)

    assert len(list(pull([Node(bus, (Node(meet, (), 0),), 0)], 3, threads=2))) == 3
