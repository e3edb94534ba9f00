"""Plug-ins with pedalboard's interface; a host started with this file loads them by name.

``path`` selects the behaviour, each that of some real plug-in.
"""

import math
import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dsp.mix.plugins.host import main

LATE = 480
Sound = NDArray[np.float32]


class Gain:
    """A gain; delayed by ``LATE`` frames if look-ahead is set."""

    name, version, manufacturer_name = "Gain", "2.1", "The\nFerrymen"
    is_instrument = False
    gain = 1.0
    raw_state = b""

    def __init__(self, kind: str) -> None:
        self.parameters = {"gain": None}
        self.reported_latency_samples = LATE if kind.startswith("late") else 0
        self._compensated = kind == "late-compensated"
        self.reset()

    def reset(self) -> None:
        """Clear all state."""
        self._line = np.zeros((2, self.reported_latency_samples), np.float32)
        self._fresh = True

    def process(self, sound: Sound, _rate: float, *, buffer_size: int, reset: bool) -> Sound:
        """The next frames; a compensated plug-in drops its latency at the start."""
        assert (buffer_size, reset) == (8192, False)
        assert sound.shape[0] == 2
        both = np.concatenate([self._line, sound * np.float32(self._factor())], axis=1)
        self._line = both[:, sound.shape[1] :]
        out = both[:, : sound.shape[1]]
        if self._compensated and self._fresh:
            out = out[:, self.reported_latency_samples :]
        self._fresh = False
        return out

    def _factor(self) -> float:
        return float(self.raw_state or self.gain)


class Mono(Gain):
    """Takes one channel at a time."""

    def process(self, sound: Sound, _rate: float, **_how: object) -> Sound:
        """The next frames."""
        if sound.shape[0] != 1:
            raise ValueError("does not support 2-channel output")
        return sound * np.float32(self._factor())


class Faulty(Gain):
    """Shows the fault in its name when it processes sound."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self._kind = kind

    def process(self, sound: Sound, _rate: float, **_how: object) -> Sound:
        """The next frames, if any."""
        if not sound.any():
            return sound
        match self._kind:
            case "crash":
                os.kill(os.getpid(), signal.SIGSEGV)
            case "exit":
                os._exit(3)
            case "hang":
                time.sleep(3600)
            case "nan":
                return np.full_like(sound, math.nan)
            case "short":
                return sound[:, : self._shorter()]
            case "chatty":
                print("x" * 10_000_000, flush=True)
        return sound

    def _shorter(self) -> int:
        self._gives = getattr(self, "_gives", 40_000) // 2
        return self._gives


def load(path: str) -> Any:
    """The plug-in of the file's name."""
    kind = Path(path).stem
    if kind == "dies-at-once":
        os._exit(7)
    odd = {"mono": Mono, "gain": Gain, "late": Gain, "late-compensated": Gain, "endless": Gain, "synth": Gain}
    plugin = odd.get(kind, Faulty)(kind)
    if kind == "endless":
        plugin.reported_latency_samples = 1 << 40
        plugin.reset = lambda: None  # type: ignore[method-assign]
        plugin.process = lambda sound, *_, **__: sound  # type: ignore[method-assign]
    plugin.is_instrument = kind == "synth"
    return plugin


if __name__ == "__main__":
    main(load)
