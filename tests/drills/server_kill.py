"""The driver, the watchdog and the server, killed in every combination at any moment: no process of ours is left."""

import json
import random
import subprocess
import sys
import time
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from orchestrator.engine.prefect_server import process
from tests.orchestrator.processes import kill, left_after, living

DRIVER = """
import sys, time
from pathlib import Path
from orchestrator.engine.prefect_server.server import PrefectServer
server = PrefectServer(Path(sys.argv[1]), lambda line: print(line, file=sys.stderr))
print(server.start(), flush=True)
time.sleep(600)
"""
ROLES = ("driver", "watcher", "server")
WAYS = [who for count in (1, 2, 3) for who in combinations(ROLES, count)]
LEFT_AFTER_S = 5.0


def killed_in_any_combination(rounds: int) -> None:
    """In each round let a server start partly or completely, then kill."""
    chance = random.Random(11)  # noqa: S311 - a drill that can be repeated
    with TemporaryDirectory(prefix="takesheet-drill-") as folder:
        for number in range(rounds):
            home = Path(folder) / "prefect"
            driver = subprocess.Popen([sys.executable, "-c", DRIVER, str(home)], stdout=subprocess.PIPE, text=True)
            assert driver.stdout is not None
            if number % 2:
                assert driver.stdout.readline().startswith("http")
            else:
                time.sleep(chance.uniform(0.5, 4))
            victims = WAYS[number % len(WAYS)]
            kill(*(pid for role in victims for pid in _pids(role, driver.pid, home)))
            if "driver" not in victims:
                left_after(f"{process.__name__} {home}", LEFT_AFTER_S)
                driver.kill()
            driver.wait()
            left = left_after(str(home), LEFT_AFTER_S)
            assert not left, f"round {number}, {' and '.join(victims)} killed: processes {left} live"


def _pids(role: str, driver: int, home: Path) -> list[int]:
    if role == "driver":
        return [driver]
    if role == "server":
        return _server(home)
    return [pid for pid in living(f"{process.__name__} {home}") if pid not in _server(home)]


def _server(home: Path) -> list[int]:
    try:
        found = int(json.loads((home / "server.json").read_bytes())["pid"])
    except (OSError, ValueError):
        return []
    return [found] if found in living(f"{process.__name__} {home}") else []


DRILLS = [("driver, watcher and server killed in any combination", killed_in_any_combination, 70, 3)]
