"""Facts of a song: its key in words, charts and references in the vault, shown where the song is."""

from pathlib import Path

import pytest

from domain.core.refusal import Misused
from domain.song.song_facts import read_key
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note


@pytest.fixture
def label(tmp_path: Path) -> Label:
    return open_label(tmp_path, "Drums")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Am", "A minor"), ("f# minor", "F♯ minor"), ("Bb", "B♭ major"), ("CM", "C major"), ("D dorian", "D dorian"),
        ("E-flat min", "E♭ minor"), ("c sharp m", "C♯ minor"), (" G ", "G major"),
    ],
)  # fmt: skip
def test_a_key_is_understood_as_musicians_write_it(text: str, key: str) -> None:
    assert read_key(text) == key


@pytest.mark.parametrize("text", ["H", "A minor seventh", "", "12"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(Misused, match=r"song\.key"):
        read_key(text)


def test_facts_are_added_replaced_and_taken_away(label: Label) -> None:
    chart, demo = label.folder / "chart.pdf", note(label.folder / "demo.wav", 220, seconds=0.5)
    chart.write_bytes(b"%PDF-1.7 tin roof")
    label.does("song", "describe", SONG, "--key", "Am", "--chart", chart, "--reference", demo)
    facts = label.data("song", "describe", SONG)
    assert (facts["key"], facts["charts"], facts["references"]) == ("A minor", ["chart.pdf"], ["demo.wav"])
    assert [Path(file).read_bytes() for file in facts["files"]] == [chart.read_bytes(), demo.read_bytes()]
    before = label.head
    label.does("song", "describe", SONG, "--key", "a minor", "--chart", chart)
    assert label.head == before
    chart.write_bytes(b"%PDF-1.7 tin roof, second page")
    label.does("song", "describe", SONG, "--chart", chart)
    (path, _) = label.data("song", "describe", SONG)["files"]
    assert Path(path).read_bytes() == chart.read_bytes()
    label.does("song", "describe", SONG, "--without", "chart.pdf", "--key", "")
    facts = label.data("song", "describe", SONG)
    assert (facts["key"], facts["charts"], facts["references"]) == ("", [], ["demo.wav"])
    assert "references demo.wav" in label.run("song", "show", SONG).err
    assert label.data("song", "describe", SONG, "--as-of", str(before))["key"] == "A minor"
    label.does("log", "verify", "--audio=")


def test_a_file_that_does_not_fit_leaves_nothing_behind(label: Label) -> None:
    chart = label.folder / "chart.txt"
    chart.write_text("")
    assert label.refuses(2, "song", "describe", SONG, "--chart", chart).rule == "file.unfit"
    chart.write_text("Am F C G")
    assert label.refuses(3, "song", "describe", SONG, "--reference", chart).rule == "audio.unsound"
    assert label.refuses(4, "song", "describe", SONG, "--reference", "no.wav").rule == "file.missing"
    assert label.refuses(2, "song", "describe", SONG, "--key", "H", "--chart", chart).rule == "song.key"
    label.does("song", "describe", SONG, "--chart", chart)
    assert label.refuses(4, "song", "describe", SONG, "--without", "other.txt").rule == "song.file"


def test_tempo_and_lyrics_are_among_the_facts(label: Label) -> None:
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "drums.wav", 80, seconds=4.0))
    label.does("song", "form", SONG, "verse1=1", "end=2", "--tempo", "98.5")
    lyrics = label.folder / "words.txt"
    lyrics.write_text("under the tin roof\n")
    label.does("song", "attach", SONG, "--lyrics", lyrics)
    facts = label.data("song", "describe", SONG)
    assert (facts["tempo"], facts["lyrics"]) == ("98.5", "words.txt")
