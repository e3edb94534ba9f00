"""A week with an outside mixer and an outside editor: given, changed, lapsed for the right reason, valid again."""

from pathlib import Path

import numpy as np
import pytest

from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import FRAMES, RATE, Signal, band, written

DRUMS, BASS, VOCAL, JOE = f"{SONG}/drums", f"{SONG}/bass", f"{SONG}/lead-vocal", "night-bus/hey-joe"
KIT = ("kick", "snare")

pytestmark = pytest.mark.slow


def late(signal: Signal) -> Signal:
    return np.concatenate([np.zeros(480), signal])[:FRAMES]


def mixed(*seeds: int) -> Signal:
    return np.tanh(np.sum([band(seed) for seed in seeds], axis=0))


def standing(label: Label, number: int) -> str:
    return str(label.data("mix", "show", f"{SONG}@mix{number}")["standing"])


def given(label: Label) -> str:
    return str(label.data("comp", "manifest", SONG)["manifest"])


def returned(label: Label, file: Path, hash_: str) -> list[str]:
    return list(label.data("mix", "submit", SONG, f"main={file}", "--by", "Ann", "--from", hash_)["notes"])


@pytest.fixture
def tracked(tmp_path: Path) -> Label:
    """Two songs: one of drums in two tracks, bass and a singer who has not been kept, one of a guitar."""
    label = open_label(tmp_path, "drums", "bass", "Lead Vocal")
    label.does("song", "add", "night-bus", "Hey Joe")
    label.does("part", "add", JOE, "guitar")
    kit = [written(tmp_path / "in" / f"{name}.wav", band(seed), 1) for seed, name in enumerate(KIT, 1)]
    label.does("take", "ingest", DRUMS, *kit, "--together")
    for part, seed in ((BASS, 3), (VOCAL, 4), (f"{JOE}/guitar", 5)):
        label.does("take", "ingest", part, written(tmp_path / "in" / f"{seed}.wav", band(seed), 1))
    label.does("take", "approve", f"{DRUMS}/1", f"{BASS}/1", f"{JOE}/guitar/1")
    label.does("song", "form", SONG, "verse=0:00", "chorus=0:02", "end=0:04")
    label.renders()
    return label


def test_a_week_with_an_outside_mixer_and_an_outside_editor(tracked: Label, tmp_path: Path) -> None:
    label, monday = tracked, given(tracked)
    # Tuesday: the same sound is approved in a span and written in other spans; Ann's mix is valid.
    label.does("take", "approve", f"{DRUMS}/1", "--from", "0:01", "--to", "0:02")
    label.does("comp", "set", BASS, "0:00=1", "0:03=1")
    assert given(label) == monday
    label.renders()
    assert returned(label, written(tmp_path / "mix.wav", mixed(1, 2, 3)), monday) == []
    label.does("mix", "approve", f"{SONG}@mix1")
    assert standing(label, 1) == "approved"
    # Wednesday: Ed's edit of the drums comes back; the mix of the former drums lapses.
    edit = {name: written(tmp_path / "edit" / f"{name}.wav", 0.5 * band(seed), 1) for seed, name in enumerate(KIT, 1)}
    submit = ("comp", "submit", DRUMS, *(f"{name}={file}" for name, file in edit.items()), "--by", "Ed")
    assert label.data(*submit)["notes"] == []
    assert standing(label, 1) == "lapsed, blocked (the drums comp has changed since Ann got the tracks)"
    assert label.refuses(3, "export", f"{SONG}@mix1", tmp_path / "out").rule == "export.approved"
    # Thursday: what Ann mixed from Monday's tracks lapses at once, what she mixed from today's is valid.
    assert returned(label, written(tmp_path / "old.wav", mixed(1, 3)), monday) == [
        "does not hold: the drums comp has changed since Ann got the tracks"
    ]
    assert returned(label, written(tmp_path / "new.wav", mixed(1, 2, 3, 3)), given(label)) == []
    label.does("mix", "approve", f"{SONG}@mix3")
    # Friday: the singer is kept, whom Ann was not given, and is held again.
    label.does("take", "approve", f"{VOCAL}/1")
    assert standing(label, 3) == "lapsed, blocked (Ann was not given lead-vocal, kept since)"
    label.does("take", "hold", f"{VOCAL}/1")
    assert standing(label, 3) == "approved"
    # Saturday: another order of the sections, and back.
    (told,) = label.data("edit", "song", SONG, "--move", "chorus", "--before", "verse")["notes"]
    assert told == "the edit of drums by Ed is put into this order too"
    assert standing(label, 3).startswith("lapsed, blocked (the comps of drums, bass have changed")
    assert label.data("edit", "song", SONG, "--reset")["notes"] == []
    assert standing(label, 3) == "approved"
    label.does("export", f"{SONG}@mix3", tmp_path / "out")


@pytest.mark.parametrize(
    ("name", "signal", "told"),
    [
        ("late", late(mixed(1, 2, 3)), "main: lies 480 frames (10.0 ms) behind the tracks that were given"),
        ("inverted", -mixed(1, 2, 3), "main: its polarity is opposite to that of the tracks that were given"),
        ("foreign", mixed(5), "main: this is the audio of Hey Joe"),
        ("hey-joe", mixed(1, 2, 3), "main: hey-joe.wav is named like Hey Joe, not like Tin Roof"),
        ("short", mixed(1, 2, 3)[: 3 * RATE], "main: 3.00 s long, 1.00 s shorter than drums (4.00 s)"),
    ],
)
def test_each_mistake_in_a_returned_mix_is_named(
    tracked: Label, tmp_path: Path, name: str, signal: Signal, told: str
) -> None:
    notes = returned(tracked, written(tmp_path / f"{name}.wav", signal), given(tracked))
    assert any(one.startswith(told) for one in notes), notes
