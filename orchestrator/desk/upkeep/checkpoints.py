"""Checkpoints of the log: made for a place outside, and read from there."""

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from domain.core.refusal import FreeText, NotFound, suggest
from orchestrator.log.proof.checkpoint_audit import OutsideCheckpoints
from orchestrator.log.proof.checkpoints import Checkpoint, read
from orchestrator.log.proof.identity import identity_and_head
from orchestrator.log.proof.signing import keep_outside, public_key, signer
from orchestrator.log.proof.verify import verify
from orchestrator.log.refusals import StoreDamaged
from orchestrator.log.store import Log
from orchestrator.new_file import new_file
from orchestrator.studio import Studio

LONGEST_BYTES = 4096
"""Ten times a checkpoint."""


def make_checkpoint(studio: Studio, file: Path, key: Path | None) -> Checkpoint:
    """Write what the log is now into a new *file*, signed with the private *key* where one is given.

    The log is proved first: nobody should sign what is damaged.  The store notes the checkpoint, too.

    Raises:
        StoreDamaged: the log is not what was recorded.
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
        checkpoint = _taken(studio.log)
        if private is not None:
            checkpoint = checkpoint.signed(private.public_key().public_bytes_raw(), private.sign)
        draft.write_text(checkpoint.text(), encoding="utf-8")
        if not studio.log.readonly:
            _note(studio.log, checkpoint)
    return checkpoint


def witnesses(files: Sequence[Path], keys: Sequence[Path]) -> OutsideCheckpoints:
    """What the checkpoints in *files* and the public *keys* of their signers say.

    Raises:
        NotFound: there is no such file.
        Misused: it holds something else.
    """
    return OutsideCheckpoints(tuple(_read(file) for file in files), frozenset(public_key(key) for key in keys))


def _taken(log: Log) -> Checkpoint:
    with log.database.told(), closing(log.database.connect()) as connection:
        stand = identity_and_head(connection)
    assert stand is not None, "a log that was proved has one head"
    identity, head = stand
    return Checkpoint(identity, head.position, head.hash, datetime.now(UTC))


def _note(log: Log, checkpoint: Checkpoint) -> None:
    """Keep it in the store; of several at one position, the first."""
    with log.beside() as connection:
        log.database.take_head(connection)  # of two who come at once, the second waits and sees the first
        held = connection.execute("SELECT 1 FROM checkpoints WHERE position = ?", (checkpoint.position,)).fetchall()
        if not held and checkpoint.position > 0:
            row = checkpoint.position, checkpoint.hash, checkpoint.stamp
            connection.execute("INSERT INTO checkpoints (position, hash, signature) VALUES (?, ?, ?)", row)


def _read(file: Path) -> Checkpoint:
    try:
        with file.open("rb") as data:
            text = data.read(LONGEST_BYTES).decode(errors="replace")
    except (FileNotFoundError, IsADirectoryError):
        raise NotFound(
            "checkpoint.file", f"no checkpoint at {file}", next=suggest("log checkpoint", FreeText(str(file)))
        ) from None
    return read(text, name=str(file))
