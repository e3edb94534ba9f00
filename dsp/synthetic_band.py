"""A synthetic band: drums, bass, guitar and a voice.

Every player follows one chart (four chords, repeated) at one tempo, so that any passes fit together.  The seed sets
timing, touch and small variations, equal for equal seeds.  All signals are float32 at 48 kHz, shape (channels, frames),
and of one length for the same tempo and bars.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dsp.audio import Audio

RATE = 48_000
TEMPO_BPM, BARS = 100.0, 14
"""35 s with the default tempo."""
BEATS = 4
FADE_FRAMES = RATE // 20
RING_S = 1.4
"""Time in seconds for the last note to ring."""

Line = NDArray[np.float64]
Dice = np.random.Generator

CHART = ((57, 60, 64), (53, 57, 60), (60, 64, 67), (55, 59, 62))
"""A minor, F, C, G: MIDI notes of each chord, a bar each."""
MELODY = ((69, 72, 71, 69), (65, 69, 72, 69), (67, 64, 67, 72), (71, 74, 71, 67))
"""A phrase for each chord, four notes a bar."""
VOWELS = ((730, 1090, 2440), (570, 840, 2410), (530, 1840, 2480), (270, 2290, 3010))
"""The first three formants of ah, aw, eh and ee, Hz (Peterson and Barney, JASA 24, 1952, men)."""


def frames_of(tempo: float = TEMPO_BPM, bars: int = BARS) -> int:
    """Length in frames of each signal of a pass."""
    return round((bars * BEATS * 60 / tempo + RING_S) * RATE)


@dataclass(frozen=True, slots=True)
class Stroke:
    """One note of a player: its time, and its strength (about 1)."""

    at_s: float
    touch: float
    bar: int
    step: int
    """Eighth notes since the start of the bar."""


def _strokes(tempo: float, bars: int, dice: Dice, steps: dict[int, float], loose_s: float) -> Iterator[Stroke]:
    """The strokes of a player on the eighths *steps* (with strength) of each bar; *loose_s* is the timing deviation."""
    for bar in range(bars):
        for step, touch in steps.items():
            late = float(np.clip(dice.normal(0, loose_s), -3 * loose_s, 3 * loose_s))
            at_s = (bar * BEATS + step / 2) * 60 / tempo + late
            yield Stroke(max(0.0, at_s), touch * float(dice.uniform(0.85, 1.1)), bar, step)


def _add(line: Line, sound: Line, at_s: float) -> None:
    """Add *sound* to *line* at *at_s*, cut at the end of *line*."""
    start = round(at_s * RATE)
    stop = min(len(line), start + len(sound))
    line[start:stop] += sound[: max(0, stop - start)]


def _seconds(length: float) -> Line:
    return np.arange(round(length * RATE)) / RATE


def _hz(note: int) -> float:
    return float(440 * 2 ** ((note - 69) / 12))


def _print(line: Line, level: float) -> Audio:
    """Scale to a highest peak of *level*, with a fade at the very end."""
    tape = np.atleast_2d(line).astype(np.float32)
    tape *= np.float32(level / max(float(tape.max()), -float(tape.min())))
    tape[:, -FADE_FRAMES:] *= np.linspace(1, 0, FADE_FRAMES, dtype=np.float32)
    return tape


KICK = {0: 1.0, 3: 0.6, 4: 0.95}
SNARE = {2: 0.9, 6: 1.0}
HAT = {0: 0.8, 1: 0.45, 2: 0.7, 3: 0.45, 4: 0.8, 5: 0.45, 6: 0.7, 7: 0.55}

MICROPHONES = {
    "kick-in": ((1.0, 0.05, 0.02), (0.3, 2.0, 2.2)),
    "snare-top": ((0.12, 1.0, 0.18), (1.8, 0.2, 1.4)),
    "overhead-l": ((0.25, 0.45, 0.55), (3.6, 2.9, 2.3)),
    "overhead-r": ((0.25, 0.5, 0.35), (3.7, 2.7, 3.3)),
    "room": ((0.6, 0.6, 0.3), (12.1, 12.6, 12.9)),
}
"""For each microphone, shares and delays in ms of kick, snare and hats."""


def drum_kit(tempo: float = TEMPO_BPM, bars: int = BARS, seed: int = 0) -> dict[str, Audio]:
    """A kit with microphones ``kick-in``, ``snare-top``, ``overhead`` (stereo) and ``room``; each hears all drums."""
    dice = np.random.default_rng([seed, 1])
    frames = frames_of(tempo, bars)
    sources = np.zeros((3, frames))
    for line, steps, hit in zip(sources, (KICK, SNARE, HAT), (_kick, _snare, _hat), strict=True):
        for stroke in _strokes(tempo, bars, dice, _with_fill(steps, dice), 0.004):
            _add(line, stroke.touch * hit(dice), stroke.at_s)
    for bar in range(0, bars, 4):
        _add(sources[2], 1.4 * _cymbal(dice), bar * BEATS * 60 / tempo)
    heard = {name: _microphone(sources, *hears) for name, hears in MICROPHONES.items()}
    heard["room"] = _in_a_room(heard["room"], dice)
    overhead = np.stack([heard["overhead-l"], heard["overhead-r"]])
    tracks = {"kick-in": heard["kick-in"], "snare-top": heard["snare-top"], "overhead": overhead, "room": heard["room"]}
    return {name: _print(line, level) for (name, line), level in zip(tracks.items(), (0.8, 0.7, 0.5, 0.5), strict=True)}


def _with_fill(steps: dict[int, float], dice: Dice) -> dict[int, float]:
    """*steps*, at random with one more light stroke."""
    return {**steps, 7: max(0.35, steps.get(7, 0))} if dice.random() < OFTEN else steps


def _microphone(sources: Line, shares: tuple[float, ...], milliseconds: tuple[float, ...]) -> Line:
    line = np.zeros(sources.shape[1])
    for source, share, late in zip(sources, shares, milliseconds, strict=True):
        frames = round(late * RATE / 1000)
        line[frames:] += share * source[: len(source) - frames]
    return line


def _kick(dice: Dice) -> Line:
    at = _seconds(0.35)
    sweep = 2 * np.pi * (48 * at + 110 * 0.03 * (1 - np.exp(-at / 0.03)))
    beater = dice.standard_normal(len(at)) * np.exp(-at / 0.002)
    return np.asarray(np.sin(sweep) * np.exp(-at / 0.11) + 0.25 * beater)


def _snare(dice: Dice) -> Line:
    at = _seconds(0.3)
    shell = np.sin(2 * np.pi * 187 * at) * np.exp(-at / 0.05) + 0.5 * np.sin(2 * np.pi * 331 * at) * np.exp(-at / 0.03)
    wires = np.diff(dice.standard_normal(len(at) + 1)) * np.exp(-at / 0.075)
    return np.asarray(0.6 * shell + 0.35 * wires)


def _hat(dice: Dice) -> Line:
    at = _seconds(0.12)
    return np.asarray(0.3 * np.diff(dice.standard_normal(len(at) + 2), 2) * np.exp(-at / 0.022))


def _cymbal(dice: Dice) -> Line:
    at = _seconds(1.3)
    bell = sum(np.sin(2 * np.pi * hz * at + dice.uniform(0, 6)) for hz in (3140, 4310, 5270, 6810, 8330)) / 5
    return np.asarray((0.12 * np.diff(dice.standard_normal(len(at) + 1)) + 0.1 * bell) * np.exp(-at / 0.4))


def _in_a_room(line: Line, dice: Dice) -> Line:
    """*line* with a reverb of half a second, a noise tail that grows darker."""
    at = _seconds(0.5)
    tail = dice.standard_normal(len(at)) * np.exp(-at / 0.12)
    tail = (tail + np.concatenate([[0], tail[:-1]])) / 2
    size = 1 << (len(line) + len(tail)).bit_length()
    wet = np.fft.irfft(np.fft.rfft(line, size) * np.fft.rfft(tail, size), size)[: len(line)]
    return np.asarray(0.5 * line + 0.06 * wet)


FIGURE = {0: 1.0, 1: 0.6, 3: 0.75, 4: 0.9, 5: 0.6, 7: 0.7}
PASSING = {3, 7}
"""Eighths on which the bass may play the fifth instead of the root."""
OFTEN, SELDOM = 0.6, 0.35


def bass(tempo: float = TEMPO_BPM, bars: int = BARS, seed: int = 0) -> Audio:
    """A bass guitar on the roots, with the fifth now and then; mono."""
    dice = np.random.default_rng([seed, 2])
    line = np.zeros(frames_of(tempo, bars))
    for stroke in _strokes(tempo, bars, dice, FIGURE, 0.005):
        root = CHART[stroke.bar % len(CHART)][0] - 24
        note = root + 7 if stroke.step in PASSING and dice.random() < OFTEN else root
        _add(line, stroke.touch * _low_string(_hz(note), 1.05 * 60 / tempo), stroke.at_s)
    return _print(np.tanh(1.2 * line), 0.7)


@cache
def _low_string(hz: float, length: float) -> Line:
    at = _seconds(length)
    partials = (np.sin(2 * np.pi * k * hz * at) * np.exp(-at * (1.5 + 1.6 * k)) / k**1.2 for k in range(1, 11))
    edge = np.minimum(1, np.minimum(at / 0.004, at[::-1] / 0.03))
    return np.asarray(sum(partials) * edge)


WAYS_TO_PLUCK = 3
DOWNSTROKES = {0, 3, 5}
STRUM = {0: 1.0, 2: 0.55, 3: 0.8, 5: 0.75, 6: 0.5, 7: 0.6}


def guitar(tempo: float = TEMPO_BPM, bars: int = BARS, seed: int = 0) -> Audio:
    """A strummed guitar, its strings plucked in succession (Karplus and Strong); mono."""
    dice = np.random.default_rng([seed, 3])
    line = np.zeros(frames_of(tempo, bars))
    notes = sorted({note for chord in CHART for note in _strings(chord)})
    plucks = {note: [_pluck(_hz(note), 0.9, dice) for _ in range(WAYS_TO_PLUCK)] for note in notes}
    for stroke in _strokes(tempo, bars, dice, STRUM, 0.007):
        strings = _strings(CHART[stroke.bar % len(CHART)])
        for number, note in enumerate(strings if stroke.step in DOWNSTROKES else strings[2:]):
            late = 0.011 * number * float(dice.uniform(0.7, 1.3))
            _add(line, stroke.touch * plucks[note][dice.integers(WAYS_TO_PLUCK)], stroke.at_s + late)
    return _print(line, 0.7)


def _strings(chord: tuple[int, ...]) -> tuple[int, ...]:
    return (chord[0] - 12, *chord, chord[0] + 12)


def _pluck(hz: float, length: float, dice: Dice) -> Line:
    """A plucked string: noise in a delay line with a low-pass (Karplus and Strong, Computer Music Journal 7, 1983)."""
    period = RATE / hz - 0.5
    whole = int(period)
    rest = period - whole
    turns = int(length * RATE / whole) + 1
    string = np.zeros(whole * turns + 2)
    noise = dice.uniform(-1, 1, whole)
    noise -= noise.mean()  # the loop would keep an offset
    string[2 : whole + 2] = (noise + np.roll(noise, 1) + np.roll(noise, 2)) / 3
    for turn in range(1, turns):
        start = turn * whole + 2
        old = string[start - whole - 2 : start]
        near, far = old[2:], old[1:-1]
        furthest = old[:-2]
        string[start : start + whole] = 0.4975 * ((1 - rest) * (near + far) + rest * (far + furthest))
    fade = np.minimum(1, np.arange(len(string))[::-1] / (0.05 * RATE))
    return np.asarray(string * fade)


def lead_voice(tempo: float = TEMPO_BPM, bars: int = BARS, seed: int = 0) -> Audio:
    """A voice without words: a glottal buzz through the formants of four vowels, with vibrato and breath; mono."""
    dice = np.random.default_rng([seed, 4])
    line = np.zeros(frames_of(tempo, bars))
    for bar in range(2, bars):  # two bars of band before the singer comes in
        phrase = MELODY[bar % len(MELODY)]
        for beat, note in enumerate(phrase):
            if beat == len(phrase) - 1 and dice.random() < SELDOM:
                continue  # a breath
            at_s = (bar * BEATS + beat) * 60 / tempo + 0.02 + float(dice.normal(0, 0.012))
            length = 60 / tempo * (1.6 if beat == len(phrase) - 1 else 0.94)
            _add(
                line,
                float(dice.uniform(0.8, 1.1)) * _sung(_hz(note - 12), length, VOWELS[(bar + beat) % 4], dice),
                at_s,
            )
    return _print(line, 0.6)


def _sung(hz: float, length: float, formants: tuple[int, ...], dice: Dice) -> Line:
    at = _seconds(length)
    vibrato = 0.011 * np.minimum(1, at / 0.35) * np.sin(2 * np.pi * 5.6 * at + dice.uniform(0, 6))
    scoop = -0.03 * np.exp(-at / 0.05) + float(dice.normal(0, 0.003))
    turn = np.exp(2j * np.pi * np.cumsum(hz * (1 + vibrato + scoop)) / RATE)
    buzz, harmonic = np.zeros(len(at)), np.ones(len(at), complex)
    for k in range(1, min(28, int(5000 / hz)) + 1):
        harmonic *= turn
        buzz += _formant_gain(k * hz, formants) / k * harmonic.imag
    breath = 0.004 * dice.standard_normal(len(at))
    shape = np.minimum(1, np.minimum(at / 0.06, at[::-1] / 0.09))
    return np.asarray((buzz + breath) * shape)


def _formant_gain(hz: float, formants: tuple[int, ...]) -> float:
    """Gain of the vocal tract at *hz*: three resonances of about 90 Hz half width, the higher ones softer."""
    return (
        sum(share / (1 + ((hz - formant) / 90) ** 2) for formant, share in zip(formants, (1, 0.6, 0.3), strict=True))
        + 0.02
    )


def with_dropout(sound: Audio, at_s: float, length_s: float = 0.012) -> Audio:
    """A copy of *sound* with a dropout that begins in the middle of a wave."""
    faulty, start = sound.copy(), round(at_s * RATE)
    near = np.abs(sound[0, start : start + RATE // 50])
    start += int(near.argmax())
    faulty[:, start + 1 : start + 1 + round(length_s * RATE)] = 0
    return faulty


def with_click(sound: Audio, at_s: float, height: float = 0.6) -> Audio:
    """A copy of *sound* with *height* added to one sample."""
    faulty = sound.copy()
    faulty[:, round(at_s * RATE)] += height
    return faulty
