"""Comparison of the models in a database with models rebuilt from the same events; changes neither."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from orchestrator.log.database.connection import Connection
from orchestrator.log.refusals import StoreDamaged
from orchestrator.log.store import Log
from orchestrator.readmodels.base.read_model import ReadModel
from orchestrator.readmodels.base.record_folds import RecordFolds
from orchestrator.readmodels.storage.catch_up import ScratchModels
from orchestrator.readmodels.storage.model_database import ModelDatabase, is_whole

TRIES: Final = 10
"""Readings of a model that others move in the meantime, before the models' lock is taken."""
DIGEST_BYTES: Final = 32

_STAND: Final = "SELECT log, position, hash, unknown FROM models WHERE name = ? AND version = ?"


class Fingerprint(NamedTuple):
    """Number and hash sum of the rows of a table, whatever their order."""

    rows: int
    digest: int
    """Sum of the BLAKE2b hashes of all rows."""


class ModelContent(NamedTuple):
    """The stored content of a model.

    Args:
        log: id of the log from which it was made.
        position: the last position that it contains.
        hash: hash of the event there.
        unknown: kinds of events that were left out as unknown when the model was updated.
        rows: its rows; None if its table is missing, has other columns, or cannot be read.
    """

    log: object
    position: object
    hash: object
    unknown: object
    rows: Fingerprint | None


def now_understood(log: Log, unknown: object) -> bool:
    """True if the model must be rebuilt: the program that updated it last skipped events that this program knows.

    Args:
        log: the log, with the kinds that this program knows.
        unknown: column of the model's row in the database: an entry ``KIND:SCHEMA`` for each kind of event that was
            skipped, with the newest schema number of that kind that the other program knew.
    """
    entries = (entry.rpartition(":") for entry in str(unknown).split())
    return any(not known.isdigit() or schema_known(log, kind) > int(known) for kind, _, known in entries)


def schema_known(log: Log, kind: str) -> int:
    """Return the newest schema number of *kind* that this program knows; 0 if it knows none."""
    known = log.kinds.get(kind)
    return known.schema_number if known else 0


def content_of(database: ModelDatabase, model: ReadModel) -> ModelContent | None:
    """Return the content of *model* in one state of the database; None if the model was never made."""
    connection = database.open()
    for _ in range(TRIES):
        found = _content(database, connection, model)
        if found is None or _stand(database, connection, model) == found[:4]:
            return found
    with database.transaction() as connection:
        return _content(database, connection, model)


def disagreements(log: Log, models: Sequence[ReadModel], contents: Sequence[ModelContent | None]) -> Iterator[str]:
    """Yield a sentence for each of *models* whose content differs from that of a model rebuilt at the same position.

    A model for which an older program left out events that this program knows is not compared.

    Args:
        log: the log from which the models are made.
        models: the models.
        contents: stored content of each model, in the same order; None for a model that was never made.

    Raises:
        StoreDamaged: the log cannot be read.
        StoreFull: there is no disk space for the rebuilt models.
    """
    at: dict[int, dict[ReadModel, Fingerprint]] = {}
    identity = log.identity.bytes
    for model, content in zip(models, contents, strict=True):
        if content is None or now_understood(log, content.unknown):  # the next reader makes it anew
            continue
        title = f"the read model {model.name} {model.version}"
        position = content.position
        if content.rows is None:
            yield f"{title} has no table, or one with other columns"
        elif content.log != identity:
            yield f"{title} is of another log"
        elif not isinstance(position, int) or position < 0 or log.hash_at(position) != content.hash:
            yield f"{title} stands at {position!r}, at an event that this log does not have"
        else:
            at.setdefault(position, {})[model] = content.rows
    for position, standing in at.items():
        yield from _different(log, position, standing)


def _different(log: Log, position: int, standing: Mapping[ReadModel, Fingerprint]) -> Iterator[str]:
    with ScratchModels(list(standing)) as scratch:
        scratch.move(log, RecordFolds(log), position)
        for model, rows in standing.items():
            if _fingerprint(scratch.connection.execute(model.table.select())) != rows:
                yield (
                    f"the read model {model.name} {model.version}, brought to {position},"
                    " differs from the log up to there"
                )


def _content(database: ModelDatabase, connection: Connection, model: ReadModel) -> ModelContent | None:
    stand = _stand(database, connection, model)
    if stand is None:
        return None
    rows = None
    try:
        with database.translated_errors():
            if is_whole(connection, model.table):
                rows = _fingerprint(connection.execute(model.table.select()))
    except StoreDamaged:  # the table is missing, or its pages are damaged
        rows = None
    log, position, hash_, unknown = stand
    return ModelContent(log, position, hash_, unknown, rows)


def _stand(database: ModelDatabase, connection: Connection, model: ReadModel) -> tuple[Any, ...] | None:
    with database.translated_errors():
        found: tuple[Any, ...] | None = connection.execute(_STAND, (model.name, model.version)).fetchone()
        return found


def _fingerprint(rows: Iterable[tuple[Any, ...]]) -> Fingerprint:
    count = total = 0
    for row in rows:
        count += 1
        total += int.from_bytes(blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest())
    return Fingerprint(count, total)
