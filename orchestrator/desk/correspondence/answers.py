"""Answers: a pasted text or a mail about a sound becomes notes and, if it says so, a verdict of its speaker.

Tests: ``tests/orchestrator/cli/commands/correspondence/test_answer.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, get_args

from domain.core.address import Address, slug
from domain.core.event import Event
from domain.core.refusal import Misused, Refusal
from domain.correspondence.answers import AnsweredVerdict, AnswerReceived, receive_answer
from domain.correspondence.parcels import SoundSent, last_sent
from domain.correspondence.remarks import Remark, Remarks, read_remarks
from domain.correspondence.replies import own_words
from domain.label.notes import NoteAdded, Visibility
from domain.label.notes import note as noted
from domain.label.people import MAY, People, Permission, Role, add_person
from domain.label.permissions import permissions_held
from domain.status import verdicts
from domain.status.record_fold import fold
from domain.status.undo import effective_events
from domain.status.verdicts import VerdictGiven
from flows.vault.vault import Vault
from orchestrator.desk.addressing.addresses import noun_of
from orchestrator.desk.addressing.house_rules import HOUSE_RULES, rules_after
from orchestrator.desk.addressing.register import EVERYBODY, everybody, person_query, refuse_contact_data
from orchestrator.desk.correspondence.mail import words_of
from orchestrator.desk.correspondence.outgoing_sounds import outgoing_sound
from orchestrator.desk.mixes.mixes import revisers, status_of
from orchestrator.desk.record_state.holders import parcel_query
from orchestrator.desk.record_state.record_state import production_query, read_record
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

ARTIST: Final = "artist"


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was kept."""

    about: str
    speaker: str
    verdict: AnsweredVerdict | None
    notes: tuple[Remark, ...]
    beyond: tuple[str, ...]
    """Times in the text that are none of the sound; their words are notes without a time."""
    approved: bool
    """True if the verdict approved a mix or a master."""
    withheld: str
    """Why a yes approved nothing; else empty."""
    new_person: bool
    recorded: bool
    """False if all of it was known."""


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """A message about a sound, read and not yet kept."""

    address: Address
    data: bytes
    remarks: Remarks
    rate: int
    """Hz of the frames of its notes."""
    begins: int
    """Frame of song time at which the sound begins."""


