"""``session wrap``, through the command line: attendance, and a sheet without a rejection."""

from pathlib import Path

import pytest

from orchestrator.desk.session.session_day import SessionKeys
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note

S1 = "night-bus/S1"
SECRETS = ("zebra", "quagga", "73.19", "2,000", "EUR", "not this one", "false start", "hold", "reject")


def mark(label: Label, *marks: str) -> None:
    """Roll one pass for each of *marks*, and mark it."""
    with Studio.at(str(label.folder)) as studio:
        keys = SessionKeys(studio, "night-bus", S1)
        for one in marks:
            keys.roll()
            keys.mark(one)  # type: ignore[arg-type]
            keys.roll()


@pytest.fixture
def label(tmp_path: Path) -> Label:
    """A session of two players that has begun, with money, doubts and private notes."""
    label = open_label(tmp_path)
    label.does("room", "add", "Room A", "--day", "73.19")
    for name, part in (("Jo", "Drums"), ("Al Núñez", "Bass")):
        label.does("person", "add", name, "--day", "73.19")
        label.does("part", "add", SONG, part, "--player", name)
    label.does("budget", "set", "night-bus", "studio=2000")
    label.does("session", "book", "night-bus", "--room", "room-a", "--with", "jo,al-nunez", "--on", "2027-12-07",
               "--hours", "10-18", "--line", "studio")  # fmt: skip
    label.does("note", SONG, "zebra thought", "--private")
    label.does("part", "park", f"{SONG}/bass", "--reason", "quagga doubt")
    label.does("session", "next", S1)
    return label


def test_it_thanks_everybody_by_name_and_shows_keepers_and_moments_and_no_rejection(label: Label) -> None:
    mark(label, "not-this-one", "hold", "keeper")
    label.does("session", "moment", S1, "the laugh")
    text = label.does("session", "wrap", S1, "--thanks", "what a day")
    for wanted in ("Tin Roof  take 3  Drums", "the laugh", "Thank you, Al Núñez, Jo.", "what a day", "10:00 to 18:00"):
        assert wanted in text
    page = label.does("session", "wrap", S1, "--format", "html")
    for told in (text, page):
        assert not [word for word in SECRETS if word in told]
        assert "take 1" not in told
        assert "take 2" not in told


def test_rough_mixes_are_those_of_the_songs_that_were_recorded_that_day(label: Label, tmp_path: Path) -> None:
    label.does("song", "add", "night-bus", "Lighthouse")
    for song, pitch in ((SONG, 80), ("night-bus/lighthouse", 440)):
        file = note(tmp_path / f"{pitch}.wav", pitch, seconds=0.5, channels=2)
        label.does("part", "add", song, "Click")
        label.does("take", "ingest", f"{song}/click", file)
        label.does("mix", "rough", song, file)
    assert "Rough mixes" not in label.does("session", "wrap", S1)
    mark(label, "hold")
    text = label.does("session", "wrap", S1)
    assert "Rough mixes\n  Tin Roof  80.wav" in text
    assert "Lighthouse" not in text


def test_attendance_is_that_of_the_booking_until_it_is_corrected_and_recorded_once(label: Label) -> None:
    label.does("session", "wrap", S1)
    head = label.head
    label.does("session", "wrap", S1)
    assert label.head == head
    text = label.does("session", "wrap", S1, "--came", "Jo=10:15-17:40", "--absent", "al-nunez")
    assert "10:15 to 17:40" in text
    assert "Núñez" not in text
    assert "10:15 to 17:40" in label.does("session", "wrap", S1)
    assert label.head == head + 1


@pytest.mark.parametrize(
    ("words", "code", "rule"),
    [
        (("--came", "kim=10-12"), 4, "session.player"),
        (("--absent", "kim"), 4, "session.player"),
        (("--came", "jo"), 2, "session.attendance"),
        (("--came", "jo=25-99"), 2, "session.hours"),
        (("--came", "jo=10-12", "--absent", "jo"), 2, "session.attendance"),
        (("--thanks", "x" * 501), 2, "session.thanks"),
        (("--thanks", "two\nlines"), 2, "session.thanks"),
    ],
)
def test_impossible_attendance_is_refused(label: Label, words: tuple[str, ...], code: int, rule: str) -> None:
    assert label.refuses(code, "session", "wrap", S1, *words).rule == rule


def test_a_cancelled_session_and_one_who_may_not_are_refused(label: Label) -> None:
    label.does("user", "add", "mus", "--role", "musician")
    assert label.refuses(3, "session", "wrap", S1, "--as", "mus").rule == "person.role"
    label.does("session", "cancel", S1)
    assert label.refuses(3, "session", "wrap", S1).rule == "session.cancelled"


def test_the_sheet_of_a_long_day_is_bounded_so_that_it_stays_on_one_page_of_a4(label: Label) -> None:
    mark(label, *["keeper"] * 30)
    for number in range(20):
        label.does("session", "moment", S1, f"moment {number} {'long ' * 60}")
    label.does("session", "goal", S1, "g" * 200)
    lines = label.does("session", "wrap", S1, "--thanks", "t" * 500).splitlines()
    assert "and 16 more" in " ".join(lines)
    assert "and 14 more" in " ".join(lines)
    assert len(lines) < 50  # printed at 10 px, A4 holds 58 lines and the headings of five sections
