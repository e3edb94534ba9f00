"""Fade laws, with ``t = (k + 1/2) / n`` over the ``n`` frames of a fade and the smooth step ``s = t*t*(3 - 2*t)``.

* border with silence: ``s`` or ``1 - s``.
* joint: the take that ends has gain ``sqrt(1 - s) / d``, the one that begins ``sqrt(s) / d``, and
  ``d = sqrt(1 + 2 * c * sqrt(s * (1 - s)))`` for takes of correlation ``c``: their powers add to
  ``(1 - s) + s + 2 * c * sqrt(s * (1 - s))``, so the level is constant through the joint, for identical
  sounds (``c = 1``: the gains add to 1), unrelated ones (``c = 0``: equal power) and all between.
* takes of opposite polarity cancel in the middle of any fade.  ``c`` therefore counts no less than -0.5, which raises
  no take by more than 1.3 dB.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.recipe import Ramp

LEAST_CORRELATION: Final = -0.5


@dataclass(frozen=True, slots=True)
class Joint:
    """A joint of two takes, in frames of song time."""

    decided: int
    at: int
    """Frame at which the joint was placed."""
    correlation: float = 0.0
    """Correlation of the two takes over the fade, -1 to 1."""


@dataclass(frozen=True, slots=True)
class Fade:
    """A fade at one end of a clip, in frames; ``joint`` is set if another clip fades the other way at the same time."""

    frames: int = 0
    joint: Joint | None = None

    def rise(self, frame: NDArray[np.float64]) -> NDArray[np.float64]:
        """Gain of a beginning clip at *frame*, counted from the start of the fade."""
        step = self._step(frame)
        return step if self.joint is None else np.sqrt(step) / _level(step, self.joint)

    def fall(self, frame: NDArray[np.float64]) -> NDArray[np.float64]:
        """Gain of an ending clip at *frame*, counted from the start of the fade."""
        step = self._step(frame)
        return 1.0 - step if self.joint is None else np.sqrt(1.0 - step) / _level(step, self.joint)

    def _step(self, frame: NDArray[np.float64]) -> NDArray[np.float64]:
        t = (frame + 0.5) / self.frames
        return t * t * (3.0 - 2.0 * t)


NO_FADE: Final = Fade()


def ramp_gain(ramp: Ramp, start: int, end: int) -> NDArray[np.float64]:
    """Gain of *ramp* over the frames *start* to *end*: the law of a border with silence."""
    at = np.arange(start, end, dtype=np.float64) - ramp.start
    step = Fade(ramp.end - ramp.start).rise(np.clip(at, -0.5, ramp.end - ramp.start - 0.5))
    return step if ramp.rises else 1.0 - step


def _level(step: NDArray[np.float64], joint: Joint) -> NDArray[np.float64]:
    """Level of the sum of both takes under equal-power gains."""
    counted = max(joint.correlation, LEAST_CORRELATION)
    return np.sqrt(1.0 + 2.0 * counted * np.sqrt(step * (1.0 - step)))
