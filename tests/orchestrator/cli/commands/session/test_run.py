"""A session is led by one key a moment, each recorded as it is pressed; lines here, the full screen beside it."""

import errno
import io
import sys
from pathlib import Path
from typing import Any

import pytest

from orchestrator.desk.session.session_day import SessionKeys
from tests.orchestrator.label import Label, Said, open_label

S1 = "night-bus/S1"
SONG = "night-bus/tin-roof"


@pytest.fixture
def label(tmp_path: Path) -> Label:
    """A booked session of a song with three parts; its money is 123.45."""
    label = open_label(tmp_path, "Drums", "Bass", "Lead Vocal")
    for person, role in (("pat", "producer"), ("eve", "engineer"), ("co", "coordinator"), ("mus", "musician")):
        label.does("user", "add", person, "--role", role)
    label.does("resource", "add", "room-a", "--rate", "123.45/day")
    label.does("session", "book", "night-bus", "--room", "room-a", "--on", "2127-12-07", "--hours", "10-20")
    return label


def leads(label: Label, *lines: str, who: str = "pat", more: tuple[str, ...] = ()) -> Said:
    """Run the session with one key a line."""
    before, sys.stdin = sys.stdin, io.StringIO("".join(f"{line}\n" for line in lines))
    try:
        said = label.run("session", "run", S1, "--as", who, *more)
    finally:
        sys.stdin = before
    assert said.code == 0, said
    return said


def kinds(label: Label, after: int) -> list[str]:
    return [row["kind"] for row in label.data("log", "show", "--limit", "200") if row["position"] > after]


def room(label: Label) -> Any:
    return label.data("session", "run", S1, "--view", "room")


def test_each_key_is_one_decision(label: Label) -> None:
    before = label.head
    leads(label, ">", ".", "k", ".", "m", "q")
    assert kinds(label, before) == [
        "session-started", "parts-started", "roll-started", "slate-marked", "roll-stopped", "moment-marked",
    ]  # fmt: skip
    before = label.head
    leads(label, "k")
    assert kinds(label, before) == [], "the pass has that mark"


def test_a_mark_without_roll_and_stop_is_one_key(label: Label) -> None:
    leads(label, ">")
    before = label.head
    leads(label, "k")
    assert kinds(label, before) == ["slate-marked"]


def test_a_producer_presses_fewer_than_ten_keys_an_hour_for_four_passes_and_their_marks(label: Label) -> None:
    hour = [">", "h", "r", "h", "k", "m"]  # the recorder runs; nobody tells it
    before = label.head
    leads(label, *hour)
    assert len(hour) < 10
    assert len(kinds(label, before)) == 1 + len(hour), "each key is one event, after the day's beginning"


def test_enter_unknown_keys_and_the_end_of_the_input_decide_nothing(label: Label) -> None:
    leads(label, ">")
    before = label.head
    said = leads(label, "", "z", "Q", "kk", "\x1b[A", "n", "s")
    assert kinds(label, before) == []
    assert said.err.count("there is no such key") == 4


def test_the_day_goes_on_where_it_was_after_the_program_ended(label: Label) -> None:
    leads(label, ">", ".")
    said = leads(label)
    assert "rolling" in said.err
    leads(label, ".", ".")
    assert room(label)["take"] == 2


def test_undo_takes_back_one_key_with_all_that_it_recorded(label: Label) -> None:
    leads(label, ">", ".", "f")
    assert "false start" in leads(label).err
    said = leads(label, "u")
    assert "rolling" in said.err, "mark and stop were one key"
    leads(label, "u", ".")
    slates = [row["what"] for row in label.data("log", "show", "--limit", "50") if row["kind"] == "roll-started"]
    assert slates == [f"{S1}: slate 1, {SONG}@pass1", f"{S1}: slate 2, {SONG}@pass1"], "no slate has a number twice"


def test_undo_takes_back_nothing_of_somebody_else(label: Label) -> None:
    leads(label, ">", "k")
    before = label.head
    said = leads(label, "u", who="eve")
    assert kinds(label, before) == []
    assert "undo.nothing" in said.err


def test_the_next_part_ends_the_pass_that_rolls(label: Label) -> None:
    leads(label, ">", ".")
    before = label.head
    leads(label, ">")
    assert kinds(label, before) == ["roll-stopped", "parts-started"]
    assert room(label)["parts"] == ["Bass"]


