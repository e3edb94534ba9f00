"""``setup``, through the command line; and where the approved setups show."""

from pathlib import Path

import pytest

from domain.session.setups import SetupSaved
from orchestrator.desk.session.photo_files import bare_photo
from orchestrator.log.query import Query
from orchestrator.studio import Studio
from tests.orchestrator.desk.session.test_photo_files import PLACE, exif, jpeg
from tests.orchestrator.label import SONG, Label, open_label

S1, DRUMS, BASS = "night-bus/S1", f"{SONG}/drums", f"{SONG}/bass"
KICK, ROOM = "kick-in: mic=D112; preamp=1073; position=inside, 10 cm", "room: U47"


@pytest.fixture
def label(tmp_path: Path) -> Label:
    label = open_label(tmp_path, "Drums", "Bass")
    label.does("resource", "add", "room-a")
    label.does("session", "book", "night-bus", "--room", "room-a", "--on", "2027-12-07", "--hours", "10-18")
    return label


def test_a_setup_is_saved_once_changed_by_track_approved_and_recalled(label: Label) -> None:
    assert label.does("setup", "save", DRUMS, KICK, ROOM, "--cue", "more kick", "--session", S1) == f"{DRUMS} setup 1"
    head = label.head
    assert "is so already" in label.does("setup", "save", DRUMS, KICK, ROOM, "--cue", "more kick")
    assert label.head == head
    label.does("setup", "save", DRUMS, "room: mic=C12", "--from", 1, "--words", "door open")
    assert label.does("setup", "approve", DRUMS, 1) == f"{DRUMS} setup 1 is approved"
    assert label.does("setup", "approve", DRUMS, 1) == f"{DRUMS} setup 1 is approved already"
    recalled = label.does("setup", "recall", DRUMS, "--session", S1).splitlines()
    assert recalled == [
        f"{DRUMS}: setup 1, approved", "  kick-in: D112 · 1073 · inside, 10 cm", "  room: U47", "  cue mix: more kick",
    ]  # fmt: skip
    head = label.head
    assert label.data("setup", "recall", DRUMS, "--session", S1)["changed"] is False
    assert label.head == head
    assert label.does("setup", "show", DRUMS, 2).splitlines() == [
        f"{DRUMS}: setup 2", "  kick-in: D112 · 1073 · inside, 10 cm", "  room: C12", "  cue mix: more kick",
        "  door open",
    ]  # fmt: skip
    rows = label.data("setup", "list", SONG)
    assert [(row["number"], row["approved"], row["session"]) for row in rows] == [(1, True, S1), (2, False, "")]
    assert [row["lines"][1]["microphone"] for row in rows] == ["U47", "C12"]
    assert label.data("setup", "list", BASS) == []
    assert "kick-in: D112" in label.does("setup", "list", "night-bus")


