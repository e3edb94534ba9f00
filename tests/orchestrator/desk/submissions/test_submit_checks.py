"""Mistakes in files that come back from outside: each is named in a line with its numbers."""

from pathlib import Path

import numpy as np
import pytest

from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import FRAMES, RATE, Signal, band, written

DRUMS, BASS, JOE = f"{SONG}/drums", f"{SONG}/bass", "night-bus/hey-joe"

pytestmark = pytest.mark.slow


def late(signal: Signal, frames: int) -> Signal:
    return np.concatenate([np.zeros(frames), signal])[: len(signal)]


MIX = np.tanh(1.2 * band(1) + 0.7 * band(2) + 0.7 * band(3))
OTHER = np.tanh(band(4))


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> Label:
    """Two songs whose comps are rendered: one of drums in two tracks and bass, one of a guitar."""
    folder = tmp_path_factory.mktemp("checks")
    (folder / "store").mkdir()
    label = open_label(folder / "store", "drums", "bass")
    label.does("song", "add", "night-bus", "Hey Joe")
    label.does("part", "add", JOE, "guitar")
    kit = [written(folder / f"{name}.wav", band(seed), 1) for seed, name in ((1, "kick"), (2, "snare"))]
    label.does("take", "ingest", DRUMS, *kit, "--together")
    label.does("take", "ingest", BASS, written(folder / "b.wav", band(3), 1))
    label.does("take", "ingest", f"{JOE}/guitar", written(folder / "g.wav", band(4), 1))
    label.does("take", "approve", f"{DRUMS}/1", f"{BASS}/1", f"{JOE}/guitar/1")
    label.renders()
    return label


def mix_notes(label: Label, file: Path, *words: object) -> list[str]:
    return list(label.data("mix", "submit", SONG, f"main={file}", *words, "--by", "Ann")["notes"])


def comp_notes(label: Label, kick: Path, snare: Path) -> list[str]:
    return list(label.data("comp", "submit", DRUMS, f"kick={kick}", f"snare={snare}", "--by", "Ed")["notes"])


def test_a_mix_of_what_was_given_comes_in_without_a_word(handed_out: Label, tmp_path: Path) -> None:
    assert mix_notes(handed_out, written(tmp_path / "main.wav", MIX)) == []
    assert mix_notes(handed_out, written(tmp_path / "Tin Roof mix 3.wav", 0.9 * MIX)) == []


def test_a_mix_that_lies_late_or_is_inverted_is_told_by_how_much(handed_out: Label, tmp_path: Path) -> None:
    (told,) = mix_notes(handed_out, written(tmp_path / "a.wav", late(MIX, 480)))
    assert told == "main: lies 480 frames (10.0 ms) behind the tracks that were given"
    (told,) = mix_notes(handed_out, written(tmp_path / "b.wav", -MIX))
    assert told.startswith("main: its polarity is opposite to that of the tracks that were given (0.")
    where, polarity = mix_notes(handed_out, written(tmp_path / "c.wav", -late(MIX, 480)))
    assert "480 frames" in where
    assert "polarity is opposite" in polarity


def test_a_print_that_is_late_and_inverted_beside_the_main_one_is_refused(handed_out: Label, tmp_path: Path) -> None:
    main, listen = written(tmp_path / "main.wav", MIX), written(tmp_path / "listen.wav", -late(MIX, 480))
    words = ("mix", "submit", SONG, f"main={main}", f"listen={listen}", "--by", "Ann")
    said = handed_out.refuses(6, *words)
    assert "listen lies 480 frames (10.0 ms) behind the main print, with opposite polarity" in said.err
    written(listen, -MIX)
    (told,) = handed_out.data(*words)["notes"]
    assert told.startswith("listen: its polarity is opposite to that of the main print (")


def test_another_songs_audio_is_named_by_its_song(handed_out: Label, tmp_path: Path) -> None:
    (told,) = mix_notes(handed_out, written(tmp_path / "main.wav", OTHER))
    assert told.startswith("main: this is the audio of Hey Joe (")


def test_loops_that_are_cut_at_equal_frames_are_told_apart(handed_out: Label, tmp_path: Path) -> None:
    """A loop ends while it sounds, and so does every other one of its length."""

    def loop(seed: int) -> Signal:
        dice, at = np.random.default_rng(seed), np.arange(FRAMES) / RATE
        tones = [np.sin(2 * np.pi * hz * at + turn) for hz, turn in dice.uniform((40, 0), (400, 6), (200, 2))]
        return np.asarray(0.02 * np.sum(tones, axis=0) + 0.1)

    label = handed_out
    label.does("song", "add", "night-bus", "Loops")
    label.does("part", "add", "night-bus/loops", "keys")
    label.does("take", "ingest", "night-bus/loops/keys", written(tmp_path / "k.wav", loop(1), 1))
    label.does("take", "approve", "night-bus/loops/keys/1")
    label.renders()
    other = written(tmp_path / "a.wav", loop(2))
    notes = label.data("mix", "submit", "night-bus/loops", f"main={other}", "--by", "Ann")["notes"]
    assert any(one.startswith("main: nothing of the tracks that were given is heard in it") for one in notes), notes


def test_noise_and_what_nobody_was_given_are_told(handed_out: Label, tmp_path: Path) -> None:
    noise = 0.1 * np.random.default_rng(9).standard_normal(FRAMES) * np.hanning(FRAMES)
    (told,) = mix_notes(handed_out, written(tmp_path / "noise.wav", noise))
    assert told.startswith("main: it is white noise (spectral flatness 0.9")
    (told,) = mix_notes(handed_out, written(tmp_path / "foreign.wav", band(8)))
    assert told.startswith("main: nothing of the tracks that were given is heard in it")


def test_a_file_named_like_another_song_and_another_length_are_told(handed_out: Label, tmp_path: Path) -> None:
    (told,) = mix_notes(handed_out, written(tmp_path / "02 Hey Joe (final).wav", MIX))
    assert told == "main: 02 Hey Joe (final).wav is named like Hey Joe, not like Tin Roof"
    short = mix_notes(handed_out, written(tmp_path / "short.wav", MIX[: 3 * RATE]))
    assert "main: 3.00 s long, 1.00 s shorter than drums (4.00 s)" in short
    tail = np.concatenate([0.8 * MIX, np.zeros(5 * RATE)])
    assert mix_notes(handed_out, written(tmp_path / "tail.wav", tail)) == []


def test_mistakes_of_an_edit_are_named_by_their_track(handed_out: Label, tmp_path: Path) -> None:
    kick, snare = (written(tmp_path / f"{name}.wav", 0.5 * band(seed), 1) for seed, name in ((1, "kick"), (2, "snare")))
    assert comp_notes(handed_out, kick, snare) == []
    (told,) = comp_notes(handed_out, written(tmp_path / "1.wav", -band(1), 1), snare)
    assert told.startswith("kick: its polarity is opposite to that of the edit that was given (")
    first, second = comp_notes(handed_out, snare, kick)
    assert first.startswith("kick: this is the audio of snare, not of kick (")
    assert second.startswith("snare: this is the audio of kick, not of snare (")
    (told,) = comp_notes(handed_out, written(tmp_path / "2.wav", band(8), 1), snare)
    assert told.startswith("kick: nothing of kick as it was given is heard in it")
    shifted = written(tmp_path / "3.wav", -late(band(1), 480), 1)
    words = ("comp", "submit", DRUMS, f"kick={shifted}", f"snare={snare}", "--by", "Ed")
    said = handed_out.refuses(6, *words)
    assert "kick lies 480 frames (10.0 ms) behind the edit that was given, from end to end, with opposite" in said.err
