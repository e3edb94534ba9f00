"""Stores of a generated label for the benchmark of its commands, and runs of commands on them.

A store is generated once for each size and source of the generator, with its read models, and every benchmark works
on a copy of it.  It is kept for later runs in the folder that ``python -m tests.benchmarks --keep`` names; without
one it is deleted with the program's end.
"""

import atexit
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from tests.benchmarks.rounds import ROOT

ENDED: Final = (-signal.SIGXCPU, -signal.SIGKILL)
"""Exit codes of a command that was ended at a limit."""
KEEP: Final = "TAKESHEET_BENCH_KEEP"
"""Environment variable with the folder in which generated stores are kept."""
SOURCES: Final = sorted((ROOT / "tests" / "orchestrator").glob("generated_*.py"))
CLI: Final = (sys.executable, "-m", "orchestrator.cli.main")
READER: Final = ("--as", "pat")
"""A producer of the generated label, who sees its money."""
LIMIT_S: Final = 120
"""Processor seconds after which a command is ended."""
PATIENCE_S: Final = 600
"""Wall-clock seconds after which it is."""


@dataclass(frozen=True, slots=True)
class LabelSize:
    """Name of a generated scale, its events, and the processor seconds asked of a command now and as of earlier."""

    name: str
    events: int
    record: str
    most_s: float
    most_earlier_s: float
    rounds: int


QUICK_SIZE: Final = LabelSize("quick", 2_000, "harbour-bus-2", 1, 2, 1)
SMALL_SIZE: Final = LabelSize("small", 300_000, "northern-rivers-32", 1, 2, 3)
WIDE_SIZE: Final = LabelSize("wide", 370_000, "night-lights-1002", 2, 4, 3)
LARGE_SIZE: Final = LabelSize("large", 2_000_000, "night-lights-1002", 2, 4, 3)
SIZES: Final = {size.name: size for size in (QUICK_SIZE, SMALL_SIZE, WIDE_SIZE, LARGE_SIZE)}


class Cost(NamedTuple):
    """Processor seconds, peak of resident memory, and wall-clock seconds of one process."""

    processor_s: float
    peak_mib: float
    wall_s: float


class LabelBench:
    """A copy of a generated store, and the commands that are run on it."""

    def __init__(self, size: LabelSize) -> None:
        self.size = size
        self.store = _copied(size)
        self.env = _environment(self.store) | {"TAKESHEET_STORE": str(self.store)}
        self.cost(*CLI, "trust", "--yes")
        rows = json.loads(self.output(*CLI, "song", "list", size.record, "--json"))["data"]
        self.song = str(rows[-1]["address"])

    def cost(self, *words: str, codes: Sequence[int] = (0,)) -> Cost | None:
        """The cost of one cold run; None if it was killed at the limit.

        Raises:
            RuntimeError: it ended with an exit code other than *codes*.
        """
        errors = self.store.parent / "errors.txt"
        began = time.perf_counter()
        with errors.open("wb") as told:
            process = subprocess.Popen(
                words, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=told, cwd=ROOT
            )
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (LIMIT_S, LIMIT_S))
            limit = threading.Timer(PATIENCE_S, process.kill)
            limit.start()
            _, status, used = os.wait4(process.pid, 0)
            limit.cancel()
        took = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode in ENDED:
            return None
        if process.returncode not in codes:
            raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}: {errors.read_text()[-1000:]}")
        return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, took)

    def output(self, *words: str) -> str:
        """Output of a command, which is not measured."""
        done = subprocess.run(words, env=self.env, capture_output=True, text=True, cwd=ROOT, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}: {done.stderr[-1000:]}")
        return done.stdout

    def work(self, task: str, *words: object, module: str = "label_work") -> dict[str, float]:
        """Have another process work on the store; this one must stay small, or its memory shows in the commands'."""
        command = (sys.executable, "-m", f"tests.benchmarks.contestants.{module}", task, str(self.store))
        said: dict[str, float] = json.loads(self.output(*command, *map(str, words)).splitlines()[-1])
        return said

    def review(self, keys: int) -> dict[str, object]:
        """``review`` on a terminal, quit after *keys* keys."""
        module = (
            sys.executable,
            "-m",
            "tests.benchmarks.contestants.terminal_run",
            str(keys),
            str(LIMIT_S),
            str(PATIENCE_S),
        )
        said: dict[str, object] = json.loads(self.output(*module, *CLI, "review", "--as", "pat").splitlines()[-1])
        return said

    def first_question(self) -> Cost | None:
        """The cost of ``review`` to its first question, and of quitting."""
        said = self.review(0)
        if said["code"] in ENDED:
            return None
        if not said["questions"]:
            raise RuntimeError(f"review asked nothing: {said}")
        return Cost(*(float(str(said[name])) for name in ("processor_s", "peak_mib", "wall_s")))

    def undo(self) -> Cost | None:
        """The cost of an undo of a note that was written just before, so that each run is alike."""
        self.work("note", self.size.record)
        return self.cost(*CLI, "undo", "--yes", "--as", "pat")


@cache
def keep_folder() -> Path:
    """The folder for generated stores: the one that is to keep them, or one that is deleted with this process."""
    if named := os.environ.get(KEEP):
        return Path(named).resolve()
    folder = Path(tempfile.mkdtemp(prefix="takesheet-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _copied(size: LabelSize) -> Path:
    """A fresh copy of the generated store of *size*, to work on."""
    kept = _generated(size)
    work = keep_folder() / f"work-{size.name}"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(kept, work)
    return work / "store"


def _generated(size: LabelSize) -> Path:
    """The folder of the generated store of *size*, made if this source of the generator has not made it yet."""
    source = sha256(b"".join(file.read_bytes() for file in SOURCES)).hexdigest()[:12]
    kept = keep_folder() / f"{size.name}-seed-1-{source}"
    if kept.exists():
        return kept
    made = keep_folder() / f"{kept.name}.new"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    print(f"generating a label of {size.events:,} events", flush=True)
    store = str(made / "store")
    for words in (
        ("tests.orchestrator.generated_label", store, size.name),
        ("tests.benchmarks.contestants.label_work", "catch-up", store),  # as in every store but a new one
    ):
        subprocess.run(
            (sys.executable, "-m", *words), env=_environment(made / "store"), cwd=ROOT, check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
    made.rename(kept)
    return kept


def _environment(store: Path) -> dict[str, str]:
    """Variables under which the user's own configuration and cache are not touched, and compiled modules are kept."""
    beside = {f"XDG_{name}_HOME": str(store.parent / name.lower()) for name in ("CONFIG", "CACHE", "STATE")}
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return usual | beside | {"PYTHONPATH": str(ROOT)}
