"""What somebody outside is given to work on, today and at earlier moments."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from domain.core.event import Event, tags_of
from domain.core.refusal import Misused, NotFound, suggest
from domain.label.catalog import RecordOpened
from domain.masters.masters import BoundMix, bind
from domain.render.jobs import Rendered, manifest
from domain.song.arrangement import SongArranged
from domain.song.form import SongFormed
from domain.song.passes import BasicSet, PassMarked
from domain.status.due_renders import given_mixes
from domain.status.record_state import RecordState, approved_mixes, fold
from domain.status.undo import DecisionUndone
from domain.status.verdicts import VerdictGiven
from domain.takes.midi_takes import MidiPlayed
from domain.takes.outside_comps import CompSubmitted
from domain.takes.take_edits import TakeEdited
from domain.takes.takes import CompSet, TakeIngested, TakeJudged
from orchestrator.studio import History

SHORTEST_HASH: Final = 8
_MOVES: Final = (
    TakeIngested, MidiPlayed, TakeJudged, TakeEdited, CompSet, CompSubmitted, BasicSet, PassMarked, SongFormed,
    SongArranged, DecisionUndone,
)  # fmt: skip
"""What may change how a part sounds."""


def given_now(state: RecordState, song: str) -> dict[str, str]:
    """What is known of each part of *song* that has a comp: what a mixer is given today."""
    heard = state.catalog.song(song).heard
    return {part: sound.hash for part in heard if (sound := state.sound(f"{song}/{part}"))}


def given_hash(given: Mapping[str, str]) -> str:
    """The one hash of what somebody is given."""
    return manifest(given.items())


def part_given_now(state: RecordState, part: str) -> str:
    """What an editor of *part* is given today, as one hash.  Raises: NotFound ``comp.empty``."""
    sound = state.sound(part)
    if sound is None:
        raise NotFound(
            "comp.empty", f"{part} has no keeper: there is nothing to hand out", next=suggest("take list", part)
        )
    return sound.hash


def mix_given_then(history: History, song: str, hash_: str) -> dict[str, str]:
    """What the comps of *song* were when their hash was *hash_* (or began so); the latest such moment.

    Raises:
        Misused: ``mix.from``; it is no hash.
        NotFound: ``mix.from``; it never was.
    """
    _refuse_no_hash("mix.from", hash_)
    for state in _moments(history, song):
        given = given_now(state, song)
        if given_hash(given).startswith(hash_):
            return given
    raise NotFound("mix.from", f"the comps of {song} never had the hash {hash_}", next=suggest("comp manifest", song))


def edit_given_then(history: History, part: str, hash_: str) -> RecordState:
    """The record at the latest moment at which *part*, or all of its song, had the hash *hash_* (or one that began so).

    Raises:
        Misused: ``comp.from``; it is no hash.
        NotFound: ``comp.from``; it never was.
    """
    _refuse_no_hash("comp.from", hash_)
    song = part.rpartition("/")[0]
    for state in _moments(history, song):
        sound = state.sound(part)
        if sound and any(one.startswith(hash_) for one in (sound.hash, sound.plan, given_hash(given_now(state, song)))):
            return state
    raise NotFound(
        "comp.from", f"neither {part} nor its song ever had the hash {hash_}", next=suggest("comp manifest", part)
    )


def mixes_given_now(state: RecordState, record: str) -> tuple[BoundMix, ...]:
    """The newest approved mix of each song of *record*: what a mastering engineer is given today.

    Raises:
        Refused: ``master.source``; a song has none.
    """
    songs = [song.id for song in state.catalog.songs_of(record)]
    return bind(record, songs, approved_mixes(state, record))


def mixes_given_then(history: History, record: str, hash_: str) -> tuple[tuple[BoundMix, ...], dict[str, str]]:
    """The mixes whose outputs, together, had the hash *hash_* (or one that began so), and these outputs by song.

    Looked for today, and after each verdict, the latest first.

    Raises:
        Misused: ``master.from``; it is no hash.
        NotFound: ``master.from``; it never was.
    """
    _refuse_no_hash("master.from", hash_)
    for end in range(len(history), 0, -1):
        if end == len(history) or isinstance(history[end - 1].event, VerdictGiven):
            state = fold(history[:end])
            approved = approved_mixes(state, record)
            songs = [song.id for song in state.catalog.songs_of(record)]
            if songs and approved.keys() >= set(songs):
                bound = bind(record, songs, approved)
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
    """*song*, and nothing else of its record, after each decision that may have changed its sound, the latest first."""
    own = [one for one in history if isinstance(one.event, RecordOpened) or _decided_of(song, one.event)]
    for end in range(len(own), 0, -1):
        if isinstance(own[end - 1].event, _MOVES):
            yield fold(own[:end])


def _decided_of(song: str, event: Event) -> bool:
    return not isinstance(event, Rendered) and f"song:{song}" in tags_of(event)
