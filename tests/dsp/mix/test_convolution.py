"""Convolution: equal to direct convolution, without latency, to the last sample, and reproducible."""

import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.recipe import parse_mix
from domain.render.jobs import EPOCHS
from dsp.audio import BLOCK_FRAMES, Audio, Source, Unsound
from dsp.files.resample import resample
from dsp.files.sound import SoundWriter
from dsp.mix.console import render_mix
from dsp.mix.convolution import Convolved
from dsp.mix.impulse import TURNS, inspect_impulse, read_impulse
from tests.dsp.mix.console_cases import RATE, noise, read, write_song
from tests.dsp.mix.test_golden_mix import dying
from tests.paths import GOLDEN

pytestmark = pytest.mark.slow

FROZEN = GOLDEN / "convolution.json"
HEAD = "[strips.click]\ngain_db = -144\nsends = { hall = { pre_fader = true } }\n[buses.hall]\n"
HALL = 'convolution = { impulse = "hall" }\n'
AS_IT_IS = 'convolution = { impulse = "hall", normalise = false }\n'

Doubles = NDArray[np.float64]


def written(path: Path, audio: Audio, rate: int = RATE) -> Source:
    with SoundWriter(path, rate, len(audio)) as file:
        file.write(audio)
    return Source(path)


def room(seed: int, channels: int, frames: int) -> Audio:
    """Noise that dies by 60 dB."""
    fall = 10.0 ** (-3 * np.arange(frames) / frames)
    return np.asarray(noise(seed, channels, frames) * fall, dtype=np.float32)


def wet(folder: Path, bus: str, audio: Audio, impulse: Audio, *, rate: int = RATE, threads: int = 1) -> Audio:
    inputs = write_song(folder, {"click": {"l-r": audio}})
    hall = {"hall": written(folder / "hall.wav", impulse, rate)}
    (main,) = render_mix(parse_mix(HEAD + bus), inputs, folder, impulses=hall, threads=threads)
    return read(main.path)


def direct(line: Audio, impulse: Audio) -> Doubles:
    """Direct convolution by its definition."""
    found = np.zeros(len(line) + len(impulse) - 1)
    for tap in np.flatnonzero(impulse):
        found[tap : tap + len(line)] += np.float64(impulse[tap]) * line
    return found


