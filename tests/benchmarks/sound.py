"""The sound against its peers: a mix, its memory, loudness, a master and the take check.

A contestant's seconds include reading and writing files, but not start-up and imports.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median

from tests.benchmarks.material import THIRTY_MINUTES, THREE_MINUTES
from tests.benchmarks.rounds import ROOT, Words, at_once, has, ours, peak_mib, race, run, seconds, table, theirs

FOLDER = ROOT / ".bench"
ROUNDS = 3
MOST_MIX_MIB, MOST_GROWTH_MIB = 300, 20
FASTER_ON_TWO = 1.6
PEAK_ERROR_DB = 0.15
CHECK_TIMES_REAL_TIME = 60


def _folder() -> Path:
    subprocess.run([sys.executable, "-m", "tests.benchmarks.material", str(FOLDER)], check=True, cwd=ROOT)
    return FOLDER


def _with_ffmpeg(contestants: dict[str, Words], name: str, *words: object) -> None:
    if shutil.which("ffmpeg"):
        contestants[name] = ours("ffmpeg_words", *words)
    else:
        print(f"skipped: {name}, because ffmpeg is not installed")


def mix() -> None:
    folder = _folder()
    contestants = {"ours, 2 threads": ours("our_mix", folder, 2), "ours, 1 thread": ours("our_mix", folder, 1)}
    contestants["pedalboard, whole files"] = ours("pedalboard_mix", folder)
    if has("dawdreamer"):
        contestants["DawDreamer"] = theirs("dawdreamer_mix", folder)
    _with_ffmpeg(contestants, "ffmpeg filter_complex", "mix", folder)
    runs = race(contestants, ROUNDS)
    asked = {"pedalboard, whole files": 0.40, "DawDreamer": 0.35, "ffmpeg filter_complex": 0.20}
    table("24 tracks of 196 s at 48 kHz", runs, "ours, 2 threads", asked)
    one, two = seconds(runs["ours, 1 thread"]), seconds(runs["ours, 2 threads"])
    alone, together = (at_once([contestants["ours, 1 thread"]] * copies) for copies in (1, 2))
    print(f"2 threads are {one / two:.2f} times as fast as 1 (asked: {FASTER_ON_TWO}); "
          f"two processes of one thread each do {2 * alone / together:.2f} times the work of one")  # fmt: skip
    print(f"peak {peak_mib(runs['ours, 2 threads']):.0f} MiB (asked: {MOST_MIX_MIB})")


def memory() -> None:
    folder = _folder()
    short, long = (peak_mib([run(ours("our_mix", folder, 2, length))]) for length in (THREE_MINUTES, THIRTY_MINUTES))
    print("\nmemory of a mix of 6 tracks")
    print(f"3 min {short:.0f} MiB, 30 min {long:.0f} MiB: {long - short:+.0f} (asked: at most {MOST_GROWTH_MIB})")


def loudness() -> None:
    file = _folder() / "mix.wav"
    peers = has("pyebur128")
    for word, kind, asked in (("0", "without", 0.6), ("1", "with", 0.9)):
        contestants = {"ours": ours("our_loudness", file, word)}
        if peers:
            contestants["pyebur128"] = theirs("pyebur128_loudness", file, word)
        runs = race(contestants, 2 * ROUNDS - 1)
        table(f"loudness of 240 s in stereo, {kind} true peak", runs, "ours", {"pyebur128": asked})
        print("; ".join(f"{name} {one[0].said['lufs']:.3f} LUFS" for name, one in runs.items()))
    exact = run(ours("exact_peak", file)).said["dbtp"]
    read = "; ".join(f"{name} {one[0].said['dbtp'] - exact:+.3f} dB" for name, one in runs.items())
    print(f"true peak against 16 times: {read} (asked: {PEAK_ERROR_DB})")


def mastering() -> None:
    folder = _folder()
    contestants = {"ours, found and verified": ours("our_master", folder)}
    _with_ffmpeg(contestants, "ffmpeg loudnorm, two passes", "loudnorm", folder)
    if has("matchering"):
        contestants["matchering"] = theirs("matchering_master", folder)
    runs = race(contestants, ROUNDS)
    asked = {"ffmpeg loudnorm, two passes": 0.60, "matchering": 0.45}
    table("mastering 240 s", runs, "ours, found and verified", asked)


def take_check() -> None:
    runs = [run(ours("our_check", _folder() / "track-00.wav")) for _ in range(ROUNDS)]
    length = runs[0].said["audio_s"]
    times = median(length / one.processor_s for one in runs)
    print(f"\ntake check of {length:.0f} s in mono, in processor time")
    print(f"{times:.0f} times real time (asked: {CHECK_TIMES_REAL_TIME})")


BENCHMARKS = [mix, memory, loudness, mastering, take_check]