def read_answer(
    studio: Studio, address: Address, data: bytes, speaker: str = "", *, is_mail: bool | None = None
) -> ReadAnswer:
    """The notes in *data*, a message of *speaker* about the sound at a full *address*; nothing is kept yet.

    Raises:
        Misused: ``answer.what``, it is no sound; ``answer.empty``; ``answer.long``; ``answer.mail``.
        NotFound, Refused: there is no such sound, or it is not rendered.
    """
    text = own_words(words_of(data, is_mail=is_mail))
    if noun_of(address) == "master":  # its files begin anew with each song, so a time alone names no place
        remarks, rate, begins = read_remarks(text, None, speaker), 1, 0
    else:
        sound = outgoing_sound(studio, read_record(studio, address.path[0]).state, address)
        remarks = read_remarks(text, sound.frames * 1000 // sound.rate, speaker)
        rate, begins = sound.rate, sound.begins
    if not data.strip():
        raise Misused("answer.empty", "the answer is empty", next="paste the text, or name a FILE")
    return ReadAnswer(address, data, remarks, rate, begins)


def keep_answer(
    studio: Studio, read: ReadAnswer, speaker: str, *, verdict: AnsweredVerdict | None, why: str | None
) -> KeptAnswer:
    """Keep an answer: its message as evidence, its notes by their speaker, and the verdict if it says one.

    A yes approves a mix or a master as the speaker's verdict, given by the caller, if the speaker has a role that
    judges it; what they heard is the output that they were sent last.

    Args:
        studio: the store.
        read: the message.
        speaker: name of the person whose answer it is; who is new is added to the register, without a role.
        verdict: what they decided; None leaves it open.
        why: the reason given.

    Raises:
        Misused: ``person.name``; the name holds contact data.
        Refused: ``person.role``; the caller may not record it.
        VaultFault: the message cannot be stored.
    """
    refuse_contact_data(speaker)
    person, address, record = slug(speaker), read.address, read.address.path[0]
    deed = _deed(studio, address, verdict)
    evidence = _stored(Vault(studio.config.vault), read.data)

    def decision(history: History, role: Role) -> tuple[KeptAnswer, Sequence[Event]]:
        people = everybody(history)
        entered = add_person(people, person=person, name=speaker.strip(), roles=())
        notes = _notes(history, read, person, _visibility(people, person, record))
        given, withheld = _verdict(studio, history, read, person=person, role=role, verdict=verdict, evidence=evidence)
        sent = [one.event for one in history if isinstance(one.event, SoundSent)]
        heard = last_sent(sent, person, str(address))
        events = receive_answer(
            [one.event for one in history if isinstance(one.event, AnswerReceived)],
            record=record, song=_song(address), about=str(address), hash=heard.hash if heard else None,
            speaker=person, by=studio.who.actor, verdict=verdict, evidence=evidence, notes=len(read.remarks.notes),
        )  # fmt: skip
        new = [*events, *notes, *given] if events else []
        kept = KeptAnswer(
            str(address), person, verdict, read.remarks.notes, read.remarks.beyond,
            approved=bool(given) or (verdict == "yes" and not withheld), withheld=withheld, new_person=bool(entered),
            recorded=bool(events),
        )  # fmt: skip
        return kept, [*entered, *new]

    query = production_query(record) | HOUSE_RULES | parcel_query(record) | person_query(person)
    query |= Query.of(NoteAdded, AnswerReceived, tags=[f"record:{record}"])
    return studio.decide(query, decision, deed=deed, why=why)


def _song(address: Address) -> str | None:
    return "/".join(address.path[:2]) if len(address.path) > 1 else None


def _deed(studio: Studio, address: Address, verdict: AnsweredVerdict | None) -> Permission:
    """The permission in which the caller records the answer: a judging one, if they hold it and there is a yes."""
    judging = _judging(address)
    if verdict != "yes" or judging is None:
        return "note"
    held = permissions_held(everybody(studio.read(EVERYBODY)), studio.who.actor, day=studio.today())
    return judging if judging in held else "note"


def _judging(address: Address) -> Permission | None:
    judging: dict[str, Permission] = {"mix": "judge-mix", "master": "judge-master"}
    return judging.get(noun_of(address))


def _visibility(people: People, person: str, record: str) -> Visibility:
    """Notes of an artist are for the artist too; notes of anybody else are for the team."""
    scopes = people.roles.get(person, {}).get(ARTIST, ())
    return "artist" if any(scope.record in {None, record} for scope in scopes) else "team"


def _notes(history: History, read: ReadAnswer, person: str, visibility: Visibility) -> list[NoteAdded]:
    known = [one.event for one in effective_events(history) if isinstance(one.event, NoteAdded)]
    return [
        new
        for remark in read.remarks.notes
        for new in noted(
            str(read.address), text=remark.text, by=person, at=_frame(read, remark), visibility=visibility, known=known
        )
    ]


def _frame(read: ReadAnswer, remark: Remark) -> int | None:
    """Frame of song time of a remark; one that lies before the song's zero has none."""
    if remark.at_ms is None:
        return None
    frame = read.begins + (remark.at_ms * read.rate + 500) // 1000
    return frame if frame >= 0 else None


def _verdict(
    studio: Studio, history: History, read: ReadAnswer, *, person: str, role: Role, verdict: AnsweredVerdict | None,
    evidence: str,
) -> tuple[list[VerdictGiven], str]:  # fmt: skip
    """The approval that a yes gives, and otherwise why it gives none."""
    address, judging = read.address, _judging(read.address)
    if verdict != "yes":
        return [], ""
    if judging is None:
        return [], f"a yes about a {noun_of(address)} approves nothing by itself"
    people = everybody(history)
    speaks_as = next((one for one in MAY[judging] if _has(people, person, one, address.path[0])), None)
    if speaks_as is None:
        return [], f"{person} has no role that judges it ({', '.join(MAY[judging])})"
    if role not in MAY[judging]:
        return [], f"{studio.who.actor} may not record a verdict on it; {' or '.join(MAY[judging])} may"
    state, rules = fold(history), rules_after(history)
    sent = last_sent([one.event for one in history if isinstance(one.event, SoundSent)], person, str(address))
    song = "/".join(address.path) if judging == "judge-mix" else None
    try:
        given = verdicts.judge(
            state.verdicts, status_of(state, address), record=address.path[0], song=song, verdict="approved",
            by=studio.who.actor, role=speaks_as, presented=sent.hash if sent else None,
            needs=rules.quorum("mix" if song else "master"),
            own_work=rules.forbids_self_approval and person in revisers(history, address),
            speaker=person if person != studio.who.actor else None, evidence=evidence,
        )  # fmt: skip
    except Refusal as refusal:
        return [], refusal.detail
    return given, ""


def _has(people: People, person: str, role: Role, record: str) -> bool:
    return any(scope.record in {None, record} for scope in people.roles.get(person, {}).get(role, ()))


def _stored(vault: Vault, data: bytes) -> str:
    with vault.scratch() as room:
        message = room / "answer"
        message.write_bytes(data)
        return vault.publish(message).hash


VERDICTS: Final[tuple[AnsweredVerdict, ...]] = get_args(AnsweredVerdict)
