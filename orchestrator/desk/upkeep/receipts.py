"""Receipts for outsiders: one event, proved by a signed checkpoint."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

from domain.core.refusal import FreeText, NotFound, Refused, suggest
from flows.vault.permissions import create_private
from orchestrator.desk.upkeep.checkpoints import read_checkpoint
from orchestrator.log.database.connection import Connection
from orchestrator.log.proof.checkpoint_audit import is_as_made
from orchestrator.log.proof.checkpoints import Checkpoint, from_stamp
from orchestrator.log.proof.identity import identity_and_head
from orchestrator.log.proof.receipts import Receipt, receipt
from orchestrator.log.refusals import StoreDamaged
from orchestrator.log.store import Log
from orchestrator.new_file import new_file


def make_receipt(log: Log, position: int, file: Path | None, outside: Path | None) -> Receipt:
    """Return the receipt of the event at *position*, and write it into a new *file*, if one is named.

    Args:
        log: open for reading at least.
        position: from 1.
        file: readable by its owner alone; None writes none.
        outside: a checkpoint kept outside the store; None for the first signed checkpoint in the store that covers the
            event.

    Raises:
        NotFound: ``receipt.position``, the log has no such event; ``checkpoint.file``.
        Misused: ``checkpoint.file``.
        Refused: ``receipt.checkpoint``, no checkpoint can give the receipt; ``file.exists``.
        StoreDamaged: the event or the log has changed since the checkpoint.
    """
    given = read_checkpoint(outside) if outside else None
    if file is None:
        return _made(log, position, given, outside)
    with new_file(file) as draft:
        made = _made(log, position, given, outside)
        with create_private(draft) as out:
            out.write(made.text().encode())
    return made


def _made(log: Log, position: int, given: Checkpoint | None, outside: Path | None) -> Receipt:
    with log.database.translated_errors(), closing(log.database.connect()) as connection:
        log.database.begin_reading(connection)
        stand = identity_and_head(connection)
        if stand is None:
            raise StoreDamaged(log.database.place, "the log has no head of its own")
        identity, head = stand
        if position > head.position:
            detail = f"the log has {head.position:,} events, and none at position {position:,}"
            raise NotFound("receipt.position", detail, next=suggest("log show", limit="5"))
        if given is None:
            checkpoint = _kept(connection, identity, position)
        else:
            checkpoint = given
            _refuse_unfit(given, identity, position, name=str(outside))
        return receipt(log.database, connection, position, checkpoint)


def _kept(connection: Connection, log: UUID, position: int) -> Checkpoint:
    """Return the first checkpoint in the store that is signed, has a Merkle root and covers *position*.

    Raises:
        Refused: ``receipt.checkpoint``; there is none.
    """
    first = next(_signed(connection, log, position), None)
    if first is not None:
        return first
    reach = max((checkpoint.position for checkpoint in _signed(connection, log, 1)), default=0)
    detail = f"the signed checkpoints in this store reach position {reach:,}, not {position:,}"
    hint = f"takesheet log checkpoint FILE --sign KEY, then takesheet log receipt {position} --checkpoint FILE"
    raise Refused("receipt.checkpoint", detail, next=hint, position=position, reach=reach)


def _signed(connection: Connection, log: UUID, first: int) -> Iterator[Checkpoint]:
    """Yield the checkpoints in the store that can give receipts, from position *first* on, in order."""
    rows = connection.execute(
        "SELECT position, hash, signature FROM checkpoints WHERE position >= ? ORDER BY position", (first,)
    )
    for position, hash_, stamp in rows.fetchall():
        checkpoint = from_stamp(log, position, hash_, stamp) if isinstance(stamp, bytes) else None
        if checkpoint is not None and not _missing(checkpoint) and is_as_made(checkpoint):
            yield checkpoint


def _refuse_unfit(checkpoint: Checkpoint, log: UUID, position: int, *, name: str) -> None:
    """Refuse an outside *checkpoint* by which no receipt of the event at *position* can be made.

    Raises:
        Refused: ``receipt.checkpoint``.
    """
    reason = _missing(checkpoint)
    if not reason and checkpoint.log != log:
        reason = f"is of another log, {checkpoint.log}"
    if not reason and not is_as_made(checkpoint):
        reason = "was changed: the signature is not by the key it names"
    if not reason and checkpoint.position < position:
        reason = f"reaches position {checkpoint.position:,}, not {position:,}"
    if reason:
        hint = suggest("log checkpoint", FreeText("FILE"), sign="KEY")
        raise Refused("receipt.checkpoint", f"the checkpoint in {name} {reason}", next=hint)


def _missing(checkpoint: Checkpoint) -> str:
    """Return the end of a sentence: what *checkpoint* lacks for a receipt; empty if it lacks nothing."""
    if checkpoint.root is None:
        return "is of version 1, without a Merkle root"
    return "is not signed" if checkpoint.key is None else ""
