"""Erasure of a person's contact data and words, and the list of what can be erased.

Tests: ``tests/orchestrator/cli/commands/label/test_erasure.py``.
"""

from dataclasses import dataclass
from typing import Final

from domain.core.address import slug
from domain.core.refusal import NotFound, suggest
from domain.label import erasure
from domain.label.erasure import WrittenText
from domain.label.permissions import role_for
from orchestrator.desk.addressing.register import EVERYBODY, everybody
from orchestrator.log.side_tables import contacts
from orchestrator.studio import Studio

HIDDEN: Final = "[private]"
"""Shown in place of a private note of somebody else."""


@dataclass(frozen=True, slots=True)
class Erasable:
    """Contact data and words of a person that can be erased.

    Args:
        person: the person's id.
        contact: names of the fields of contact data.
        texts: words that the store can forget: private notes, or all.
        kept_at: positions of words that releases up to 0.1.0 wrote into the log itself, where they stay, and of
            other people's words that repeat some of the contact data.
    """

    person: str
    contact: tuple[str, ...]
    texts: tuple[WrittenText, ...]
    kept_at: tuple[int, ...]


def erasable(studio: Studio, name: str, *, words: bool) -> Erasable:
    """Return the contact data and words of a person that can be erased, for the person or someone with the permission.

    Args:
        studio: the store.
        name: the person.
        words: all their words: notes, briefs, reasons and names; else private notes alone.

    Raises:
        NotFound: ``person.unknown``.
        Refused: ``person.role``; contact data and private notes of others take a role that manages people, and
            *words* takes the role label.
    """
    people, person = everybody(studio.read(EVERYBODY)), slug(name)
    if person not in people.names:
        raise NotFound("person.unknown", f"there is no person {person}", next=suggest("user list"))
    if words or person != studio.who.actor:
        role_for(people, studio.who.actor, "erase" if words else "people", day=studio.today())
    written = [text for text in erasure.texts_of(person, studio.log.read_all()) if words or text.is_private]
    beside = studio.log.texts([text.position for text in written])
    texts = tuple(text for text in written if (text.position, text.field) in beside)
    known = contacts.contact_of(studio.log, person)
    in_log = {text.position for text in written if (text.position, text.field) not in beside}
    gone = {text.position for text in texts}
    repeated = set(contacts.told_in_the_log(studio.log, known.values())) - gone if known else set()
    return Erasable(person, tuple(known), texts, tuple(sorted(in_log | repeated)))


def shown_text(studio: Studio, found: Erasable, text: WrittenText) -> str:
    """Return *text* as the list before an erasure shows it: a private note is shown to its author alone."""
    return HIDDEN if text.is_private and found.person != studio.who.actor else text.text


def erase(studio: Studio, found: Erasable, *, why: str | None) -> None:
    """Erase what :func:`erasable` found, from every file of the store; repeating it is harmless.

    Raises:
        StoreBusy: erased, but a reader keeps a file from being emptied; the same command again completes it.
    """
    for event in erasure.erase(found.person, found.texts):
        studio.erase_texts(event, why)
    contacts.keep_contact(studio.log, found.person, {})
    studio.forget_erased()
