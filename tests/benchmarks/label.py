"""Commands on the store of a whole label, against the times that people wait for without noticing.

Seconds are processor seconds of a process of its own, medians of cold runs; a ratio is ours over what is asked, so that
1 or less is as asked.  A store is generated once (:mod:`tests.orchestrator.generated_label`) and kept under ``build/``;
each run works on a copy of it.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from tests.benchmarks.rounds import ROOT, busy

KEPT: Final = ROOT / "build" / "label"
SOURCES: Final = tuple(ROOT / "tests" / "orchestrator" / f"generated_{name}.py" for name in ("label", "record", "song"))
CLI: Final = (sys.executable, "-m", "orchestrator.cli.main")
BOTH: Final = (sys.executable, "-c", "import sqlmodel, typer")
LIMIT_S: Final = 120
"""Wall-clock seconds after which a command is killed."""
LONG_S: Final = 10
"""A run as long as this in wall-clock seconds is not repeated."""
MOST_MIB: Final = 250
UNREAD: Final = 100
MOST_UNREAD_S: Final = 0.3
CATCH_UP: Final = 1000
KEYS: Final = 8
MILLION: Final = 1_000_000


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
LARGE_SIZE: Final = LabelSize("large", 2_000_000, "night-lights-1002", 2, 4, 3)
SIZES: Final = {size.name: size for size in (QUICK_SIZE, SMALL_SIZE, LARGE_SIZE)}


class Cost(NamedTuple):
    """Processor seconds and peak of resident memory of one process."""

    processor_s: float
    peak_mib: float


def catch_up(folder: Path) -> None:
    """Bring every read model of the store in *folder* to the head of its log."""
    raise NotImplementedError(f"there are no read models to catch up in {folder.name} yet")


def rebuild(folder: Path) -> None:
    """Make every read model of the store in *folder* anew, from the first event."""
    raise NotImplementedError(f"there are no read models to rebuild in {folder.name} yet")


class Bench:
    """A copy of a generated store, and the commands that are run on it."""

    def __init__(self, size: LabelSize) -> None:
        self.size = size
        self.store = _copied(size)
        self.env = _environment(self.store) | {"TAKESHEET_STORE": str(self.store)}
        self.cost(*CLI, "trust", "--yes")
        rows = json.loads(self.output(*CLI, "song", "list", size.record, "--json"))["data"]
        self.song = str(rows[-1]["address"])

    def cost(self, *words: str) -> Cost | None:
        """The cost of one cold run; None if it was killed at the limit.  Raises: RuntimeError, it failed."""
        errors = self.store.parent / "errors.txt"
        with errors.open("wb") as told:
            process = subprocess.Popen(
                words, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=told, cwd=ROOT
            )
            limit = threading.Timer(LIMIT_S, process.kill)
            limit.start()
            _, status, used = os.wait4(process.pid, 0)
            is_over = not limit.is_alive()
            limit.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        if is_over:
            return None
        if process.returncode:
            raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}: {errors.read_text()[-1000:]}")
        return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)

    def output(self, *words: str) -> str:
        """What a command prints; not measured."""
        done = subprocess.run(words, env=self.env, capture_output=True, text=True, cwd=ROOT, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}: {done.stderr[-1000:]}")
        return done.stdout

    def work(self, task: str, *words: object) -> dict[str, float]:
        """Have another process work on the store; this one must stay small, or its memory shows in the commands'."""
        command = (sys.executable, "-m", "tests.benchmarks.contestants.label_work", task, str(self.store))
        said: dict[str, float] = json.loads(self.output(*command, *map(str, words)).splitlines()[-1])
        return said

    def review(self, keys: int) -> dict[str, object]:
        """``review`` on a terminal, quit after *keys* keys."""
        module = (sys.executable, "-m", "tests.benchmarks.contestants.terminal_run", str(keys), str(LIMIT_S))
        said: dict[str, object] = json.loads(self.output(*module, *CLI, "review", "--as", "pat").splitlines()[-1])
        return said

    def first_question(self) -> Cost | None:
        """The cost of ``review`` to its first question, and of quitting."""
        said = self.review(0)
        if said["code"] == -9:  # killed at the limit
            return None
        if not said["questions"]:
            raise RuntimeError(f"review asked nothing: {said}")
        return Cost(float(str(said["processor_s"])), float(str(said["peak_mib"])))

    def undo(self) -> Cost | None:
        """The cost of an undo of a note that was written just before, so that each run is alike."""
        self.work("note", self.size.record)
        return self.cost(*CLI, "undo", "--as", "pat")


def small() -> None:
    _label(SMALL_SIZE)


def large() -> None:
    _label(LARGE_SIZE)


def quick() -> None:
    _label(QUICK_SIZE)


