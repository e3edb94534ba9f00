"""A mix through a recorded room: imported once, rendered, shown, kept, replaced, and rebuilt."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import RATE, silence

RECIPE = """
[strips.drums]
sends = { wet = -6 }
[strips.bass]
[buses.wet]
convolution = { impulse = "hall", pre_delay_ms = 12 }
"""


def hall(path: Path, seed: int = 1, *, channels: int = 2, rate: int = 44_100) -> Path:
    """Write decaying noise of half a second."""
    frames = rate // 2
    fall = 10.0 ** (-3 * np.arange(frames) / frames)[:, None]
    dice = np.random.default_rng(seed)
    soundfile.write(path, 0.1 * dice.standard_normal((frames, channels)) * fall, rate, subtype="PCM_24")
    return path


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    file = tmp_path / "mix.toml"
    file.write_text(RECIPE)
    return file


def test_a_room_is_brought_heard_told_kept_and_rebuilt(released: Label, tmp_path: Path, recipe: Path) -> None:
    file = hall(tmp_path / "concert hall.wav")
    brought = f"hall={file}"
    assert released.does("mix", "revise", SONG, recipe, "--impulse", brought) == f"{SONG}@mix2"
    assert released.does("mix", "revise", SONG, recipe, "--impulse", brought) == f"{SONG}@mix2", "nothing new"
    file.unlink()
    released.renders()
    assert "impulse hall: concert hall.wav, 0.50 s, stereo" in released.does("why", f"{SONG}@mix2")
    assert "through concert hall.wav" in released.does("log", "show")
    assert released.does("mix", "show", f"{SONG}@mix2") == RECIPE.strip()
    assert released.data("mix", "show", f"{SONG}@mix2")["impulses"][0].startswith("impulse hall: concert hall.wav")
    assert all(row["equal"] for row in released.data("rebuild", f"{SONG}@mix2"))
    recipe.write_text(RECIPE.replace("12", "13"))
    assert released.does("mix", "revise", SONG, recipe) == f"{SONG}@mix3", "it keeps the impulse"
    assert not released.run("log", "verify", "--audio=").code


def test_another_room_under_the_same_name_is_another_mix_and_the_difference_is_told(
    released: Label, tmp_path: Path, recipe: Path
) -> None:
    for seed, name in ((1, "small.wav"), (2, "large.wav")):
        file = hall(tmp_path / name, seed, channels=4)
        released.does("mix", "revise", SONG, recipe, "--impulse", f"hall={file}")
        released.renders()
    told = released.does("mix", "diff", f"{SONG}@mix2", "@mix3")
    assert "impulse hall: small.wav (" in told
    assert "-> large.wav (" in told
    assert "main: all of it differs" in told


def test_a_lost_room_is_a_damaged_store(released: Label, tmp_path: Path, recipe: Path) -> None:
    file = hall(tmp_path / "hall.wav")
    released.does("mix", "revise", SONG, recipe, "--impulse", f"hall={file}")
    (blob,) = (one for one in (released.folder / ".takesheet/vault/blobs").rglob("*") if _same(one, file))
    blob.unlink()
    said = released.run("log", "verify")
    assert said.code == 9
    assert f"{SONG}@mix2 impulse" in said.out + said.err


def _same(one: Path, other: Path) -> bool:
    return one.is_file() and one.read_bytes() == other.read_bytes()


def test_a_room_that_nobody_brought_is_asked_for_by_line_and_field(released: Label, recipe: Path) -> None:
    said = released.refuses(2, "mix", "revise", SONG, recipe)
    assert said.rule == "mix.impulse"
    assert "line 6, buses.wet.convolution.impulse: there is no impulse 'hall' yet" in said.err
    assert f"takesheet mix revise {SONG} RECIPE --impulse hall=FILE" in said.err


def test_what_is_no_room_is_refused_and_revises_nothing(released: Label, tmp_path: Path, recipe: Path) -> None:
    (tmp_path / "words.wav").write_text("no sound")
    (tmp_path / "cut.wav").write_bytes(hall(tmp_path / "whole.wav").read_bytes()[:5000])
    soundfile.write(tmp_path / "poly.wav", np.full((RATE, 6), 0.1), RATE)
    soundfile.write(tmp_path / "long.wav", np.full((8000 * 31, 1), 0.1), 8000)
    soundfile.write(tmp_path / "nan.wav", np.full((100, 1), np.nan), RATE, subtype="FLOAT")
    for code, file, rule in (
        (4, "nowhere.wav", "file.missing"),
        (3, ".", "audio.unsound"),
        (3, "words.wav", "audio.unsound"),
        (3, "cut.wav", "audio.unsound"),
        (3, "poly.wav", "audio.unsound"),
        (3, "long.wav", "audio.unsound"),
        (3, "nan.wav", "audio.unsound"),
        (3, silence(tmp_path / "quiet.wav").name, "audio.unsound"),
    ):
        asked = ("mix", "revise", SONG, recipe, "--impulse", f"hall={tmp_path / file}")
        assert released.refuses(code, *asked).rule == rule, file
