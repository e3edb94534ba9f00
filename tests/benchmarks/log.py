"""The log beside ``sqlite3`` alone and the library ``eventsourcing``, task by task.

A ratio is the peer's time over ours: 1 is as fast as the peer, 2 is twice as fast.  The required ratio is beside it.
Wall-clock time is measured on disk, processor time in memory (tmpfs), where no disk can hide it.  All are equally
durable: write-ahead log and ``synchronous=FULL`` on SQLite, ``fsync`` and ``synchronous_commit`` on PostgreSQL.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.benchmarks.contestants.log_material import filled, notes, stored, years
from tests.benchmarks.rounds import ROOT, Run, Words, busy, has, ours, race, theirs

FOLDER = ROOT / ".bench"
MEMORY = Path("/dev/shm")  # noqa: S108 - memory, to count the processor alone
REPLAYED, SMALL = 20_000, 10_000


@dataclass(frozen=True, slots=True)
class Scale:
    """Events appended in a round, events of the large store, and number of rounds."""

    appends: int
    large: int
    rounds: int


FULL, FAST = Scale(3000, 1_000_000, 5), Scale(1000, 100_000, 3)


def log() -> None:
    _log(FULL)


def quick_log() -> None:
    _log(FAST)


def _log(scale: Scale) -> None:
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "notes.json").write_text(json.dumps(_bare(stored(REPLAYED))))
    for name, events, count in (
        ("notes", notes(), REPLAYED), ("years-small", years(), SMALL), (_large_name(scale), years(), scale.large)
    ):  # fmt: skip
        filled(_file(name), events, count)
    peers = has("eventsourcing")
    print(f"\nThe log ({busy()})")
    print(f"{'':48} {'ours':>9} {'peer':>14} {'its':>9} {'ratio':>6} {'asked':>8}")
    _appends(scale, peers=peers)
    _reads(scale, peers=peers)
    _proofs(scale)
    _large(scale)
    _size()
    if peers and has("psycopg_pool") and has("psycopg", "psycopg[binary]"):
        _postgresql()


def _large_name(scale: Scale) -> str:
    return f"years-{scale.large}"


def _file(name: str) -> Path:
    return FOLDER / f"log-{name}.sqlite"


def _bare(given: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    return [{name: value for name, value in one.items() if name != "kind"} for one in given]


def _appends(scale: Scale, *, peers: bool) -> None:
    for what, task, asked in (("append", "an append", (0.80, 0.50, 1.2)), ("append-100", "in hundreds", (0, 0.65, 0))):
        for room, clock in ((FOLDER, "wall, disk"), (MEMORY, "cpu, memory")):
            here, cpu = str(room), room is MEMORY
            contestants = {
                "us": ours("log_ours", what, here, scale.appends),
                "raw": ours("log_raw", what, here, scale.appends),
            }
            if peers:
                contestants["save"] = theirs("log_eventsourcing", what, here, scale.appends)
            runs, title = race(contestants, scale.rounds), f"{task} ({clock}), µs"
            _row(title, runs, "raw", "sqlite3", asked[1] if cpu else asked[0], cpu=cpu, per=scale.appends)
            if peers:
                _row(title, runs, "save", "eventsourcing", asked[2] if cpu else 0, cpu=cpu, per=scale.appends)


def _reads(scale: Scale, *, peers: bool) -> None:
    file = str(_file("notes"))
    if peers:
        for what, task, asked, per in (
            ("replay", "typed replay, µs an event", 2, REPLAYED),
            ("song", "one song's 1,000 events, µs an event", 3, 10_000),
        ):
            peer = theirs("log_eventsourcing", what, str(MEMORY), REPLAYED)
            runs = race({"us": ours("log_ours", what, file, 10), "es": peer}, scale.rounds)
            _row(task, runs, "es", "eventsourcing", asked, cpu=True, per=per)


def _proofs(scale: Scale) -> None:
    """Prove the log of a label, which has 121,000 lists of tags in a million events."""
    file = str(_file(_large_name(scale)))
    rows: dict[str, Words] = {"raw": ours("log_raw", "rows", file, 0)}
    for what, asked in (("chain", 0.35), ("chain-and-index", 0.15)):
        runs = race(rows | {"us": ours("log_ours", what, file, 0)}, scale.rounds)
        _row(f"verify: {what}, µs an event", runs, "raw", "sqlite3 rows", asked, cpu=True, per=scale.large)
    [proved] = race({"us": ours("log_ours", "prove", file, 0)}, 1)["us"]
    _line(f"log verify at {scale.large:,}, s", proved.seconds, f"<= {15 * scale.large / 1_000_000:.1f}")
    _line("its peak of memory, MiB", proved.peak_mib, "<= 200")


def _large(scale: Scale) -> None:
    files = {"small": _file("years-small"), "large": _file(_large_name(scale))}
    sizes = {name: ours("log_ours", "decide", str(file), 0) for name, file in files.items()}
    runs = race(sizes, scale.rounds)
    small, large = (median(run.processor_s for run in runs[name]) / 200 * 1e6 for name in ("small", "large"))
    _line(
        f"a decision at {scale.large:,} events, µs", large, "<= 1.3", peer="at 10,000", its=small, ratio=large / small
    )
    [rebuilt] = race({"us": ours("log_ours", "rebuild", str(files["large"]), 0)}, 1)["us"]
    _line(f"all read models rebuilt at {scale.large:,}, s", rebuilt.seconds, f"<= {60 * scale.large / 1_000_000:.0f}")


def _size() -> None:
    size = _file("notes").stat().st_size / REPLAYED
    _line("bytes an event, 220 of them payload", size, "<= 700")


def _postgresql() -> None:
    from tests.orchestrator.log.databases import Schemas, Server

    with Server() as server, closing(Schemas(server.url)) as schemas:
        runs: dict[str, list[Run]] = {"us": [], "es": []}
        for _ in range(3):
            contestants: Mapping[str, Words] = {
                "us": ours("log_ours", "decided-append", schemas.place().whole, 1000),
                "es": theirs("log_eventsourcing", "decided-append", schemas.place().whole, 1000),
            }
            for name, found in race(contestants, 1).items():
                runs[name] += found
        for cpu, clock in ((False, "wall"), (True, "cpu of the client")):
            _row(f"PostgreSQL: append on a condition ({clock}), µs", runs, "es", "DCB recorder", 0, cpu=cpu, per=1000)


def _row(
    task: str, runs: Mapping[str, Sequence[Run]], peer: str, name: str, asked: float, *, cpu: bool, per: int
) -> None:
    def each(one: str) -> float:
        return median(run.processor_s if cpu else run.seconds for run in runs[one]) / per * 1e6

    mine, its = each("us"), each(peer)
    _line(task, mine, f">= {asked:.2f}" if asked else "", peer=name, its=its, ratio=its / mine)


def _line(
    task: str, mine: float, asked: str, *, peer: str = "", its: float | None = None, ratio: float | None = None
) -> None:
    beside = "" if its is None else f"{its:.1f}"
    share = "" if ratio is None else f"{ratio:.2f}"
    print(f"{task:48} {mine:9.1f} {peer:>14} {beside:>9} {share:>6} {asked:>8}", flush=True)


BENCHMARKS, QUICK = [log], [quick_log]
