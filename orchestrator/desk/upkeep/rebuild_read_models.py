"""Rebuild of the views, swapped in at once and compared with their former rows."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from orchestrator.desk.addressing.rows import Row
from orchestrator.log.database import views as viewing
from orchestrator.log.database.views import View
from orchestrator.log.store import Log
from orchestrator.studio import Studio

Held = Counter[tuple[Any, ...]]


def rebuild_views(studio: Studio) -> Iterator[Row]:
    """Rebuild every view; yield its position, its row count, and how it differs from before."""
    studio.log.bring_up()
    for view in studio.log.views:
        stood, old = _held(studio.log, view)
        studio.log.rebuild(view)
        stands, new = _held(studio.log, view)
        yield {
            "view": view.name,
            "version": view.version,
            "position": stands,
            "rows": new.total() if new is not None else 0,
            "before": _told(stood, old, same=(stood, old) == (stands, new)),
        }


def _told(stood: int | None, old: Held | None, *, same: bool) -> str:
    if stood is None:
        return "was never made"
    if old is None:
        return "was lost"
    return "the same" if same else f"stood at {stood}, and differed"


def _held(log: Log, view: View) -> tuple[int | None, Held | None]:
    """Position of *view*, and the count of each of its rows; None for the rows if a table is missing."""
    with closing(viewing.alone(":memory:", view)) as empty:
        names = viewing.tables(empty)
    with closing(log.database.connect()) as connection:
        log.database.begin_reading(connection)
        stood = viewing.stand(connection, view)
        try:
            found = (
                (name, *row)
                for name in names
                for row in log.database.every_row(connection, f'SELECT * FROM "{name}"')  # noqa: S608 - the view's own names
            )
            return stood, Counter(found)
        except log.database.faults:
            return stood, None
