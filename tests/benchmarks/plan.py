"""Commands on the plan of a whole label: what is next and for whom, the calendar, the money, and booking a session.

The label is that of the suite ``label``, with sessions of the coming weeks.  Rows show processor and wall-clock seconds
of a separate process, medians of cold runs, and the highest peak of memory; a ratio is processor seconds over required
seconds, so that 1 or less is as required.  ``python -c "import sqlmodel, typer"`` is what any such program costs before
it begins.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Final

from tests.benchmarks.label import BOTH
from tests.benchmarks.label_store import (
    CLI,
    LARGE_SIZE,
    LIMIT_S,
    QUICK_SIZE,
    READER,
    SMALL_SIZE,
    WIDE_SIZE,
    Cost,
    LabelBench,
    LabelSize,
)  # fmt: skip
from tests.benchmarks.rounds import busy

DECISION_S: Final = 0.15
"""Seconds within which ``session book`` has to decide."""
INCOMPLETE: Final = 6
"""Exit code of ``record check`` while something is missing."""
FIRST_DAY: Final = datetime.now(UTC).date() + timedelta(days=1_500)
"""Day after all sessions of the plan."""


def small() -> None:
    _plan(SMALL_SIZE)


def wide() -> None:
    _plan(WIDE_SIZE)


def large() -> None:
    _plan(LARGE_SIZE)


def quick() -> None:
    _plan(QUICK_SIZE)


def _plan(size: LabelSize) -> None:
    bench = LabelBench(size)
    bench.work("fill", module="plan_work")
    conflicts = bench.work("settle", module="plan_work")["conflicts"]
    print(f"\nThe plan of a label of {size.events:,} events, {size.name}, {conflicts} conflicts ({busy()})")
    print(f"{'':44} {'processor s':>11} {'wall s':>7} {'asked':>6} {'ratio':>6} {'MiB':>5}")
    for words in _readers(size.record):
        costs = _costs(bench, words, size.rounds)
        _row(" ".join(words).replace(size.record, "R"), costs, size.most_s)
    _row('python -c "import sqlmodel, typer"', _costs(bench, BOTH, size.rounds, is_ours=False), None)
    _row("session book, the whole command", _bookings(bench), size.most_s)
    said = bench.work("book", size.record, module="plan_work")
    _line("session book, the decision", said["s"], said["wall_s"], DECISION_S)
    _line("session book, the first decision of a process", said["first_s"], said["first_wall_s"], DECISION_S)


def _readers(record: str) -> list[tuple[str, ...]]:
    """The commands that only read: ``next`` for each role that is asked about something else, then the others."""
    today = datetime.now(UTC).date()
    return [
        ("board", *READER),
        *(("next", "--as", person) for person in ("pat", "lou", "cora", "mo")),
        ("plan", "critical", *READER),
        ("plan", "critical", record, *READER),
        ("plan", "conflicts", *READER),
        ("plan", "free", "--on", str(today + timedelta(days=7)), *READER),
        ("record", "check", record, *READER),
        ("label", "report", f"{today:%Y-%m}", *READER),
    ]


def _costs(bench: LabelBench, words: Sequence[str], rounds: int, *, is_ours: bool = True) -> list[Cost | None]:
    """The costs of cold runs; a first run is not counted if there are more, as it may build what later ones read."""
    whole = (*CLI, *words) if is_ours else words
    if rounds > 1:
        bench.cost(*whole, codes=(0, INCOMPLETE))
    return [bench.cost(*whole, codes=(0, INCOMPLETE)) for _ in range(rounds)]


def _bookings(bench: LabelBench) -> list[Cost | None]:
    """The costs of ``session book``, each for another day."""
    days = (str(FIRST_DAY + timedelta(days=number)) for number in range(bench.size.rounds))
    told = ("--room", "room-a", "--with", "max", "--hours", "10-18", *READER)
    return [bench.cost(*CLI, "session", "book", bench.size.record, "--on", day, *told) for day in days]


def _row(name: str, costs: Sequence[Cost | None], asked: float | None) -> None:
    """Print the medians of *costs*; a run that was ended at the limit makes the row say so."""
    whole = [cost for cost in costs if cost is not None]
    if len(whole) < len(costs):
        print(f"{name:44} {f'> {LIMIT_S}':>11}", flush=True)
        return
    processor_s, wall_s = (median(getattr(cost, field) for cost in whole) for field in ("processor_s", "wall_s"))
    _line(name, processor_s, wall_s, asked, f"{max(cost.peak_mib for cost in whole):5.0f}")


def _line(name: str, processor_s: float, wall_s: float, asked: float | None, peak: str = "") -> None:
    wanted = f"{asked:6.2f} {processor_s / asked:6.2f}" if asked else f"{'':13}"
    print(f"{name:44} {processor_s:11.3f} {wall_s:7.3f} {wanted} {peak}".rstrip(), flush=True)


BENCHMARKS, QUICK = [small, wide, large], [quick]
