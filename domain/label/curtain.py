"""The curtain: what a reader sees of notes, of money and of rejections.

Every list, search and export applies these rules.  They protect the files that leave the store, but not the store
itself: whoever can run commands can also run them under another name.
"""

from collections.abc import Collection
from datetime import date
from typing import Final, Literal, NamedTuple

from domain.core.event import Event
from domain.label.notes import NoteAdded
from domain.label.people import MAY, ROLES, People, Role, Roles
from domain.label.permissions import role_grants
from domain.label.role_scopes import RoleScope, records_of

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
    roles: Roles
    caller: "Reader | None" = None
    """The caller who asked for what *person* sees, and who sees no more by it; None if they are the same."""

    def has(self, roles: Collection[Role], records: Collection[str] = ()) -> bool:
        """True if one of *roles* holds for one of *records* (ids), or, without any, for some record."""
        scopes = (scope for role in roles for scope in self.roles.get(role, ()))
        return any(scope.record is None or not records or scope.record in records for scope in scopes)


def reader_of(people: People, person: str, *, day: date) -> Reader:
    """Return *person* as a reader on *day*, with the roles in which they stand in; one who is absent has no role."""
    roles: dict[Role, tuple[RoleScope, ...]] = {}
    for role, scope, _ in role_grants(people, person, day=day) if person not in people.absent else ():
        if scope.holds(day=day, records=()):
            roles[role] = (*roles.get(role, ()), scope)
    return Reader(person, roles)


def sees(reader: Reader, matter: Event | Secret, record: str | None = None) -> bool:
    """True if *reader* may see an event, or what the label keeps to itself.

    A private note is for its author alone, everybody sees what they rejected themselves, and a musician their own fee.

    Args:
        reader: the person who reads, with their roles.
        matter: an event, or the name of a secret.
        record: id of the record whose secret it is; None asks whether the reader sees such a secret of any record.
    """
    if reader.caller is not None and not sees(reader.caller, matter, record):
        return False
    records = records_of([matter]) if isinstance(matter, Event) else frozenset(filter(None, (record,)))
    if isinstance(matter, NoteAdded):
        may = TEAM | OTHERS.get(matter.visibility, frozenset())
        return matter.by == reader.person or (matter.visibility != "private" and reader.has(may, records))
    match matter.secret if isinstance(matter, Event) else matter:
        case "money":
            return reader.has(MONEY, records) or _is_own_fee(reader, matter)
        case "rejections":
            own = {getattr(matter, "by", None), getattr(matter, "speaker", None)}
            return reader.has(TEAM, records) or reader.person in own
        case _:
            return True


def sees_fee(reader: Reader, person: str, record: str) -> bool:
    """True if *reader* may see what *person* is paid for *record*: its money, or as a musician their own fee."""
    if reader.caller is not None and not sees_fee(reader.caller, person, record):
        return False
    return reader.has(MONEY, (record,)) or _is_paid(reader, person)


def sees_work(reader: Reader, person: str, record: str) -> bool:
    """True if *reader* may see when *person* worked on *record*, and on what: the team, and everybody their own."""
    if reader.caller is not None and not sees_work(reader.caller, person, record):
        return False
    return reader.has(TEAM, (record,)) or person == reader.person


def _is_own_fee(reader: Reader, matter: Event | Secret) -> bool:
    """True if *matter* is an event that states what the musician *reader* is paid."""
    return isinstance(matter, Event) and _is_paid(reader, matter.fee_of)


def _is_paid(reader: Reader, person: str | None) -> bool:
    """True if *reader* is the musician *person*."""
    return person == reader.person and reader.has({"musician"})


def audits(reader: Reader) -> bool:
    """True if *reader* may verify and export the log of the whole label."""
    if reader.caller is not None and not audits(reader.caller):
        return False
    return any(scope.record is None for role in MAY["audit"] for scope in reader.roles.get(role, ()))
