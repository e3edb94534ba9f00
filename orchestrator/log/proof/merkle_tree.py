"""Merkle trees over a stream of leaves, with SHA-256 and in bounded memory (RFC 9162, section 2.1).

    root of no leaf     = SHA-256()
    root of one leaf d  = SHA-256( 0x00 | d )
    root of n leaves    = SHA-256( 0x01 | root of the first k | root of the others ), k the largest power of two below n

The inclusion path of a leaf is the list of subtree roots that, combined with the leaf's hash one after the other from
the leaf upwards, give the root of the whole tree.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

_LEAF: Final = b"\0"
_NODE: Final = b"\1"


class MerkleTree:
    """A tree that grows by leaves at its right end.

    Memory holds the roots of its perfect subtrees, one for each bit that is set in its size, and one inclusion path.

    Args:
        leaf: index, from 0, of the leaf whose inclusion path is collected; None collects none.
    """

    def __init__(self, leaf: int | None = None) -> None:
        self.size = 0
        self._leaf = leaf
        self._roots: list[bytes] = []
        self._path: list[bytes] = []
        self._place = -1
        """Index in ``_roots`` of the subtree that contains the leaf; -1 before it was added."""

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add *leaves*, in order."""
        size, leaf, roots, path, place = self.size, self._leaf, self._roots, self._path, self._place
        for data in leaves:
            node, holds, bits = sha256(_LEAF + data).digest(), size == leaf, size
            while bits & 1:  # a perfect subtree as large as the new one stands to its left
                left = roots.pop()
                if holds:
                    path.append(left)
                elif place == len(roots):
                    path.append(node)
                    holds = True
                node = sha256(_NODE + left + node).digest()
                bits >>= 1
            if holds:
                place = len(roots)
            roots.append(node)
            size += 1
        self.size, self._place = size, place

    def root(self) -> bytes:
        """Return the root of all leaves that were added, 32 bytes."""
        return self._folded()[0]

    def path(self) -> tuple[bytes, ...]:
        """Return the inclusion path of the leaf in the tree as it is now, from the leaf upwards.

        Raises:
            ValueError: no leaf was named, or it was not added yet.
        """
        if self._place < 0:
            raise ValueError(f"leaf {self._leaf} is none of {self.size}")
        return (*self._path, *self._folded()[1])

    def _folded(self) -> tuple[bytes, list[bytes]]:
        """Return the root of all perfect subtrees, and the part of the path that lies above them."""
        if not self._roots:
            return sha256().digest(), []
        *lefts, node = self._roots
        holds, above = self._place == len(lefts), list[bytes]()
        for place, left in reversed(list(enumerate(lefts))):
            if holds:
                above.append(left)
            elif place == self._place:
                above.append(node)
                holds = True
            node = sha256(_NODE + left + node).digest()
        return node, above


def root_by_path(data: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root to which *path* leads (RFC 9162, section 2.1.3.2); None if no such path is in such a tree.

    Args:
        data: the leaf.
        index: of the leaf, from 0.
        size: number of leaves of the tree.
        path: from the leaf upwards.
    """
    if not 0 <= index < size:
        return None
    node, last = sha256(_LEAF + data).digest(), size - 1
    for other in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            node = sha256(_NODE + other + node).digest()
            while index and not index & 1:  # the last subtree of a level without a right neighbour moves up unchanged
                index, last = index >> 1, last >> 1
        else:
            node = sha256(_NODE + node + other).digest()
        index, last = index >> 1, last >> 1
    return None if last else node
