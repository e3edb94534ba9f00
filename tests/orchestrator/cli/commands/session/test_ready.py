"""``session ready``, through the command line."""

from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note

S1 = "night-bus/S1"


@pytest.fixture
def label(tmp_path: Path) -> Label:
    """A session of one room and one player, of which nothing is prepared."""
    label = open_label(tmp_path)
    label.does("room", "add", "Room A", "--day", "600")
    label.does("person", "add", "Jo", "--day", "250")
    label.does("budget", "set", "night-bus", "studio=2000")
    label.does("part", "add", SONG, "Drums", "--player", "jo")
    label.does("session", "hold", "night-bus", "--room", "room-a", "--with", "jo", "--on", "2027-12-07", "--hours",
               "10-18", "--line", "studio")  # fmt: skip
    return label


def wanting(label: Label, *words: object) -> dict[tuple[str, str], str]:
    """Remedies by kind and subject of all that the session lacks."""
    said = label.run("session", "ready", S1, "--json", "--tracks", "1", *words)
    rows = said.json["data"]
    assert said.code == (6 if [row for row in rows if not row["ready"]] else 0)
    return {(row["what"], row["about"]): row["next"] for row in rows if not row["ready"]}


def test_each_wanting_line_has_its_remedy_and_the_session_is_ready_once_all_are_done(label: Label) -> None:
    assert wanting(label) == {
        ("charts", SONG): f"takesheet song describe {SONG} --chart FILE",
        ("lyrics", SONG): f"takesheet song attach {SONG} --lyrics FILE",
        ("tempo", SONG): f"takesheet take ingest {SONG}/PART FILE",
        ("references", SONG): f"takesheet song describe {SONG} --reference FILE",
        ("room", "room-a"): f"takesheet session firm {S1}",
        ("person", "Jo"): f"takesheet session ask {S1} --who jo",
    }
    (label.folder / "chart.txt").write_text("Am F C G\n")
    reference = note(label.folder / "reference.wav", 80, seconds=0.5)
    (label.folder / "words.txt").write_text("rain on the roof\n")
    label.does("song", "describe", SONG, "--chart", "chart.txt", "--reference", reference)
    label.does("song", "attach", SONG, "--lyrics", "words.txt")
    label.does("take", "ingest", f"{SONG}/drums", reference)
    assert wanting(label)["tempo", SONG] == f"takesheet song form {SONG} verse=0:00 end=3:20 --tempo 120"
    label.does("song", "form", SONG, "verse=0:00", "end=0:00.4", "--tempo", "120")
    label.does("session", "firm", S1)
    label.does("session", "ask", S1)
    assert wanting(label) == {("person", "Jo"): f"takesheet session answer {S1} jo yes"}
    label.does("session", "answer", S1, "jo", "no")
    assert wanting(label) == {("person", "Jo"): f"takesheet session replace {S1} jo NAME"}
    label.does("session", "answer", S1, "jo", "yes")
    head = label.head
    assert wanting(label) == {}
    assert "confirmed" in label.does("session", "ready", "night-bus", "S1", "--tracks", "1")
    assert label.head == head


def test_disk_space_is_that_of_all_tracks_for_all_hours(label: Label, monkeypatch: pytest.MonkeyPatch) -> None:
    needed = 8 * 3600 * 24 * 48_000 * 3  # eight hours of 24 tracks at 48 kHz and 24 bits
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": needed - 1})())
    assert ("disk space", str(label.folder / "here")) in wanting(
        label, "--folder", label.folder / "here", "--tracks", "24"
    )
    assert ("disk space", "here") not in wanting(label, "--folder", "here", "--tracks", "23")
    assert label.run("session", "ready", S1, "--tracks", "99999999").code == 2


def test_a_budget_that_is_overdrawn_and_a_missing_price_are_wanting_for_those_who_see_money(label: Label) -> None:
    label.does("session", "book", "night-bus", "--room", "room-a", "--on", "2027-12-08", "--hours", "10-18")
    label.does("user", "add", "lou", "--role", "engineer")
    rows = label.run("session", "ready", "night-bus/S2", "--json").json["data"]
    assert [row["found"] for row in rows if row["what"] == "budget"] == ["no line pays for it"]
    seen = label.run("session", "ready", "night-bus/S2", "--as", "lou")
    assert "budget" not in seen.out + seen.err
    assert "600" not in seen.out + seen.err


def test_only_of_a_session_that_takes_place(label: Label) -> None:
    label.refuses(4, "session", "ready", "night-bus/S9")
    label.does("session", "release", S1)
    assert label.refuses(3, "session", "ready", S1).rule == "session.released"