def test_parts_are_chosen_by_name_and_a_wrong_name_decides_nothing(label: Label) -> None:
    leads(label, f"s {SONG}/drums, {SONG}/bass")
    assert room(label)["parts"] == ["Drums", "Bass"]
    before = label.head
    said = leads(label, "s kazoo", "s ../../etc", "s lead-vocal")
    assert said.err.count("not recorded (address)") == 2
    assert kinds(label, before) == ["parts-started"]


def test_takes_count_beyond_those_that_were_ingested(label: Label) -> None:
    from tests.orchestrator.sounds import note

    for number in (1, 2):
        file = note(label.folder / f"d{number}.wav", 60 + number, seconds=1.0)
        label.does("take", "ingest", f"{SONG}/drums", file, "--pass", number)
    leads(label, ">", ".")
    assert room(label)["take"] == 3


def test_a_note_is_for_its_author_alone(label: Label) -> None:
    leads(label, ">", "n the click drags")
    assert "the click drags" in str(label.data("note", "list", "night-bus", "--as", "pat"))
    assert "the click drags" not in str(label.data("note", "list", "night-bus", "--as", "eve"))


@pytest.mark.parametrize("who", ["pat", "eve", "co"])
def test_producer_engineer_and_coordinator_lead(label: Label, who: str) -> None:
    before = label.head
    leads(label, ">", "k", who=who)
    assert kinds(label, before)[-1] == "slate-marked"


def test_a_musician_does_not_lead(label: Label) -> None:
    assert label.refuses(3, "session", "run", S1, "--as", "mus").rule == "person.role"


def test_nobody_leads_a_session_that_was_cancelled_or_never_booked(label: Label) -> None:
    assert label.refuses(4, "session", "run", "night-bus/S9", "--as", "pat").rule == "session.unknown"
    label.does("session", "cancel", "night-bus", "S1", "--as", "pat")
    assert label.refuses(3, "session", "run", S1, "--as", "pat").rule == "session.cancelled"


