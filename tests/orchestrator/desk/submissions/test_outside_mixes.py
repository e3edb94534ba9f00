"""Mixes made elsewhere: refusals, notes, and the comps on which they depend."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import RATE, note, silence


@pytest.fixture
def tracked(label: Label) -> Label:
    """A song with one approved take of drums."""
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "d.wav", 60, seconds=2.0))
    label.does("take", "approve", f"{SONG}/drums/1")
    return label


def prints(folder: Path, *, lag: int = 0, subtype: str = "PCM_24", gain: float = 1.0) -> tuple[str, str]:
    """Write a main print and a listen print, delayed by *lag* frames."""
    drawn = np.convolve(np.random.default_rng(7).standard_normal(2 * RATE), np.ones(8) / 3, "same")
    main = np.clip(0.1 * gain * np.repeat((drawn * np.hanning(2 * RATE))[:, None], 2, axis=1), -1, 1)
    listen = np.concatenate([np.zeros((lag, 2)), main])[: len(main)]
    for name, signal in (("main", main), ("listen", listen)):
        soundfile.write(folder / f"{name}.wav", signal, RATE, subtype=subtype)
    return f"main={folder / 'main.wav'}", f"listen={folder / 'listen.wav'}"


def test_prints_that_are_sound_come_in_without_a_word(tracked: Label, tmp_path: Path) -> None:
    said = tracked.data("mix", "submit", SONG, *prints(tmp_path), "--by", "Ann")
    assert said == {"address": f"{SONG}@mix1", "notes": []}
    assert tracked.data("mix", "show", f"{SONG}@mix1")["prints"] == ["main", "listen"]


def test_a_print_out_of_sync_is_refused_with_its_distance(tracked: Label, tmp_path: Path) -> None:
    said = tracked.refuses(6, "mix", "submit", SONG, *prints(tmp_path, lag=480), "--by", "Ann")
    assert said.rule == "mix.prints"
    assert "listen lies 480 frames (10.0 ms) behind the main print" in said.err


def test_a_print_of_another_length_or_with_nothing_on_it_is_refused(tracked: Label, tmp_path: Path) -> None:
    main, _ = prints(tmp_path)
    longer = note(tmp_path / "longer.wav", 100, seconds=2.5, channels=2)
    said = tracked.refuses(6, "mix", "submit", SONG, main, f"listen={longer}", "--by", "Ann")
    assert "listen 0:02.5: +24000 frames" in said.err
    soundfile.write(tmp_path / "none.wav", np.zeros((2 * RATE, 2)), RATE)
    said = tracked.refuses(6, "mix", "submit", SONG, main, f"listen={tmp_path / 'none.wav'}", "--by", "Ann")
    assert "there is nothing on it" in said.err


def test_clipping_few_bits_and_a_cut_tail_are_mentioned_and_taken(tracked: Label, tmp_path: Path) -> None:
    words = prints(tmp_path, subtype="PCM_16", gain=20.0)
    loud, _ = soundfile.read(tmp_path / "main.wav")
    loud[-10:] = 0.5
    soundfile.write(tmp_path / "main.wav", loud, RATE, subtype="PCM_16")
    notes = tracked.data("mix", "submit", SONG, words[0], "--by", "Ann")["notes"]
    assert [note_.partition(" ")[0] for note_ in notes] == ["main:"] * 3
    assert "16 bits" in notes[0]
    assert "flat tops" in notes[1]
    assert "until its last sample" in notes[2]


@pytest.mark.parametrize(
    ("make", "code", "rule"),
    [
        (lambda at: note(at, 100, seconds=1.0, channels=2, rate=44_100), 3, "rate.match"),
        (lambda at: note(at, 100, seconds=1.0, channels=2, subtype="PCM_U8"), 3, "mix.submit"),
        (lambda at: note(at, 100, seconds=1.0), 3, "mix.submit"),
        (silence, 3, "mix.submit"),
    ],
)  # fmt: skip
def test_what_is_no_print_of_this_song_is_refused(
    tracked: Label, tmp_path: Path, make: Callable[[Path], Path], code: int, rule: str
) -> None:
    said = tracked.refuses(code, "mix", "submit", SONG, make(tmp_path / "p.wav"), "--by", "Ann")
    assert said.rule == rule


def test_a_version_with_a_name_no_file_could_have_is_refused(tracked: Label, tmp_path: Path) -> None:
    main, listen = prints(tmp_path)
    for name in ("../up", "a b", "x" * 121):
        other = f"{name}={listen.partition('=')[2]}"
        assert tracked.refuses(2, "mix", "submit", SONG, main, other, "--by", "Ann").rule == "mix.submit"


def test_a_mix_stands_on_what_its_maker_was_given_and_not_on_what_changed_since(tracked: Label, tmp_path: Path) -> None:
    given = tracked.does("comp", "manifest", SONG)
    tracked.does("take", "ingest", f"{SONG}/drums", note(tmp_path / "d2.wav", 70, seconds=2.0))
    tracked.does("take", "approve", f"{SONG}/drums/2")
    assert tracked.does("comp", "manifest", SONG) != given
    said = tracked.run("mix", "submit", SONG, *prints(tmp_path), "--by", "Ann", "--from", given[:12])
    assert said.code == 0
    assert "does not hold: the drums comp has changed since" in said.err
    assert (
        "blocked (the drums comp has changed since Ann got the tracks)"
        in tracked.data("mix", "show", f"{SONG}@mix1")["standing"]
    )
    tracked.does("take", "reject", f"{SONG}/drums/2")
    tracked.does("take", "approve", f"{SONG}/drums/1")
    assert tracked.does("comp", "manifest", SONG) == given
    assert tracked.data("mix", "show", f"{SONG}@mix1")["standing"] == "to hear"


def test_a_hash_that_never_was_or_is_none_is_refused(tracked: Label, tmp_path: Path) -> None:
    words = ("mix", "submit", SONG, *prints(tmp_path), "--by", "Ann", "--from")
    assert tracked.refuses(4, *words, "0123456789").rule == "mix.from"
    assert tracked.refuses(2, *words, "the one of Tuesday").rule == "mix.from"


def standing(label: Label) -> str:
    return str(label.data("mix", "show", f"{SONG}@mix1")["standing"])


def test_a_part_kept_after_the_handoff_lapses_the_mix_and_is_named(tracked: Label, tmp_path: Path) -> None:
    tracked.does("mix", "submit", SONG, *prints(tmp_path), "--by", "Ann")
    tracked.does("mix", "approve", f"{SONG}@mix1")
    tracked.does("take", "ingest", f"{SONG}/bass", note(tmp_path / "b.wav", 80, seconds=2.0))
    assert standing(tracked) == "approved", "a take that nobody kept sounds nowhere"
    tracked.does("take", "approve", f"{SONG}/bass/1")
    assert standing(tracked) == "lapsed, blocked (Ann was not given bass, kept since)"
    tracked.does("log", "verify", "--views")
    assert tracked.refuses(3, "export", f"{SONG}@mix1", tmp_path / "out").rule == "export.approved"
    assert tracked.refuses(3, "mix", "approve", f"{SONG}@mix1").rule == "approve.pending"
    tracked.does("part", "shelve", f"{SONG}/bass", "--why", "the song is better without")
    assert standing(tracked) == "approved"
    tracked.does("part", "restore", f"{SONG}/bass", "--why", "it is not")
    tracked.does("take", "reject", f"{SONG}/bass/1")
    assert standing(tracked) == "approved"


def test_a_part_whose_keeper_is_gone_lapses_the_mix_for_that_reason(tracked: Label, tmp_path: Path) -> None:
    tracked.does("mix", "submit", SONG, *prints(tmp_path), "--by", "Ann")
    tracked.does("take", "reject", f"{SONG}/drums/1")
    assert standing(tracked) == "blocked (no keeper of drums any more)"
