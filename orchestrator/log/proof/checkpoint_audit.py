"""Audit of checkpoints, kept outside or in the store, against the log.

Only an outside checkpoint can reveal that a tail was cut off, that history was rewritten with every hash in order, or
that the whole store was replaced by an older copy.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from orchestrator.log.append_condition import Head
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.database import Database
from orchestrator.log.hash_chain import genesis
from orchestrator.log.proof.checkpoints import Checkpoint, from_stamp
from orchestrator.log.proof.identity import identity_and_head
from orchestrator.log.proof.problem import Problem
from orchestrator.log.proof.signing import is_signed
from orchestrator.log.proof.tree_heads import roots_at


@dataclass(frozen=True, slots=True)
class OutsideCheckpoints:
    """Checkpoints and trusted keys from outside the store.

    Args:
        checkpoints: kept outside the store.
        signers: public keys of trusted signers; if empty, any signer is accepted, and the result says so.
    """

    checkpoints: tuple[Checkpoint, ...] = ()
    signers: frozenset[bytes] = frozenset()

    @property
    def reach(self) -> int:
        """The highest position of a checkpoint outside; 0 if there is none."""
        return max((checkpoint.position for checkpoint in self.checkpoints), default=0)


def outside_agrees(database: Database, connection: Connection, witnesses: OutsideCheckpoints) -> Iterator[Problem]:
    """Yield a problem for each outside checkpoint that does not fit this log or is not by a trusted signer."""
    stand, agreed = identity_and_head(connection), 0
    fitting = list[Checkpoint]()
    for checkpoint in sorted(witnesses.checkpoints, key=lambda checkpoint: checkpoint.position):
        yield from _by_whom(checkpoint, witnesses.signers)
        if stand is None:
            continue  # already reported by the check of the chain
        found = _against(connection, checkpoint, *stand, agreed)
        if found is None:
            agreed = checkpoint.position
            fitting.append(checkpoint)
        else:
            yield found
    yield from _roots_agree(database, connection, fitting)


def kept_agree(database: Database, connection: Connection) -> Iterator[Problem]:
    """Yield a problem for each checkpoint in the store whose hash, stamp or Merkle root does not fit the events."""
    stand = identity_and_head(connection)
    if stand is None:
        return
    rows = connection.execute("""
        SELECT c.position, c.hash, c.signature, e.hash FROM checkpoints c LEFT JOIN events e ON e.position = c.position
        ORDER BY c.position
    """).fetchall()
    fitting = list[Checkpoint]()
    for position, hash_, stamp, standing in rows:
        checkpoint = from_stamp(stand[0], position, hash_, stamp) if isinstance(stamp, bytes) else None
        if hash_ != standing:
            yield Problem(position, "the checkpoint taken here has another hash")
        elif checkpoint is None or not is_as_made(checkpoint):
            yield Problem(position, "the checkpoint taken here is not as it was made: its stamp does not fit")
        else:
            fitting.append(checkpoint)
    yield from _roots_agree(database, connection, fitting)


def is_as_made(checkpoint: Checkpoint) -> bool:
    """True if *checkpoint* is unsigned, or its signature is by the key that it names."""
    if checkpoint.key is None or checkpoint.signature is None:
        return True  # its stamp contains its own hash
    return is_signed(checkpoint.key, checkpoint.signature, checkpoint.message)


def _roots_agree(database: Database, connection: Connection, checkpoints: Iterable[Checkpoint]) -> Iterator[Problem]:
    """Compare the Merkle roots of *checkpoints* whose hashes fit; only a root that was computed wrongly can differ."""
    claimed = [(checkpoint.position, checkpoint.root) for checkpoint in checkpoints if checkpoint.root is not None]
    roots = roots_at(database, connection, (position for position, _ in claimed))
    for position, root in claimed:
        if roots.get(position) != root:
            yield Problem(position, "the checkpoint taken here has another Merkle root: no receipt by it holds")


def _by_whom(checkpoint: Checkpoint, signers: frozenset[bytes]) -> Iterator[Problem]:
    name = f"the checkpoint of position {checkpoint.position}"
    if checkpoint.key is None:
        if signers:
            yield Problem(None, f"{name} is signed by nobody")
    elif not is_as_made(checkpoint):
        yield Problem(None, f"{name} was changed: the signature is not by the key it names")
    elif signers and checkpoint.key not in signers:
        yield Problem(None, f"{name} is by an unknown signer, {checkpoint.key.hex()[:16]}")


def _against(connection: Connection, checkpoint: Checkpoint, log: UUID, head: Head, agreed: int) -> Problem | None:
    position, when = checkpoint.position, f"{checkpoint.at:%Y-%m-%d %H:%M} UTC"
    if checkpoint.log != log:
        return Problem(None, f"the checkpoint of position {position} is of another log, {checkpoint.log}")
    if position > head.position:
        what = f"the log ends before here; on {when} it had {position} events: its tail was cut off"
        return Problem(head.position + 1, f"{what}, or an older copy put in its place")
    rows = connection.execute("SELECT hash FROM events WHERE position = ?", (position,)).fetchall()
    if (rows[0][0] if rows else genesis(log)) == checkpoint.hash:
        return None
    return Problem(position, f"history was written anew, after {agreed} and up to here: it was another on {when}")