def test_a_session_is_named_by_its_number_below_the_current_record(
    label: Label, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert label.refuses(2, "session", "run", "S1", "--as", "pat").rule == "session.name"
    monkeypatch.setenv("TAKESHEET_AT", "night-bus")
    assert label.data("session", "run", "S1")["take"] is None


def test_without_input_nothing_is_led_and_the_room_view_is_printed_once(label: Label) -> None:
    assert label.refuses(8, "session", "run", S1, "--no-input", "--as", "pat").rule == "input.needed"
    leads(label, ">")
    assert label.does("session", "run", S1, "--view", "room", "--no-input") == "Tin Roof\nDrums\ntake 1\nnext up: Bass"


def test_money_is_shown_behind_its_key_alone_and_to_those_who_see_it(label: Label) -> None:
    assert "123.45" not in leads(label, ">", "k").err
    assert "123.45" in leads(label, "$").err
    assert "123.45" not in leads(label, "$", who="eve").err


def test_behind_the_curtain_only_the_view_of_the_room_is_printed(label: Label) -> None:
    leads(label, ">", ".", "n he drags", "r")
    said = leads(label, "$", "?", "c", "r", "$", "?", "n secret", "x", "k", "u").err
    shown = said[said.index("\n\n\n") :]
    words = {line for line in shown.splitlines() if line}
    assert words == {"Tin Roof", "Drums", "take 1", "next up: Bass"}
    assert "secret" not in str(label.data("note", "list", "night-bus", "--as", "pat"))


def test_the_room_view_has_song_part_take_next_and_goal_and_nothing_else(label: Label) -> None:
    leads(label, ">", ".", "n he drags", "m", "r")
    assert room(label) == {"song": "Tin Roof", "parts": ["Drums"], "take": 1, "next_up": "Bass", "goal": ""}


def test_titles_with_control_characters_reach_no_terminal(label: Label) -> None:
    label.does("song", "rename", SONG, "Tin\x1b]0;owned\x07 Roof")
    assert "\x1b" not in leads(label, ">", "k").err + label.does("session", "run", S1, "--view", "room")


def test_a_parked_part_comes_back_at_the_end_and_is_taken_up_by_being_recorded(label: Label) -> None:
    leads(label, ">")
    before = label.head
    said = leads(label, ".", "p")
    assert kinds(label, before) == ["roll-started", "part-parked", "roll-stopped", "parts-started"]
    assert "parked" in said.err
    assert room(label) == {"song": "Tin Roof", "parts": ["Bass"], "take": 2, "next_up": "Lead Vocal", "goal": ""}
    leads(label, "k", ">", "k")
    assert room(label)["next_up"] == "Bass", "a mark without a slate names no part"
    leads(label, ".", "k", f"s {SONG}/bass", ".", "k")
    before = label.head
    leads(label, ">")
    assert kinds(label, before) == ["roll-stopped", "parts-started", "part-resumed"]
    assert room(label)["parts"] == ["Drums"]


def test_undo_of_park_records_the_same_parts_again(label: Label) -> None:
    leads(label, ">", "p")
    before = label.head
    leads(label, "u")
    assert kinds(label, before) == ["decision-undone", "part-resumed"]
    assert room(label)["parts"] == ["Drums"]


def test_the_goal_that_is_said_stands_in_the_room_view(label: Label) -> None:
    leads(label, "g three songs and a pie")
    assert room(label)["goal"] == "three songs and a pie"
    assert "three songs" in leads(label).err


def test_overtime_is_shown_behind_its_key_and_refuses_nothing(label: Label, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import UTC, datetime, timedelta

    from orchestrator.studio import Studio

    end = datetime(2127, 12, 7, 19, 0, tzinfo=UTC)
    leads(label, ">")
    before = label.head
    monkeypatch.setattr(Studio, "now", lambda _: end + timedelta(minutes=21))
    said = leads(label, ".", "k")
    assert "overtime" not in said.err
    assert kinds(label, before) == ["roll-started", "slate-marked"]
    assert "overtime 21 min" in leads(label, "$").err


def test_there_are_two_views(label: Label) -> None:
    assert label.refuses(2, "session", "run", S1, "--view", "money").rule == "session.view"


def test_words_behind_the_key_of_a_moment_say_what_it_was(label: Label) -> None:
    leads(label, ">", "m the laugh of 12", "m")
    told = [row["what"] for row in label.data("log", "show", "--limit", "50") if row["kind"] == "moment-marked"]
    assert told == [f"{S1}: moment", f"{S1}: moment, the laugh of 12", f"{S1}: moment"]
    assert "moments: 2" in leads(label).err


def test_next_up_follows_the_run_order_and_then_the_parts_that_are_in_no_row(label: Label) -> None:
    label.does("session", "runorder", S1, f"{SONG}/lead-vocal=30", f"{SONG}/drums=30", "--as-given")
    leads(label, ">")
    assert (room(label)["parts"], room(label)["next_up"]) == (["Lead Vocal"], "Drums")
    leads(label, ".", "k", ">")
    assert (room(label)["parts"], room(label)["next_up"]) == (["Drums"], "Bass"), "the vocal has its keeper"


def test_a_part_is_left_until_a_take_of_it_is_approved_or_kept_and_a_mark_is_neither(label: Label) -> None:
    from tests.orchestrator.sounds import note

    leads(label, ">")
    assert "parts left: 3 (Drums, Bass, Lead Vocal)\n" in leads(label).err
    leads(label, ".", "k")
    assert "parts left: 3 (Drums, Bass, Lead Vocal); 1 with a keeper to confirm" in leads(label).err
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "d.wav", 60, seconds=1.0))
    label.does("take", "keep", f"{SONG}/drums/1")
    assert "parts left: 2 (Bass, Lead Vocal)\n" in leads(label).err
    label.does("take", "reject", f"{SONG}/drums/1")
    assert "parts left: 3 (Drums, Bass, Lead Vocal); 1 with" in leads(label).err


def test_a_full_disk_is_said_at_the_key_and_the_session_goes_on(label: Label, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(_: SessionKeys) -> bool:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(SessionKeys, "roll", fill)
    before = label.head
    said = leads(label, ">", ".", "k")
    assert "not recorded (machine): No space left on device" in said.err
    assert kinds(label, before)[-2:] == ["parts-started", "slate-marked"]
