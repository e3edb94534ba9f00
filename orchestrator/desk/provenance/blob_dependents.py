"""Dependents of a blob: the songs and masters that are made from it.

Tests: ``tests/orchestrator/desk/upkeep/test_vault_usage.py``.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, Recorded
from domain.core.ids import IdParts
from domain.masters.masters import MasterPlanned


def dependents_by_blob(events: Iterable[Recorded[Event]]) -> Mapping[str, tuple[str, ...]]:
    """Songs and masters that need each blob, by its hash.

    The takes and edits of a song are needed by every master with the song, a mix only by the masters that hold it.
    """
    files: list[BlobReference] = []
    masters: dict[str, set[str]] = defaultdict(set)
    for recorded in events:
        files += recorded.event.blobs()
        if isinstance(recorded.event, MasterPlanned):
            name = f"{recorded.event.record}@master{recorded.event.number}"
            for bound in recorded.event.songs:
                masters[bound.song].add(name)
                masters[f"{bound.song}@mix{bound.revision}"].add(name)
    found: dict[str, set[str]] = defaultdict(set)
    for file in files:
        found[file.blob].update(_needing(file.address, masters))
    return {blob: tuple(sorted(who)) for blob, who in found.items()}


def _needing(address: str, masters: Mapping[str, set[str]]) -> Iterator[str]:
    id_ = IdParts.of(address)
    if id_.song is None:
        yield id_.name
        match id_.label.split(" "):
            case _target, song:  # one word alone is the reference, or the gain of a target
                yield f"{id_.record}/{song}"
    else:
        yield id_.song
        yield from masters.get(id_.name if id_.revision else id_.song, ())
