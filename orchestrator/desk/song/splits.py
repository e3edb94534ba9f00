"""Splits of a song: proposed, agreed to by each writer, and shown with the evidence of each yes.

Tests: ``tests/orchestrator/cli/commands/song/test_split.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
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
from flows.vault.vault import Vault
from orchestrator.desk.addressing.register import everybody, person_query, refuse_contact_data
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import shown
from orchestrator.desk.song.song_facts import refuse_unfit
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

KINDS: Final = get_args(SplitEvent)
LARGEST_EVIDENCE: Final = 64 * 1024 * 1024
"""Bytes of a message in which an absent writer agreed."""
LONGEST_PATH: Final = 4096
"""Characters of a path; longer words are a message."""


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


def agree(
    studio: Studio, vault: Vault, song: str, *, proposal: str | None, why: str | None,
    writer: str | None = None, evidence: str | None = None,
) -> bool:  # fmt: skip
    """Agree to the shares of *song*; return False if the writer had agreed already.

    Args:
        studio: the store.
        vault: where the evidence is kept, by the hash of its bytes.
        song: song id.
        proposal: beginning of the hash of the proposal that was shown; None for the present one.
        why: the reason given.
        writer: name of the absent writer whose yes the caller records; None for the caller's own.
        evidence: the message in which the absent writer agreed: path of a file, or the words themselves.

    Raises:
        Misused: ``split.evidence``; the yes of an absent writer has none, or one's own yes has it; ``file.unfit``.
        NotFound: ``split.none``.
        Refused: ``split.writer``, ``split.changed``; ``person.role``, the caller may not record another's yes.
        VaultFault: the evidence cannot be stored.
    """
    actor = studio.who.actor
    person = slug(writer) if writer is not None else actor
    if evidence is not None and person == actor:
        raise Misused("split.evidence", "evidence is for the yes of a writer who is absent; name them with --for")

    heard = keep_evidence(vault, evidence, noun="split") if evidence is not None else None

    def decision(history: History, _: Role) -> tuple[bool, Sequence[Event]]:
        events = agree_splits(
            splits_of(history, song), song=song, person=person, proposal=proposal, by=actor, evidence=heard
        )
        return bool(events), events

    return studio.decide(split_query(song), decision, deed="note" if person == actor else "record", why=why)


def keep_evidence(vault: Vault, evidence: str, *, noun: str) -> str:
    """The hash of *evidence* in the vault: of the file of that path, or of the words.

    Raises:
        Misused: ``split.evidence``, with *noun* before the dot; it is empty or too large.  ``file.unfit``.
    """
    path = Path(evidence)
    if "\n" not in evidence and len(evidence) <= LONGEST_PATH and path.is_file():
        refuse_unfit(path, LARGEST_EVIDENCE)
        return vault.take_in(path).hash
    words = evidence.strip().encode()
    if not 0 < len(words) <= LARGEST_EVIDENCE:
        raise Misused(f"{noun}.evidence", f"the message has {len(words):,} bytes; 1 to {LARGEST_EVIDENCE:,} are taken")
    with vault.scratch() as room:
        message = room / "message.txt"
        message.write_bytes(words)
        return vault.publish(message).hash


def split_rows(studio: Studio, song: str) -> list[Row]:
    """One row for each writer of *song*: the share, and when, through whom and to which proposal they agreed."""
    history = studio.read(split_query(song))
    splits = splits_of(history, song)
    given = {
        one.event.person: (one, one.event)
        for one in history
        if isinstance(one.event, SplitsAgreed) and one.event.proposal == splits.proposal
    }

    def yes_of(person: str) -> Row:
        if person not in splits.agreed:
            return dict.fromkeys(("agreed", "via", "recorded_by", "evidence"), "")
        recorded, event = given[person]
        by, evidence = event.by or "", (event.evidence or "")[:12]
        return {
            "agreed": shown(studio, recorded.recorded_at), "via": recorded.via, "recorded_by": by, "evidence": evidence,
        }  # fmt: skip

    return [
        {
            "person": person,
            "share": percent(share),
            "basis_points": share,
            **yes_of(person),
            "proposal": splits.proposal[:12],
        }
        for person, share in splits.shares.items()
    ]


def open_splits(studio: Studio, record: str) -> dict[str, Splits]:
    """The splits of each song of *record* that has a proposal, by song id."""
    history = studio.read(Query.of(*KINDS, tags=[f"record:{record_of(record)}"]))
    songs = dict.fromkeys(one.event.song for one in history if isinstance(one.event, SplitEvent))
    return {song: splits_of(history, song) for song in songs}
