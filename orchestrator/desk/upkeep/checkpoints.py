"""Checkpoints of the log: written for a place outside the store, and read from there.

Tests: ``tests/orchestrator/desk/upkeep/test_log_proof.py``.
"""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from domain.core.refusal import FreeText, NotFound, suggest
from orchestrator.log.append_condition import Head
from orchestrator.log.proof.checkpoint_audit import OutsideCheckpoints
from orchestrator.log.proof.checkpoints import Checkpoint, read
from orchestrator.log.proof.identity import identity_and_head
from orchestrator.log.proof.signing import keep_outside, public_key, signer
from orchestrator.log.proof.tree_heads import roots_at
from orchestrator.log.proof.verify import verify
from orchestrator.log.refusals import StoreDamaged
from orchestrator.log.store import Log
from orchestrator.new_file import new_file
from orchestrator.studio import Studio

LONGEST_BYTES = 4096
"""Bytes read at most: ten times the size of a checkpoint."""


def make_checkpoint(studio: Studio, file: Path, key: Path | None) -> Checkpoint:
    """Write a checkpoint of the log into a new *file*, signed if a private *key* is given.

    The log is verified first, so that no damaged log is signed; later events are left to the next checkpoint.  The
    store keeps the checkpoint, too.

    Raises:
        StoreDamaged: verification of the log fails.
        Refused: ``checkpoint.place``, within the store; ``file.exists``.
        NotFound, Misused: ``key.file``.
    """
    keep_outside(file, "checkpoint.place", "whoever changes the store could change the checkpoint with it")
    private = signer(key) if key else None
    with new_file(file) as draft:
        found = verify(studio.log)
        if not found.sound:
            first = found.problems[0]
            raise StoreDamaged(studio.log.database.place, first.what, position=first.position)
        checkpoint = _taken(studio.log, found.head)
        if private is not None:
            checkpoint = checkpoint.signed(private.public_key().public_bytes_raw(), private.sign)
        draft.write_text(checkpoint.text(), encoding="utf-8")
        if not studio.log.readonly:
            _note(studio.log, checkpoint)
    return checkpoint


def witnesses(files: Sequence[Path], keys: Sequence[Path]) -> OutsideCheckpoints:
    """The checkpoints in *files*, and the public *keys* whose signatures count.

    Raises:
        NotFound: a file is missing.
        Misused: a file holds no checkpoint or public key.
    """
    return OutsideCheckpoints(
        tuple(read_checkpoint(file) for file in files), frozenset(public_key(key) for key in keys)
    )


def _taken(log: Log, proved: Head) -> Checkpoint:
    """Return the checkpoint of the verified head *proved*, with the Merkle root of all events up to it."""
    with log.database.translated_errors(), closing(log.database.connect()) as connection:
        log.database.begin_reading(connection)
        stand = identity_and_head(connection)
        root = roots_at(log.database, connection, [proved.position]).get(proved.position)
    if stand is None or root is None:
        raise StoreDamaged(log.database.place, "it was cut while it was proved", position=proved.position)
    return Checkpoint(stand[0], proved.position, proved.hash, log.now(), root=root)


def _note(log: Log, checkpoint: Checkpoint) -> None:
    """Keep a checkpoint in the store; of several at one position, the first stays."""
    with log.beside() as connection:
        log.database.take_head(connection)  # of two at the same time, the second waits here and sees the first
        held = connection.execute("SELECT 1 FROM checkpoints WHERE position = ?", (checkpoint.position,)).fetchall()
        if not held and checkpoint.position > 0:
            row = checkpoint.position, checkpoint.hash, checkpoint.stamp
            connection.execute("INSERT INTO checkpoints (position, hash, signature) VALUES (?, ?, ?)", row)


def read_checkpoint(file: Path) -> Checkpoint:
    """Read the checkpoint in *file*; its signature is not checked here.

    Raises:
        NotFound: the file is missing.
        Misused: it holds no checkpoint.
    """
    try:
        with file.open("rb") as data:
            text = data.read(LONGEST_BYTES).decode(errors="replace")
    except (FileNotFoundError, IsADirectoryError):
        raise NotFound(
            "checkpoint.file", f"no checkpoint at {file}", next=suggest("log checkpoint", FreeText(str(file)))
        ) from None
    return read(text, name=str(file))
