"""Instalments of deals: which are due, for the budget, ``why`` and finance.

Tests: ``tests/orchestrator/cli/commands/money/test_instalments.py``.
"""

from itertools import groupby
from typing import cast

from domain.completion.song_stages import first_stage
from domain.core.event import Stage
from domain.core.money import Money, zero
from domain.finance.finances import Finances
from domain.finance.instalments import Instalment, instalments_of
from orchestrator.readmodels import label_board
from orchestrator.readmodels.label_board import LABEL_BOARD
from orchestrator.studio import Studio


def record_stages(studio: Studio) -> dict[str, Stage]:
    """Stage of each record that has a song, by id: that of its song that is least far."""
    rows = studio.asked(lambda connection: label_board.rows(connection, studio.upto), LABEL_BOARD)
    songs = (row for row in rows if row.song)
    return {
        record: cast("Stage", first_stage(row.stage for row in own))
        for record, own in groupby(songs, key=lambda row: row.record)
    }


def record_instalments(studio: Studio, record: str, state: Finances) -> dict[str, tuple[Instalment, ...]]:
    """The instalments of each deal of *record* by the deal's id, on the day that *studio* sees."""
    if not state.deals:
        return {}
    stage, day = record_stages(studio).get(record), studio.day_seen()
    return {
        id_: instalments_of(deal, state.budget.commitment(id_), songs=state.song_count, day=day, stage=stage)
        for id_, deal in state.deals.items()
    }


def due_by_line(studio: Studio, record: str, state: Finances) -> dict[str | None, Money]:
    """Sum of the instalments that are due, by the line that pays; None for those that no line pays."""
    found: dict[str | None, Money] = {}
    for id_, parts in record_instalments(studio, record, state).items():
        line = state.deals[id_].terms.line
        for part in parts:
            found[line] = found.get(line, zero(part.due.currency)) + part.due
    return found
