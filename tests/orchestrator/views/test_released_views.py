"""A view that would give other tables of the same events has another version: two releases may share a store.

``tests/golden/views.json`` holds what each version made of the golden events.  When this test fails, do not mend the
file: raise the view's ``version`` (and the names of its tables), and add the line that the failure shows.
"""

import json
from contextlib import closing
from hashlib import sha256

import pytest

from orchestrator.log.database import views as viewing
from orchestrator.log.database.views import View
from orchestrator.views.board import BOARD
from tests.golden_history import golden_history
from tests.paths import GOLDEN

pytestmark = pytest.mark.waits

RELEASED: dict[str, str] = json.loads((GOLDEN / "views.json").read_text("utf-8"))
VIEWS: list[View] = [BOARD]


def made(view: View) -> str:
    """Hash of the tables, columns and rows that *view* makes of the golden events."""
    with closing(viewing.alone(":memory:", view)) as connection:
        viewing.feed(connection, view, golden_history())
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
        viewing.feed(connection, BOARD, golden_history())
        [counts] = connection.execute("SELECT songs, takes, mixes, masters FROM board_v3 WHERE record = 'night-bus'")
    assert all(counts)
