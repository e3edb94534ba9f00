"""Ideas through the command line: captured whole, played, and promoted to songs; never takes."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note

MIDI = bytes.fromhex(
    "4d546864 00000006 0000 0001 01e0 4d54726b 0000000d 00 903c60 8360 803c00 00 ff2f00".replace(" ", "")
)
"""A file of one note, middle C for half a second at 120."""


@pytest.fixture
def label(tmp_path: Path) -> Label:
    return open_label(tmp_path)


def memo(label: Label) -> Path:
    """A lossy memo of half a second."""
    file = label.folder / "memo.ogg"
    tone = 0.2 * np.sin(2 * np.pi * 220 * np.arange(22_050) / 44_100)
    soundfile.write(file, tone, 44_100, format="OGG", subtype="VORBIS")
    return file


def test_ideas_of_every_sort_are_kept_and_listed(label: Label) -> None:
    sound, midi = note(label.folder / "riff.wav", 110, seconds=0.5), label.folder / "riff.mid"
    midi.write_bytes(MIDI)
    names = [
        label.does("idea", "add", sound, "--title", "Roof riff"),
        label.does("idea", "add", memo(label)),
        label.does("idea", "add", midi),
        label.does("idea", "add", "--text", "under the tin roof"),
        label.does("idea", "add", "--chords", "Am F C G"),
    ]
    assert names == ["I1", "I2", "I3", "I4", "I5"]
    rows = label.data("idea", "list")
    assert [row["sort"] for row in rows] == ["audio", "audio", "midi", "text", "chords"]
    assert rows[0]["content"].startswith("riff.wav, 0:00.5")
    before = label.head
    assert label.does("idea", "add", sound) == "I1"
    assert label.does("idea", "add", "--chords", "Am F C G ") == "I5"
    assert label.head == before
    label.does("log", "verify", "--audio=")
    assert label.data("take", "list", "night-bus") == []


def test_an_idea_is_played_from_the_vault_and_words_are_printed(label: Label) -> None:
    midi = label.folder / "riff.mid"
    midi.write_bytes(MIDI)
    label.does("idea", "add", memo(label))
    label.does("idea", "add", midi)
    label.does("idea", "add", "--text", "under the tin roof")
    for name in ("I1", "I2"):
        (file,) = label.data("idea", "play", name)["files"]
        assert soundfile.info(file).frames > 10_000
    assert label.does("idea", "play", "i3") == "under the tin roof"
    assert label.refuses(4, "idea", "play", "I9").rule == "idea.unknown"


def test_a_promoted_idea_is_a_song_with_its_reference(label: Label) -> None:
    label.does("idea", "add", memo(label), "--title", "Cold Harbour")
    assert label.does("idea", "promote", "I1", "night-bus") == "night-bus/cold-harbour"
    facts = label.data("song", "describe", "night-bus/cold-harbour")
    assert (facts["references"], facts["charts"]) == (["memo.ogg"], [])
    before = label.head
    assert label.does("idea", "promote", "I1", "night-bus") == "night-bus/cold-harbour"
    assert label.head == before
    assert label.data("take", "list", "night-bus") == []
    assert [row["songs"] for row in label.data("idea", "list")] == ["night-bus/cold-harbour"]


def test_words_belong_to_a_song_and_need_a_title_to_become_one(label: Label) -> None:
    label.does("idea", "add", "--text", "under the tin roof", "--song", SONG)
    assert [row["idea"] for row in label.data("idea", "list", "--song", SONG)] == ["I1"]
    assert label.refuses(3, "idea", "promote", "I1", "night-bus").rule == "idea.title"
    assert label.does("idea", "promote", "I1", "night-bus", "--title", "Low Tide") == "night-bus/low-tide"


def test_what_is_no_idea_is_refused(label: Label) -> None:
    other = label.folder / "words.txt"
    other.write_text("under the tin roof")
    assert label.refuses(3, "idea", "add", other).rule == "idea.file"
    assert label.refuses(4, "idea", "add", "no.wav").rule == "file.missing"
    assert label.refuses(2, "idea", "add", other, "--text", "both").rule == "idea.empty"
    assert label.refuses(2, "idea", "add").rule == "idea.empty"
    assert label.refuses(2, "idea", "add", "--text", "  ").rule == "idea.empty"
    broken = label.folder / "broken.mid"
    broken.write_bytes(MIDI[:20])
    assert label.refuses(3, "idea", "add", broken).rule == "idea.file"


def test_the_words_of_an_idea_are_erased_with_those_of_their_author(label: Label) -> None:
    label.does("user", "add", "pat", "--role", "artist")
    label.does("idea", "add", "--text", "under the tin roof", "--as", "pat")
    label.does("user", "erase", "pat", "--words", "--yes")
    assert label.data("idea", "list")[0]["content"] == "[erased]"
