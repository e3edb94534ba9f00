"""What is lost with a blob: the songs and the masters that are made from it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from domain.core.event import Event, Recorded
from domain.masters.masters import MasterPlanned
from orchestrator.desk.provenance.blob_references import BlobReference, blobs_of


def dependents_by_blob(events: Iterable[Recorded[Event]]) -> Mapping[str, tuple[str, ...]]:
    """The songs and masters that need each blob, by its hash.

    A take, or an edit of it, is needed by every master of its song; a mix by the masters that are bound to it.
    """
    files: list[BlobReference] = []
    masters: dict[str, set[str]] = defaultdict(set)
    for recorded in events:
        files += blobs_of(recorded.event)
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
    place, *words = address.split(" ")
    if "@master" in place:
        yield place
        match words:
            case _target, song:  # one word alone is the reference, or the gain of a target
                yield f"{place.partition('@')[0]}/{song}"
    elif "@mix" in place:
        yield place.partition("@")[0]
        yield from masters.get(place, ())
    else:
        of = "/".join(place.split("/")[:2])
        yield of
        yield from masters.get(of, ())
