"""Commands on the store of a whole label, against the times that people wait without noticing.

Seconds are processor seconds of a separate process, medians of cold runs; a ratio is measured over required time, so
that 1 or less is as required.
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from orchestrator.readmodels.models import MODELS
from orchestrator.studio import Studio
from tests.benchmarks.label_store import (
    CLI,
    LARGE_SIZE,
    LIMIT_S,
    QUICK_SIZE,
    READER,
    SMALL_SIZE,
    Cost,
    LabelBench,
    LabelSize,
)  # fmt: skip
from tests.benchmarks.rounds import busy

BOTH: Final = (sys.executable, "-c", "import sqlmodel, typer")
LONG_S: Final = 10
"""A run as long as this is not repeated."""
MOST_MIB: Final = 250
UNREAD: Final = 100
MOST_UNREAD_S: Final = 0.3
CATCH_UP: Final = 1000
KEYS: Final = 8
MILLION: Final = 1_000_000


def catch_up(folder: Path) -> None:
    """Bring every read model of the store in *folder* to the head of its log."""
    with Studio.at(str(folder)) as studio:
        studio.models.catch_up(*MODELS)


def rebuild(folder: Path) -> None:
    """Rebuild every read model of the store in *folder* from the first event."""
    with Studio.at(str(folder)) as studio:
        studio.models.rebuild(*MODELS)


def small() -> None:
    _label(SMALL_SIZE)


def large() -> None:
    _label(LARGE_SIZE)


def quick() -> None:
    _label(QUICK_SIZE)


def _label(size: LabelSize) -> None:
    bench = LabelBench(size)
    print(f"\nA label of {size.events:,} events, {size.name} ({busy()})")
    print(f"{'':62} {'ours':>9} {'asked':>9} {'ratio':>6} {'MiB':>6} {'asked':>6}")
    readers = _readers(bench)
    usual = {name: _row(name, run, size.most_s, size.rounds) for name, run in readers.items()}
    _row("undo", bench.undo, size.most_s, size.rounds)
    _imports(bench)
    for name, run in list(readers.items())[: None if size.rounds > 1 else 2]:
        _unread_row(bench, name, run, usual[name])
    for words in (("board",), ("next",), ("budget", "list")):
        earlier = (*CLI, *words, *READER, "--as-of", str(size.events // 2))
        _row(f"{' '.join(words)} --as-of", partial(bench.cost, *earlier), size.most_earlier_s, size.rounds)
    _keys(bench)
    _line("the driver's poll with nothing new, ms", bench.work("poll")["poll_s"] * 1000, 10)
    _models(bench)


def _readers(bench: LabelBench) -> dict[str, Callable[[], Cost | None]]:
    """The commands that only read, by name."""
    record, song = bench.size.record, bench.song
    words = (
        ("board",), ("next",), ("search", "harmonium"), ("record", "show", record), ("take", "list", song),
        ("budget", "list"), ("session", "list", record), ("log", "show", "--limit", "50"),
    )  # fmt: skip
    named = {" ".join({record: "R", song: "SONG"}.get(word, word) for word in one): one for one in words}
    runs: dict[str, Callable[[], Cost | None]] = {
        name: partial(bench.cost, *CLI, *one, *READER) for name, one in named.items()
    }
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


def _unread_row(bench: LabelBench, name: str, run: Callable[[], Cost | None], usual: float | None) -> None:
    """Print the median of a command with unread events less that without, in alternating rounds."""
    title = f"{name}: {UNREAD} unread events cost, s"
    if usual is None or usual > LONG_S:
        print(
            f"{title:62} {'not asked':>9} {MOST_UNREAD_S:9.2f}  as long as it takes {LONG_S} s without them", flush=True
        )
        return
    run()  # reads what others left unread
    read, unread = list[float](), list[float]()
    for _ in range(bench.size.rounds):
        _add(read, run())
        bench.work("unread", bench.size.record, UNREAD)
        _add(unread, run())
    _line(title, median(unread) - median(read) if read and unread else None, MOST_UNREAD_S)


def _add(seconds: list[float], cost: Cost | None) -> None:
    if cost is not None:
        seconds.append(cost.processor_s)


def _imports(bench: LabelBench) -> None:
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


def _keys(bench: LabelBench) -> None:
    said = bench.review(KEYS)
    times = said["keys_s"]
    assert isinstance(times, list)
    _line("a key in review, to the next question, ms", median(times) * 1000 if times else None, 50)


def _models(bench: LabelBench) -> None:
    """Print the read models' own rows, per million events for the rebuild."""
    bench.work("catch-up")  # no reader brought all of them
    bench.work("unread", bench.size.record, CATCH_UP)
    rows = (
        ("catch-up", f"catching up {CATCH_UP:,} events, s", 0.5, 1.0),
        ("rebuild", "all models anew, s for 1,000,000 events", 120, MILLION / bench.size.events),
    )
    for task, title, asked, share in rows:
        _line(title, bench.work(task)["processor_s"] * share, asked)


def _line(title: str, ours: float | None, asked: float, *, mib: float | None = None) -> None:
    if ours is None:
        print(f"{title:62} {f'> {LIMIT_S}':>9} {asked:9.2f}", flush=True)
        return
    memory = "" if mib is None else f"{mib:6.0f} {MOST_MIB:6}"
    print(f"{title:62} {ours:9.3f} {asked:9.2f} {ours / asked:6.2f} {memory}".rstrip(), flush=True)


BENCHMARKS, QUICK = [small, large], [quick]