def _label(size: LabelSize) -> None:
    bench = Bench(size)
    print(f"\nA label of {size.events:,} events, {size.name} ({busy()})")
    print(f"{'':62} {'ours':>9} {'asked':>9} {'ratio':>6} {'MiB':>6} {'asked':>6}")
    readers = _readers(bench)
    usual = {name: _row(name, run, size.most_s, size.rounds) for name, run in readers.items()}
    _row("undo", bench.undo, size.most_s, size.rounds)
    _imports(bench)
    for name, run in readers.items():
        _unread_row(bench, name, run, usual[name])
    for words in (("board",), ("next",), ("budget", "list")):
        earlier = (*CLI, *words, "--as-of", str(size.events // 2))
        _row(f"{' '.join(words)} --as-of", partial(bench.cost, *earlier), size.most_earlier_s, size.rounds)
    _keys(bench)
    _line("the driver's poll with nothing new, ms", bench.work("poll")["poll_s"] * 1000, 10)
    _models(bench)


def _readers(bench: Bench) -> dict[str, Callable[[], Cost | None]]:
    """The commands that only read, by name."""
    record, song = bench.size.record, bench.song
    words = (
        ("board",), ("next",), ("search", "harmonium"), ("record", "show", record), ("take", "list", song),
        ("budget", "list"), ("session", "list", record), ("log", "show", "--limit", "50"),
    )  # fmt: skip
    named = {" ".join({record: "R", song: "SONG"}.get(word, word) for word in one): one for one in words}
    runs: dict[str, Callable[[], Cost | None]] = {name: partial(bench.cost, *CLI, *one) for name, one in named.items()}
    return runs | {"review, to its first question": bench.first_question}


def _runs(run: Callable[[], Cost | None], rounds: int) -> list[Cost] | None:
    """The costs of *rounds* runs, fewer if they are long; None if one was killed at the limit."""
    found: list[Cost] = []
    for _ in range(rounds):
        began = time.perf_counter()
        cost = run()
        if cost is None:
            return None
        found.append(cost)
        if time.perf_counter() - began > LONG_S:
            break
    return found


def _row(name: str, run: Callable[[], Cost | None], asked: float, rounds: int) -> float | None:
    """Print the median of a command; a first run is not counted, as it may build what later ones read."""
    costs = _runs(run, 1)
    if costs and rounds > 1 and costs[0].processor_s < LONG_S:
        costs = _runs(run, rounds)
    if costs is None:
        _line(f"{name}, s", None, asked)
        return None
    seconds = median(cost.processor_s for cost in costs)
    _line(f"{name}, s", seconds, asked, mib=max(cost.peak_mib for cost in costs))
    return seconds


def _unread_row(bench: Bench, name: str, run: Callable[[], Cost | None], usual: float | None) -> None:
    """Print the median of a command with unread events less that without, in alternating rounds."""
    title = f"{name}: {UNREAD} unread events cost, s"
    read, unread = [usual] if usual is not None and usual > LONG_S else [], list[float]()
    if not read:
        run()  # reads what others left unread
    for _ in range(bench.size.rounds if usual is not None else 0):
        if not read or usual is None or usual < LONG_S:
            _add(read, run())
        bench.work("unread", bench.size.record, UNREAD)
        _add(unread, run())
        if unread and unread[-1] > LONG_S:
            break
    _line(title, median(unread) - median(read) if read and unread else None, MOST_UNREAD_S)


def _add(seconds: list[float], cost: Cost | None) -> None:
    if cost is not None:
        seconds.append(cost.processor_s)


def _imports(bench: Bench) -> None:
    """Print ``board`` against the imports that any such program needs, in alternating rounds."""
    ours, theirs = [], []
    for _ in range(2 * bench.size.rounds + 1):
        for words, costs in (((*CLI, "board"), ours), (BOTH, theirs)):
            cost = bench.cost(*words)
            if cost is None:
                _line("board / import sqlmodel, typer", None, 1.3)
                return
            costs.append(cost.processor_s)
    _line("board / import sqlmodel, typer", median(ours[1:]) / median(theirs[1:]), 1.3)


def _keys(bench: Bench) -> None:
    said = bench.review(KEYS)
    times = said["keys_s"]
    assert isinstance(times, list)
    _line("a key in review, to the next question, ms", median(times) * 1000 if times else None, 50)


def _models(bench: Bench) -> None:
    """Print the read models' own rows, per million events for the rebuild."""
    bench.work("unread", bench.size.record, CATCH_UP)
    rows = (
        ("catch-up", f"catching up {CATCH_UP:,} events, s", 0.5, 1.0),
        ("rebuild", "all models anew, s for 1,000,000 events", 120, MILLION / bench.size.events),
    )
    for task, title, asked, share in rows:
        try:
            seconds = bench.work(task)["processor_s"] * share
        except RuntimeError as error:
            if "NotImplementedError" not in str(error):
                raise
            print(f"{title:62} {'not built':>9} {asked:9.2f}", flush=True)
        else:
            _line(title, seconds, asked)


def _line(title: str, ours: float | None, asked: float, *, mib: float | None = None) -> None:
    if ours is None:
        print(f"{title:62} {f'> {LIMIT_S}':>9} {asked:9.2f}", flush=True)
        return
    memory = "" if mib is None else f"{mib:6.0f} {MOST_MIB:6}"
    print(f"{title:62} {ours:9.3f} {asked:9.2f} {ours / asked:6.2f} {memory}".rstrip(), flush=True)


# ---- stores


def _copied(size: LabelSize) -> Path:
    """A fresh copy of the generated store of *size*, to work on."""
    kept = _generated(size)
    work = KEPT / f"work-{size.name}"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(kept, work)
    return work / "store"


def _generated(size: LabelSize) -> Path:
    """The folder of the generated store of *size*, made if this source of the generator has not made it yet."""
    source = sha256(b"".join(file.read_bytes() for file in SOURCES)).hexdigest()[:12]
    kept = KEPT / f"{size.name}-seed-1-{source}"
    if kept.exists():
        return kept
    made = KEPT / f"{kept.name}.new"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    print(f"generating a label of {size.events:,} events", flush=True)
    words: Sequence[str] = ("-m", "tests.orchestrator.generated_label", str(made / "store"), size.name)
    subprocess.run((sys.executable, *words), env=_environment(made / "store"), cwd=ROOT, check=True)
    made.rename(kept)
    return kept


def _environment(store: Path) -> dict[str, str]:
    """Variables under which the user's own configuration and cache are not touched, and compiled modules are kept."""
    beside = {f"XDG_{name}_HOME": str(store.parent / name.lower()) for name in ("CONFIG", "CACHE", "STATE")}
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return usual | beside | {"PYTHONPATH": str(ROOT)}


BENCHMARKS, QUICK = [small, large], [quick]
