"""Verdicts on mixes and masters, each on the hash of an output, and the status derived from them.

A verdict belongs to (subject, output), not to a revision number.  Status is always derived: an approval lapses when the
decisions no longer produce its output, and applies again when they do; no event revokes it.  The mix of a song that was
approved last is chosen (:mod:`domain.status.chosen_mixes`); an alternate is approved and never chosen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar, Final, Literal, NamedTuple

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

    schema_number: ClassVar[int] = 3
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
    needs: tuple[Role, ...] = ()
    """Roles that must all have approved the output by the house rules of that moment; empty if one was enough."""
    own_work: bool = False
    """True if *by* revised the mix, and by the house rules of that moment somebody else had to approve it, too."""

    @property
    @override
    def address(self) -> str:
        return f"{self.song or self.record}@{self.revision}"

    @property
    def subject(self) -> str:
        """Subject of the verdict: ``SONG@mix`` or ``RECORD@master``."""
        return f"{self.song}@mix" if self.song else f"{self.record}@master"

    @property
    def giver(self) -> str:
        """Person whose verdict it is: the speaker, or *by*."""
        return self.speaker or self.by

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


APPROVED_BY: Final = "approved by "
"""Beginning of the words about an output that the house rules ask another approval of."""


class ApprovalLack(NamedTuple):
    """Approvals that the house rules still ask for, of an output that somebody approved."""

    approvals: tuple[VerdictGiven, ...]
    roles: tuple[Role, ...]
    """Roles whose approval is missing."""
    own_work: bool
    """True if all who approved it revised it themselves."""

    @property
    def rule(self) -> str:
        """The house rule: ``approve.quorum`` or ``approve.self``."""
        return "approve.quorum" if self.roles else "approve.self"

    def __str__(self) -> str:
        by = ", ".join(f"{one.giver} ({one.role})" for one in self.approvals)
        if self.roles:
            missing = " and ".join(f"the {role}'s" for role in self.roles)
            return f"{APPROVED_BY}{by}; {missing} {'is' if len(self.roles) == 1 else 'are'} missing"
        return f"{APPROVED_BY}{by}, whose own work it is; somebody else's is missing"


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The last verdict by (subject, output), all approvals, newest last, and those verdicts that house rules count."""

    last: Mapping[tuple[str, str], VerdictGiven] = field(default_factory=dict)
    approvals: tuple[VerdictGiven, ...] = ()
    given: Mapping[tuple[str, str], tuple[VerdictGiven, ...]] = field(default_factory=dict)
    """Every verdict by (subject, output), oldest first."""

    def approved(self, subject: str, output: str) -> bool:
        """True if the last verdict on this output is an approval, and the house rules ask for no other."""
        word = self.last.get((subject, output))
        return word is not None and word.verdict == "approved" and self.lack(subject, output) is None

    def lack(self, subject: str, output: str) -> "ApprovalLack | None":
        """The approvals that the house rules still ask for after one of this output; None if nothing is missing.

        The last verdict of a role counts, and so does the last verdict of a person on whether it is of their own work.
        """
        word = self.last.get((subject, output))
        if word is None or word.verdict != "approved":
            return None
        by_role = {one.role: one for one in self.given[subject, output]}
        by_person = {one.giver: one for one in self.given[subject, output]}
        approvals = [one for one in by_person.values() if one.verdict == "approved"]
        roles = tuple(role for role in word.needs if role not in by_role or by_role[role].verdict != "approved")
        own = bool(approvals) and all(one.own_work for one in approvals)
        return ApprovalLack(tuple(approvals), roles, own_work=own) if roles or own else None

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
    key = (event.subject, event.output)
    given = {**verdicts.given, key: (*verdicts.given.get(key, ()), event)}
    return replace(verdicts, last={**verdicts.last, key: event}, approvals=approvals, given=given)


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
    """Reason, if blocked or pending; if to hear, who approved it and whose approval is missing, if any."""
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Files by output, for other outputs of the same plan, whose renders a person requested."""
    remark: str = ""
    """Words, or empty: the mix is the chosen one or an alternate; the master holds other mixes than the chosen ones."""
    lack: ApprovalLack | None = None
    """Approvals that the house rules still ask for, if the output is approved but for them."""

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
    lack = verdicts.lack(subject, output) if output else None
    if word and word.verdict == "approved" and not blocked and lack is None:
        return Status(address, subject, "approved", output=output, files=tuple(files), others=others or {})
    lapsed = verdicts.approved_before(subject, revision_of(address), had)
    if blocked:
        return Status(address, subject, "blocked", lapsed, because=blocked)
    if output is None:
        return Status(address, subject, "pending", lapsed, because="not rendered yet")
    state: State = "to hear" if word is None or lack else word.verdict
    return Status(
        address, subject, state, lapsed, output, tuple(files), str(lack or ""), others=others or {}, lack=lack
    )


def refuse_lacking(status: Status) -> None:
    """Refuse to go on with what is approved but for the house rules.

    Raises:
        Refused: ``approve.quorum``; a role's approval is missing.  ``approve.self``; somebody else's is.
    """
    if status.lack is not None:
        may = " and ".join(status.lack.roles) or "somebody who did not revise it"
        raise Refused(
            status.lack.rule,
            f"{status.address}: {status.lack}; {may} may",
            next=suggest("review", status.address),
        )


def judge(
    verdicts: Verdicts, standing: Status, *, record: str, song: str | None, verdict: Verdict, by: str, role: Role,
    presented: str | None = None, alternate: bool = False, needs: tuple[Role, ...] = (), own_work: bool = False,
    speaker: str | None = None, evidence: str | None = None,
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
        needs: roles that must all approve by the house rules; what is approved already needs what it needed then.
        own_work: *by* revised the mix, and by the house rules may not be the only one who approves it.
        speaker: person whose verdict it is, in a role of theirs, if *by* only records it.
        evidence: hash of the message in which the speaker gave it.

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
    is_approved = verdicts.approved(standing.subject, output)
    is_choice = song is not None and verdict == "approved" and not alternate
    chooses = is_choice and is_approved and (last is None or last.output != output)
    asked = () if verdict != "approved" else word.needs if word and is_approved else needs
    given = VerdictGiven(
        record=record, song=song, revision=revision_of(standing.address), output=output,
        files=files, verdict=verdict, by=by, role=role, alternate=alternate,
        needs=asked, own_work=own_work and verdict == "approved", speaker=speaker, evidence=evidence,
    )  # fmt: skip
    if word and (word.verdict, word.role) == (verdict, role) and not chooses:
        same = is_approved or verdict != "approved"
        if same or (word.needs, word.own_work, word.giver) == (given.needs, given.own_work, given.giver):
            return []
    return [given]
