import fcntl
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from itertools import combinations
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from orchestrator.engine.server import PrefectServer, ServerFault, end_left_over, environment
from tests.orchestrator.processes import kill, left_after, living

DRIVER = """
import sys, time
from pathlib import Path
from orchestrator.engine.server import PrefectServer
server = PrefectServer(Path(sys.argv[1]), lambda line: print(line, file=sys.stderr))
server.begin()
print(server._watcher.pid, flush=True)
time.sleep(600)
"""
ROLES = ("driver", "watcher", "server")
KILLED = [who for count in (1, 2, 3) for who in combinations(ROLES, count)]


class Trio:
    """A driver that only keeps a server, its watcher, and the server."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.driver = subprocess.Popen([sys.executable, "-c", DRIVER, str(home)], stdout=subprocess.PIPE, text=True)
        assert self.driver.stdout is not None
        self.watcher = int(self.driver.stdout.readline())

    @property
    def server(self) -> int:
        return int(self.facts["pid"])

    @property
    def facts(self) -> dict[str, str]:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                return dict(json.loads((self.home / "server.json").read_bytes()))
            except (FileNotFoundError, ValueError):
                time.sleep(0.02)
        raise TimeoutError("the server never said where it listens")

    def kill(self, *roles: str) -> None:
        pids = {"driver": self.driver.pid, "watcher": self.watcher, "server": self.server}
        kill(*(pids[role] for role in roles))

    def end(self) -> None:
        self.driver.kill()
        self.driver.wait()


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    trio = Trio(tmp_path / "a label's störe? 100%")
    yield trio
    trio.end()


@pytest.mark.parametrize("who", KILLED, ids=" and ".join)
def test_whoever_is_killed_nothing_of_ours_is_left_five_seconds_later(trio: Trio, who: tuple[str, ...]) -> None:
    trio.kill(*who)
    trio.end() if "driver" in who else None
    spared = [] if "driver" in who else [trio.driver.pid]
    left_after(str(trio.home), 5 if "driver" in who else 1)
    assert left_after(f"serving {trio.home}", 5) == []
    assert living(str(trio.home)) == spared


def test_the_server_answers_at_a_port_of_this_machine_alone_and_stops_when_told(tmp_path: Path) -> None:
    said: list[str] = []
    server = PrefectServer(tmp_path / "prefect", said.append)
    api = server.start()
    host, port = urlsplit(api).netloc.split(":")
    line = HTTPConnection(host, int(port))
    line.request("GET", "/api/health", headers={"Origin": "http://evil.example"})
    answer = line.getresponse()
    assert answer.read() == b"true"
    assert host == "127.0.0.1"
    assert answer.getheader("access-control-allow-origin") is None
    server.stop()
    assert living(str(tmp_path)) == []


def test_a_server_left_over_is_ended_by_the_next_driver(trio: Trio) -> None:
    server = trio.server
    end_left_over(trio.home)
    assert server not in living(str(trio.home))
    assert left_after(f"serving {trio.home}", 5) == []


def test_a_process_that_merely_has_the_same_number_is_spared(tmp_path: Path) -> None:
    bystander = subprocess.Popen(["sleep", "600"], start_new_session=True)
    (tmp_path / "server.json").write_text(json.dumps({"pid": bystander.pid, "port": 1, "token": "x"}))
    end_left_over(tmp_path)
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_what_cannot_be_ended_is_said(tmp_path: Path) -> None:
    with (tmp_path / "server.json").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ServerFault, match="cannot be ended"):
            end_left_over(tmp_path, patience_s=0.1)


def test_a_damaged_database_costs_nothing_but_a_new_one(tmp_path: Path) -> None:
    home = tmp_path / "prefect"
    server = PrefectServer(home, print)
    server.begin()
    server.stop()
    (home / "prefect.db").write_bytes(b"no database" * 1000)
    server.begin_anew()
    server.stop()
    with sqlite3.connect(home / "prefect.db") as database:
        assert database.execute("SELECT count(*) FROM flow_run").fetchone() == (0,)


def test_a_database_that_has_grown_too_large_is_begun_anew(tmp_path: Path) -> None:
    PrefectServer(tmp_path, print).begin()
    fresh = (tmp_path / "prefect.db").stat().st_size
    end_left_over(tmp_path)
    (tmp_path / "prefect.db-wal").write_bytes(b"x" * 10_000)
    server = PrefectServer(tmp_path, print, largest_bytes=fresh + 5_000)
    server.begin()
    server.stop()
    assert not (tmp_path / "prefect.db-wal").exists()


def test_a_driver_killed_while_the_template_is_made_leaves_no_process_and_no_half_template(tmp_path: Path) -> None:
    code = DRIVER.replace("sys.stderr", "sys.stdout, flush=True")
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    words = [sys.executable, "-c", code, str(tmp_path / "home")]
    driver = subprocess.Popen(words, env=env, stdout=subprocess.PIPE, text=True)
    assert driver.stdout is not None
    assert "once" in driver.stdout.readline()
    making = str(tmp_path / "cache")
    while not living(making):
        time.sleep(0.02)
    driver.kill()
    driver.wait()
    assert left_after(making, 5) == []
    assert list((tmp_path / "cache" / "takesheet").glob("*.db")) == []


def test_the_users_own_prefect_does_not_reach_in(tmp_path: Path) -> None:
    env = environment(tmp_path, {"PREFECT_API_KEY": "secret", "PREFECT_API_URL": "https://elsewhere", "HOME": "/h"})
    assert "PREFECT_API_KEY" not in env
    assert "PREFECT_API_URL" not in env
    assert (env["HOME"], env["DO_NOT_TRACK"], env["PREFECT_SERVER_ANALYTICS_ENABLED"]) == ("/h", "1", "false")
