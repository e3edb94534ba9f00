"""Vault usage: bytes of audio by record, or by song and kind."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, Recorded
from domain.core.ids import IdParts, record_of
from orchestrator.desk.addressing.rows import Row


@dataclass(slots=True)
class Usage:
    """Bytes by owner; a blob of several owners is counted for the first."""

    rows: list[Row]
    total_bytes: int
    shared_bytes: int
    """Bytes of the total that more than one owner uses."""


@dataclass(slots=True)
class _Counted:
    first: str
    size: int
    others: set[str] = field(default_factory=set)


def usage(
    events: Iterable[Recorded[Event]], record: str | None = None, *, size: Callable[[str], int] = lambda _: 0
) -> Usage:
    """Bytes of the audio that *events* name, by record; or, for one *record*, by song and kind.

    Args:
        events: all of them, in order.
        record: its id.
        size: returns the size of a blob, in bytes, if the log does not hold it.
    """
    held: dict[str, _Counted] = {}
    for owner, file in _owned(events, record):
        blob = held.get(file.blob)
        if blob is None:
            blob = held[file.blob] = _Counted(owner, size(file.blob) if file.size is None else file.size)
        if blob.first != owner:
            blob.others.add(owner)
    return Usage(
        _rows(held.values(), "record" if record is None else "what"),
        sum(blob.size for blob in held.values()),
        sum(blob.size for blob in held.values() if blob.others),
    )


def _owned(events: Iterable[Recorded[Event]], record: str | None) -> Iterator[tuple[str, BlobReference]]:
    for recorded in events:
        for file in recorded.event.blobs():
            of = record_of(file.address)
            if record is None:
                yield of, file
            elif of == record:
                yield _what(file.address), file


def _what(address: str) -> str:
    """Kind of audio at an address: a song's mixes, takes or comps, or the record's masters."""
    id_ = IdParts.of(address)
    if id_.song is None:
        return f"{id_.record} masters"
    if id_.part is None:
        words = "" if id_.revision else id_.label  # a rough has no revision
        return " ".join(filter(None, (id_.song, words, "mixes")))
    return f"{id_.song} {'comps' if id_.number is None else 'takes'}"


def _rows(held: Iterable[_Counted], column: str) -> list[Row]:
    files: dict[str, int] = defaultdict(int)
    size: dict[str, int] = defaultdict(int)
    shared: dict[str, int] = defaultdict(int)
    for blob in held:
        files[blob.first] += 1
        size[blob.first] += blob.size
        shared[blob.first] += blob.size if blob.others else 0
    return [{column: name, "files": files[name], "bytes": size[name], "shared": shared[name]} for name in sorted(files)]
