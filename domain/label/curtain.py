"""The curtain: what a reader sees of notes, of money and of rejections.

Every reader and every export asks it.  On a command line a name is a claim, so the curtain is a courtesy there; in what
leaves the house it is a wall.
"""

from typing import Final, Literal, NamedTuple

from domain.core.event import Event
from domain.label.notes import NoteAdded
from domain.label.people import ROLES, People, Role

Secret = Literal["money", "rejections"]

TEAM: Final = frozenset(ROLES) - {"artist", "musician", "robot"}
"""Roles that read the notes of the team, and see which takes and mixes were rejected."""
MONEY: Final[frozenset[Role]] = frozenset({"label", "coordinator", "producer", "finance", "auditor"})
"""Roles that see budgets, costs and payments."""
OTHERS: Final[dict[str, frozenset[Role]]] = {
    "artist": frozenset({"artist"}),
    "coach": frozenset({"artist", "musician"}),
}
"""Roles that read notes of these visibilities beside the team."""


class Reader(NamedTuple):
    """A person who reads, and their roles: none for somebody whom the label does not know."""

    person: str
    roles: frozenset[Role]


def reader_of(people: People, person: str) -> Reader:
    """Return *person* as a reader; a person who was removed or shelved has no role any more."""
    gone = person in people.absent
    return Reader(person, frozenset() if gone else people.roles.get(person, frozenset()))


def sees(reader: Reader, matter: Event | Secret) -> bool:
    """True if *reader* may see an event, or what the label keeps to itself.

    A private note is for its author alone, and everybody sees what they rejected themselves.
    """
    if isinstance(matter, NoteAdded):
        return matter.by == reader.person or _reads(reader, matter.visibility)
    secret = matter.secret if isinstance(matter, Event) else matter
    match secret:
        case "money":
            return bool(reader.roles & MONEY)
        case "rejections":
            return bool(reader.roles & TEAM) or getattr(matter, "by", None) == reader.person
        case _:
            return True


def _reads(reader: Reader, visibility: str) -> bool:
    return visibility != "private" and bool(reader.roles & (TEAM | OTHERS.get(visibility, frozenset())))
