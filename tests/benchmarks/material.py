"""Input of the sound benchmarks: a session of 24 tracks and a few stereo files, computed once into ``.bench``.

Runs as a program of its own, so that the process whose memory is measured stays small.
"""

import json
import sys
from pathlib import Path

import numpy as np
import soundfile

RATE = 48_000
TRACKS, GROUPS = 24, 4
SESSION_S, STEREO_S = 196, 240
MEMORY_TRACKS = 6
THREE_MINUTES, THIRTY_MINUTES = 180, 1800


def desk(folder: Path) -> list[dict[str, object]]:
    """Return the settings of every track, equal for all contestants."""
    return [
        {
            "file": str(folder / f"track-{number:02d}.wav"), "group": number % GROUPS,
            "high_pass_hz": 40 + 10 * (number % 6), "bands": [[200, -2.0], [1500, 1.5], [6000, 2.0]],
            "threshold_db": -24, "ratio": 3, "attack_ms": 10, "release_ms": 120,
            "gain_db": -12, "pan": round(-0.9 + 1.8 * number / (TRACKS - 1), 2), "send_db": -12,
        }
        for number in range(TRACKS)
    ]  # fmt: skip


def prepare(folder: Path) -> None:
    from dsp import synthetic_band

    folder.mkdir(exist_ok=True)
    if (folder / "desk.json").exists():
        return
    lines = []
    for seed in range(GROUPS):
        kit = synthetic_band.drum_kit(bars=6, seed=seed)
        lines += [kit["kick-in"][0], kit["snare-top"][0], kit["room"][0]]
        lines += [
            player(bars=6, seed=seed)[0]
            for player in (synthetic_band.bass, synthetic_band.guitar, synthetic_band.lead_voice)
        ]
    for number, line in enumerate(lines):
        looped = np.resize(np.roll(line, 997 * number), SESSION_S * RATE)
        soundfile.write(folder / f"track-{number:02d}.wav", looped, RATE, subtype="PCM_24")
    band = np.stack([sum(lines[side::2]) for side in (0, 1)], axis=1) * 0.08
    for name, drive in (("mix", 1.0), ("reference", 3.0)):
        looped = np.tanh(drive * np.resize(band, (STEREO_S * RATE, 2)))
        soundfile.write(folder / f"{name}.wav", looped, RATE, subtype="PCM_24")
    for length in (THREE_MINUTES, THIRTY_MINUTES):
        for number in range(MEMORY_TRACKS):
            with soundfile.SoundFile(folder / f"long-{length}-{number}.wav", "w", RATE, 1, "PCM_16") as file:
                for _ in range(length // 10):
                    file.write(lines[number][: 10 * RATE])
    (folder / "desk.json").write_text(json.dumps(desk(folder)))


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
