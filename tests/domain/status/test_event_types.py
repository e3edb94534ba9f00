"""Released shapes are permanent: each event loads from its golden file, and today's shapes are stored unchanged."""

import json
from pathlib import Path

import pytest

from domain.core.event import tags_of
from domain.status.events.event_types import EVENTS, KINDS
from domain.status.record_fold import EVENTS as PRODUCTION
from tests.paths import GOLDEN

FOLDER = GOLDEN / "events"
FILES = sorted(FOLDER.glob("*.json"))


def _of_today(file: Path) -> bool:
    """True for a golden file of today's shape; older shapes are upcast and never stored again."""
    golden = json.loads(file.read_text("utf-8"))
    return bool(KINDS[golden["kind"]].schema_number == golden["schema"])


@pytest.mark.parametrize("file", list(filter(_of_today, FILES)), ids=lambda file: file.stem)
def test_a_released_event_loads_and_is_stored_again_to_the_byte(file: Path) -> None:
    golden = json.loads(file.read_text("utf-8"))
    stored = json.dumps(golden["data"], separators=(",", ":"), ensure_ascii=False)
    event = KINDS[golden["kind"]].model_validate_json(stored)
    assert event.model_dump_json() == stored
    assert event.kind == golden["kind"] == file.name.split(".")[0]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_released_event_keeps_the_tags_it_is_found_by(file: Path) -> None:
    golden = json.loads(file.read_text("utf-8"))
    event = KINDS[golden["kind"]].model_validate(golden["data"])
    assert list(tags_of(event)) == golden["tags"]


def test_every_kind_there_is_has_a_golden_file() -> None:
    assert {file.name.split(".")[0] for file in FILES} == set(KINDS)


def test_no_two_events_share_a_kind() -> None:
    assert len(KINDS) == len(EVENTS)


def test_a_production_is_folded_from_known_events() -> None:
    assert set(PRODUCTION) <= set(EVENTS)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_an_event_says_what_it_is_and_takes_nothing_unknown(event: type) -> None:
    assert event.__doc__
    assert event.model_config["frozen"]
    assert event.model_config["extra"] == "forbid"
