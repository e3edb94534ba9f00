"""Splits of a song: proposed, agreed to by each writer, and shown with the evidence of each yes.

Tests: ``tests/orchestrator/cli/commands/song/test_split.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, get_args

from domain.core.address import slug
from domain.core.event import Event, Recorded
from domain.core.ids import record_of
from domain.core.refusal import Misused
from domain.label.people import Role, add_person
from domain.song.splits import (
    SplitEvent,
    Splits,
    SplitsAgreed,
    agree_splits,
    percent,
    propose_splits,
    read_share,
    splits_after,
)
from orchestrator.desk.addressing.register import everybody, person_query, refuse_contact_data
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import shown
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

KINDS: Final = get_args(SplitEvent)


@dataclass(frozen=True, slots=True)
class ProposedSplits:
    """A proposal, and the writers who were added to the register of people."""

    proposal: str
    new_people: tuple[str, ...]


def split_query(song: str) -> Query:
    """Query for the splits of *song*."""
    return Query.of(*KINDS, tags=[f"song:{song}"])


def splits_of(history: Sequence[Recorded[Event]], song: str) -> Splits:
    """The splits of *song* after *history*."""
    return splits_after([one.event for one in history if isinstance(one.event, SplitEvent) and one.event.song == song])


def propose(studio: Studio, song: str, words: Sequence[str], *, why: str | None) -> ProposedSplits:
    """Propose shares of *song*; writers whose names are new are added to the register of people, without a role.

    Args:
        studio: the store.
        song: song id.
        words: such as ``ann=50``.
        why: the reason given.

    Raises:
        Misused: ``split.share``; ``person.name``, a name holds contact data.
        Refused: ``split.total``.
    """
    names = dict(_share(word) for word in words)
    if len(names) < len(words):
        raise Misused("split.share", "a writer is named twice; give each one share")
    shares = {slug(name): points for name, points in names.items()}

    def decision(history: History, _: Role) -> tuple[ProposedSplits, Sequence[Event]]:
        proposed = propose_splits(splits_of(history, song), song=song, shares=shares, by=studio.who.actor)
        people = everybody(history)
        entered = [event for name in names for event in add_person(people, person=slug(name), name=name, roles=())]
        after = splits_after([*(one.event for one in history if isinstance(one.event, SplitEvent)), *proposed])
        return ProposedSplits(after.proposal, tuple(event.address for event in entered)), [*entered, *proposed]

    query = split_query(song)
    for person in shares:
        query |= person_query(person)
    return studio.decide(query, decision, deed="record", why=why)


def _share(word: str) -> tuple[str, int]:
    name, equals, share = word.rpartition("=")
    if not equals or not name.strip():
        raise Misused("split.share", f"{word[:60]!r} gives nobody a share; write ann=50")
    refuse_contact_data(name)
    return name.strip(), read_share(share.strip())


def agree(studio: Studio, song: str, *, proposal: str | None, why: str | None) -> bool:
    """Agree to the shares of *song* as the caller; return False if they had agreed already.

    Raises:
        NotFound: ``split.none``.
        Refused: ``split.writer``, ``split.changed``.
    """

    def decision(history: History, _: Role) -> tuple[bool, Sequence[Event]]:
        events = agree_splits(splits_of(history, song), song=song, person=studio.who.actor, proposal=proposal)
        return bool(events), events

    return studio.decide(split_query(song), decision, deed="note", why=why)


def split_rows(studio: Studio, song: str) -> list[Row]:
    """One row for each writer of *song*: the share, and when, through whom and to which proposal they agreed."""
    history = studio.read(split_query(song))
    splits = splits_of(history, song)
    given = {
        one.event.person: one
        for one in history
        if isinstance(one.event, SplitsAgreed) and one.event.proposal == splits.proposal
    }
    return [
        {
            "person": person,
            "share": percent(share),
            "basis_points": share,
            "agreed": shown(studio, given[person].recorded_at) if person in splits.agreed else "",
            "via": given[person].via if person in splits.agreed else "",
            "proposal": splits.proposal[:12],
        }
        for person, share in splits.shares.items()
    ]


def open_splits(studio: Studio, record: str) -> dict[str, Splits]:
    """The splits of each song of *record* that has a proposal, by song id."""
    history = studio.read(Query.of(*KINDS, tags=[f"record:{record_of(record)}"]))
    songs = dict.fromkeys(one.event.song for one in history if isinstance(one.event, SplitEvent))
    return {song: splits_of(history, song) for song in songs}
