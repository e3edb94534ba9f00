"""Marks of a session: their takes come first in the review, and one key approves a day's keepers."""

import os
from pathlib import Path

import pytest

from domain.core.refusal import Clash
from domain.session.take_marks import keepers_to_confirm
from orchestrator.desk.review.review import Review
from orchestrator.desk.review.session_keepers import confirm_keepers, keepers_of
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG
from tests.orchestrator.studio_day import StudioDay, open_day, recording
from tests.orchestrator.terminal import Terminal

DRUMS, BASS, VOCAL = f"{SONG}/drums", f"{SONG}/bass", f"{SONG}/lead-vocal"
LINE = (
    f"keepers of night-bus/S1, which d approves together: {DRUMS}/3, {VOCAL}/1; "
    f"kept, since a later one is approved: {DRUMS}/1"
)


@pytest.fixture
def day(tmp_path: Path) -> StudioDay:
    """Five passes: drums with a keeper, one without a mark and a later keeper; a bass on hold; a vocal's keeper."""
    day = open_day(tmp_path, "Drums", "Bass", "Lead Vocal")
    day.keys("10:00:00", "drums", "roll")
    day.keys("10:00:40", "roll", "keeper")
    day.keys("10:10:00", "roll")
    day.keys("10:10:40", "roll")
    day.keys("10:20:00", "roll")
    day.keys("10:20:40", "roll", "keeper")
    day.keys("11:00:00", "bass", "roll")
    day.keys("11:00:40", "roll", "hold")
    day.keys("12:00:00", "lead-vocal", "roll")
    day.keys("12:00:40", "roll", "not-this-one", "keeper")
    day.clock.set("2026-12-07T20:30")
    for number, time in enumerate(("10:00:02", "10:10:02", "10:20:02", "11:00:02", "12:00:02"), start=1):
        recording(tmp_path / "card" / f"{number}.wav", time, seconds=30)
    words = ("take", "import", SONG, tmp_path / "card", "--session", "S1", "--yes", "--clock-ahead", "0")
    said = day.label.run(*words)
    assert said.code == 0
    assert "(1)" in said.err, "the table circles the keeper's pass"
    return day


def asked(day: StudioDay) -> list[str]:
    return [row["address"] for row in day.label.data("review")]


def verdicts(day: StudioDay) -> dict[str, str]:
    return {row["take"]: row["verdict"] for row in day.label.data("take", "list", SONG)}


def typed(day: StudioDay, text: str, *options: str) -> str:
    """The output of a review on a terminal that reads lines."""
    terminal = Terminal(day.label, "review", "--plain", *options)
    for number, key in enumerate(text, start=1):
        terminal.sees("(q)uit ?", times=number)
        terminal.press(f"{key}\n")
    assert terminal.ends() == 0
    return terminal.seen.replace("\r\n", "\n")


def test_keepers_are_heard_first_then_what_was_held_and_each_says_its_mark(day: StudioDay) -> None:
    rows = day.label.data("review")
    assert [row["address"] for row in rows] == [f"{DRUMS}/1", f"{DRUMS}/3", f"{VOCAL}/1", f"{BASS}/1", f"{DRUMS}/2"]
    assert [row["why"].partition(" · ")[0] for row in rows] == [
        *["keeper in the session"] * 3, "hold in the session", "new take, drums has none",
    ]  # fmt: skip


def test_take_list_circles_the_passes_of_keepers_and_says_each_mark(day: StudioDay) -> None:
    rows = day.label.data("take", "list", SONG)
    assert {row["take"]: (row["pass"], row["mark"]) for row in rows} == {
        f"{DRUMS}/1": (1, "keeper"), f"{DRUMS}/2": (2, ""), f"{DRUMS}/3": (3, "keeper"), f"{BASS}/1": (4, "hold"),
        f"{VOCAL}/1": (5, "keeper"),
    }  # fmt: skip
    shown = day.label.does("take", "list", SONG)
    assert [f"({number})" in shown for number in range(1, 6)] == [True, False, True, False, True]
    assert day.label.data("take", "show", f"{BASS}/1")["mark"] == "hold"
    assert verdicts(day) == dict.fromkeys(verdicts(day), ""), "a mark is no verdict"


def test_one_key_approves_the_listed_keepers_and_one_undo_takes_all_of_them_back(day: StudioDay) -> None:
    head = day.label.head
    seen = typed(day, "dq")
    assert seen.count(LINE) == 1
    assert seen.index(LINE) < seen.index("[1/5]")
    assert "night-bus/S1: 2 approved, 1 kept beside them" in seen
    assert "[4/5] " in seen, "it goes on with what is left"
    assert verdicts(day) == {
        f"{DRUMS}/1": "kept", f"{DRUMS}/2": "", f"{DRUMS}/3": "approved", f"{BASS}/1": "", f"{VOCAL}/1": "approved"
    }  # fmt: skip
    with Studio.at(str(day.label.folder)) as studio:
        new = studio.log.events_at(range(head + 1, studio.log.head().position + 1))
        assert len({(one.recorded_us, one.correlation) for one in new}) == 1, "one append"
    day.label.does("undo", "night-bus")
    assert verdicts(day) == dict.fromkeys(verdicts(day), "")
    assert asked(day)[:3] == [f"{DRUMS}/1", f"{DRUMS}/3", f"{VOCAL}/1"]


