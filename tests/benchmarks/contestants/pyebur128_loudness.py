"""FILE WITH-TRUE-PEAK(0|1): libebur128 by pyebur128, integrated loudness and range as ours."""

import math
import sys

import pyebur128
import soundfile

from tests.benchmarks.contestants.stopwatch import timed


def read() -> dict[str, float]:
    mode = pyebur128.MeasurementMode
    wanted = mode.MODE_I | mode.MODE_LRA | mode.MODE_SAMPLE_PEAK
    if sys.argv[2] == "1":
        wanted |= mode.MODE_TRUE_PEAK
    samples, rate = soundfile.read(sys.argv[1], dtype="float32", always_2d=True)
    state = pyebur128.R128State(samples.shape[1], rate, wanted)
    state.add_frames(samples.reshape(-1), len(samples))
    pyebur128.get_loudness_range(state)
    peaks = [pyebur128.get_true_peak(state, channel) for channel in (0, 1)] if sys.argv[2] == "1" else [1.0]
    return {"lufs": pyebur128.get_loudness_global(state), "dbtp": 20 * math.log10(max(peaks))}


timed(read)
