"""The one row of ``next`` that is for the reader now, by their roles.

Each role looks first where its own work waits: a mixer at open notes, a label at overrun budgets, a coordinator at
conflicts of the calendar, and then both at late records; finance at what is due and not paid.  Then the first row of
the list counts that one of the reader's roles may act on.  At last, in each role, come sessions that wait for the
reader's answer, shares that wait for their yes, which a musician sees before all else, and sign-offs that do, which an
artist sees first; and for an auditor what no checkpoint proves.

Tests: ``tests/orchestrator/cli/commands/daily/test_next_by_role.py``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from domain.core.event import Event, Recorded
from domain.core.ids import IdParts, lies_under, record_of, relative_to
from domain.core.money import Money, plain_amount
from domain.finance.deals import DealAgreed
from domain.finance.instalments import Instalment
from domain.label.curtain import sees
from domain.label.notes import NoteAdded, NoteAnswered
from domain.label.people import MAY, ROLES, Permission, Role
from domain.status.events.event_permissions import SENDING
from domain.status.note_list import notes_of
from domain.status.undo import DecisionUndone
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.booking.budget import budget_of, budget_query, finances_of
from orchestrator.desk.booking.calendar import conflict_rows
from orchestrator.desk.booking.instalments import record_instalments
from orchestrator.desk.label.critical_path import plan_rows
from orchestrator.desk.review.next_rows import NO_TAKE
from orchestrator.desk.review.own_affairs import overdue, unagreed, unanswered, unpaid, unproved, unsigned
from orchestrator.desk.review.review_rows import is_for_others
from orchestrator.log.query import Query
from orchestrator.readmodels import budget_status
from orchestrator.readmodels.budget_status import BUDGET_STATUS
from orchestrator.studio import Studio

RoleSource = Callable[[Studio], Iterator[Row]]
"""Yields rows that are for one role before anything in the list, the most urgent first."""

PERMISSIONS: Final[Mapping[str, tuple[Permission, ...]]] = {
    "take": ("judge-take",),
    "mix": ("judge-mix",),
    "master": ("judge-master",),
    "gap": ("edit-take",),
    "edit": ("edit-take",),
    "handoff": ("mix", "plan-master"),
    "render": ("mix", "ingest"),
    "failed": ("mix", "ingest"),
    "plan": ("plan-master",),
    "blocked": ("judge-take", "mix"),
    "begin": ("record",),
    "declined": ("book",),
    "send": SENDING,
    "signoff": ("record",),
}
"""Permissions, by what a row of the list is; whoever holds one of them is who it is for.