@pytest.mark.parametrize(
    ("code", "rule", "words"),
    [
        (2, "setup.line", ("save", DRUMS, "kick: mik=D112")),
        (2, "setup.line", ("save", DRUMS, "kick: mic=D112; microphone=U47")),
        (2, "setup.line", ("save", DRUMS, "kick: ")),
        (2, "setup.line", ("save", DRUMS, f"mic={'x' * 201}")),
        (2, "setup.line", ("save", DRUMS, "mic=a\tb")),
        (2, "setup.empty", ("save", DRUMS)),
        (2, "setup.words", ("save", DRUMS, "--words", "x" * 2_001)),
        (2, "setup.lines", ("save", DRUMS, *(f"t{number}: U47" for number in range(201)))),
        (4, "setup.unknown", ("save", DRUMS, "U47", "--from", 3)),
        (4, "setup.unknown", ("approve", DRUMS)),
        (4, "setup.unknown", ("recall", DRUMS, "--session", S1)),
        (4, "setup.unknown", ("show", DRUMS)),
        (4, "file.missing", ("save", DRUMS, "--photo", "none.jpg")),
        (4, "session.unknown", ("save", DRUMS, "U47", "--session", "night-bus/S9")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_and_nothing_is_recorded(
    label: Label, code: int, rule: str, words: tuple[object, ...]
) -> None:
    assert label.refuses(code, "setup", *words).rule == rule


def test_without_an_approved_setup_none_is_recalled_and_an_engineer_does_not_approve(label: Label) -> None:
    label.does("setup", "save", DRUMS, KICK)
    assert label.refuses(3, "setup", "recall", DRUMS, "--session", S1).rule == "setup.unapproved"
    label.does("user", "add", "eng", "--role", "engineer")
    label.does("setup", "save", DRUMS, ROOM, "--as", "eng")
    assert label.refuses(3, "setup", "approve", DRUMS, "--as", "eng").rule == "person.role"
    label.does("record", "new", "Ferry", "--artist", "The Ferrymen")
    label.does("session", "book", "ferry", "--room", "room-a", "--on", "2027-12-09", "--hours", "10-18")
    assert label.refuses(2, "setup", "save", DRUMS, KICK, "--session", "ferry/S1").rule == "part.session"
    assert label.refuses(2, "setup", "recall", DRUMS, 1, "--session", "ferry/S1").rule == "part.session"
    label.does("session", "cancel", S1)
    assert label.refuses(3, "setup", "recall", DRUMS, 1, "--session", S1).rule == "session.cancelled"


def test_a_photo_is_kept_without_its_place_and_a_hostile_file_is_refused(label: Label) -> None:
    photo, copy = label.folder / "drums.jpg", label.folder / "copy.jpg"
    photo.write_bytes(jpeg(exif(6)))
    label.does("setup", "save", DRUMS, "--photo", photo)
    assert label.run("setup", "show", DRUMS, "--photo", copy).out.splitlines()[-1] == "  with a photo"
    assert copy.read_bytes() == bare_photo(photo.read_bytes(), "drums.jpg")
    for file in (label.folder / ".takesheet").rglob("*"):
        assert not file.is_file() or PLACE not in file.read_bytes(), file
    photo.write_bytes(b"\xff\xd8\xff\xe1\xff\xff")
    assert label.refuses(2, "setup", "save", DRUMS, "--photo", photo).rule == "setup.photo"
    label.does("setup", "save", BASS, "DI")
    assert "has no photo" in label.run("setup", "show", BASS, "--photo", label.folder / "none.jpg").err
    assert not (label.folder / "none.jpg").exists()
    with Studio.at(str(label.folder)) as studio:
        [saved, _] = studio.read(Query.of(SetupSaved))
    assert [blob.role for blob in saved.event.blobs()] == ["photo"]
    assert label.run("log", "verify", "--audio").code == 0


def test_the_next_part_the_call_sheet_and_the_readiness_of_a_session_start_from_the_approved_setup(
    label: Label,
) -> None:
    label.does("setup", "save", DRUMS, KICK, "--cue", "more kick")
    lines = {
        row["about"]: (row["found"], row["next"]) for row in not_ready(label) if row["what"] == "setup"
    }  # fmt: skip
    assert lines == {DRUMS: ("setup 1 not approved", f"takesheet setup approve {DRUMS} 1")}
    assert "D112" not in label.does("session", "call", S1)
    label.does("setup", "approve", DRUMS)
    label.does("setup", "save", DRUMS, ROOM)
    [line] = [row for row in not_ready(label) if row["what"] == "setup"]
    assert (line["found"], line["ready"]) == ("setup 1 approved", True)
    assert label.does("session", "next", S1).splitlines() == [
        "Drums · take 1", "Drums: setup 1, approved", "  kick-in: D112 · 1073 · inside, 10 cm", "  cue mix: more kick",
    ]  # fmt: skip
    sheet = label.does("session", "call", S1)
    assert "Setups\n  Drums  kick-in: D112 · 1073 · inside, 10 cm\n         cue mix: more kick" in sheet
    label.does("part", "remove", DRUMS, "--why", "a slip")
    assert "D112" not in label.does("session", "call", S1)
    assert label.data("setup", "list", "night-bus") == []


def not_ready(label: Label) -> list[dict[str, object]]:
    """All lines of a session that is not ready."""
    said = label.run("session", "ready", S1, "--json")
    assert said.code == 6
    return list(said.json["data"])


def test_a_player_s_own_call_sheet_has_no_setups(label: Label) -> None:
    label.does("resource", "add", "Jo", "--kind", "person")
    label.does("part", "edit", DRUMS, "--player", "Jo")
    label.does(
        "session", "book", "night-bus", "--room", "room-a", "--with", "jo", "--on", "2027-12-08", "--hours", "10-18"
    )
    label.does("setup", "save", DRUMS, KICK)
    label.does("setup", "approve", DRUMS)
    assert "D112" in label.does("session", "call", "night-bus/S2")
    assert "D112" not in label.does("session", "call", "night-bus/S2", "--for", "jo")
