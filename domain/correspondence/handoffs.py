"""Handoffs: the sounds that an outside editor, mixer or mastering engineer was given, under a number such as ``H1``."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal, get_args

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.booking.slots import Moment
from domain.core.blob_reference import BlobReference
from domain.core.event import Event, PersonId, RecordId, Sha, SongId, Traits, Value
from domain.core.ids import slug_of
from domain.core.refusal import Misused, NotFound, Refused, suggest

Purpose = Literal["mix", "edit", "master"]
PURPOSES: Final[tuple[Purpose, ...]] = get_args(Purpose)
HandoffId = Annotated[str, StringConstraints(pattern=r"^H[1-9][0-9]{0,5}$")]
MOST_GIVEN: Final = 10_000
"""Sounds of one handoff."""
MOST_FILES: Final = 100_000
"""Files in the folder of one handoff."""

_ID: Final = re.compile(r"[Hh]([1-9][0-9]{0,5})", re.ASCII)


class GivenSound(Value):
    """A sound that was given: its address, and the hash on which what is made from it stands."""

    target: Annotated[str, StringConstraints(min_length=1, max_length=600)]
    """A part, or a mix for mastering."""
    hash: Sha
    """Hash of the part's comp, or of the mix's output."""


class HandoffGiven(Event):
    """Sounds were given to somebody outside, or what changed of a handoff was given again under its number."""

    kind: Literal["handoff-given"] = "handoff-given"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("song", "record")
    record: RecordId
    song: SongId | None = None
    """The song; None for the mixes of a whole record."""
    handoff: HandoffId
    """Counted in the record; an update has the number of the handoff that it updates."""
    to: PersonId
    purpose: Purpose
    given: Annotated[tuple[GivenSound, ...], Field(min_length=1, max_length=MOST_GIVEN)]
    """All sounds that the receiver has after this, in the order of the song or the record."""
    manifest: Sha
    """Blob of the manifest: each file by name, with its hash."""
    files: Annotated[int, Field(ge=1, le=MOST_FILES)]
    """Files in the folder that was written, without the manifest."""
    at: Moment

    @override
    def describe(self) -> str:
        files = f"{self.files} file{'s' if self.files > 1 else ''}"
        return f"{self.address} {self.handoff} to {self.to}, to {self.purpose}: {files}, manifest {self.manifest[:12]}"

    @override
    def blobs(self) -> Iterable[BlobReference]:
        yield BlobReference(f"{self.record} {self.handoff} manifest", self.manifest, None, "evidence")

    @property
    def hashes(self) -> dict[str, str]:
        """The hash of each sound by its address."""
        return {one.target: one.hash for one in self.given}

    @property
    def hashes_by_part(self) -> dict[str, str]:
        """The hash of each comp by the slug of its part; only of a handoff of one song."""
        return {slug_of(one.target): one.hash for one in self.given}


@dataclass(frozen=True, slots=True)
class Handoffs:
    """The handoffs of one record by number, each with its updates, in the order they were given."""

    given: Mapping[str, tuple[HandoffGiven, ...]] = field(default_factory=dict)

    @property
    def next_id(self) -> str:
        """Id of the next handoff."""
        return f"H{max((int(one[1:]) for one in self.given), default=0) + 1}"

    def latest(self, record: str, text: str) -> HandoffGiven:
        """The handoff named *text*, such as ``H1``, as it was given last.

        Raises:
            Misused: ``handoff.id``; *text* is no number of a handoff.
            NotFound: ``handoff.unknown``.
        """
        if not is_handoff_id(text):
            raise Misused(
                "handoff.id", f"{text[:40]!r} is no handoff; they are called H1, H2 and so on",
                next=suggest("handoff list", record),
            )  # fmt: skip
        found = self.given.get(text.upper())
        if found is None:
            raise NotFound("handoff.unknown", f"{record} has no handoff {text}", next=suggest("handoff list", record))
        return found[-1]


def is_handoff_id(text: str) -> bool:
    """True if *text* is formed like the number of a handoff, such as ``H1``; no hash is."""
    return _ID.fullmatch(text) is not None


def handoffs_after(events: Iterable[HandoffGiven]) -> Handoffs:
    """The handoffs of one record after its *events*."""
    given: dict[str, tuple[HandoffGiven, ...]] = {}
    for event in events:
        given[event.handoff] = (*given.get(event.handoff, ()), event)
    return Handoffs(given)


def id_for(
    handoffs: Handoffs, *, song: str | None, to: str, purpose: Purpose, given: Sequence[GivenSound]
) -> str:  # fmt: skip
    """Id of the handoff of *given*: that of an earlier one if the same person has the same for the same purpose."""
    for id_, events in handoffs.given.items():
        last = events[-1]
        if (last.song, last.to, last.purpose, last.given) == (song, to, purpose, tuple(given)):
            return id_
    return handoffs.next_id


def give(handoffs: Handoffs, new: HandoffGiven) -> list[HandoffGiven]:
    """Record the handoff or update *new*.  What was given last under its number yields no event.

    Raises:
        Refused: ``handoff.taken``; somebody else's handoff got the number since *new* was prepared.
    """
    events = handoffs.given.get(new.handoff, ())
    if not events:
        if new.handoff != handoffs.next_id:
            raise _taken(new)
        return [new]
    last = events[-1]
    if (last.song, last.to, last.purpose) != (new.song, new.to, new.purpose):
        raise _taken(new)
    if (last.given, last.manifest) == (new.given, new.manifest):
        return []
    return [new]


def _taken(new: HandoffGiven) -> Refused:
    return Refused(
        "handoff.taken", f"{new.handoff} was given to somebody else meanwhile; nothing was written",
        next="the same command again",
    )  # fmt: skip


def read_purpose(word: str) -> Purpose:
    """The purpose called *word*.  Raises: Misused ``handoff.purpose``."""
    for purpose in PURPOSES:
        if word == purpose:
            return purpose
    raise Misused("handoff.purpose", f"{word[:40]!r} is no purpose; say --for {', '.join(PURPOSES[:-1])} or master")


def refuse_other_song(handoff: HandoffGiven, song: str | None) -> None:
    """Refuse a return for *song*, or for the whole record if it is None, that *handoff* was not about.

    Raises:
        Refused: ``handoff.song``.
    """
    if handoff.song != song:
        raise Refused(
            "handoff.song",
            f"{handoff.handoff} was given of {handoff.address} to {handoff.purpose}, not of {song or handoff.record}",
            next=suggest("handoff list", handoff.record),
        )
