"""The take sheet of a song or a part: every take with its pass, verdict, mark, rating, times and player.

Rejections are on it only for those who may see them; it holds no money and the words of no note.

Tests: ``tests/orchestrator/cli/commands/song/test_sheets.py``.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from domain.core.address import Address, clock, parse_address
from domain.core.ids import part_of, record_of
from domain.core.refusal import NotFound, suggest
from domain.label.curtain import sees
from domain.label.people import People
from domain.status.record_state import RecordState
from orchestrator.desk.addressing.register import EVERYBODY, everybody
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.session.session_day import read_day
from orchestrator.desk.session.sheet import Sheet, SheetSection
from orchestrator.desk.takes.take_rows import take_rows
from orchestrator.studio import Studio

COLUMNS: Final = ("Take", "Pass", "Verdict", "Mark", "Moved", "In the comp", "Starts", "Length", "Recorded")
MOST_TAKES: Final = 500
"""Takes of one part at most."""
LONGEST_CELL: Final = 44
VERDICTS: Final[Mapping[str, str]] = {"kept": "keeper", "rejected": "not this one"}
"""Words for verdicts that are not their own."""
SHARED_MARKS: Final = frozenset({"keeper", "hold"})
"""Marks that everybody may see; the others tell what was not good enough."""


def take_sheet(studio: Studio, target: Address) -> Sheet:
    """The take sheet of the song or part at a full address.

    Raises:
        NotFound: ``take.none``; there are no takes.
    """
    rows = take_rows(studio, target)
    if not rows:
        raise NotFound("take.none", f"{target} has no takes yet", next=suggest("take ingest", f"{target}", "FILE"))
    state = read_record(studio, target.path[0]).state
    song, record = state.catalog.song("/".join(target.path[:2])), state.catalog.record(target.path[0])
    people, marks = everybody(studio.read(EVERYBODY)), _marks(studio, song.id, rows)
    by_part: dict[str, list[Row]] = {}
    for row in rows:
        by_part.setdefault(part_of(str(row["take"])), []).append(row)
    sections = [
        SheetSection(
            _heading(state, people, part), [_cells(state, part, row, marks) for row in own],
            most=MOST_TAKES, longest=LONGEST_CELL, header=COLUMNS,
        )
        for part, own in by_part.items()
    ]  # fmt: skip
    facts = f"{record.title} · {record.artist} · takes: {len(rows)}"
    return Sheet(f"{song.title} · take sheet", facts, [_without_empty_columns(one) for one in sections])


def _heading(state: RecordState, people: People, part: str) -> str:
    """Name of a part and of its player."""
    planned = state.catalog.part(part)
    player = people.names.get(planned.player, planned.player) if planned.player else ""
    return f"{planned.name} · {player}" if player else planned.name


def _marks(studio: Studio, song: str, rows: Sequence[Row]) -> dict[tuple[str, int], str]:
    """The mark of each pass of *song* in each session of the takes, as far as the caller may see it."""
    record, marks = record_of(song), dict[tuple[str, int], str]()
    all_marks = sees(studio.reader, "rejections", record)
    for session in dict.fromkeys(str(row["session"]) for row in rows if row["session"]):
        for slate in read_day(studio, record, session).slates.values():
            if slate.song == song and slate.mark and (all_marks or slate.mark in SHARED_MARKS):
                marks[session, slate.pass_number] = slate.mark
    return marks


def _cells(state: RecordState, part: str, row: Row, marks: Mapping[tuple[str, int], str]) -> list[str]:
    """The cells of one take, in the order of ``COLUMNS``."""
    number, pass_number = parse_address(str(row["take"])).take or 0, row["pass"]
    verdict = str(row["verdict"])
    mark = marks.get((str(row["session"]), pass_number), "") if isinstance(pass_number, int) else ""
    return [
        str(number), str(pass_number or ""), VERDICTS.get(verdict, verdict), mark, str(row.get("moved") or ""),
        ", ".join(_heard(state, part, number)), str(row["starts"]), str(row["length"]), str(row["recorded"]),
    ]  # fmt: skip


def _heard(state: RecordState, part: str, number: int) -> Iterator[str]:
    """The stretches of the comp of *part* in which the take of *number* sounds."""
    takes = state.takes_of(part)
    rate = takes.take(part, number).rate
    for layer in state.comp(part).joined.sounding_layers(takes):
        for stroke in layer:
            if stroke.take == number:
                yield f"{clock(stroke.start, rate)}-{clock(stroke.end, rate)}"


def _without_empty_columns(section: SheetSection) -> SheetSection:
    """*section* without the columns in which nothing is written."""
    used = [at for at in range(len(COLUMNS)) if any(row[at] for row in section.rows)]
    rows = [[row[at] for at in used] for row in section.rows]
    header = [COLUMNS[at] for at in used]
    return SheetSection(section.heading, rows, most=section.most, longest=section.longest, header=header)
