"""Contestants in processes of their own, one after the other and round after round, and the cost of each."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.paths import ROOT

BENCH_PYTHON = ROOT / ".venv-bench" / "bin" / "python"

Words = Sequence[str]


@dataclass(frozen=True)
class Run:
    """Cost of a contestant's work without start-up (:mod:`tests.benchmarks.contestants.stopwatch`), and its output."""

    seconds: float
    processor_s: float
    peak_mib: float
    said: Mapping[str, float]


def ours(module: str, *words: object) -> Words:
    """Return the command of a contestant that runs in our own environment."""
    return (sys.executable, "-m", f"tests.benchmarks.contestants.{module}", *map(str, words))


def theirs(module: str, *words: object) -> Words:
    """Return the command of a contestant that runs in ``.venv-bench``."""
    return (str(BENCH_PYTHON), "-m", f"tests.benchmarks.contestants.{module}", *map(str, words))


def has(package: str, *needs: str) -> bool:
    """Return True if *package* is in ``.venv-bench``, creating it and installing if possible; prints a sentence if not.

    Args:
        package: its import name, and its name for installation unless *needs* names others.
        needs: packages to install for it.
    """
    uv = str(Path(sys.executable).with_name("uv"))
    if not BENCH_PYTHON.exists():
        made = subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(BENCH_PYTHON.parents[1])], check=False)
        if made.returncode:
            print(f"skipped: {package}, because .venv-bench could not be made")
            return False
    if subprocess.run([BENCH_PYTHON, "-c", f"import {package}"], check=False, capture_output=True).returncode == 0:
        return True
    install = [uv, "pip", "install", "-q", "--python", str(BENCH_PYTHON), *(needs or (package,)), "numpy", "soundfile"]
    done = subprocess.run(install, check=False, capture_output=True, text=True)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        print(f"skipped: {package}, which could not be installed: {reason}")
    return done.returncode == 0


def run(words: Words) -> Run:
    """Run one contestant, whose last line is the JSON of its stopwatch."""
    process = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=False)
    if process.returncode:
        raise RuntimeError(f"{' '.join(words)[:200]} ended with {process.returncode}: {process.stderr[-2000:]}")
    said = json.loads(process.stdout.strip().splitlines()[-1])
    return Run(said.pop("seconds"), said.pop("processor_s"), said.pop("peak_mib"), said)


def race(contestants: Mapping[str, Words], rounds: int) -> dict[str, list[Run]]:
    """Run every contestant once a round, in alternating order, so that a busy machine slows all alike."""
    runs: dict[str, list[Run]] = {name: [] for name in contestants}
    for number in range(rounds):
        for name in list(contestants)[:: -1 if number % 2 else 1]:
            runs[name].append(run(contestants[name]))
    return runs


def seconds(runs: Sequence[Run]) -> float:
    """Return the median seconds."""
    return median(one.seconds for one in runs)


def peak_mib(runs: Sequence[Run]) -> float:
    """Return the highest peak of memory, MiB."""
    return max(one.peak_mib for one in runs)


def at_once(words: Sequence[Words]) -> float:
    """Return the seconds until several processes started together have ended; start-up included."""
    began = time.perf_counter()
    processes = [subprocess.Popen(one, stdout=subprocess.DEVNULL, cwd=ROOT) for one in words]
    for process in processes:
        if process.wait():
            raise RuntimeError(f"{process.args} ended with {process.returncode}")
    return time.perf_counter() - began


def busy() -> str:
    """Describe the load of the machine by other programs."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def table(title: str, runs: Mapping[str, Sequence[Run]], us: str, asked: Mapping[str, float]) -> None:
    """Print a row for each contestant; for each peer our time divided by its time, and the required ratio."""
    print(f"\n{title} ({busy()})")
    print(f"{'':28} {'s':>8} {'processor s':>12} {'peak MiB':>9} {'ours/its':>9} {'asked':>6}")
    for name, one in runs.items():
        worked = median(run.processor_s for run in one)
        ratio = "" if name == us else f"{seconds(runs[us]) / seconds(one):9.2f}"
        wanted = f"{asked[name]:6.2f}" if name in asked else ""
        print(f"{name:28} {seconds(one):8.2f} {worked:12.2f} {peak_mib(one):9.0f} {ratio:>9} {wanted}")
