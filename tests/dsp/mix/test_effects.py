"""Effects of a bus: echoes in tempo, ping-pong and damped, reverbs, chorus and phaser."""

from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from pedalboard import Reverb as Freeverb

from domain.recipe import Reverb, note_ms
from dsp.audio import BLOCK_FRAMES, Audio
from dsp.mix.room import Room
from tests.dsp.mix.console_cases import RATE, mix, noise

HEAD = "tempo_bpm = 120\n[strips.click]\ngain_db = -144\nsends = { wet = { pre_fader = true } }\n[buses.wet]\n"


def click(frames: int = 1000) -> Audio:
    audio = np.zeros((2, frames), np.float32)
    audio[:, 0] = 1.0
    return audio


def wet(tmp_path: Path, bus: str, audio: Audio | None = None) -> Audio:
    return mix(tmp_path, HEAD + bus, {"click": {"l-r": click() if audio is None else audio}})["main"]


@pytest.mark.parametrize(
    ("note", "seconds"),
    [("1/4", "0.5"), ("1/8", "0.25"), ("1/8.", "0.375"), ("1/4t", "0.3333333"), ("1/1", "2"), ("1/32", "0.0625")],
)
def test_an_echo_comes_in_the_time_of_its_note(tmp_path: Path, note: str, seconds: str) -> None:
    assert abs(note_ms(note, Decimal(120)) / 1000 - Decimal(seconds)) < Decimal("1e-6")
    heard = wet(tmp_path, f'delay = {{ note = "{note}", feedback = 0 }}')
    assert list(np.flatnonzero(heard[0])) == [round(Decimal(seconds) * RATE)]


def test_ping_pong_echoes_come_left_and_right_in_turn(tmp_path: Path) -> None:
    heard = wet(tmp_path, 'delay = { note = "1/16", feedback = 0.5, ping_pong = true }')
    step = RATE // 8
    assert list(np.flatnonzero(heard[0])[:3]) == [step, 3 * step, 5 * step]
    assert list(np.flatnonzero(heard[1])[:3]) == [2 * step, 4 * step, 6 * step]
    assert list(heard[0, [step, 3 * step]]) == [1, 0.25]
    assert heard[1, 2 * step] == 0.5


def test_each_echo_is_duller_than_the_one_before(tmp_path: Path) -> None:
    heard = wet(tmp_path, "delay = { time_ms = 100, feedback = 0.9, low_pass_hz = 2000, high_pass_hz = 200 }")[0]
    echoes = [np.abs(np.fft.rfft(heard[n * 4800 : n * 4800 + 4800])) for n in (1, 2, 3)]
    at = {hz: round(hz * 4800 / RATE) for hz in (50, 700, 8000)}
    for early, late in pairwise(echoes):
        assert late[at[8000]] / early[at[8000]] < 0.5 * late[at[700]] / early[at[700]]
        assert late[at[50]] / early[at[50]] < 0.5 * late[at[700]] / early[at[700]]


@pytest.mark.parametrize(("size", "damping", "width"), [("0.5", "0.5", "1"), ("0.9", "0.1", "0.4"), ("0", "1", "0")])
@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_a_room_is_freeverb_to_100_db(rate: int, size: str, damping: str, width: str) -> None:
    words = {"size": Decimal(size), "damping": Decimal(damping), "width": Decimal(width)}
    ours = Room(Reverb(**words), rate)
    theirs = Freeverb(float(size), float(damping), wet_level=1.0, dry_level=0.0, width=float(width))
    burst = np.zeros((2, 3 * BLOCK_FRAMES), np.float32)
    burst[:, rate // 10 : 100_000] = noise(1, 2, 100_000 - rate // 10)  # theirs glides to its settings at first
    blocks = np.split(burst, 3, axis=1)
    heard = np.concatenate([ours.process(block) for block in blocks], axis=1)
    expected = np.concatenate([theirs.process(block, rate, buffer_size=8192, reset=False) for block in blocks], axis=1)
    assert np.abs(heard - expected).max() < 1e-5 * np.abs(expected).max()


@pytest.mark.parametrize("bus", ["chorus = {}", "phaser = { feedback = 0.4 }", "chorus = {}\nphaser = {}"])
def test_what_moves_is_the_same_again_on_any_number_of_threads_and_its_tail_is_not_cut(
    tmp_path: Path, bus: str
) -> None:
    fading = noise(2, 2, 150_000) * (10.0 ** np.linspace(0, -9, 150_000)).astype(np.float32)
    song = {"click": {"l-r": fading}}
    once = mix(tmp_path, HEAD + bus, song)["main"]
    assert np.array_equal(once, mix(tmp_path, HEAD + bus, song, threads=3)["main"])
    assert np.abs(once[:, :100_000]).max() > 1e-3
    assert np.isfinite(once).all()
    loud = wet(tmp_path, bus, noise(3, 2, 60_000))
    assert np.abs(loud[:, -200:]).max() < 1e-4
