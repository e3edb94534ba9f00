"""Verdicts on mixes and masters, each on the hash of an output, and the status derived from them.

A verdict belongs to (subject, output), not to a revision number.  Status is always derived: an approval lapses when the
decisions no longer produce its output, and applies again when they do; no event revokes it.  The mix of a song that was
approved last is chosen (:mod:`domain.status.chosen_mixes`); an alternate is approved and never chosen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, PersonId, RecordId, Sha, SongId, Stage, Traits
from domain.core.ids import revision_of
from domain.core.refusal import Clash, Misused, Refused, suggest
from domain.label.people import Role

Verdict = Literal["approved", "rejected", "held"]
State = Literal["blocked", "pending", "to hear", "approved", "rejected", "held"]


class VerdictGiven(Event):
    """A mix or a master was judged."""

    schema_number: ClassVar[int] = 2
    kind: Literal["verdict-given"] = "verdict-given"
    traits = Traits(undoable=True, newsworthy=True, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("song", "record")
    record: RecordId
    song: SongId | None = None
    """Song of a mix; None for a master."""
    revision: str
    """Label that was presented, such as ``mix1``; for people."""
    output: Sha
    """Manifest hash of what was presented."""
    files: tuple[Sha, ...]
    """pcm hash of each file that was presented."""
    verdict: Verdict
    by: PersonId
    role: Role
    alternate: bool = False
    """An approved variant, such as a louder vocal; the chosen mix stays."""
    speaker: PersonId | None = None
    """Person whose verdict this is, if *by* only recorded it."""
    evidence: Sha | None = None
    """Blob of the message in which the speaker gave it."""
    round: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    """Sign-off round that the verdict belongs to."""
    seed: Annotated[int, Field(ge=0)] | None = None
    """Seed of the order in which a blind comparison presented its candidates."""
    listened: tuple[Sha, ...] = ()
    """pcm hash of each file that was played before the verdict; empty if that is not known."""

    @property
    @override
    def address(self) -> str:
        return f"{self.song or self.record}@{self.revision}"

    @property
    def subject(self) -> str:
        """Subject of the verdict: ``SONG@mix`` or ``RECORD@master``."""
        return f"{self.song}@mix" if self.song else f"{self.record}@master"

    @property
    @override
    def secret(self) -> Literal["rejections"] | None:
        return "rejections" if self.verdict == "rejected" else None

    @property
    @override
    def stage_evidence(self) -> Stage | None:
        return "mastering" if self.song and self.verdict == "approved" else None

    @override
    def describe(self) -> str:
        word = f"{self.verdict} as an alternate" if self.alternate else self.verdict
        return f"{self.address} {word} ({self.output[:12]})"

    @override
    def blobs(self) -> Iterator[BlobReference]:
        if self.evidence is not None:
            yield BlobReference(f"{self.address} evidence", self.evidence, None, "evidence")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The last verdict by (subject, output), and all approvals, newest last."""

    last: Mapping[tuple[str, str], VerdictGiven] = field(default_factory=dict)
    approvals: tuple[VerdictGiven, ...] = ()

    def approved(self, subject: str, output: str) -> bool:
        """True if the last verdict on this output is an approval."""
        word = self.last.get((subject, output))
        return word is not None and word.verdict == "approved"

    def choices(self, subject: str) -> Iterator[VerdictGiven]:
        """The approvals of *subject* in force, without alternates, newest first."""
        for given in reversed(self.approvals):
            if given.subject == subject and not given.alternate and self.approved(subject, given.output):
                yield given

    def files_approved(self) -> Iterator[frozenset[str]]:
        """The pcm hashes of the files of each approval still in force, newest first."""
        for given in reversed(self.approvals):
            if self.approved(given.subject, given.output):
                yield frozenset(given.files)

    def approved_before(self, subject: str, revision: str, outputs: frozenset[str]) -> bool:
        """True if an approval in force was given on *revision* or on one of *outputs*."""
        return any(
            given.subject == subject
            and (given.revision == revision or given.output in outputs)
            and self.approved(subject, given.output)
            for given in self.approvals
        )


def evolve(verdicts: Verdicts, event: VerdictGiven) -> Verdicts:
    """Fold one event into the state."""
    approvals = (*verdicts.approvals, event) if event.verdict == "approved" else verdicts.approvals
    return replace(verdicts, last={**verdicts.last, (event.subject, event.output): event}, approvals=approvals)


