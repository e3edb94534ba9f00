"""Merkle trees: the RFC's own recursion, the known answers of Certificate Transparency, no path but the right one."""

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.log.proof.merkle_tree import MerkleTree, root_by_path

VECTORS = [  # published with the reference implementation of Certificate Transparency (RFC 6962, the same tree)
    ("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
    ("00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
    ("10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
    ("2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
    ("3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
    ("40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
    ("5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
    ("606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
]
EIGHT = [bytes.fromhex(leaf) for leaf, _ in VECTORS]
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
PATHS = {
    0: [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    5: [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}


def split(size: int) -> int:
    """The largest power of two below *size* (RFC 9162, section 2.1.1)."""
    half = 1
    while half * 2 < size:
        half *= 2
    return half


def root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162, section 2.1.1, word for word."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    half = split(len(leaves))
    return sha256(b"\x01" + root(leaves[:half]) + root(leaves[half:])).digest()


def path(index: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """PATH of RFC 9162, section 2.1.3.1, word for word."""
    if len(leaves) == 1:
        return ()
    half = split(len(leaves))
    if index < half:
        return (*path(index, leaves[:half]), root(leaves[half:]))
    return (*path(index - half, leaves[half:]), root(leaves[:half]))


def tree(leaves: Sequence[bytes], leaf: int | None = None) -> MerkleTree:
    made = MerkleTree(leaf)
    made.extend(iter(leaves))
    return made


LEAVES = [sha256(bytes([number])).digest() for number in range(71)]


def test_the_roots_and_paths_are_the_known_answers_of_certificate_transparency() -> None:
    assert MerkleTree().root().hex() == EMPTY
    assert [tree(EIGHT[:size]).root().hex() for size in range(1, 9)] == [known for _, known in VECTORS]
    for index, known in PATHS.items():
        assert [node.hex() for node in tree(EIGHT, index).path()] == known


@pytest.mark.parametrize("size", range(71))
def test_every_root_and_every_path_is_that_of_the_recursion(size: int) -> None:
    leaves = LEAVES[:size]
    assert tree(leaves).root() == root(leaves)
    for index in range(size):
        watched = tree(leaves, index)
        assert watched.path() == path(index, leaves)
        assert watched.root() == root(leaves) == root_by_path(leaves[index], index, size, watched.path())


def test_a_tree_can_be_asked_while_it_grows() -> None:
    growing = MerkleTree(leaf=2)
    for size, leaf in enumerate(LEAVES, start=1):
        growing.extend([leaf])
        assert (growing.size, growing.root()) == (size, root(LEAVES[:size]))
        if size > 2:
            assert growing.path() == path(2, LEAVES[:size])


def test_a_leaf_that_was_not_added_has_no_path() -> None:
    for none in (MerkleTree(), tree(LEAVES), tree(LEAVES, 71), tree(LEAVES, -1)):
        with pytest.raises(ValueError, match="is none of"):
            none.path()


sizes = st.integers(1, 71)


@given(sizes, st.data())
def test_a_path_leads_to_the_root_from_its_own_leaf_at_its_own_place_alone(size: int, data: st.DataObject) -> None:
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(-2, 80))
    right = path(index, LEAVES[:size])
    assert root_by_path(LEAVES[other % 71], index, size, right) != root(LEAVES[:size]) or other % 71 == index
    assert root_by_path(LEAVES[index], other, size, right) != root(LEAVES[:size]) or other == index
    assert root_by_path(LEAVES[index], index, size, (*right, LEAVES[0])) != root(LEAVES[:size])
    for cut in range(len(right)):
        assert root_by_path(LEAVES[index], index, size, right[:cut] + right[cut + 1 :]) != root(LEAVES[:size])


@given(sizes, st.data())
def test_a_path_with_one_bit_changed_leads_elsewhere(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    nodes = [bytearray(node) for node in path(index, LEAVES[:size])]
    if nodes:
        nodes[data.draw(st.integers(0, len(nodes) - 1))][data.draw(st.integers(0, 31))] ^= 1 << data.draw(
            st.integers(0, 7)
        )
        assert root_by_path(LEAVES[index], index, size, [bytes(node) for node in nodes]) != root(LEAVES[:size])


def test_memory_holds_a_hash_for_each_bit_of_the_size() -> None:
    large = MerkleTree(leaf=12_345)
    for _ in range(50):
        large.extend(LEAVES[number % 71] for number in range(1000))
        assert len(large._roots) == large.size.bit_count()
    assert len(large.path()) <= 16
