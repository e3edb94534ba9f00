"""The facts of one item, and the refusal for an item that does not exist."""

from pathlib import Path

from tests.orchestrator.label import SONG, open_label
from tests.orchestrator.sounds import note


def test_a_take_is_shown_in_words_a_line_a_track(tmp_path: Path) -> None:
    label = open_label(tmp_path, "drums")
    kick, snare = (note(tmp_path / f"{name}.wav", hz, seconds=1) for name, hz in (("kick", 60), ("snare", 180)))
    label.does("take", "ingest", f"{SONG}/drums", kick, snare, "--together")
    lines = label.does("take", "show", f"{SONG}/drums/1").splitlines()
    assert [line.partition(" (")[0] for line in lines if line.startswith("tracks")] == ["tracks: kick", "tracks: snare"]
    assert not any("False" in line or "[" in line for line in lines)


def test_a_session_is_shown_by_the_address_that_the_list_prints(tmp_path: Path) -> None:
    label = open_label(tmp_path)
    label.does("resource", "add", "room-a", "--rate", "600/day")
    booked = label.does("session", "book", "night-bus", "--room", "room-a", "--on", "2026-12-07", "--hours", "10-18")
    assert booked == label.data("session", "list", "night-bus")[0]["session"]
    assert label.does("session", "show", booked) == label.does("session", "show", "night-bus", "S1")
    assert label.refuses(2, "session", "show", "S1").rule == "session.name"


def test_what_was_not_there_yet_is_said_to_be_so_as_of_then(tmp_path: Path) -> None:
    label = open_label(tmp_path, "drums")
    label.does("at", SONG)
    said = label.refuses(4, "record", "show", "night-bus", "--as-of", "2020-01-01")
    assert "as of position 0 of the log" in said.err
    assert "next: takesheet record list" in said.err


def test_a_payment_is_told_with_its_record_and_who_was_paid(tmp_path: Path) -> None:
    label = open_label(tmp_path)
    label.does("budget", "set", "night-bus", "studio=100")
    label.does("budget", "spend", "night-bus", "studio", "60.01", "--payee", "Room A", "--invoice", "R-1")
    assert "night-bus: 60.01 EUR from studio to Room A, invoice R-1" in label.does("log", "show")


def test_a_double_booking_is_told_with_where_to_see_what_is_booked(tmp_path: Path) -> None:
    label = open_label(tmp_path)
    label.does("resource", "add", "room-a", "--rate", "600/day")
    book = ("session", "book", "night-bus", "--room", "room-a", "--on", "2026-12-07", "--hours")
    label.does(*book, "10-18")
    said = label.refuses(5, *book, "12-14")
    assert "next: takesheet resource show room-a" in said.err
    assert label.data("resource", "show", "room-a")[0]["session"] == "night-bus/S1"
