"""Merkle roots over a log's event hashes: leaf *i* of the tree is the hash of the event at position *i* + 1."""

from collections.abc import Iterable, Iterator
from itertools import islice

from orchestrator.log.database.connection import Connection
from orchestrator.log.database.database import Database
from orchestrator.log.proof.identity import HASH_BYTES
from orchestrator.log.proof.merkle_tree import MerkleTree
from orchestrator.log.refusals import StoreDamaged


def event_hashes(database: Database, connection: Connection, last: int) -> Iterator[bytes]:
    """Yield the stored hashes of positions 1 to *last*, or up to the end of a shorter log; few are in memory at a time.

    Args:
        database: the database that holds the log.
        connection: within a transaction that sees one state.
        last: the last position.

    Raises:
        StoreDamaged: a position is missing, or its hash is none.
    """
    rows = database.every_row(
        connection, "SELECT position, hash FROM events WHERE position BETWEEN 1 AND ? ORDER BY position", (last,)
    )
    for expected, (position, hash_) in enumerate(rows, start=1):
        if position != expected:
            raise StoreDamaged(database.place, "is missing", position=expected)
        if not isinstance(hash_, bytes) or len(hash_) != HASH_BYTES:
            raise StoreDamaged(database.place, "has a hash that is none", position=position)
        yield hash_


def roots_at(database: Database, connection: Connection, positions: Iterable[int]) -> dict[int, bytes]:
    """Return the Merkle root up to each of *positions*, in one pass; positions beyond the log are left out.

    Raises:
        StoreDamaged: as ``event_hashes``.
    """
    wanted, roots, tree = sorted(set(positions)), dict[int, bytes](), MerkleTree()
    if not wanted:
        return roots
    hashes = event_hashes(database, connection, wanted[-1])
    for position in wanted:
        tree.extend(islice(hashes, position - tree.size))
        if tree.size == position:
            roots[position] = tree.root()
    return roots
