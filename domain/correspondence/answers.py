"""Answers: what somebody outside said about a sound that they were sent, as it came, typed in by somebody here.

The notes and the verdict are events of their own; the answer keeps the message from which they were taken.
"""

from collections.abc import Collection, Iterator
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, PersonId, RecordId, Sha, SongId, Traits

AnsweredVerdict = Literal["yes", "changes", "later"]
MOST_NOTES: Final = 200
"""Most notes of one answer."""


class AnswerReceived(Event):
    """Somebody answered about a sound, and the message was kept as evidence."""

    kind: Literal["answer-received"] = "answer-received"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("about",)
    record: RecordId
    song: SongId | None = None
    about: Annotated[str, StringConstraints(min_length=1, max_length=600)]
    """Full address of the sound that the answer is about."""
    hash: Sha | None = None
    """Hash of what the speaker heard, as in :class:`domain.correspondence.parcels.SentSound`; None if unknown."""
    speaker: PersonId
    """Person whose answer it is."""
    by: PersonId
    """Person who typed it in."""
    verdict: AnsweredVerdict | None = None
    """None while it is open."""
    evidence: Sha
    """Blob of the message as it came."""
    notes: Annotated[int, Field(ge=0, le=MOST_NOTES)]
    """Notes that were taken from the message."""

    @property
    @override
    def secret(self) -> Literal["rejections"] | None:
        return "rejections" if self.verdict == "changes" else None

    @override
    def describe(self) -> str:
        notes = f", {self.notes} {'note' if self.notes == 1 else 'notes'}" if self.notes else ""
        through = f" (through {self.by})" if self.by != self.speaker else ""
        return f"{self.about}: {self.speaker}{through} says {self.verdict or 'nothing yet'}{notes}"

    @override
    def blobs(self) -> Iterator[BlobReference]:
        yield BlobReference(f"{self.about} answer", self.evidence, None, "evidence")


def receive_answer(
    known: Collection[AnswerReceived], *, record: str, song: str | None, about: str, hash: str | None,  # noqa: A002 - the word of the event
    speaker: str, by: str, verdict: AnsweredVerdict | None, evidence: str, notes: int,
) -> list[AnswerReceived]:  # fmt: skip
    """Keep an answer.  The same message again yields no event, unless it brings a verdict that was open or is another.

    Args:
        known: the answers about the record.
        record: record id.
        song: song id; None for a master.
        about: full address of the sound.
        hash: hash of what the speaker heard; None if unknown.
        speaker: person whose answer it is.
        by: person who typed it in.
        verdict: what the speaker decided; None while it is open.
        evidence: hash of the message.
        notes: notes taken from it.
    """
    same = [one for one in known if (one.about, one.speaker, one.evidence) == (about, speaker, evidence)]
    if same and (verdict is None or same[-1].verdict == verdict):
        return []
    return [
        AnswerReceived(
            record=record, song=song, about=about, hash=hash, speaker=speaker, by=by, verdict=verdict,
            evidence=evidence, notes=notes,
        )
    ]  # fmt: skip
