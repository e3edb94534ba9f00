"""Splits: the writers' shares of a song, proposed in the room and agreed to by each writer.

A writer's yes is given to one proposal, named by its hash; another proposal voids every yes before it.  The yes of an
absent writer is recorded by somebody else, with the message in which it was given.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Annotated, ClassVar, Final, Literal, assert_never

from pydantic import Field
from typing_extensions import override

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, PersonId, Sha, SongId, Traits
from domain.core.fold import fold_events
from domain.core.refusal import FreeText, Misused, NotFound, Refused, suggest

BasisPoints = Annotated[int, Field(ge=1, le=10_000)]
"""Hundredths of a percent."""
WHOLE: Final = 10_000
MOST_WRITERS: Final = 100

_SHARE: Final = re.compile(r"(\d{1,3})(?:\.(\d{1,2}))?", re.ASCII)


class SplitsProposed(Event):
    """Shares of a song were proposed; they replace an earlier proposal and what was agreed to it."""

    kind: Literal["splits-proposed"] = "splits-proposed"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("song",)
    song: SongId
    shares: Annotated[Mapping[PersonId, BasisPoints], Field(min_length=1, max_length=MOST_WRITERS)]
    """Basis points by writer, 10,000 in all."""
    by: PersonId

    @override
    def describe(self) -> str:
        return f"{self.song}: {', '.join(f'{person} {percent(share)}' for person, share in self.shares.items())}"


class SplitsAgreed(Event):
    """A writer agreed to the proposed shares of a song."""

    schema_number: ClassVar[int] = 2
    kind: Literal["splits-agreed"] = "splits-agreed"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("song",)
    song: SongId
    proposal: Sha
    """Hash of the proposal."""
    person: PersonId
    by: PersonId | None = None
    """Person who recorded the yes of an absent writer; None if the writers agreed themselves."""
    evidence: Sha | None = None
    """Blob of the message in which an absent writer agreed."""

    @override
    def describe(self) -> str:
        recorded = f", recorded by {self.by} from {(self.evidence or '')[:12]}" if self.by else ""
        return f"{self.song}: {self.person} agrees ({self.proposal[:12]}){recorded}"

    @override
    def blobs(self) -> Iterator[BlobReference]:
        if self.evidence is not None:
            yield BlobReference(f"{self.song} split {self.person} evidence", self.evidence, None, "evidence")


SplitEvent = SplitsProposed | SplitsAgreed


@dataclass(frozen=True, slots=True)
class Splits:
    """The proposed shares of one song, and who agreed to them."""

    shares: Mapping[str, int] = field(default_factory=dict)
    """Basis points by writer; empty without a proposal."""
    proposal: str = ""
    """Hash of the proposal; empty without one."""
    agreed: tuple[str, ...] = ()
    """Writers who agreed to this proposal, in the order they did."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Writers who have not agreed yet."""
        return tuple(person for person in self.shares if person not in self.agreed)


def evolve(splits: Splits, event: SplitEvent) -> Splits:
    """Fold one event into the state."""
    match event:
        case SplitsProposed(song=song, shares=shares):
            return Splits(dict(shares), proposal_hash(song, shares))
        case SplitsAgreed(proposal=proposal, person=person):
            counts = proposal == splits.proposal and person in splits.shares and person not in splits.agreed
            return replace(splits, agreed=(*splits.agreed, person)) if counts else splits
        case _:
            assert_never(event)


def proposal_hash(song: str, shares: Mapping[str, int]) -> str:
    """SHA-256 of a proposal: a version line, the song, and a line for each writer with their basis points, sorted."""
    lines = ["takesheet-splits-1", song, *(f"{person} {share}" for person, share in sorted(shares.items()))]
    return sha256("\n".join(lines).encode()).hexdigest()


def percent(share: int) -> str:
    """*share*, in basis points, as a percentage such as ``33.34 %``."""
    return f"{share // 100}.{share % 100:02d} %"


def read_share(text: str) -> int:
    """Basis points of a percentage such as ``50`` or ``33.34``.

    Raises:
        Misused: ``split.share``; *text* is no percentage above 0 and up to 100 with at most two decimals.
    """
    found = _SHARE.fullmatch(text)
    points = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0
    if not 0 < points <= WHOLE:
        raise Misused("split.share", f"{text[:40]!r} is no share; write 50 or 33.34, at most 100")
    return points


def propose_splits(splits: Splits, *, song: str, shares: Mapping[str, int], by: str) -> list[SplitsProposed]:
    """Propose *shares* of *song*.  The present proposal again yields no event, and what was agreed to it stays.

    Args:
        splits: of the song.
        song: song id.
        shares: basis points by person id.
        by: person who proposes.

    Raises:
        Refused: ``split.total``; the shares are not 100.00 % in all.
    """
    total = sum(shares.values())
    if total != WHOLE:
        short = f"{percent(WHOLE - total)} short" if total < WHOLE else f"{percent(total - WHOLE)} too much"
        words = " ".join(f"{person}={percent(share).removesuffix(' %')}" for person, share in shares.items())
        raise Refused(
            "split.total",
            f"{words} is {percent(total)}, {short}; the writers' shares are 100.00 % in all",
            next=suggest("split propose", song, "NAME=PERCENT"),
        )
    if proposal_hash(song, shares) == splits.proposal:
        return []
    return [SplitsProposed(song=song, shares=dict(shares), by=by)]


def agree_splits(
    splits: Splits, *, song: str, person: str, proposal: str | None = None, by: str | None = None,
    evidence: str | None = None,
) -> list[SplitsAgreed]:  # fmt: skip
    """Agree to the proposed shares of *song*.  A yes that was given to this proposal already yields no event.

    Args:
        splits: of the song.
        song: song id.
        person: writer who agrees.
        proposal: beginning of the hash of the proposal that was shown to the writer; None for the present one.
        by: person who records the yes of the absent *person*; None, or *person*, if the writer decides.
        evidence: hash of the message in which the absent writer agreed.

    Raises:
        Misused: ``split.evidence``; an absent writer's yes has no evidence.
        NotFound: ``split.none``; nothing is proposed.
        Refused: ``split.writer``; the person has no share.  ``split.changed``; another proposal replaced the one that
            was shown.
    """
    if not splits.shares:
        raise NotFound(
            "split.none", f"no shares of {song} are proposed", next=suggest("split propose", song, "NAME=PERCENT")
        )
    if proposal is not None and not splits.proposal.startswith(proposal):
        raise Refused(
            "split.changed",
            f"the proposal for {song} is {splits.proposal[:12]} now, not {proposal[:12]}",
            next=suggest("split show", song),
        )
    if person not in splits.shares:
        raise Refused(
            "split.writer",
            f"{person} has no share of {song}; {', '.join(splits.shares)} do",
            next=suggest("split agree", song, **{"as": FreeText(next(iter(splits.shares)))}),
        )
    if person in splits.agreed:
        return []
    other = by if by != person else None
    if other is not None and evidence is None:
        raise Misused(
            "split.evidence",
            f"the yes of {person} is recorded by {other}; state the message in which {person} gave it",
            next=suggest("split agree", song, **{"for": FreeText(person), "evidence": "FILE|TEXT"}),
        )
    heard = evidence if other is not None else None
    return [SplitsAgreed(song=song, proposal=splits.proposal, person=person, by=other, evidence=heard)]


def splits_after(events: Sequence[SplitEvent]) -> Splits:
    """The splits of one song after its *events*."""
    return fold_events(evolve, Splits(), events)
