"""What waits for somebody's ears: takes nobody judged, mixes and masters to hear; and what keeps the rest from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from domain.masters import Masters
from domain.owed import master_standing, wanted_mixes
from domain.production import Production, mix_standing
from domain.verdicts import Standing


@dataclass(frozen=True, slots=True)
class Item:
    """One question, or one thing that cannot be asked yet."""

    kind: Literal["take", "mix", "master"]
    address: str
    why: str
    """Why it is here, in words."""
    output: str | None = None
    """Of a mix or master: the hash of what is to be heard."""


def to_judge(state: Production, record: str, below: str = "") -> Iterator[Item]:
    """The questions of *record*, takes first; of those at or under the address *below* alone."""
    for part, own in state.takes.items():
        kept = any(take.verdict in {"approved", "kept"} for take in own.takes.values())
        why = f"new take, {part.rpartition('/')[2]} has {'a keeper' if kept else 'none'}"
        for take in own.takes.values():
            if take.verdict is None and _under(take.ingested.take, below):
                yield Item("take", take.ingested.take, why)
    for standing in standings(state, record):
        if _under(standing.address, below):
            yield from _to_hear(state, standing)


def _to_hear(state: Production, standing: Standing) -> Iterator[Item]:
    kind: Literal["mix", "master"] = "mix" if standing.subject.endswith("@mix") else "master"
    if standing.state == "to hear":
        lapsed = "lapsed: it sounds different from what was approved"
        yield Item(kind, standing.address, lapsed if standing.lapsed else "rendered, not yet judged", standing.output)
    for output in standing.others:
        if (standing.subject, output) not in state.verdicts.last:
            yield Item(kind, standing.address, "rendered anew by hand: another output to hear", output)


def blocked(state: Production, record: str) -> Iterator[Item]:
    """Mixes and masters of *record* that wait for something else than a render."""
    for standing in standings(state, record):
        if standing.state == "blocked":
            yield Item("mix" if standing.subject.endswith("@mix") else "master", standing.address, str(standing))


def standings(state: Production, record: str) -> Iterator[Standing]:
    """The standing of each mix that is kept up to date, and of the newest master."""
    for song in state.catalog.songs_of(record):
        for revision in wanted_mixes(state, record, song.id):
            yield mix_standing(state, song.id, revision.number)
    masters = state.masters.get(record, Masters()).masters
    if masters:
        yield master_standing(state, record, max(masters))


def _under(address: str, below: str) -> bool:
    return not below or address == below or address.startswith((f"{below}/", f"{below}@"))
