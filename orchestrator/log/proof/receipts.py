"""Receipts: proof that one event is in a log at its position, by the Merkle root of a signed checkpoint.

A receipt is a self-contained JSON file: the event as it is stored, its inclusion path (RFC 9162, section 2.1.3) and the
checkpoint.  With the signer's public key, ``tools/verify_log.py`` checks every byte of it without the log or
Takesheet.  A receipt reveals the whole content of its event, and of other events only hashes.
"""

import json
from dataclasses import dataclass
from struct import error
from typing import Any, Final, cast

from orchestrator.log.database.columns import COLUMNS
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.database import Database
from orchestrator.log.hash_chain import Raw, digest
from orchestrator.log.proof.checkpoints import Checkpoint
from orchestrator.log.proof.export import event_fields
from orchestrator.log.proof.merkle_tree import MerkleTree, root_by_path
from orchestrator.log.proof.tree_heads import event_hashes
from orchestrator.log.refusals import StoreDamaged

FORMAT: Final = "takesheet-receipt-1"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that an event is in a log.

    Args:
        position: of the event, from 1.
        event: its columns by name, as in an export: texts as stored, bytes in hexadecimal, the hash last.
        path: inclusion path of the event's hash, leaf *position* - 1, in the tree of *checkpoint.position* leaves.
        checkpoint: signed, with a Merkle root.
    """

    position: int
    event: dict[str, object]
    path: tuple[bytes, ...]
    checkpoint: Checkpoint

    def fields(self) -> dict[str, object]:
        """Return the values of the receipt's file by name; bytes are hexadecimal."""
        return {
            "format": FORMAT,
            "log": self.checkpoint.log.hex,
            "position": self.position,
            "leaf_index": self.position - 1,
            "tree_size": self.checkpoint.position,
            "path": [node.hex() for node in self.path],
            "event": self.event,
            "checkpoint": self.checkpoint.fields(),
        }

    def text(self) -> str:
        """Return the text of the receipt's file, ASCII alone."""
        return json.dumps(self.fields(), indent=2, allow_nan=False) + "\n"


def receipt(database: Database, connection: Connection, position: int, checkpoint: Checkpoint) -> Receipt:
    """Return the receipt of the event at *position* by *checkpoint*, in one pass over the hashes up to there.

    Args:
        database: the database that holds the log.
        connection: within a transaction that sees one state.
        position: from 1 to the position of *checkpoint*.
        checkpoint: of this log, signed, with a Merkle root; its signature is not checked here.

    Raises:
        StoreDamaged: the event is not what was hashed, or the log does not have the root of *checkpoint*.
    """
    row = _event(database, connection, position)
    tree = MerkleTree(leaf=position - 1)
    tree.extend(event_hashes(database, connection, checkpoint.position))
    path = tree.path()
    if root_by_path(row[-1], position - 1, checkpoint.position, path) != checkpoint.root:
        what = f"the log up to {checkpoint.position} has not the Merkle root of that checkpoint"
        raise StoreDamaged(database.place, what, position=checkpoint.position)
    return Receipt(position, event_fields(database.place, row), path, checkpoint)


def _event(database: Database, connection: Connection, position: int) -> tuple[Any, ...]:
    """Return the row of an event, its hash proved."""
    sql = f"SELECT {COLUMNS} FROM events WHERE position = {position:d}"  # noqa: S608 - constants and an integer
    rows = list(database.as_stored(connection, sql))
    if not rows:
        raise StoreDamaged(database.place, "is missing", position=position)
    (row,) = rows
    if not _is_what_was_hashed(row):
        raise StoreDamaged(database.place, "is not what was hashed", position=position)
    return row


def _is_what_was_hashed(row: tuple[Any, ...]) -> bool:
    try:
        return bool(digest(cast("Raw", row[:-1])) == row[-1])
    except (TypeError, error):  # a value of a type that its column does not have
        return False
