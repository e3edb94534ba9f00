"""The critical path counts by the label's own history, once three of its records passed a stage, and says so."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.core.event import Event
from domain.label.catalog import PartAdded, RecordOpened, SongAdded
from domain.status.events.event_types import KINDS
from orchestrator.log.append_condition import Draft
from orchestrator.log.store import Log
from tests.orchestrator.label import Label, open_label

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
"""Noon, so that whole days after it are whole days in the house's zone, too."""


@pytest.fixture
def label(tmp_path: Path) -> Label:
    """A record with a song in writing, and two whose songs were written in 8 and in 12 days."""
    label = open_label(tmp_path)
    written(label, "harbour", days=8)
    written(label, "tide", days=12)
    return label


def written(label: Label, record: str, *, days: int) -> None:
    """Add a record with a song that had its first part *days* after it was added."""
    song = f"{record}/one"
    opened = RecordOpened(record=record, title=record.title(), artist="The Ferrymen", currency="EUR")
    add(label, [opened, SongAdded(song=song, title="One")], NOON - timedelta(days=40))
    add(label, [PartAdded(part=f"{song}/drums", name="Drums")], NOON - timedelta(days=40 - days))


def add(label: Label, events: Sequence[Event], moment: datetime) -> None:
    with Log.open(label.folder / ".takesheet" / "log.db", kinds=KINDS, clock=lambda: moment) as log:
        log.append([Draft(event, "pat", "pat@desk") for event in events])


def test_the_median_of_three_records_counts_and_is_named(label: Label) -> None:
    (row,) = (row for row in label.data("plan", "critical") if row["record"] == "night-bus")
    assert (row["days"], row["medians"]) == (5 + 2 + 2 + 1 + 2 + 3, "")
    (before,) = (row for row in label.data("plan", "durations") if row["stage"] == "writing")
    assert (before["days"], before["set_by"]) == (5, "house default")
    earlier = label.head
    written(label, "salt", days=9)
    (row,) = (row for row in label.data("plan", "critical") if row["record"] == "night-bus")
    assert (row["days"], row["medians"]) == (9 + 2 + 2 + 1 + 2 + 3, "writing 9 d, median of 3 songs here")
    assert "writing 9 d, median of 3 songs here" in label.run("plan", "critical").err
    step, *rest = label.data("plan", "critical", "night-bus")
    assert (step["stage"], step["days"], step["days_by"]) == ("writing", 9, "median of 3 songs here")
    assert {other["days_by"] for other in rest} == {"house default"}
    (after,) = (row for row in label.data("plan", "durations") if row["stage"] == "writing")
    assert (after["days"], after["set_by"]) == (9, "median of 3 songs here")
    asof = label.data("plan", "critical", "night-bus", "--as-of", earlier)
    assert (asof[0]["days"], asof[0]["days_by"]) == (5, "house default"), "at that moment two records had passed it"


def test_what_the_label_sets_counts_before_its_history(label: Label) -> None:
    written(label, "salt", days=9)
    label.does("plan", "durations", "writing=4")
    step, *_ = label.data("plan", "critical", "night-bus")
    assert (step["days"], step["days_by"]) == (4, "the label")
    label.does("plan", "durations", "writing=6", "--record", "night-bus")
    step, *_ = label.data("plan", "critical", "night-bus")
    assert (step["days"], step["days_by"]) == (6, "night-bus")
    assert not any(row["medians"] for row in label.data("plan", "critical") if row["record"] == "night-bus")


def test_a_removed_song_and_one_that_came_further_are_no_history(label: Label) -> None:
    written(label, "salt", days=9)
    label.does("song", "remove", "tide/one")
    step, *_ = label.data("plan", "critical", "night-bus")
    assert step["days_by"] == "house default"
    label.does("song", "restore", "tide/one")
    step, *_ = label.data("plan", "critical", "night-bus")
    assert step["days_by"] != "house default"
    label.does("song", "stage", "tide/one", "mixing", "--opening")
    step, *_ = label.data("plan", "critical", "night-bus")
    assert step["days_by"] == "house default"


def test_why_names_the_songs_that_a_median_counts(label: Label) -> None:
    alone = {"what": "writing", "days": 5, "set_by": "house default"}
    assert label.data("why", "duration", "writing") == [alone]
    earlier = label.head
    written(label, "salt", days=9)
    took = {"harbour": 8, "salt": 9, "tide": 12}
    counted = [{"what": f"{name}/one", "days": days, "set_by": ""} for name, days in took.items()]
    assert label.data("why", "duration", "writing") == [
        *counted, {"what": "writing", "days": 9, "set_by": "median of 3 songs here"},
    ]  # fmt: skip
    assert label.data("why", "duration", "writing", "--as-of", earlier) == [alone]
    label.does("plan", "durations", "writing=4")
    assert label.data("why", "duration", "writing")[-1] == {"what": "writing", "days": 4, "set_by": "the label"}
    assert label.refuses(2, "why", "duration", "delivered").rule == "stage.unknown"
    assert "duration STAGE" in label.refuses(2, "why", "length", "writing").err
