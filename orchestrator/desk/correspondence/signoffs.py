"""Sign-offs: opened for a record, accepted by each of their people, and reported on one page.

The report holds outputs with their hashes, and names; neither money nor a note is read for it.

Tests: ``tests/orchestrator/cli/commands/correspondence/test_signoff.py``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.completion.signed_outputs import outputs_today
from domain.core.address import slug
from domain.core.event import Event
from domain.core.ids import IdParts
from domain.core.refusal import Misused
from domain.correspondence.signoffs import (
    Acceptance,
    Signatory,
    SignedOutput,
    SignoffGiven,
    Today,
    give_signoff,
    name_signatories,
    open_signoff,
)
from domain.label.catalog import Catalog
from domain.label.people import ROLES, People, Permission, Role
from domain.label.permissions import role_grants
from domain.status.record_fold import EVENTS as STATE_EVENTS
from domain.status.record_fold import fold
from flows.vault.vault import Vault
from orchestrator.desk.addressing.house_rules import HOUSE_RULES, rules_after
from orchestrator.desk.addressing.register import EVERYBODY, everybody
from orchestrator.desk.addressing.times import shown
from orchestrator.desk.record_state.record_state import production_query, read_record
from orchestrator.desk.record_state.signoff_list import (
    SignoffToday,
    given_in,
    revision_word,
    signoff_named,
    signoff_query,
    signoffs_in,
)
from orchestrator.desk.session.sheet import Sheet, SheetSection
from orchestrator.desk.song.splits import keep_evidence
from orchestrator.studio import History, Studio

MOST_OUTPUTS: Final = 26
"""Outputs on the page; how many more there are is said."""
CELL: Final = 44
"""Characters of a cell, so that rows stay on one line of A4."""
SHORT_HASH: Final = 16
"""Digits of a hash that the page shows."""


@dataclass(frozen=True, slots=True)
class OpenOptions:
    """Options of a sign-off: whose yes is asked for, how many, for what and by when."""

    who: Sequence[str]
    """Roles, or a role and a name such as ``label=kim``."""
    acceptance: Acceptance | None = None
    due: date | None = None
    quorum: int | None = None
    """None for all of them."""


def open_for(studio: Studio, record: str, options: OpenOptions, *, why: str | None) -> SignoffToday:
    """Open a sign-off of *record*; the same again returns the one that is open.

    Raises:
        Misused: ``signoff.who``, ``signoff.quorum``.
        Refused: ``signoff.nothing``, ``signoff.nobody``, ``signoff.several``, ``signoff.person``.
    """
    words = [_with_slug(word) for word in options.who]

    def decision(history: History, _: Role) -> tuple[str, Sequence[Event]]:
        holders = _holders(studio, everybody(history), record)
        two = not rules_after(history).forbids_self_approval
        signatories = name_signatories(words, holders, record=record, one_may_hold_two=two)
        known = signoffs_in(history)
        events = open_signoff(
            known, record=record, acceptance=options.acceptance, signatories=signatories, quorum=options.quorum,
            due=options.due, today=_today(history, record),
        )  # fmt: skip
        same = [one.opened for one in known.current if one.opened.acceptance == options.acceptance]
        return (events or same)[-1].signoff, events

    query = production_query(record) | signoff_query(record) | HOUSE_RULES | EVERYBODY
    id_ = studio.decide(query, decision, deed="record", why=why)
    return signoff_named(studio, f"{record}/{id_}")


def _with_slug(word: str) -> str:
    role, equals, name = word.partition("=")
    return f"{role}={slug(name)}" if equals else role


def _today(history: History, record: str) -> Today:
    return outputs_today(fold(one for one in history if isinstance(one.event, STATE_EVENTS)), record)


def _holders(studio: Studio, people: People, record: str) -> dict[Role, list[str]]:
    """Ids of the people who hold each role on *record* today in their own right; no robots."""
    found: dict[Role, list[str]] = {}
    for person in sorted(people.names.keys() - people.absent.keys()):
        grants = [one for one in role_grants(people, person, day=studio.today()) if one.delegator is None]
        roles = {one.role for one in grants if one.scope.holds(day=studio.today(), records=(record,))}
        for role in ROLES:
            if role in roles and "robot" not in roles:
                found.setdefault(role, []).append(person)
    return found


def give(
    studio: Studio, text: str, *, seen: str | None, person: str | None, evidence: str | None, why: str | None
) -> tuple[SignoffToday, int]:
    """Accept the outputs of the sign-off named *text*; return it, and how many outputs were accepted by this.

    Args:
        studio: the store.
        text: such as ``night-bus/G1``.
        seen: hash, or its beginning, of the list of outputs that was shown; None for the present one.
        person: name of the absent person whose yes the caller records; None for the caller's own.
        evidence: the message in which the absent person gave it: path of a file, or the words themselves.
        why: the reason given.

    Raises:
        Misused: ``signoff.evidence``, ``file.unfit``.
        NotFound: ``signoff.unknown``.
        Refused: ``signoff.signatory``, ``signoff.replaced``, ``signoff.person``; ``person.role``.
        Clash: ``signoff.changed``; the outputs are others than were shown, or changed since this command read them.
        VaultFault: the evidence cannot be stored.
    """
    there, actor = signoff_named(studio, text), studio.who.actor
    opened = there.signoff.opened
    speaker = slug(person) if person is not None else actor
    if evidence is not None and speaker == actor:
        raise Misused("signoff.evidence", "evidence is for the yes of somebody absent; name them with --for")
    asked = [one for one in opened.signatories if one.person == speaker]
    is_kept = evidence is not None and asked
    heard = keep_evidence(Vault(studio.config.vault), evidence or "", noun="signoff") if is_kept else None
    accepted = 0
    for signatory in asked or [Signatory(person=speaker, role=_any_role(studio, speaker, opened.record))]:
        accepted += _give_as(studio, there, signatory, seen=seen, evidence=heard, why=why)
    return signoff_named(studio, there.name), accepted


def _any_role(studio: Studio, person: str, record: str) -> Role:
    """A role of *person* on *record*, for the refusal that names it."""
    holders = _holders(studio, everybody(studio.read(EVERYBODY)), record)
    return next((role for role in ROLES if person in holders.get(role, ())), "musician")


def _give_as(
    studio: Studio,
    there: SignoffToday,
    signatory: Signatory,
    *,
    seen: str | None,
    evidence: str | None,
    why: str | None,
) -> int:
    """Accept as one of the signatories; return the number of outputs."""
    opened, actor = there.signoff.opened, studio.who.actor
    record = opened.record
    shown_list = seen or there.today.hash

    def decision(history: History, _: Role) -> tuple[int, Sequence[Event]]:
        known = signoffs_in(history)
        signoff = known.named(record, opened.signoff)
        state = fold(one for one in history if isinstance(one.event, STATE_EVENTS))
        holders = _holders(studio, everybody(history), record)
        events = give_signoff(
            known, record=record, id_=opened.signoff, today=outputs_today(state, record, signoff), by=actor,
            person=signatory.person, role=signatory.role,
            holds_role=signatory.person in holders.get(signatory.role, ()), seen=shown_list, evidence=evidence,
            one_may_hold_two=not rules_after(history).forbids_self_approval,
        )  # fmt: skip
        return sum(len(event.outputs) for event in events), events

    query = production_query(record) | signoff_query(record) | HOUSE_RULES | EVERYBODY
    deed: Permission = "note" if signatory.person == actor else "record"
    return studio.decide(query, decision, deed=deed, why=why)


def signoff_sheet(studio: Studio, there: SignoffToday) -> Sheet:
    """The report of a sign-off: what is accepted, by whom, and whose yes is missing."""
    opened, record = there.signoff.opened, there.signoff.opened.record
    catalog = read_record(studio, record).state.catalog
    names = everybody(studio.read(EVERYBODY)).names
    facts = catalog.record(record)
    sort = f"{opened.acceptance} acceptance" if opened.acceptance else "sign-off"
    due = f" · due {opened.due}" if opened.due else ""
    again = {one.target for one in there.signoff.reopened(there.today)}
    what = [_output_cells(catalog, one, again) for one in there.today.outputs]
    what += [[_title(catalog, one), revision_word(one), "no output", ""] for one in there.today.pending]
    sections = [
        SheetSection("What", what, most=MOST_OUTPUTS, longest=CELL),
        SheetSection("Who", [*_people(studio, there, names)], longest=CELL),
        SheetSection("List", [[f"{len(there.today.outputs)} outputs", there.today.hash[:SHORT_HASH]]]),
    ]
    agreed = len(there.signoff.agreeing(there.today))
    state = f"{there.state[0].upper()}{there.state[1:]}"
    closing = f"{state}.\n{agreed} of {len(opened.signatories)} accept every output; {opened.quorum} must."
    return Sheet(f"{facts.title} · {opened.signoff}", f"{facts.artist} · {sort}{due}", sections, closing)


def _output_cells(catalog: Catalog, output: SignedOutput, again: set[str]) -> list[str]:
    word = "asks again" if output.target in again else ""
    return [_title(catalog, output.target), revision_word(output.target), output.hash[:SHORT_HASH], word]


def _title(catalog: Catalog, target: str) -> str:
    """Title of the song or record that *target* is an output of."""
    place = IdParts.of(target)
    return catalog.song(place.song).title if place.song else catalog.record(place.record).title


def _people(studio: Studio, there: SignoffToday, names: Mapping[str, str]) -> Iterator[list[str]]:
    """One row for each signatory: name, role, and when they accepted or what is asked of them."""
    opened, today = there.signoff.opened, there.today
    recorded = given_in(studio.read(signoff_query(opened.record)))
    for signatory in opened.signatories:
        own = [
            one for one in recorded
            if isinstance(one.event, SignoffGiven) and one.event.signoff == opened.signoff
            and (one.event.giver, one.event.role) == (signatory.person, signatory.role)
        ]  # fmt: skip
        asked = there.signoff.asked(signatory, today)
        when = shown(studio, own[-1].recorded_at) if own else ""
        last = own[-1].event if own else None
        through = f", through {last.by}" if isinstance(last, SignoffGiven) and last.speaker else ""
        word = f"yes, {when}{through}" if own and not asked else f"{len(asked)} of {len(today.outputs)} to accept"
        yield [names.get(signatory.person, signatory.person), signatory.role, word]