def test_undo_in_the_review_takes_the_day_back_and_lists_it_anew(day: StudioDay) -> None:
    seen = typed(day, "duq")
    assert "taken back: " in seen
    assert seen.count(LINE) == 2
    assert verdicts(day) == dict.fromkeys(verdicts(day), "")


def test_keepers_that_changed_since_they_were_listed_are_listed_anew_and_not_approved(day: StudioDay) -> None:
    terminal = Terminal(day.label, "review", "--plain")
    terminal.sees("(q)uit ?")
    day.label.does("take", "reject", f"{VOCAL}/1")
    terminal.press("d\n")
    terminal.sees(f"which d approves together: {DRUMS}/3; kept")
    terminal.sees("(q)uit ?", times=2)  # a line typed before its question is discarded
    assert set(verdicts(day).values()) == {"", "rejected"}
    terminal.press("d\n")
    terminal.sees("1 approved, 1 kept beside them")
    terminal.sees("(q)uit ?", times=3)
    terminal.press("q\n")
    assert terminal.ends() == 0
    assert verdicts(day)[f"{VOCAL}/1"] == "rejected"


def test_without_a_keeper_to_confirm_the_key_says_so_and_decides_nothing(day: StudioDay) -> None:
    day.label.does("take", "reject", f"{DRUMS}/1", f"{DRUMS}/3", f"{VOCAL}/1")
    head = day.label.head
    seen = typed(day, "dq")
    assert "no day to confirm" in seen
    assert "which d approves" not in seen
    assert day.label.head == head


def test_what_somebody_judged_after_the_list_was_shown_is_not_decided_over(day: StudioDay) -> None:
    with Studio.at(str(day.label.folder)) as studio:
        keepers, head = keepers_of(studio, Review.of(studio, None).items), studio.head()
        assert keepers is not None
    day.label.does("take", "hold", f"{VOCAL}/1", "--as", os.environ.get("USER", "root"))
    with Studio.at(str(day.label.folder)) as studio, pytest.raises(Clash, match="decided in the meantime"):
        confirm_keepers(studio, keepers, since=head)
    assert verdicts(day) == {**dict.fromkeys(verdicts(day), ""), f"{VOCAL}/1": "held"}


def test_a_take_that_was_moved_to_the_part_it_is_of_keeps_its_mark(day: StudioDay) -> None:
    day.label.does("part", "add", SONG, "Congas")
    day.label.does("take", "move", f"{VOCAL}/1", f"{SONG}/congas")
    marks = {row["take"]: row["mark"] for row in day.label.data("take", "list", SONG)}
    assert marks[f"{SONG}/congas/1"] == "keeper"


def test_a_mark_without_roll_and_stop_finds_its_take_by_the_recorders_time(tmp_path: Path) -> None:
    day = open_day(tmp_path, "Drums")
    day.keys("10:00:00", "drums")
    day.keys("10:10:20", "keeper")
    day.clock.set("2026-12-07T20:30")
    recording(tmp_path / "card" / "Drums_01.wav", "10:00:30", ahead=60, seconds=60)
    recording(tmp_path / "card" / "Drums_02.wav", "10:10:00", ahead=60, seconds=30)
    words = ("take", "import", SONG, tmp_path / "card", "--session", "S1", "--yes", "--clock-ahead", "60")
    day.label.does(*words)
    assert {row["take"]: row["mark"] for row in day.label.data("take", "list", SONG)} == {
        f"{DRUMS}/1": "", f"{DRUMS}/2": "keeper",
    }  # fmt: skip


def test_who_sees_no_rejections_sees_no_mark_that_says_not_this_one(tmp_path: Path) -> None:
    day = open_day(tmp_path, "Drums")
    day.keys("10:00:00", "drums", "roll")
    day.keys("10:00:40", "roll", "not-this-one")
    recording(tmp_path / "card" / "1.wav", "10:00:02", seconds=30)
    day.label.does("take", "import", SONG, tmp_path / "card", "--session", "S1", "--yes", "--clock-ahead", "0")
    day.label.does("user", "add", "mia", "--role", "musician")
    [own] = day.label.data("take", "list", SONG)
    [theirs] = day.label.data("take", "list", SONG, "--as", "mia")
    assert (own["mark"], theirs["mark"]) == ("not-this-one", "")


def test_a_blind_review_shows_no_mark_and_confirms_no_day(day: StudioDay) -> None:
    head = day.label.head
    seen = typed(day, "dq", "--blind", "--seed", "1")
    assert "no day is confirmed in a blind review" in seen
    assert "keeper" not in seen.replace("(k)eep", "")
    assert day.label.head == head


def test_no_keeper_among_the_unjudged_takes_is_no_day() -> None:
    assert keepers_to_confirm({}, {"night-bus/tin-roof/drums/1"}) is None
