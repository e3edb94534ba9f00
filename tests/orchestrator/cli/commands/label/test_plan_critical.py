"""The critical path through the command line: days left, slack and flags of all records, and every step of one."""

from datetime import timedelta
from pathlib import Path

import pytest

from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label, open_label


@pytest.fixture
def label(tmp_path: Path) -> Label:
    """A record of one song in preproduction, due in twenty days, and one without a date or a song."""
    label = open_label(tmp_path, "Drums")
    label.does("record", "edit", "night-bus", "--due", day(label, 20))
    label.does("record", "new", "Tide", "--artist", "The Ferrymen")
    return label


def day(label: Label, after: int) -> str:
    with Studio.at(str(label.folder)) as studio:
        return str(studio.today() + timedelta(days=after))


def test_the_days_left_and_the_slack_follow_from_the_stage_of_each_song(label: Label) -> None:
    (row,) = label.data("plan", "critical")
    assert (row["record"], row["days"], row["slack"], row["flag"]) == ("night-bus", 10, 10, "")
    assert row["critical"] == "tin-roof preproduction, recording, editing, mixing; mastering"
    label.does("song", "stage", SONG, "mixing", "--opening")
    (row,) = label.data("plan", "critical")
    assert (row["days"], row["slack"], row["ready"]) == (5, 15, day(label, 5))
    label.does("record", "edit", "night-bus", "--due", day(label, 11))
    assert label.data("plan", "critical")[0]["flag"] == "TIGHT"
    label.does("record", "edit", "night-bus", "--due", day(label, 4))
    assert (label.data("plan", "critical")[0]["slack"], label.data("plan", "critical")[0]["flag"]) == (-1, "LATE")
    assert "LATE" in label.does("plan", "critical")


def test_every_step_of_a_record_says_how_late_it_may_be(label: Label) -> None:
    label.does("song", "add", "night-bus", "Cold Harbour")
    label.does("song", "stage", SONG, "mixing", "--opening")
    rows = label.data("plan", "critical", "night-bus")
    assert [(row["address"], row["stage"], row["days"]) for row in rows if row["critical"]] == [
        ("night-bus/cold-harbour", "writing", 5), ("night-bus/cold-harbour", "preproduction", 2),
        ("night-bus/cold-harbour", "recording", 2), ("night-bus/cold-harbour", "editing", 1),
        ("night-bus/cold-harbour", "mixing", 2), ("night-bus", "mastering", 3),
    ]  # fmt: skip
    (mix,) = (row for row in rows if row["address"] == SONG)
    assert (mix["from"], mix["to"], mix["spare"], mix["slack"]) == (day(label, 0), day(label, 1), 8, 13)


def test_durations_are_set_for_all_or_for_one_record(label: Label) -> None:
    label.does("plan", "durations", "mixing=4", "mastering=1")
    label.does("plan", "durations", "mixing=10", "--record", "night-bus")
    before = label.head
    label.does("plan", "durations", "mixing=10", "--record", "night-bus")
    assert label.head == before
    rows = {
        row["stage"]: (row["days"], row["set_by"]) for row in label.data("plan", "durations", "--record", "night-bus")
    }
    assert (rows["mixing"], rows["mastering"], rows["writing"]) == (
        (10, "night-bus"), (1, "the label"), (5, "house default"),
    )  # fmt: skip
    assert label.data("plan", "critical")[0]["days"] == 2 + 2 + 1 + 10 + 1
    for word in ("mixing", "mixing=x", "delivered=3", "mixing=99999"):
        assert label.refuses(2, "plan", "durations", word).rule == "stage.days"


def test_a_booked_session_is_waited_for_and_seen_at_its_time(label: Label) -> None:
    label.does("resource", "add", "room-a", "--kind", "room", "--rate", "600/day")
    label.does("session", "book", "night-bus", "--room", "room-a", "--on", day(label, 15), "--hours", "10-18")
    assert label.data("plan", "critical")[0]["days"] == 16 + 1 + 2 + 3
    assert label.data("plan", "critical", "--as-of", str(label.head))[0]["days"] == 22
    label.does("session", "cancel", "night-bus", "S1")
    assert label.data("plan", "critical")[0]["days"] == 10
    assert label.data("plan", "critical", "--as-of", str(label.head))[0]["days"] == 10


def test_a_hold_is_not_waited_for(label: Label) -> None:
    label.does("resource", "add", "room-a", "--kind", "room", "--rate", "600/day")
    label.does("session", "hold", "night-bus", "--room", "room-a", "--on", day(label, 15), "--hours", "10-18")
    assert label.data("plan", "critical")[0]["days"] == 10
    assert label.data("plan", "critical", "--as-of", str(label.head))[0]["days"] == 10
    label.does("session", "firm", "night-bus", "S1")
    assert label.data("plan", "critical")[0]["days"] == 22
    assert label.data("plan", "critical", "--as-of", str(label.head))[0]["days"] == 22
