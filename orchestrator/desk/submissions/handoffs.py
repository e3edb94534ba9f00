"""Handoffs: the hashes of the audio given to an outside editor, mixer or mastering engineer, now or earlier.

Tests: ``tests/orchestrator/desk/submissions/test_outside_comps.py``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from domain.core.event import Event, tags_of
from domain.core.ids import song_of
from domain.core.refusal import Misused, NotFound, suggest
from domain.label.catalog import RecordOpened
from domain.masters.masters import SongBinding, bind, choose_songs
from domain.render.jobs import Rendered, manifest
from domain.status.chosen_mixes import chosen_mixes
from domain.status.master_status import given_mixes
from domain.status.record_fold import fold
from domain.status.record_state import RecordState
from domain.status.verdicts import VerdictGiven
from orchestrator.studio import History

SHORTEST_HASH: Final = 8


def given_now(state: RecordState, song: str) -> dict[str, str]:
    """Current handoff to a mixer: the hash of each part of *song* that has a comp and is not removed or shelved."""
    parts = state.catalog.song(song).mixable
    return {part: sound.hash for part in parts if (sound := state.sound(f"{song}/{part}"))}


def _given_by_plan(state: RecordState, song: str) -> dict[str, str]:
    """The handoff to a mixer as earlier releases hashed it: by the plans of the edits as they were painted."""
    return {
        part: sound.hash if sound.submitted else sound.plan
        for part in state.catalog.song(song).mixable
        if (sound := state.sound(f"{song}/{part}"))
    }


def given_hash(given: Mapping[str, str]) -> str:
    """Hash over a whole handoff."""
    return manifest(given.items())


def part_given_now(state: RecordState, part: str) -> str:
    """Hash of the current handoff to an editor of *part*.  Raises: NotFound ``comp.empty``."""
    sound = state.sound(part)
    if sound is None:
        raise NotFound(
            "comp.empty", f"{part} has no keeper: there is nothing to hand out", next=suggest("take list", part)
        )
    return sound.hash


def mix_given_then(history: History, song: str, hash_: str) -> dict[str, str]:
    """The latest handoff to a mixer of *song* whose hash is, or begins with, *hash_*.

    Raises:
        Misused: ``mix.from``; *hash_* is not a hash.
        NotFound: ``mix.from``; no handoff had this hash.
    """
    _refuse_no_hash("mix.from", hash_)
    for state in _moments(history, song):
        given = given_now(state, song)
        if any(given_hash(one).startswith(hash_) for one in (given, _given_by_plan(state, song))):
            return given
    raise NotFound("mix.from", f"the comps of {song} never had the hash {hash_}", next=suggest("comp manifest", song))


def edit_given_then(history: History, part: str, hash_: str) -> RecordState:
    """The record at the latest moment at which the hash of the handoff of *part*, or of its song, began with *hash_*.

    Raises:
        Misused: ``comp.from``; *hash_* is not a hash.
        NotFound: ``comp.from``; no handoff had this hash.
    """
    _refuse_no_hash("comp.from", hash_)
    song = song_of(part)
    for state in _moments(history, song):
        sound = state.sound(part)
        whole = given_hash(given_now(state, song)), given_hash(_given_by_plan(state, song))
        if sound and any(one.startswith(hash_) for one in (sound.hash, sound.plan, *whole)):
            return state
    raise NotFound(
        "comp.from", f"neither {part} nor its song ever had the hash {hash_}", next=suggest("comp manifest", part)
    )


def mixes_given_now(state: RecordState, record: str) -> tuple[SongBinding, ...]:
    """Current handoff to a mastering engineer: the chosen mix of each song of *record* that has one.

    Raises:
        Refused: ``master.source``; no song has an approved mix.
    """
    songs = [song.id for song in state.catalog.songs_of(record)]
    chosen = chosen_mixes(state, record)
    return bind(record, choose_songs(songs, chosen)[0], chosen)


def mixes_given_then(history: History, record: str, hash_: str) -> tuple[tuple[SongBinding, ...], dict[str, str]]:
    """The latest handoff to a mastering engineer whose hash began with *hash_*: the mixes, and their outputs by song.

    The search covers the present, then the moment after each verdict, latest first.

    Raises:
        Misused: ``master.from``; *hash_* is not a hash.
        NotFound: ``master.from``; no handoff had this hash.
    """
    _refuse_no_hash("master.from", hash_)
    for end in range(len(history), 0, -1):
        if end == len(history) or isinstance(history[end - 1].event, VerdictGiven):
            state = fold(history[:end])
            approved = chosen_mixes(state, record)
            songs = [song.id for song in state.catalog.songs_of(record)]
            if approved:
                bound = bind(record, choose_songs(songs, approved)[0], approved)
                given = given_mixes(state, bound)
                if given_hash(given).startswith(hash_):
                    return bound, given
    raise NotFound(
        "master.from", f"the approved mixes of {record} never had the hash {hash_}",
        next=suggest("master manifest", record),
    )  # fmt: skip


def _refuse_no_hash(rule: str, hash_: str) -> None:
    if not re.fullmatch(r"[0-9a-f]{8,64}", hash_, re.ASCII):
        raise Misused(rule, f"{hash_!r} is no hash; give at least {SHORTEST_HASH} of its 64 hexadecimal digits")


def _moments(history: History, song: str) -> Iterator[RecordState]:
    """Yield the state of *song* alone after each event that may have changed its sound, latest first."""
    own = [one for one in history if isinstance(one.event, RecordOpened) or _decided_of(song, one.event)]
    for end in range(len(own), 0, -1):
        if own[end - 1].event.traits.moves_sound:
            yield fold(own[:end])


def _decided_of(song: str, event: Event) -> bool:
    return not isinstance(event, Rendered) and f"song:{song}" in tags_of(event)
