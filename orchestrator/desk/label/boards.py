"""Tables of a label: all records, a record's songs, mixes and masters, a song's parts and mixes.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from domain.completion.song_stages import first_stage, stage_of
from domain.core.ids import record_of, song_of
from domain.core.money import Money
from domain.core.refusal import NotFound, suggest
from domain.label.curtain import sees
from domain.mixes.mixes import Mixes, MixRevised
from domain.status.chosen_mixes import chosen_mixes, mix_remark
from domain.status.note_list import notes_of, open_notes
from domain.status.record_state import RecordState, mix_status
from domain.status.review_items import statuses
from domain.takes.outside_comps import CompSubmitted
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import shown
from orchestrator.desk.booking.budget import visible_budgets
from orchestrator.desk.curtain import shown_status
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.record_state.signoff_list import signoff_remarks
from orchestrator.desk.submissions.handoff_list import stale_remarks
from orchestrator.desk.takes.takes import PartState, living_parts, parts_read
from orchestrator.readmodels import label_board, review_queue
from orchestrator.readmodels.compiled import LabelBoardRow
from orchestrator.readmodels.label_board import LABEL_BOARD
from orchestrator.readmodels.review_queue import REVIEW_QUEUE
from orchestrator.studio import Studio

OVER: Final = "OVER"
"""Flag of a record whose forecast at completion exceeds what is approved."""


def board_rows(studio: Studio) -> list[Row]:
    """One row for each record, the earliest due date first; its money, if the caller sees that of any record.

    A record whose money the caller does not see, or that has none, has empty amounts.
    """
    found = studio.asked(lambda connection: label_board.rows(connection, studio.upto), LABEL_BOARD)
    plans = studio.asked(lambda connection: review_queue.plans(connection, studio.upto), REVIEW_QUEUE)
    lacks = studio.asked(lambda connection: review_queue.lacks(connection, studio.upto), REVIEW_QUEUE)
    sources = (stale_remarks(studio), signoff_remarks(studio), lacks, plans)
    remarks = {
        record: "; ".join(filter(None, (source.get(record) for source in sources)))
        for record in {name for source in sources for name in source}
    }
    records = {row.record: row for row in found if not row.song}
    songs: dict[str, list[LabelBoardRow]] = {}
    for row in found:
        if row.song:
            songs.setdefault(row.record, []).append(row)
    ordered = sorted(records.values(), key=lambda row: (row.due is None, row.due or "", row.record))
    rows = [_board_row(studio, row, songs.get(row.record, []), remarks.get(row.record, "")) for row in ordered]
    if sees(studio.reader, "money"):
        budgets = visible_budgets(studio)
        rows = [row | _money_facts(budgets.get(str(row["record"]))) for row in rows]
    return rows


def _money_facts(budget: Mapping[str, Money] | None) -> Row:
    """The amounts of *budget*, the sums of a record's lines, and in words whether its forecast exceeds its limit."""
    if budget is None:
        return dict.fromkeys(("planned", "committed", "actual", "forecast", "left")) | {"money": ""}
    planned, forecast, left = budget["approved"], budget["forecast"], budget["left"]
    return {
        "planned": planned,
        "committed": budget["committed"],
        "actual": budget["invoiced"] + budget["spent"],
        "forecast": forecast,
        "left": left,
        "money": f"{OVER} {forecast - planned}" if forecast > planned else f"{left} left",
    }


def _board_row(studio: Studio, record: LabelBoardRow, songs: Sequence[LabelBoardRow], remark: str) -> Row:
    last = label_board.time_of(record)
    return {
        "record": record.record,
        "title": record.title,
        "artist": record.artist,
        "due": record.due,
        "songs": len(songs),
        "parts": sum(song.parts for song in songs),
        "takes": sum(song.takes for song in songs),
        "unheard": sum(song.unheard for song in songs),
        "mixes": sum(song.mixes for song in songs),
        "masters": record.masters,
        "stage": first_stage(song.stage for song in songs),
        "last_at": last.isoformat(),
        "last": shown(studio, last),
        "remark": remark,
    }


