"""A view that would give other tables of the same events has another version: two releases may share a store.

``tests/golden/views.json`` holds what each version made of the golden events.  When this test fails, do not mend the
file: raise the view's ``version`` (and the names of its tables), and add the line that the failure shows.
"""

import json
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from domain.core.event import Event, Recorded
from domain.status.event_types import KINDS
from domain.status.record_state import RecordState, evolve
from orchestrator.log.codec import microseconds
from orchestrator.log.database import views as viewing
from orchestrator.log.database.views import View
from orchestrator.views.board import BOARD
from tests.paths import GOLDEN

pytestmark = pytest.mark.waits

RELEASED: dict[str, str] = json.loads((GOLDEN / "views.json").read_text("utf-8"))
VIEWS: list[View] = [BOARD]
ORDER = ("record-opened", "song-added", "part-added", "take-ingested", "take-judged", "comp-set")
LATER = (
    "song-formed", "song-arranged", "lyrics-attached", "lyrics-timed", "rough-pinned", "take-edited", "pass-marked",
    "basic-set", "midi-played", "comp-submitted", "store-upgraded", "clock-doubted", "engine-paused", "engine-resumed",
    "log-moved",
)  # fmt: skip
"""Kinds that came after the views' first version; placed at the end, so that earlier events keep their positions."""


def history() -> list[Recorded[Event]]:
    """The golden events in their first shapes, in an order in which they may have happened."""
    files = [json.loads(file.read_text("utf-8")) for file in sorted((GOLDEN / "events").glob("*.json"))]
    golden = [one for one in files if one["schema"] == 1]
    golden.sort(key=lambda one: _place(one["kind"]))
    return [
        Recorded(
            position, KINDS[one["kind"]].model_validate(one["data"]), "pat", "pat@desk", None, b"",
            position.to_bytes(16, "big"), None, microseconds(datetime(2026, 12, 7, 10, position % 60, tzinfo=UTC)),
        )
        for position, one in enumerate(golden, start=1)
    ]  # fmt: skip


def _place(kind: str) -> int:
    if kind in LATER:
        return len(ORDER) + 1 + LATER.index(kind)
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


def made(view: View) -> str:
    """Hash of the tables, columns and rows that *view* makes of the golden events."""
    with closing(viewing.alone(":memory:", view)) as connection:
        viewing.feed(connection, view, history())
        said = [*view.ddl()]
        for table in viewing.tables(connection):
            said += sorted(map(repr, connection.execute(f"SELECT * FROM {table}")))  # noqa: S608 - the view's own names
        return sha256("\n".join(said).encode()).hexdigest()[:16]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_no_view_gives_other_tables_under_the_same_version(view: View) -> None:
    assert RELEASED.get(f"{view.name} {view.version}") == made(view), "it needs another version: see above"


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_the_tables_of_a_view_carry_its_version(view: View) -> None:
    with closing(viewing.alone(":memory:", view)) as connection:
        assert all(table.endswith(f"_v{view.version}") for table in viewing.tables(connection))


def test_the_golden_events_fill_the_board() -> None:
    with closing(viewing.alone(":memory:", BOARD)) as connection:
        viewing.feed(connection, BOARD, history())
        [counts] = connection.execute("SELECT songs, takes, mixes, masters FROM board_v3 WHERE record = 'night-bus'")
    assert all(counts)


def test_whatever_a_comp_is_folded_from_names_the_takes_it_judges() -> None:
    state = RecordState()
    for recorded in (one for one in history() if one.event.kind != "midi-played"):  # no golden event ingests its take
        before, state = state, evolve(state, recorded.event)
        judged = {part for part in state.judgements if state.judgements[part] != before.judgements.get(part)}
        assert {take.rpartition("/")[0] for take in recorded.event.judged_takes()} == judged, recorded.event.kind