def through(impulse: Audio, audio: Audio, folder: Path) -> Doubles:
    """The whole output in double precision, by blocks of the grid."""
    hall = read_impulse(written(folder / "impulse.wav", impulse), RATE, normalise=False)
    convolved = Convolved(hall, Decimal(0), RATE)
    blocks = -(-(audio.shape[1] + hall.frames) // BLOCK_FRAMES)
    padded = np.zeros((2, blocks * BLOCK_FRAMES), np.float32)
    padded[:, : audio.shape[1]] = audio
    return np.concatenate([convolved.exact(block) for block in np.split(padded, blocks, axis=1)], axis=1)


SPARSE = 3 * BLOCK_FRAMES + 700


def sparse(seed: int, channels: int) -> Audio:
    """Some taps spread over more than three partitions, the first and the last among them."""
    dice = np.random.default_rng(seed)
    found = np.zeros((channels, SPARSE), np.float32)
    for line in found:
        places = [0, BLOCK_FRAMES - 1, BLOCK_FRAMES, SPARSE - 1, *dice.integers(0, SPARSE, 30)]
        line[places] = dice.normal(0, 1, len(places))
    return found


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_it_is_direct_convolution_to_a_billionth(tmp_path: Path, channels: int) -> None:
    impulse, audio = sparse(channels, channels), noise(9, 2, 2 * BLOCK_FRAMES + 31)
    heard = through(impulse, audio, tmp_path)
    if channels == 4:
        sides = [direct(audio[0], impulse[side]) + direct(audio[1], impulse[2 + side]) for side in (0, 1)]
    else:
        sides = [direct(audio[side], impulse[side % channels]) for side in (0, 1)]
    for got, expected in zip(heard, sides, strict=True):
        scale = np.abs(expected).max()
        assert np.abs(got[: len(expected)] - expected).max() < 1e-9 * scale
        assert np.abs(got[len(expected) :]).max() < 1e-9 * scale


def test_a_single_sample_passes_sound_on_at_once_and_a_mix_no_longer_than_it_was(tmp_path: Path) -> None:
    audio = noise(1, 2, 2 * BLOCK_FRAMES + 77)
    one = np.full((1, 1), 0.25, np.float32)
    heard = wet(tmp_path, HALL, audio, one)
    assert heard.shape == audio.shape
    assert np.abs(heard - audio).max() < 1e-7 * np.abs(audio).max()


def test_what_is_not_normalised_is_as_loud_as_it_says(tmp_path: Path) -> None:
    audio = noise(1, 2, 1000)
    heard = wet(tmp_path, AS_IT_IS, audio, np.full((1, 1), 0.25, np.float32))
    assert np.abs(heard - audio / 4).max() < 1e-7


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_white_noise_through_a_normalised_impulse_is_as_loud_on_its_louder_side(tmp_path: Path, channels: int) -> None:
    audio = noise(3, 2, 8 * RATE)
    heard = wet(tmp_path, HALL, audio, 0.01 * room(4, channels, 5000))
    sides = np.sqrt((heard[:, 5000:-5000].astype(np.float64) ** 2).mean(axis=1))
    assert 20 * np.log10(sides.max() / 0.1) == pytest.approx(0, abs=0.1)


def test_no_tail_is_cut_and_no_frame_comes_after_it(tmp_path: Path) -> None:
    impulse = np.zeros((2, 3 * RATE), np.float32)
    impulse[0, 0] = impulse[1, -1] = 0.5
    click = np.zeros((2, 100), np.float32)
    click[:, -1] = 1
    heard = wet(tmp_path, AS_IT_IS.replace("}", ", pre_delay_ms = 10 }"), click, impulse)
    assert heard.shape[1] == 100 + 3 * RATE - 1 + 480
    assert np.flatnonzero(np.abs(heard[0]) > 1e-12).tolist() == [99 + 480]
    assert np.flatnonzero(np.abs(heard[1]) > 1e-12).tolist() == [heard.shape[1] - 1]
    assert heard[1, -1] == 0.5


def test_silence_is_silent_before_and_after(tmp_path: Path) -> None:
    audio = np.zeros((2, 5 * BLOCK_FRAMES), np.float32)
    audio[:, BLOCK_FRAMES + 5 : BLOCK_FRAMES + 900] = 1
    heard = wet(tmp_path, HALL, audio, room(5, 2, 1000))
    assert not heard[:, :BLOCK_FRAMES].any()
    assert not heard[:, 3 * BLOCK_FRAMES :].any()


def test_an_impulse_of_another_rate_sounds_as_it_did(tmp_path: Path) -> None:
    slow, audio = room(6, 2, 22_050), noise(7, 2, 30_000)
    (fast,) = resample([slow], slow.shape[1], 44_100, RATE)
    heard = wet(tmp_path, AS_IT_IS, audio, slow, rate=44_100)
    expected = direct(audio[0], fast[0]) * 44_100 / RATE
    assert heard.shape[1] == audio.shape[1] + 24_000 - 1
    assert np.abs(heard[0] - expected).max() < 1e-6 * np.abs(expected).max()


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_it_is_the_same_on_any_number_of_threads(tmp_path: Path, channels: int) -> None:
    audio, impulse = room(8, 2, 3 * RATE), room(9, channels, 2 * RATE)
    once = wet(tmp_path, HALL, audio, impulse)
    for threads in (2, 4):
        assert np.array_equal(wet(tmp_path, HALL, audio, impulse, threads=threads), once)


def test_stems_in_one_room_sum_to_the_mix(tmp_path: Path) -> None:
    strips = "".join(f"[strips.{name}]\nsends = {{ hall = -6 }}\n" for name in ("bass", "keys"))
    song = {"bass": {"di": room(11, 1, 50_000)}, "keys": {"l-r": room(12, 2, 70_000)}}
    hall = {"hall": written(tmp_path / "hall.wav", room(13, 4, RATE))}
    recipe = parse_mix(f'prints = ["stems"]\n{strips}[buses.hall]\n{HALL}')
    printed = render_mix(recipe, write_song(tmp_path, song), tmp_path, impulses=hall)
    main, *stems = (read(one.path) for one in printed)
    assert len(stems) == 2
    assert np.abs(main - sum(stems)).max() < 1e-6 * np.abs(main).max()


def test_a_mono_room_and_one_with_two_equal_sides_are_one(tmp_path: Path) -> None:
    mono = room(10, 1, 3000)
    alone = read_impulse(written(tmp_path / "mono.wav", mono), RATE)
    twice = read_impulse(written(tmp_path / "stereo.wav", np.repeat(mono, 2, axis=0)), RATE)
    assert np.array_equal(alone.spectra, twice.spectra)


def test_what_is_no_impulse_is_refused_in_one_sentence(tmp_path: Path) -> None:
    words = tmp_path / "words.wav"
    words.write_text("no sound")
    for source, reason in (
        (Source(tmp_path / "nowhere.wav"), "no such file"),
        (Source(words), "text"),
        (written(tmp_path / "three.wav", noise(1, 3, 100)), "3 channels"),
        (written(tmp_path / "quiet.wav", np.zeros((2, 100), np.float32)), "silent"),
        (written(tmp_path / "long.wav", noise(1, 1, 31 * 8000), 8000), r"31\.0 s"),
    ):
        with pytest.raises(Unsound, match=reason):
            inspect_impulse(source)
    assert inspect_impulse(written(tmp_path / "good.wav", noise(1, 4, 100))).channels == 4


def test_an_impulse_that_is_missing_or_unfit_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    inputs = write_song(tmp_path, {"click": {"l-r": noise(1, 2, 100)}})
    out = tmp_path / "out"
    out.mkdir()
    three = {"hall": written(tmp_path / "three.wav", noise(1, 3, 100))}
    for impulses, reason in ({}, "impulse hall is not there"), (three, "impulse hall: it has 3 channels"):
        with pytest.raises(Unsound, match=reason):
            render_mix(parse_mix(HEAD + HALL), inputs, out, impulses=impulses)
    assert not list(out.iterdir())


def test_the_turns_of_a_transform_are_those_of_the_circle() -> None:
    angle = 2 * np.pi * np.arange(BLOCK_FRAMES) / (2 * BLOCK_FRAMES)
    assert np.abs(TURNS[0, :BLOCK_FRAMES] - np.cos(angle)).max() < 1e-15
    assert np.abs(TURNS[1, :BLOCK_FRAMES] + np.sin(angle)).max() < 1e-15


def test_the_mix_epoch_moves_with_the_sound_of_a_convolution(tmp_path: Path) -> None:
    """Like :mod:`tests.dsp.mix.test_golden_mix`; an epoch raised for another reason has an equal hash."""
    impulse = np.concatenate([dying(1, 4), dying(5, 4)[:, ::-1]], axis=1)
    inputs = write_song(tmp_path, {"click": {"l-r": dying(9, 2)}})
    hall = {"hall": written(tmp_path / "hall.wav", impulse, 44_100)}
    (main,) = render_mix(parse_mix(HEAD + HALL), inputs, tmp_path, impulses=hall)
    hashes = json.loads(FROZEN.read_text())
    assert hashes[str(EPOCHS["mix"])] == main.pcm, "the sound moved: raise EPOCHS['mix'], and see its other goldens"
