"""Changes since a handoff: which of the sounds that somebody outside was given sound otherwise today.

Tests: ``tests/orchestrator/cli/commands/sound/test_handoff.py``.
"""

from typing import Final

from domain.core.ids import slug_of, song_of
from domain.correspondence.handoffs import GivenSound, HandoffGiven, Purpose
from domain.masters.masters import bind
from domain.status.chosen_mixes import chosen_mixes
from domain.status.master_status import given_mixes
from domain.status.record_state import HandoffChanges, RecordState, since_handoff

STALE: Final = "OUTSIDE-STALE"
"""Status of a handoff of which something has changed since it was given last."""


def mixes_to_give(state: RecordState, record: str) -> tuple[GivenSound, ...]:
    """The chosen mix of each song of *record* that has one, in the order of the record."""
    chosen = chosen_mixes(state, record)
    songs = [song.id for song in state.catalog.songs_of(record) if song.id in chosen]
    outputs = given_mixes(state, bind(record, songs, chosen)) if songs else {}
    return tuple(
        GivenSound(target=f"{song}@mix{chosen[song]}", hash=outputs[song]) for song in songs if song in outputs
    )


def comps_to_give(state: RecordState, song: str, parts: tuple[str, ...] = ()) -> tuple[GivenSound, ...]:
    """The comp of each part of *song*, or of *parts* of it (ids), that has one and is not removed or shelved."""
    living = [f"{song}/{part}" for part in state.catalog.song(song).mixable]
    wanted = [part for part in living if part in parts] if parts else living
    return tuple(GivenSound(target=part, hash=sound.hash) for part in wanted if (sound := state.sound(part)))


def to_give_again(state: RecordState, handoff: HandoffGiven) -> tuple[GivenSound, ...]:
    """The sounds that an update of *handoff* gives today: to an editor the parts that were given, else all there is."""
    if handoff.song is None:
        return mixes_to_give(state, handoff.record)
    parts = tuple(handoff.hashes) if handoff.purpose == "edit" else ()
    return comps_to_give(state, handoff.song, parts)


def changes_since(state: RecordState, handoff: HandoffGiven) -> HandoffChanges:
    """Slugs of the parts, or for mastering of the songs, that sound otherwise today than as *handoff* gave them.

    An edit that comes back of a part that was given to be edited is no change of that part.
    """
    if handoff.song is not None and handoff.purpose == "edit":
        return _changes_of_edits(state, handoff)
    if handoff.song is not None:
        return since_handoff(state, handoff.song, handoff.hashes_by_part)
    given = {song_of(address): hash_ for address, hash_ in handoff.hashes.items()}
    today = {song_of(one.target): one.hash for one in mixes_to_give(state, handoff.record)}
    return HandoffChanges(
        changed=tuple(slug_of(song) for song, hash_ in given.items() if today.get(song, hash_) != hash_),
        new=tuple(slug_of(song) for song in today if song not in given),
        gone=tuple(slug_of(song) for song in given if song not in today),
    )


def _changes_of_edits(state: RecordState, handoff: HandoffGiven) -> HandoffChanges:
    today = {part: state.sound(part) for part in handoff.hashes}
    return HandoffChanges(
        changed=tuple(
            slug_of(part) for part, sound in today.items()
            if sound and handoff.hashes[part] not in {sound.hash, state.joined_plan(part), state.edit_plan(part)}
        ),
        gone=tuple(slug_of(part) for part, sound in today.items() if sound is None),
    )  # fmt: skip


def is_in_use(state: RecordState, handoff: HandoffGiven) -> bool:
    """True unless the record or the song of *handoff* was removed or shelved."""
    return not state.catalog.absent_entry(handoff.address)


def changes_in_words(changes: HandoffChanges, purpose: Purpose) -> str:
    """*changes* in words, such as ``drums has changed``; empty for none."""
    kept = "kept" if purpose != "master" else "chosen"
    words = [
        f"{', '.join(changes.changed)} {_has(changes.changed)} changed" if changes.changed else "",
        f"{', '.join(changes.new)} {_has(changes.new)} been {kept} since" if changes.new else "",
        f"{', '.join(changes.gone)} {_has(changes.gone)} nothing {kept} any more" if changes.gone else "",
    ]
    return "; ".join(filter(None, words))


def _has(names: tuple[str, ...]) -> str:
    return "has" if len(names) == 1 else "have"
