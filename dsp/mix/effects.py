"""Effects of a bus: chorus, phaser, echo and reverbs, each with the length of its tail."""

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
from dsp.mix.modulation import ChorusProcessor, PhaserProcessor, chorus_s, phaser_s
from dsp.mix.room import Room, room_frames

TAIL_DB = 90.0
"""Decay after which a tail ends: below the resolution of 16 bits for a sound at a usual level."""
MAX_TAIL_S = 30.0
"""Longest tail of an effect other than convolution: 2 s of echo at a feedback of 0.95 would last seven minutes."""


class Effect(Protocol):
    """An effect of a bus; one instance per render."""

    def process(self, block: Audio) -> Audio:
        """The next block of the grid, shape (2, frames)."""


class Echo:
    """A stereo feedback delay, fully wet."""

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
    """A feedback delay with filters in its loop, in stereo or ping-pong."""

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
    """Share of its old value that a one-pole low-pass keeps each frame; 0 for no filter."""
    return 0.0 if hz is None else forty_bits(math.exp(-2.0 * math.pi * float(hz) / rate))


def effects_of(bus: Bus, rate: int, tempo_bpm: Decimal | None, impulses: Impulses = NO_IMPULSES) -> Iterator[Effect]:
    """The effects of *bus* in processing order; *impulses* must contain its impulse."""
    if bus.chorus:
        yield ChorusProcessor(bus.chorus, rate)
    if bus.phaser:
        yield PhaserProcessor(bus.phaser, rate)
    if delay := bus.delay:
        plain = not delay.ping_pong and delay.high_pass_hz is None and delay.low_pass_hz is None
        yield (Echo if plain else DampedEcho)(delay, rate, tempo_bpm)
    if bus.reverb:
        yield Room(bus.reverb, rate)
    if bus.convolution:
        yield Convolved(impulses[bus.convolution.impulse_key], bus.convolution.pre_delay_ms, rate)


def echo_frames(delay: Delay, rate: int, tempo_bpm: Decimal | None) -> int:
    """Delay of the first echo in frames."""
    if delay.time_ms is not None:
        return frames_of(delay.time_ms, rate)
    assert delay.note is not None, "the recipe has checked it"
    assert tempo_bpm is not None, "the recipe has checked it"
    return max(1, frames_of(note_ms(delay.note, tempo_bpm), rate))


def tail_frames(bus: Bus, rate: int, tempo_bpm: Decimal | None, impulses: Impulses = NO_IMPULSES) -> int:
    """Length in frames of the tail of all effects of *bus*."""
    tail = _echoes_frames(bus.delay, rate, tempo_bpm) if bus.delay else 0
    tail += room_frames(bus.reverb, rate, until_db=TAIL_DB) if bus.reverb else 0
    tail += math.ceil(chorus_s(bus.chorus, until_db=TAIL_DB) * rate) if bus.chorus else 0
    tail += math.ceil(phaser_s(bus.phaser, until_db=TAIL_DB) * rate) if bus.phaser else 0
    tail = min(tail, round(MAX_TAIL_S * rate))
    if bus.convolution:
        tail += convolved_frames(impulses[bus.convolution.impulse_key], bus.convolution.pre_delay_ms, rate)
    return tail


def _echoes_frames(delay: Delay, rate: int, tempo_bpm: Decimal | None) -> int:
    """Frames until the echoes have decayed by :data:`TAIL_DB`."""
    feedback = float(delay.feedback)
    more = math.ceil(TAIL_DB / (-20.0 * math.log10(feedback))) if feedback else 0
    return (1 + more) * echo_frames(delay, rate, tempo_bpm)
