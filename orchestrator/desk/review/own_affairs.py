"""Rows of ``next`` about the reader's own affairs on any record: answers, shares, sign-offs, invoices and proofs.

Tests: ``tests/orchestrator/cli/commands/daily/test_next_of_roles.py``.
"""

import shlex
from collections.abc import Iterator
from contextlib import closing
from typing import Final

from domain.core.money import Money
from domain.label.curtain import sees
from domain.song.splits import SplitsAgreed, SplitsProposed, percent
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import shown
from orchestrator.desk.booking.calendar import entries, slot_of
from orchestrator.desk.booking.invoices import invoice_rows
from orchestrator.desk.record_state.signoff_list import open_signoffs
from orchestrator.desk.song.splits import split_query, splits_of
from orchestrator.log.query import Query
from orchestrator.readmodels import budget_status
from orchestrator.readmodels.budget_status import BUDGET_STATUS
from orchestrator.readmodels.calendar import ASKED
from orchestrator.studio import Studio

SPLITS: Final = Query.of(SplitsProposed, SplitsAgreed)


def unanswered(studio: Studio) -> Iterator[Row]:
    """One row for each coming session to which the reader was asked and has not answered, the earliest first."""
    person = studio.reader.person
    asked = [row for row in entries(studio, resource=person, ends_after=studio.now()) if row.answer == ASKED]
    first = {row.session: row for row in sorted(asked, key=lambda row: row.starts_us, reverse=True)}
    for row in sorted(first.values(), key=lambda row: row.starts_us):
        why = f"asked whether you come on {shown(studio, slot_of(row).start)}: yes, no or other"
        command = f"takesheet session answer {row.session} {person} yes"
        yield {"what": "answer", "address": row.session, "why": why, "next": command}


def unagreed(studio: Studio) -> Iterator[Row]:
    """One row for each song whose proposed shares wait for the reader's yes."""
    person, history = studio.reader.person, studio.read(SPLITS)
    mine = [one.event.song for one in history if isinstance(one.event, SplitsProposed) and person in one.event.shares]
    for song in dict.fromkeys(mine):
        splits = splits_of(studio.read(split_query(song)), song)
        if person in splits.missing:
            why = f"your {percent(splits.shares[person])} of the song wait for your yes"
            yield {"what": "split", "address": song, "why": why, "next": f"takesheet split agree {song}"}


def unsigned(studio: Studio) -> Iterator[Row]:
    """One row for each sign-off that waits for the reader's yes, the earliest due date first."""
    for one in open_signoffs(studio):
        mine = [signer for signer in one.signoff.owing(one.today) if signer.person == studio.reader.person]
        if mine:
            opened = one.signoff.opened
            count = max(len(one.signoff.asked(signer, one.today)) for signer in mine)
            due = f", due {opened.due}" if opened.due else ""
            why = f"your yes to {count} output{'' if count == 1 else 's'} is asked for, in {opened.signoff}{due}"
            yield {
                "what": "signoff",
                "address": opened.record,
                "why": why,
                "next": f"takesheet signoff give {one.name}",
            }


def overdue(studio: Studio) -> Iterator[Row]:
    """One row for each invoice whose due date has passed, the earliest first."""
    yield from _invoices(studio, "overdue")


def unpaid(studio: Studio) -> Iterator[Row]:
    """One row for each invoice that is to be paid and not overdue, the earliest due date first."""
    yield from _invoices(studio, "unpaid")


def _invoices(studio: Studio, state: str) -> Iterator[Row]:
    lines = studio.asked(lambda connection: budget_status.rows(connection, studio.upto), BUDGET_STATUS)
    records = dict.fromkeys(row.record for row in lines if row.invoiced)
    found = [
        (record, row)
        for record in records
        if sees(studio.reader, "money", record)
        for row in invoice_rows(studio, record, only_unpaid=True)
        if row["state"] == state
    ]
    for record, row in sorted(found, key=lambda one: (one[1]["due"] is None, str(one[1]["due"]), one[0])):
        rest = row["unpaid"]
        assert isinstance(rest, Money), "an unpaid rest is money"
        due = f"due {row['due']}" if row["due"] else "without a due date"
        words = [
            "takesheet",
            "budget",
            "spend",
            record,
            str(row["line"]),
            str(rest).partition(" ")[0],
            "--invoice",
            str(row["invoice"]),
        ]
        words += ["--payee", str(row["payee"])] if row["payee"] else []
        why = f"invoice {row['invoice']} of {row['payee'] or 'nobody named'}: {rest}, {due}"
        yield {"what": state, "address": f"{record}/{row['line']}", "why": why, "next": shlex.join(words)}


def unproved(studio: Studio) -> Iterator[Row]:
    """One row if events were recorded after the last checkpoint that the store keeps."""
    head = studio.log.head().position if studio.upto is None else studio.upto
    with studio.log.database.translated_errors(), closing(studio.log.database.connect()) as connection:
        sql = "SELECT MAX(position) FROM checkpoints WHERE position <= ?"
        ((last,),) = connection.execute(sql, (head,)).fetchall()
    if head > (last or 0):
        since = f"since the checkpoint at position {last}" if last else "and no checkpoint yet"
        why = f"{head - (last or 0)} events {since}"
        yield {"what": "proof", "address": "", "why": why, "next": "takesheet log checkpoint FILE"}
