"""Records opened from a template through the command line, whole or not at all."""

from pathlib import Path

import pytest

from tests.orchestrator.label import Label, open_label


@pytest.fixture
def label(tmp_path: Path) -> Label:
    return open_label(tmp_path)


def test_an_ep_begins_with_its_songs_and_parts_in_one_decision(label: Label) -> None:
    words = (
        "record",
        "new",
        "Tide",
        "--artist",
        "Ann",
        "--due",
        "2027-06-01",
        "--template",
        "ep",
        "--song",
        "High Water",
    )
    said = label.run(*words)
    assert (said.code, said.out.strip()) == (0, "tide")
    assert "next: takesheet budget set tide studio=AMOUNT musicians=AMOUNT" in said.err
    songs = label.data("song", "list", "tide")
    assert [song["title"] for song in songs] == ["High Water", "Song 2", "Song 3", "Song 4", "Song 5"]
    assert {song["parts"] for song in songs} == {7}
    assert {song["stage"] for song in songs} == {"preproduction"}
    before = label.head
    assert label.does(*words) == "tide"
    assert label.head == before


def test_a_template_of_the_label_is_a_file(label: Label) -> None:
    (label.folder / "duo.toml").write_text('songs = 2\n[durations]\nmixing = 9\n[[parts]]\nname = "Voice"\n')
    label.does("record", "new", "Tide", "--artist", "Ann", "--template", "duo.toml")
    assert [row["parts"] for row in label.data("song", "list", "tide")] == [1, 1]
    days = {row["stage"]: row["days"] for row in label.data("plan", "durations", "--record", "tide")}
    assert days["mixing"] == 9


def test_a_template_that_does_not_fit_opens_nothing(label: Label) -> None:
    file = label.folder / "own.toml"
    new = ("record", "new", "Tide", "--artist", "Ann")
    file.write_text("songs = 1000\n")
    assert label.refuses(2, *new, "--template", file).rule == "template.text"
    file.write_bytes(b"\xff\xfe\x00")
    assert label.refuses(2, *new, "--template", file).rule == "template.text"
    assert label.refuses(4, *new, "--template", "trilogy").rule == "template.unknown"
    assert label.refuses(2, *new, "--song", "One").rule == "template.title"