@dataclass(frozen=True, slots=True)
class Status:
    """Status of a mix or a master today."""

    address: str
    subject: str
    state: State
    lapsed: bool = False
    output: str | None = None
    files: tuple[str, ...] = ()
    because: str = ""
    """Reason, if blocked or pending."""
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Files by output, for other outputs of the same plan, whose renders a person requested."""
    remark: str = ""
    """Words, or empty: the mix is the chosen one or an alternate; the master holds other mixes than the chosen ones."""

    def __str__(self) -> str:
        words = f"lapsed, {self.state}" if self.lapsed else self.state
        return f"{words} ({self.because})" if self.because else words


def derive_status(
    verdicts: Verdicts, *, address: str, subject: str, output: str | None, files: Sequence[str],
    had: frozenset[str] = frozenset(), blocked: str = "", others: Mapping[str, tuple[str, ...]] | None = None,
) -> Status:  # fmt: skip
    """Derive the status of a revision.

    Args:
        verdicts: all verdicts of the record.
        address: address of the revision, such as ``night-bus/tin-roof@mix1``.
        subject: subject of its verdicts, such as ``night-bus/tin-roof@mix``.
        output: manifest hash of the plan's output; None if it has none.
        files: pcm hashes of the files of *output*.
        had: manifest hashes of all earlier outputs.
        blocked: reason why the revision cannot be planned; empty if it can.
        others: files of each other output of the plan.
    """
    word = verdicts.last.get((subject, output)) if output else None
    if word and word.verdict == "approved" and not blocked:
        return Status(address, subject, "approved", output=output, files=tuple(files), others=others or {})
    lapsed = verdicts.approved_before(subject, revision_of(address), had)
    if blocked:
        return Status(address, subject, "blocked", lapsed, because=blocked)
    if output is None:
        return Status(address, subject, "pending", lapsed, because="not rendered yet")
    return Status(
        address, subject, word.verdict if word else "to hear", lapsed, output, tuple(files), others=others or {}
    )


def judge(
    verdicts: Verdicts, standing: Status, *, record: str, song: str | None, verdict: Verdict, by: str, role: Role,
    presented: str | None = None, alternate: bool = False,
) -> list[VerdictGiven]:  # fmt: skip
    """Give a verdict on the revision with the status *standing*.

    Repeating the last verdict on an output in the same role yields no event, except that approving an approved mix that
    is not the chosen one chooses it by a new verdict.

    Args:
        verdicts: all verdicts of the record.
        standing: status of the revision.
        record: record id.
        song: song id of a mix; None for a master.
        verdict: the verdict.
        by: person who judges.
        role: role of that person.
        presented: hash, or its beginning, of the output presented to the person; None for the current output.
        alternate: approve the mix as a variant, and leave the chosen mix as it is.

    Raises:
        Misused: ``approve.alternate``; only the approval of a mix can be an alternate.
        Refused: ``approve.pending`` if there is no output to hear.
        Clash: ``approve.changed`` if the presented output is no longer an output of the plan.
    """
    if alternate and (song is None or verdict != "approved"):
        raise Misused("approve.alternate", f"{standing.address}: only a mix is approved as an alternate")
    if standing.output is None:
        pending = standing.state == "pending"
        raise Refused(
            "approve.pending",
            f"{standing.address} is {standing}: there is nothing to listen to yet",
            next=suggest("render", standing.address) if pending else suggest("why", standing.address),
        )
    output, files = standing.output, standing.files
    if presented is not None and not output.startswith(presented):
        output, files = next((other for other in standing.others.items() if other[0].startswith(presented)), ("", ()))
    if not output:
        raise Clash(
            "approve.changed",
            f"{standing.address} now gives {standing.output[:12]}, not the {(presented or '')[:12]} you listened to",
            next=suggest("review", standing.address),
        )
    word = verdicts.last.get((standing.subject, output))
    last = next(verdicts.choices(standing.subject), None)
    chooses = song is not None and verdict == "approved" and not alternate and (last is None or last.output != output)
    if word and (word.verdict, word.role) == (verdict, role) and not chooses:
        return []
    given = VerdictGiven(
        record=record, song=song, revision=revision_of(standing.address), output=output,
        files=files, verdict=verdict, by=by, role=role, alternate=alternate,
    )  # fmt: skip
    return [given]