def record_rows(studio: Studio, record: str) -> list[Row]:
    """One row for the record, each of its songs, each mix that is kept up to date, and the newest master."""
    state = read_record(studio, record).state
    there, songs = state.catalog.record(record), state.catalog.songs_of(record)
    found: list[Row] = [
        {
            "address": record,
            "title": f"{there.title} · {there.artist}",
            "standing": state.catalog.own_absence(record) or (f"due {there.due}" if there.due else ""),
            "remark": "",
            "stage": first_stage(stage_of(state, song.id) for song in songs),
        }
    ]
    found += [
        {"address": song.id, "title": song.title, "standing": "", "remark": "", "stage": stage_of(state, song.id)}
        for song in songs
    ]
    found += [
        {"address": one.address, "title": "", "standing": shown_status(studio, one), "remark": one.remark, "stage": ""}
        for one in statuses(state, record)
    ]
    return found


def song_rows(studio: Studio, record: str) -> list[Row]:
    """One row for each song of *record*."""
    state = read_record(studio, record).state
    chosen = chosen_mixes(state, record)
    found: list[Row] = []
    for song in state.catalog.songs_of(record):
        latest = state.mixes.get(song.id, Mixes()).latest
        newest = latest.number if latest else None
        takes = sum(len(state.takes_of(f"{song.id}/{part}").takes) for part in song.living)
        found.append(
            {
                "address": song.id,
                "title": song.title,
                "stage": stage_of(state, song.id),
                "rate": song.clock.rate if song.clock else "",
                "parts": len(song.living),
                "takes": takes,
                "mix": f"mix{newest}" if newest else "",
                "standing": shown_status(studio, mix_status(state, song.id, newest)) if newest else "",
                "chosen": f"mix{chosen[song.id]}" if song.id in chosen else "",
            }
        )
    return found


def part_rows(studio: Studio, song: str) -> list[Row]:
    """One row for each part of *song* that is not removed or shelved, with the number of its takes and its keeper."""
    brought = read_record(studio, record_of(song)).state
    return [_part_row(brought, name, state) for name, state in living_parts(studio, song).items()]


def part_facts(studio: Studio, part: str) -> Row:
    """The row of one part; ``kind`` shows if it is removed or shelved.  Raises: NotFound ``part.unknown``."""
    state = parts_read(studio, song_of(part)).get(part)
    if state is None:
        raise NotFound("part.unknown", f"there is no part {part}", next=suggest("part list", song_of(part)))
    return _part_row(read_record(studio, record_of(part)).state, part, state)


def _part_row(brought: RecordState, name: str, state: PartState) -> Row:
    part, sound = state.part, brought.sound(name)
    kinds = [word for word in ("guide", "optional", "stack") if getattr(part, word)]
    return {
        "address": name,
        "name": part.name,
        "instrument": part.instrument,
        "player": part.player or "",
        "takes": len(state.takes.takes),
        "keeper": _keeper(state, sound.outside if sound else None, brought.edit_of_another_order(name)),
        "wanted": ", ".join(part.sections),
        "kind": ", ".join([*kinds, *([state.absence] if state.absence else [])]),
    }


def _keeper(state: PartState, submitted: CompSubmitted | None, silent: CompSubmitted | None) -> str:
    """The keeper of a part, with *submitted*, the edit made outside that sounds, or *silent*, one of another order."""
    if used := state.comp.used:
        edited = f", edited by {submitted.maker}" if submitted else ""
        other = f"; the edit by {silent.maker} is of another order" if silent else ""
        return f"take {'+'.join(map(str, used))}{edited}{other}"
    kept = [str(take.number) for take in state.takes.takes.values() if take.verdict == "kept"]
    return f"kept: {', '.join(kept)}" if kept else ""


def mix_rows(studio: Studio, song: str) -> list[Row]:
    """One row for each mix revision of *song* that is neither removed nor shelved."""
    read = read_record(studio, record_of(song))
    whys = {
        (event.song, event.number): recorded.why or ""
        for recorded in read.history
        if isinstance(event := recorded.event, MixRevised)
    }
    rows, mixes, notes = list[Row](), read.state.mixes.get(song, Mixes()), notes_of(read.history, studio.reader)
    for number, revision in mixes.living.items():
        status = mix_status(read.state, song, number)
        told = {
            "standing": shown_status(studio, status),
            "remark": mix_remark(read.state, status),
            "why": whys.get((song, number), ""),
        }
        told["open_notes"] = str(len(open_notes(notes, status.address)) or "")
        made = {"title": mixes.titles.get(number, ""), "made": revision.made.source}
        rows.append({"address": status.address, **made, **told})
    return rows
