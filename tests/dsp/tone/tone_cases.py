"""Tones on signals, for the tests of each processor; generated, never stored."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.recipe import Tone
from dsp.audio import Audio
from dsp.tone.chain import NO_KEYS, ToneChain

RATE = 48_000
PLACES = np.array([20.0, 50, 80, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 20_000])
"""Frequencies in Hz at which responses are checked."""

PROCESSORS: Mapping[str, Mapping[str, Any]] = {
    "gate": {"gate": {"threshold_db": -30, "ratio": 3, "attack_ms": 2, "hold_ms": 5}},
    "steep filters": {
        "high_pass_hz": 120,
        "high_pass_slope_db": 48,
        "low_pass_hz": 9000,
        "low_pass_slope_db": 18,
        "tilt": {"gain_db": 3},
    },
    "compressor with extras": {
        "compressor": {
            "threshold_db": -30,
            "ratio": 4,
            "lookahead_ms": 3,
            "mix": "0.7",
            "side_chain_high_pass_hz": 150,
            "makeup_db": 2,
        }
    },
    "de-esser": {"deesser": {"threshold_db": -40}},
    "whole de-esser": {"deesser": {"threshold_db": -40, "split": False}},
    "multiband": {
        "multiband": {
            "crossovers_hz": [120, 1000, 6000],
            "bands": [
                {"compressor": {"threshold_db": -40}},
                {"gain_db": -2},
                {},
                {"compressor": {"threshold_db": -50}},
            ],
        }
    },
    "saturation": {"saturation": {"drive_db": 12, "mix": "0.8"}},
    "softer saturation": {"saturation": {"drive_db": 6, "kind": "soft", "oversampling": 4}},
    "stereo": {
        "stereo": {
            "width": "1.4",
            "mono_below_hz": 150,
            "mid_eq": [{"hz": 300, "gain_db": -2}],
            "side_eq": [{"type": "high_shelf", "hz": 6000, "gain_db": 2}],
        }
    },
}
"""Each processor other than a filter or a plain compressor, active."""


def tone(**words: Any) -> Tone:
    return Tone.model_validate(words)


def processed(words: Tone, signal: Audio, keys: Mapping[str, Audio] = NO_KEYS, *, pieces: int = 0) -> Audio:
    """Output of a new chain, latency included; in blocks of *pieces* frames, or in one."""
    chain = ToneChain(words, RATE, len(signal))
    size = pieces or signal.shape[1]
    blocks = [
        chain.process(signal[:, at : at + size], {name: key[:, at : at + size] for name, key in keys.items()})
        for at in range(0, signal.shape[1], size)
    ]
    return np.concatenate(blocks, axis=1)


def in_time(words: Tone, signal: Audio) -> Audio:
    """Output without its latency, as long as *signal*."""
    late = ToneChain(words, RATE, len(signal)).latency_frames
    longer = np.concatenate([signal, np.zeros((len(signal), late), np.float32)], axis=1)
    return processed(words, longer)[:, late:]


def response_db(words: Tone, hz: NDArray[np.float64], channel: int = 0, channels: int = 1) -> NDArray[np.float64]:
    """Measured response at whole *hz*: the spectrum of the output for an impulse in *channel*."""
    impulse = np.zeros((channels, RATE), dtype=np.float32)
    impulse[channel, 0] = 1.0
    spectrum = np.fft.rfft(processed(words, impulse)[channel].astype(np.float64))  # one bin a Hz
    return np.asarray(20 * np.log10(np.abs(spectrum[hz.astype(int)]) + 1e-15))


def sine(hz: float, level_db: float, *, channels: int = 1, seconds: float = 1) -> Audio:
    frames = np.arange(round(seconds * RATE))
    wave = 10 ** (level_db / 20) * np.sin(2 * np.pi * hz * frames / RATE)
    return np.asarray(np.repeat(wave[np.newaxis], channels, axis=0), dtype=np.float32)


def noise(channels: int, frames: int, level: float = 0.2, seed: int = 1) -> Audio:
    return np.random.default_rng(seed).normal(0, level, (channels, frames)).astype(np.float32)


def level_db(signal: Audio) -> float:
    """RMS in dB below that of a full-scale sine, as :func:`sine` counts it."""
    return float(10 * np.log10(2 * np.mean(signal.astype(np.float64) ** 2)))


def warped(hz: NDArray[np.float64], centre: float) -> NDArray[np.complex128]:
    """s of the analogue prototype at *hz*: the bilinear transform, pre-warped to *centre*."""
    return np.asarray(1j * np.tan(np.pi * hz / RATE) / np.tan(np.pi * centre / RATE))
