"""Sign-offs: named people accept the outputs of a record, each output by its hash, until enough of them have said yes.

A yes stands on the hashes that it was given to.  A sign-off reopens by itself, and only for outputs with another hash
than its people accepted; nothing has to revoke a yes, and one on the same hash stands.  The newest sign-off of each
acceptance replaces the ones before.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, PersonId, RecordId, Sha, Traits, Value
from domain.core.refusal import Clash, FreeText, Misused, NotFound, Refused, suggest
from domain.label.people import ROLES, Role

Acceptance = Literal["technical", "commercial"]
SignoffId = Annotated[str, StringConstraints(pattern=r"^G[1-9][0-9]{0,5}$")]
MOST_SIGNATORIES: Final = 12
MOST_OUTPUTS: Final = 2_000

_ID: Final = re.compile(r"[Gg]([1-9][0-9]{0,5})", re.ASCII)
_NUMBER: Final = re.compile(r"@(mix|master)\d+")


class Signatory(Value):
    """A person whose yes is asked for, and the role in which they give it."""

    person: PersonId
    role: Role

    def __str__(self) -> str:
        return f"{self.person} ({self.role})"


class SignedOutput(Value):
    """An output: a mix by the hash of its prints, or a master by the hash of its files for one target."""

    target: Annotated[str, StringConstraints(min_length=1, max_length=600)]
    """Full address, such as ``night-bus/tin-roof@mix3`` or ``night-bus@master1 streaming``."""
    hash: Sha

    @property
    def subject(self) -> str:
        """The address without the number of the revision, such as ``night-bus@master streaming``."""
        return subject_of(self.target)


def subject_of(target: str) -> str:
    """The subject of an output's *target*: its address without the number of the revision."""
    return _NUMBER.sub(r"@\1", target, count=1)


Outputs = Annotated[tuple[SignedOutput, ...], Field(min_length=1, max_length=MOST_OUTPUTS)]


class SignoffOpened(Event):
    """A sign-off of a record was opened; it replaces the one before of the same acceptance."""

    kind: Literal["signoff-opened"] = "signoff-opened"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    signoff: SignoffId
    """Counted in the record."""
    acceptance: Acceptance | None = None
    """None for a sign-off that is neither technical nor commercial alone."""
    signatories: Annotated[tuple[Signatory, ...], Field(min_length=1, max_length=MOST_SIGNATORIES)]
    quorum: Annotated[int, Field(ge=1, le=MOST_SIGNATORIES)]
    """How many of the signatories must accept every output."""
    due: date | None = None
    outputs: Outputs
    """The outputs of that moment; later ones of the record are asked for, too."""

    @override
    def describe(self) -> str:
        sort = f", {self.acceptance}" if self.acceptance else ""
        due = f", due {self.due}" if self.due else ""
        who = ", ".join(map(str, self.signatories))
        return f"{self.record} {self.signoff}{sort}: {self.quorum} of {who}{due}; {_count(self.outputs)}"


