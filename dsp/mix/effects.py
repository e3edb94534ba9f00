"""What stands on an effect bus: chorus, phaser, echo and rooms, with the length of their tails declared."""

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Protocol

import numpy as np

from domain.recipe import Bus, Delay, note_ms
from dsp.audio import STEREO, Audio
from dsp.blocks.delay_line import frames_of
from dsp.kernels.effects.echo import damped_echo, echo
from dsp.kernels.maths import forty_bits
from dsp.mix.convolution import Convolved, convolved_frames
from dsp.mix.impulse import NO_IMPULSES, Impulses
from dsp.mix.modulation import ChorusAtWork, PhaserAtWork, chorus_s, phaser_s
from dsp.mix.room import Room, room_frames

TAIL_DB = 90.0
"""A tail is declared until it has fallen by so much: below what 16 bits show of a sound at a usual level."""
MAX_TAIL_S = 30.0
"""No tail is longer, but for a recorded one: an echo of 2 s with a feedback of 0.95 would go on for seven minutes."""


class Effect(Protocol):
    """Something on a bus, made fresh for each render."""

    def process(self, block: Audio) -> Audio:
        """The next block of the grid, shape (2, frames)."""


class Echo:
    """A feedback delay, in stereo; only what comes back is heard."""

    def __init__(self, delay: Delay, rate: int, tempo_bpm: Decimal | None) -> None:
        self._line = np.zeros((STEREO, echo_frames(delay, rate, tempo_bpm)))
        self._feedback = forty_bits(float(delay.feedback))
        self._at = 0

    def process(self, block: Audio) -> Audio:
        """The next block, shape (2, frames)."""
        out = np.empty(block.shape, np.float32)
        self._at = echo(block, self._line, self._at, self._feedback, out)
        return out


class DampedEcho:
    """A feedback delay with filters in its loop, and its echoes on both sides or in turn on each."""

    def __init__(self, delay: Delay, rate: int, tempo_bpm: Decimal | None) -> None:
        self._line = np.zeros((STEREO, echo_frames(delay, rate, tempo_bpm)))
        self._feedback = forty_bits(float(delay.feedback))
        self._crossed = delay.ping_pong
        high, low = (_one_pole(hz, rate) for hz in (delay.high_pass_hz, delay.low_pass_hz))
        self._kept = np.array([high, low])
        self._filters = np.zeros((STEREO, 2))
        self._at = 0

    def process(self, block: Audio) -> Audio:
        """The next block, shape (2, frames)."""
        out = np.empty(block.shape, np.float32)
        self._at = damped_echo(
            block, self._line, self._at, self._feedback, self._crossed, self._kept, self._filters, out
        )
        return out


def _one_pole(hz: Decimal | None, rate: int) -> float:
    """The share of its old value that a one-pole low-pass keeps each frame; 0 follows at once, and takes nothing."""
    return 0.0 if hz is None else forty_bits(math.exp(-2.0 * math.pi * float(hz) / rate))


def effects_of(bus: Bus, rate: int, tempo_bpm: Decimal | None, impulses: Impulses = NO_IMPULSES) -> Iterator[Effect]:
    """What the bus's sound goes through, in this order; *impulses* has the one that it names."""
    if bus.chorus:
        yield ChorusAtWork(bus.chorus, rate)
    if bus.phaser:
        yield PhaserAtWork(bus.phaser, rate)
    if delay := bus.delay:
        plain = not delay.ping_pong and delay.high_pass_hz is None and delay.low_pass_hz is None
        yield (Echo if plain else DampedEcho)(delay, rate, tempo_bpm)
    if bus.reverb:
        yield Room(bus.reverb, rate)
    if bus.convolution:
        yield Convolved(impulses[bus.convolution.heard], bus.convolution.pre_delay_ms, rate)


def echo_frames(delay: Delay, rate: int, tempo_bpm: Decimal | None) -> int:
    """How late the first echo is."""
    if delay.time_ms is not None:
        return frames_of(delay.time_ms, rate)
    assert delay.note is not None, "the recipe has checked it"
    assert tempo_bpm is not None, "the recipe has checked it"
    return max(1, frames_of(note_ms(delay.note, tempo_bpm), rate))


def tail_frames(bus: Bus, rate: int, tempo_bpm: Decimal | None, impulses: Impulses = NO_IMPULSES) -> int:
    """How long the bus's effects sound on when nothing more goes in."""
    tail = _echoes_frames(bus.delay, rate, tempo_bpm) if bus.delay else 0
    tail += room_frames(bus.reverb, rate, until_db=TAIL_DB) if bus.reverb else 0
    tail += math.ceil(chorus_s(bus.chorus, until_db=TAIL_DB) * rate) if bus.chorus else 0
    tail += math.ceil(phaser_s(bus.phaser, until_db=TAIL_DB) * rate) if bus.phaser else 0
    tail = min(tail, round(MAX_TAIL_S * rate))
    if bus.convolution:
        tail += convolved_frames(impulses[bus.convolution.heard], bus.convolution.pre_delay_ms, rate)
    return tail


def _echoes_frames(delay: Delay, rate: int, tempo_bpm: Decimal | None) -> int:
    """The first echo, and as many more as it takes."""
    feedback = float(delay.feedback)
    more = math.ceil(TAIL_DB / (-20.0 * math.log10(feedback))) if feedback else 0
    return (1 + more) * echo_frames(delay, rate, tempo_bpm)
