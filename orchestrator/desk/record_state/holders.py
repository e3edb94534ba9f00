"""Holders: the people outside who were sent an older mix of a song than the chosen one.

Tests: ``tests/orchestrator/cli/commands/correspondence/test_send.py``.
"""

from domain.correspondence.parcels import Holder, SentSound, SoundSent, holders_of_older
from domain.status.chosen_mixes import chosen_mix
from domain.status.record_state import RecordState
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.log.query import Query
from orchestrator.studio import Studio


def parcel_query(record: str) -> Query:
    """Query for the parcels of *record*."""
    return Query.of(SoundSent, tags=[f"record:{record}"])


def parcels_of(studio: Studio, record: str) -> list[SoundSent]:
    """The parcels of *record*, oldest first."""
    return [one.event for one in studio.read(parcel_query(record)) if isinstance(one.event, SoundSent)]


def older_mixes_held(studio: Studio, record: str) -> list[tuple[Holder, str]]:
    """Whoever holds an older mix of a song of *record* than the chosen one, each with the address of the chosen one."""
    parcels = parcels_of(studio, record)
    if not parcels:
        return []
    state = read_record(studio, record).state
    chosen = _chosen(state, [one.song for one in parcels if one.song])
    return [
        (holder, chosen[song].target)
        for song in chosen
        for holder in holders_of_older([one for one in parcels if one.song == song], chosen)
    ]


def _chosen(state: RecordState, songs: list[str]) -> dict[str, SentSound]:
    found = {song: chosen_mix(state, song) for song in dict.fromkeys(songs) if song in state.catalog.songs}
    return {song: SentSound(target=mix.address, hash=mix.output) for song, mix in found.items() if mix and mix.output}


def holder_line(holder: Holder, chosen: str) -> str:
    """One line for people: who holds what, and what is chosen now."""
    return f"{holder.person} still holds {holder.held.target} ({holder.parcel}); {chosen} is chosen now"
