"""Completion of songs and records: what is missing, who owes it, and the coverage of a song's sections.

Tests: ``tests/orchestrator/cli/commands/song/test_song_check.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.completion.coverage import coverage
from domain.completion.missing import CompletionFacts, MissingItem, in_words, missing_of_record, missing_of_song
from domain.core.ids import record_of, slug_of
from domain.core.refusal import Unfit
from domain.label.people import People
from domain.label.permissions import role_grants
from domain.status.note_list import notes_of
from orchestrator.desk.addressing.register import EVERYBODY, everybody
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.curtain import shown_words
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.record_state.signoff_list import signoffs_read
from orchestrator.desk.song.splits import open_splits
from orchestrator.studio import Studio

COVER_WORDS: Final = {"kept": "kept", "partly": "partly", "takes": "to judge", "none": "none", "unwanted": "-"}
"""Cover of a section as a table shows it."""


@dataclass(frozen=True, slots=True)
class CompletionCheck:
    """Result of a check of a song or record: everything that is missing."""

    address: str
    items: Sequence[MissingItem]
    rows: Sequence[Row]
    """One row for each item, without its next step."""

    def refuse_incomplete(self, data: Sequence[Row]) -> None:
        """Refuse if anything is missing; *data* are the rows with their next commands.

        Raises:
            Unfit: ``song.incomplete``, ``record.incomplete``.
        """
        if not self.items:
            return
        rule = "record.incomplete" if record_of(self.address) == self.address else "song.incomplete"
        detail = f"{self.address} is not complete: {in_words(self.items)} to do"
        raise Unfit(rule, detail, next=self.items[0].next, data=list(data))


def check_completion(studio: Studio, target: str) -> CompletionCheck:
    """Check the song or record *target*, as far as the caller may see it."""
    record = record_of(target)
    read = read_record(studio, record)
    notes, signoffs = notes_of(read.history, studio.reader), signoffs_read(studio, record).current
    facts = CompletionFacts(read.state, record, notes, open_splits(studio, record), signoffs)
    items = missing_of_record(facts) if target == record else missing_of_song(facts, target)
    known = everybody(studio.read(EVERYBODY))
    rows: list[Row] = [
        {
            "what": item.what,
            "address": item.address,
            "why": shown_words(studio, item.why, record),
            "owed_by": _owing(studio, known, item),
        }
        for item in items
    ]
    return CompletionCheck(target, items, rows)


def _owing(studio: Studio, known: People, item: MissingItem) -> str:
    """The people who owe *item*, deputies among them, or the roles that nobody has; the named person first."""
    record, day = record_of(item.address), studio.day_seen()
    people = [item.person] if item.person else []
    people += [
        person
        for role in item.owed_by
        for person in known.names
        if person not in known.absent
        and any(
            grant.role == role and grant.scope.holds(day=day, records=(record,))
            for grant in role_grants(known, person, day=day)
        )
    ]
    return ", ".join(dict.fromkeys(people)) or " or ".join(item.owed_by)


def coverage_rows(studio: Studio, song: str) -> list[Row]:
    """One row for each part of *song*: its player, its cover of each section, and its takes without a verdict."""
    state = read_record(studio, record_of(song)).state
    known = state.catalog.song(song)
    return [
        {
            "part": cover.part,
            "player": known.parts[slug_of(cover.part)].player or "",
            "kept": cover.kept,
            "unheard": cover.unheard,
            "sections": {name: COVER_WORDS[one] for name, one in cover.sections.items()},
            "unformed": list(cover.unformed),
        }
        for cover in coverage(state, song)
    ]