class SignoffGiven(Event):
    """Somebody accepted outputs in a sign-off."""

    kind: Literal["signoff-given"] = "signoff-given"
    traits = Traits(undoable=True, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    signoff: SignoffId
    by: PersonId
    """Person who recorded it."""
    role: Role
    """Role of the person whose yes it is."""
    outputs: Outputs
    """The outputs that were accepted, each by its hash."""
    speaker: PersonId | None = None
    """Person whose yes it is, if *by* only recorded it."""
    evidence: Sha | None = None
    """Blob of the message in which the speaker gave it."""

    @property
    def giver(self) -> str:
        """Person whose yes it is: the speaker, or *by*."""
        return self.speaker or self.by

    @override
    def describe(self) -> str:
        through = f", recorded by {self.by} from {(self.evidence or '')[:12]}" if self.speaker else ""
        return f"{self.record} {self.signoff}: {self.giver} accepts {_count(self.outputs)} as {self.role}{through}"

    @override
    def blobs(self) -> Iterable[BlobReference]:
        if self.evidence is not None:
            yield BlobReference(f"{self.record} {self.signoff} {self.giver} evidence", self.evidence, None, "evidence")


def _count(outputs: Sequence[SignedOutput]) -> str:
    return f"{len(outputs)} output{'' if len(outputs) == 1 else 's'}"


SignoffEvent = SignoffOpened | SignoffGiven


@dataclass(frozen=True, slots=True)
class Today:
    """The outputs of a record at present."""

    outputs: tuple[SignedOutput, ...] = ()
    pending: tuple[str, ...] = ()
    """Targets that have no output at present, such as a master that is not rendered."""

    @property
    def hash(self) -> str:
        """SHA-256 of the list: a version line, and a line for each output with its hash, sorted."""
        lines = ["takesheet-signoff-1", *sorted(f"{one.target} {one.hash}" for one in self.outputs)]
        return sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Signoff:
    """One sign-off and every yes that was given in it and is in force."""

    opened: SignoffOpened
    given: tuple[SignoffGiven, ...] = ()

    def accepted(self, signatory: Signatory) -> frozenset[tuple[str, str]]:
        """Subject and hash of every output that *signatory* accepted in their role."""
        return frozenset(
            (output.subject, output.hash)
            for given in self.given
            if (given.giver, given.role) == (signatory.person, signatory.role)
            for output in given.outputs
        )

    def asked(self, signatory: Signatory, today: Today) -> tuple[SignedOutput, ...]:
        """The outputs of *today* that *signatory* has not accepted."""
        accepted = self.accepted(signatory)
        return tuple(one for one in today.outputs if (one.subject, one.hash) not in accepted)

    def agreeing(self, today: Today) -> tuple[Signatory, ...]:
        """The signatories who accepted every output of *today*; nobody if there is none."""
        return tuple(one for one in self.opened.signatories if today.outputs and not self.asked(one, today))

    def owing(self, today: Today) -> tuple[Signatory, ...]:
        """The signatories whose yes is still asked for; nobody once there are enough."""
        if len(self.agreeing(today)) >= self.opened.quorum:
            return ()
        return tuple(one for one in self.opened.signatories if self.asked(one, today))

    def is_complete(self, today: Today) -> bool:
        """True if enough signatories accepted every output of *today*, and none is missing."""
        return bool(today.outputs) and not today.pending and len(self.agreeing(today)) >= self.opened.quorum

    def reopened(self, today: Today) -> tuple[SignedOutput, ...]:
        """The outputs of *today* that ask again: another one of the same subject was accepted before, by anybody."""
        signed = {output.subject for given in self.given for output in given.outputs}
        asked = {one.target for signatory in self.owing(today) for one in self.asked(signatory, today)}
        accepted = frozenset[tuple[str, str]]().union(*map(self.accepted, self.opened.signatories))
        return tuple(
            one for one in today.outputs
            if one.target in asked and one.subject in signed and (one.subject, one.hash) not in accepted
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signoffs:
    """The sign-offs of one record by number, in the order they were opened."""

    known: Mapping[str, Signoff] = field(default_factory=dict)

    @property
    def next_id(self) -> str:
        """Id of the next sign-off."""
        return f"G{max((int(one[1:]) for one in self.known), default=0) + 1}"

    @property
    def current(self) -> tuple[Signoff, ...]:
        """The newest sign-off of each acceptance, in the order they were opened."""
        newest = {one.opened.acceptance: one for one in self.known.values()}
        return tuple(one for one in self.known.values() if newest[one.opened.acceptance] is one)

    def named(self, record: str, text: str) -> Signoff:
        """The sign-off called *text*, such as ``G1``.

        Raises:
            Misused: ``signoff.id``; *text* is no number of a sign-off.
            NotFound: ``signoff.unknown``.
        """
        if not is_signoff_id(text):
            raise Misused(
                "signoff.id", f"{text[:40]!r} is no sign-off; they are called G1, G2 and so on",
                next=suggest("signoff list", record),
            )  # fmt: skip
        found = self.known.get(text.upper())
        if found is None:
            raise NotFound("signoff.unknown", f"{record} has no sign-off {text}", next=suggest("signoff list", record))
        return found


def is_signoff_id(text: str) -> bool:
    """True if *text* is formed like the number of a sign-off, such as ``G1``."""
    return _ID.fullmatch(text) is not None


def evolve(signoffs: Signoffs, event: SignoffEvent) -> Signoffs:
    """Fold one event into the state; a yes in a sign-off that is not known is passed over."""
    if isinstance(event, SignoffOpened):
        return Signoffs({**signoffs.known, event.signoff: Signoff(event)})
    found = signoffs.known.get(event.signoff)
    if found is None:
        return signoffs
    return Signoffs({**signoffs.known, event.signoff: Signoff(found.opened, (*found.given, event))})


def name_signatories(
    words: Sequence[str], holders: Mapping[Role, Sequence[str]], *, record: str, one_may_hold_two: bool
) -> tuple[Signatory, ...]:
    """The people whose yes is asked for.

    Args:
        words: roles, or a role and a name such as ``label=kim``.
        holders: ids of the people who hold each role on the record.
        record: record id.
        one_may_hold_two: one person may accept in two roles: the label lets people approve their own work.

    A role alone means whoever holds it; of several, the one who holds no other of the roles that are asked for.

    Raises:
        Misused: ``signoff.who``; a word is no role, a role is named twice, or nobody is named.
        Refused: ``signoff.nobody``; nobody holds a role, or the person does not.  ``signoff.several``; a role is held
            by several.  ``signoff.person``; one person would accept in two roles.
    """
    wanted = [_role_and_name(word, record) for word in words]
    asked = {role for role, _ in wanted}
    if not wanted or len(asked) < len(wanted) or len(wanted) > MOST_SIGNATORIES:
        raise Misused(
            "signoff.who", f"name 1 to {MOST_SIGNATORIES} roles, each once, such as --who artist,label",
            next=suggest("signoff open", record, who="artist,label"),
        )  # fmt: skip
    found = tuple(Signatory(person=_holder(role, name, asked, holders, record), role=role) for role, name in wanted)
    people = [one.person for one in found]
    twice = [person for person in people if people.count(person) > 1]
    if twice and not one_may_hold_two:
        raise Refused(
            "signoff.person",
            f"{twice[0]} would say yes in {people.count(twice[0])} roles; by the house rule approve.self that takes "
            f"{people.count(twice[0])} people",
            next=suggest("signoff open", record, who="ROLE=NAME,ROLE=NAME"),
        )
    return found


def _role_and_name(word: str, record: str) -> tuple[Role, str | None]:
    text, _, name = word.strip().partition("=")
    role = next((one for one in ROLES if one == text.strip() and one != "robot"), None)
    if role is None:
        raise Misused(
            "signoff.who", f"{word.strip()[:40]!r} is no role; write artist or, for one person, artist=NAME",
            next=suggest("signoff open", record, who="artist,label"),
        )  # fmt: skip
    return role, name.strip() or None


def _holder(role: Role, name: str | None, asked: set[Role], holders: Mapping[Role, Sequence[str]], record: str) -> str:
    """The person who accepts as *role*."""
    able = holders.get(role, ())
    if not able or (name is not None and name not in able):
        who = f"{name} is no {role}" if name else f"nobody is {role}"
        raise Refused(
            "signoff.nobody", f"{who} on {record}", next=suggest("user add", FreeText(name or "NAME"), role=role)
        )
    if name is not None:
        return name
    alone = [one for one in able if not any(one in holders.get(other, ()) for other in asked - {role})]
    found = able if len(able) == 1 else alone
    if len(found) != 1:
        raise Refused(
            "signoff.several", f"{', '.join(able[:6])} hold the role {role} on {record}; name one of them",
            next=suggest("signoff open", record, who=f"{role}={able[0]}"),
        )  # fmt: skip
    return found[0]


def open_signoff(
    signoffs: Signoffs, *, record: str, acceptance: Acceptance | None, signatories: tuple[Signatory, ...],
    quorum: int | None, due: date | None, today: Today,
) -> list[SignoffOpened]:  # fmt: skip
    """Open a sign-off of the outputs of *today*.  The current one of its acceptance again yields no event.

    Args:
        signoffs: of the record.
        record: record id.
        acceptance: technical, commercial, or None for neither alone.
        signatories: whose yes is asked for.
        quorum: how many of them are enough; None for all.
        due: day by which it is asked for.
        today: the outputs of the record.

    Raises:
        Refused: ``signoff.nothing``; the record has no output.
        Misused: ``signoff.quorum``; it is not 1 to the number of signatories.
    """
    if not today.outputs:
        raise Refused(
            "signoff.nothing", f"{record} has neither a chosen mix nor a rendered master to sign off",
            next=suggest("review", record),
        )  # fmt: skip
    enough = len(signatories) if quorum is None else quorum
    if not 1 <= enough <= len(signatories):
        raise Misused(
            "signoff.quorum", f"a quorum of {enough} is none of {len(signatories)}; say 1 to {len(signatories)}",
            next=suggest("signoff open", record, who="ROLE,ROLE"),
        )  # fmt: skip
    new = SignoffOpened(
        record=record, signoff=signoffs.next_id, acceptance=acceptance, signatories=signatories, quorum=enough, due=due,
        outputs=today.outputs,
    )  # fmt: skip
    for one in signoffs.current:
        if one.opened.model_copy(update={"signoff": new.signoff, "outputs": new.outputs}) == new:
            return []
    return [new]


def give_signoff(
    signoffs: Signoffs, *, record: str, id_: str, today: Today, by: str, person: str, role: Role,
    holds_role: bool = True, seen: str | None = None, evidence: str | None = None, one_may_hold_two: bool = True,
) -> list[SignoffGiven]:  # fmt: skip
    """Accept every output of *today* as *person*, who is a signatory.  What they accepted already yields no event.

    Args:
        signoffs: of the record.
        record: record id.
        id_: number of the sign-off, such as ``G1``.
        today: the outputs of the record.
        by: who records it.
        person: whose yes it is.
        role: the role in which they give it.
        holds_role: they hold that role today.
        seen: hash, or its beginning, of the list of outputs that they were shown; None for the present one.
        evidence: hash of the message in which an absent *person* said yes.
        one_may_hold_two: one person may accept in two roles.

    Raises:
        NotFound: ``signoff.unknown``.
        Misused: ``signoff.evidence``; somebody else records it without a message.
        Refused: ``signoff.replaced``; a newer sign-off of this acceptance was opened.  ``signoff.signatory``; the yes
            of this person in this role is not asked for.  ``signoff.person``; they accepted in another role, and one
            person may not accept in two.
        Clash: ``signoff.changed``; the list is another than was shown.
    """
    signoff = signoffs.named(record, id_)
    opened = signoff.opened
    name = f"{opened.record}/{opened.signoff}"
    newest = next(one.opened for one in signoffs.current if one.opened.acceptance == opened.acceptance)
    if newest != opened:
        raise Refused(
            "signoff.replaced", f"{name} was replaced by {newest.signoff}",
            next=suggest("signoff give", f"{opened.record}/{newest.signoff}"),
        )  # fmt: skip
    signatory = Signatory(person=person, role=role)
    if signatory not in opened.signatories or not holds_role:
        lost = f"; {person} is no {role} any more" if not holds_role else ""
        raise Refused(
            "signoff.signatory",
            f"{name} asks {', '.join(map(str, opened.signatories))} for a yes, not {signatory}{lost}",
            next=suggest("signoff show", name),
        )
    if seen is not None and not today.hash.startswith(seen):
        raise Clash(
            "signoff.changed", f"the outputs of {name} are list {today.hash[:12]} now, not {seen[:12]}",
            next=suggest("signoff show", name),
        )  # fmt: skip
    if not one_may_hold_two and any(one.giver == person and one.role != role for one in signoff.given):
        raise Refused(
            "signoff.person", f"{person} said yes to {name} in another role; by the house rule approve.self another "
            f"person says it as {role}",
            next=suggest("signoff show", name),
        )  # fmt: skip
    if by != person and evidence is None:
        raise Misused(
            "signoff.evidence",
            f"the yes of {person} is recorded by {by}; state the message in which {person} gave it",
            next=suggest("signoff give", name, **{"for": FreeText(person), "evidence": "FILE|TEXT"}),
        )
    asked = signoff.asked(signatory, today)
    if not asked:
        return []
    absent = by != person
    return [
        SignoffGiven(
            record=opened.record, signoff=opened.signoff, by=by, role=role, outputs=asked,
            speaker=person if absent else None, evidence=evidence if absent else None,
        )
    ]  # fmt: skip