Everybody may render; it is for those who record and mix.
"""


def _open_notes(studio: Studio) -> Iterator[Row]:
    """One row for each mix with open notes, the oldest note first."""
    history = studio.read(Query.of(NoteAdded, NoteAnswered, DecisionUndone))
    by_record: dict[str, list[Recorded[Event]]] = {}
    for one in history:
        if isinstance(one.event, NoteAdded | NoteAnswered | DecisionUndone):
            by_record.setdefault(one.event.record, []).append(one)
    for _, own in sorted(by_record.items()):
        notes = [
            note
            for note in notes_of(own, studio.reader)
            if note.state == "open" and IdParts.of(note.added.target).revision.startswith("mix")
        ]
        notes.sort(key=lambda note: (note.added.target, note.number))
        for target, group in groupby(notes, lambda note: note.added.target):
            names = [note.name for note in group]
            why = f"{len(names)} open note{'s' if len(names) > 1 else ''}: {', '.join(names)}"
            yield {"what": "note", "address": target, "why": why, "next": f"takesheet note list {target}"}


def _late(studio: Studio) -> Iterator[Row]:
    """One row for each record that is late or tight, the latest first."""
    for row in plan_rows(studio):
        if row["flag"]:
            slack = int(str(row["slack"]))
            why = f"{-slack} days late" if slack < 0 else f"{slack} days to spare"
            record = str(row["record"])
            why = f"{why}: {row['critical']}"
            yield {"what": "late", "address": record, "why": why, "next": f"takesheet plan critical {record}"}


def _conflicts(studio: Studio) -> Iterator[Row]:
    """One row for each thing in the calendar that has to be settled, the earliest first."""
    for row in conflict_rows(studio):
        against = f" against {row['against']}" if row["against"] else ""
        why = f"{row['conflict']}: {row['resource']}, {row['time']}{against}"
        yield {"what": "calendar", "address": row["session"], "why": why, "next": row["next"]}


def _overruns(studio: Studio) -> Iterator[Row]:
    """One row for each budget line that costs more than is approved and authorised today."""
    found = studio.asked(lambda connection: budget_status.rows(connection, studio.upto), BUDGET_STATUS)
    over = [row for row in found if row.line and row.committed + row.invoiced + row.spent > row.approved]
    for record in dict.fromkeys(row.record for row in over):
        if not sees(studio.reader, "money", record):
            continue
        lines = budget_of(studio.read(budget_query(record)), studio.day_seen()).lines
        for name, line in lines.items():
            if line.left.minor < 0:
                address = f"{record}/{name}"
                why = f"over budget by {Money(minor=-line.left.minor, currency=line.left.currency)}"
                yield {"what": "overrun", "address": address, "why": why, "next": f"takesheet why budget {address}"}


def _due_instalments(studio: Studio) -> Iterator[Row]:
    """One row for each instalment of a deal that is due and not invoiced, of the records whose money is seen."""
    events = (one.event for one in studio.read(Query.of(DealAgreed)))
    records = dict.fromkeys(event.record for event in events if isinstance(event, DealAgreed))
    for record in (one for one in records if sees(studio.reader, "money", one)):
        state = finances_of(studio.read(budget_query(record)), studio.day_seen())
        for id_, parts in record_instalments(studio, record, state).items():
            terms = state.deals[id_].terms
            for part in (one for one in parts if one.due.minor):
                why = f"instalment {part.name}: {part.due} due to {terms.person}"
                yield {"what": "due", "address": id_, "why": why, "next": _payment(id_, terms, part)}


def _payment(deal: str, terms: DealAgreed, part: Instalment) -> str:
    """The command that pays *part*, or that shows its deal if no line pays it."""
    if terms.line is None:
        return f"takesheet deal show {deal}"
    return (
        f"takesheet budget spend {terms.record} {terms.line} {plain_amount(part.due)} "
        f"--deal {relative_to(deal, terms.record)} --payee {terms.person} --invoice NUMBER"
    )


SOURCES: Final[Mapping[Role, tuple[RoleSource, ...]]] = {
    "label": (_overruns, _late),
    "coordinator": (_conflicts, _late),
    "mixer": (_open_notes,),
    "artist": (unsigned,),
    "musician": (unanswered, unagreed),
    "finance": (overdue, _due_instalments, _overruns, unpaid),
}
"""Sources of each role, in the order in which they are asked, before the list."""
LATER: Final[tuple[RoleSource, ...]] = (unanswered, unagreed, unsigned)
"""Sources of every role, after the list."""
LATER_OF_ROLE: Final[Mapping[Role, tuple[RoleSource, ...]]] = {"auditor": (unproved,)}
"""Sources of single roles, after those."""


def own_row(studio: Studio, rows: Sequence[Row], below: str) -> tuple[Role, Row] | None:
    """The one row that is for the reader now, and the role it is for; None if nothing waits for them.

    Args:
        studio: the store.
        rows: the list of what there is to do.
        below: address to which the list is limited; empty for all records.
    """
    reader = studio.reader
    held = [role for role in ROLES if role in reader.roles]
    for role in held:
        for row in _sourced(studio, role, SOURCES.get(role, ()), below):
            return role, row
        for row in rows:
            address = str(row["address"])
            may = reader.has((role,), (record_of(address),)) and _may(role, row)
            if may and not is_for_others(studio, address, str(row["why"])):
                return role, row
    for role in held:
        for row in _sourced(studio, role, (*LATER, *LATER_OF_ROLE.get(role, ())), below):
            return role, row
    return None


def _sourced(studio: Studio, role: Role, sources: Iterable[RoleSource], below: str) -> Iterator[Row]:
    for source in sources:
        for row in source(studio):
            address = str(row["address"])
            if studio.reader.has((role,), (record_of(address),)) and lies_under(address, below):
                yield row


def _may(role: Role, row: Row) -> bool:
    what = str(row["what"])
    if what == "begin" and row["why"] == NO_TAKE:
        return role in MAY["ingest"]
    if what == "mix" and not IdParts.of(str(row["address"])).revision:  # a mix that is still to be made
        return role in MAY["mix"]
    return any(role in MAY[permission] for permission in PERMISSIONS.get(what, ()))
