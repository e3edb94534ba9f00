"""Verdicts on mixes and masters: a signature on what was heard, and what it is worth today.

A verdict belongs to (subject, output), never to a revision's label.  Status is always derived, so an approval lapses
when decisions no longer produce those bytes and stands again when they do; nothing revokes it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from domain.core.event import Event, PersonId, RecordId, Sha, SongId
from domain.core.refusal import Clash, Refused, suggest
from domain.label.people import Role

Verdict = Literal["approved", "rejected", "held"]
State = Literal["blocked", "pending", "to hear", "approved", "rejected", "held"]


class VerdictGiven(Event):
    """Somebody judged what a mix or a master sounds like."""

    kind: Literal["verdict-given"] = "verdict-given"
    record: RecordId
    song: SongId | None = None
    """Of a mix; a master is its record's."""
    revision: str
    """The label that was presented, such as ``mix1``; for people."""
    output: Sha
    """The manifest hash over what was presented."""
    files: tuple[Sha, ...]
    """The pcm hash of each file that was presented."""
    verdict: Verdict
    by: PersonId
    role: Role

    @property
    def subject(self) -> str:
        """What is judged: a song's mix or a record's master."""
        return f"{self.song}@mix" if self.song else f"{self.record}@master"


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The last word on each (subject, output), and the files of approvals, newest last."""

    last: Mapping[tuple[str, str], VerdictGiven] = field(default_factory=dict)
    approvals: tuple[VerdictGiven, ...] = ()

    def approved(self, subject: str, output: str) -> bool:
        """Whether the last word on this output is yes."""
        word = self.last.get((subject, output))
        return word is not None and word.verdict == "approved"

    def files_approved(self) -> Iterator[frozenset[str]]:
        """The pcm hashes behind each approval that nothing said since revoked, the newest first."""
        for given in reversed(self.approvals):
            if self.approved(given.subject, given.output):
                yield frozenset(given.files)

    def approved_before(self, subject: str, revision: str, outputs: frozenset[str]) -> bool:
        """Whether an output that this revision once had, or was presented as, stands approved."""
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
    """Where a mix or a master stands today."""

    address: str
    subject: str
    state: State
    lapsed: bool = False
    output: str | None = None
    files: tuple[str, ...] = ()
    because: str = ""
    """Of blocked or pending: what it waits for."""
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The files of each other output of the same plan: rendered anew by hand, and to be heard."""

    def __str__(self) -> str:
        words = f"lapsed, {self.state}" if self.lapsed else self.state
        return f"{words} ({self.because})" if self.because else words


def stand(
    verdicts: Verdicts, *, address: str, subject: str, output: str | None, files: Sequence[str],
    had: frozenset[str] = frozenset(), blocked: str = "", others: Mapping[str, tuple[str, ...]] | None = None,
) -> Status:  # fmt: skip
    """The standing of a revision.

    Args:
        verdicts: what was said.
        address: such as ``night-bus/tin-roof@mix1``.
        subject: what verdicts on it belong to.
        output: the manifest hash of what its plan gave, or None while it gave nothing.
        files: the pcm hashes behind *output*.
        had: outputs that it ever gave.
        blocked: what is missing before it can even be planned.
        others: the files of each other output of its plan.
    """
    word = verdicts.last.get((subject, output)) if output else None
    if word and word.verdict == "approved" and not blocked:
        return Status(address, subject, "approved", output=output, files=tuple(files), others=others or {})
    lapsed = verdicts.approved_before(subject, address.rpartition("@")[2], had)
    if blocked:
        return Status(address, subject, "blocked", lapsed, because=blocked)
    if output is None:
        return Status(address, subject, "pending", lapsed, because="not rendered yet")
    return Status(
        address, subject, word.verdict if word else "to hear", lapsed, output, tuple(files), others=others or {}
    )


def judge(
    verdicts: Verdicts, standing: Status, *, record: str, song: str | None, verdict: Verdict, by: str, role: Role,
    heard: str | None = None,
) -> list[VerdictGiven]:  # fmt: skip
    """Judge what *standing* stands for.  What this role said last already yields nothing.

    Args:
        verdicts: what was said.
        standing: of the revision that is judged.
        record: its record.
        song: its song, of a mix.
        verdict: what is said.
        by: who says so.
        role: in which role.
        heard: the output the person was shown.

    Raises:
        Refused: ``approve.pending``; there is nothing to hear yet.
        Clash: ``approve.changed``; what was heard is no longer what would be approved.
    """
    if standing.output is None:
        raise Refused(
            "approve.pending",
            f"{standing.address} is {standing}: there is nothing to listen to yet",
            next=suggest("render", record) if standing.state == "pending" else suggest("why", standing.address),
        )
    output, files = standing.output, standing.files
    if heard is not None and not output.startswith(heard):
        output, files = next((other for other in standing.others.items() if other[0].startswith(heard)), ("", ()))
    if not output:
        raise Clash(
            "approve.changed",
            f"{standing.address} now gives {standing.output[:12]}, not the {(heard or '')[:12]} you listened to",
            next=suggest("review", standing.address),
        )
    word = verdicts.last.get((standing.subject, output))
    if word and (word.verdict, word.role) == (verdict, role):
        return []
    given = VerdictGiven(
        record=record, song=song, revision=standing.address.rpartition("@")[2], output=output,
        files=files, verdict=verdict, by=by, role=role,
    )  # fmt: skip
    return [given]
