import fcntl
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from orchestrator.engine.prefect_server import process
from orchestrator.engine.prefect_server.api import Api, Unanswered
from orchestrator.engine.prefect_server.home import read_facts
from orchestrator.engine.prefect_server.server import PrefectServer, ServerFault, end_left_over
from orchestrator.engine.process_identity import TOKEN, start_of
from tests.orchestrator.processes import kill, left_after, living

pytestmark = pytest.mark.waits

DRIVER = """
import sys, time
from pathlib import Path
from orchestrator.engine.prefect_server.server import PrefectServer
server = PrefectServer(Path(sys.argv[1]), lambda line: print(line, file=sys.stderr))
server.begin()
print(server._watcher.pid, flush=True)
time.sleep(600)
"""
ROLES = ("driver", "watcher", "server")
KILLED = [who for count in (1, 2, 3) for who in combinations(ROLES, count)]


class Trio:
    """A driver that only keeps a server, with its watchdog and the server."""

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
    assert left_after(f"{process.__name__} {trio.home}", 5) == []
    assert living(str(trio.home)) == spared


def test_the_server_answers_at_a_port_of_this_machine_alone_and_stops_when_told(tmp_path: Path) -> None:
    said: list[str] = []
    server = PrefectServer(tmp_path / "prefect", said.append)
    api = server.start()
    host, port = urlsplit(api).netloc.split(":")
    assert host == "127.0.0.1"
    assert int(port) > 0
    assert server.api.ask("GET", "/health") == (200, True)
    assert said == []
    server.stop()
    assert living(str(tmp_path)) == []


def test_a_server_left_over_is_ended_by_the_next_driver(trio: Trio) -> None:
    server = trio.server
    end_left_over(trio.home)
    assert server not in living(str(trio.home))
    assert left_after(f"{process.__name__} {trio.home}", 5) == []


@pytest.fixture
def bystander() -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(["sleep", "600"], start_new_session=True, env={TOKEN: "its own"})
    yield process
    process.kill()
    process.wait()


FORGED: dict[str, dict[str, object]] = {
    "another secret": {"token": "x"}, "no secret": {"token": ""}, "another start": {"start": "1"}, "nothing": {},
    "a number that is none": {"pid": "1"}, "init": {"pid": 1, "token": ""}, "all": {"pid": -1},
}  # fmt: skip


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_forged_record_has_nothing_killed_even_where_its_lock_is_held(
    tmp_path: Path, bystander: "subprocess.Popen[bytes]", forged: dict[str, object]
) -> None:
    true = {"pid": bystander.pid, "start": start_of(bystander.pid), "port": 1, "token": "its own"}
    with (tmp_path / "server.json").open("w") as held:
        json.dump(true | forged if forged else {}, held)
        held.flush()
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ServerFault, match="not proved to be ours"):
            end_left_over(tmp_path, patience_s=0.2)
    assert bystander.poll() is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another account")
def test_a_process_of_another_account_is_not_killed_whatever_its_record_proves(tmp_path: Path) -> None:
    other = subprocess.Popen(["sleep", "600"], start_new_session=True, env={TOKEN: "its own"}, user=65534)
    try:
        with (tmp_path / "server.json").open("w") as held:
            json.dump({"pid": other.pid, "start": start_of(other.pid), "port": 1, "token": "its own"}, held)
            held.flush()
            fcntl.flock(held, fcntl.LOCK_EX)
            with pytest.raises(ServerFault, match="not proved to be ours"):
                end_left_over(tmp_path, patience_s=0.2)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_record_that_nobody_holds_or_that_is_a_link_has_nothing_killed(
    tmp_path: Path, bystander: "subprocess.Popen[bytes]"
) -> None:
    true = {"pid": bystander.pid, "start": start_of(bystander.pid), "port": 1, "token": "its own"}
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text(json.dumps(true))
    (tmp_path / "server.json").symlink_to(elsewhere)
    with elsewhere.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        end_left_over(tmp_path, patience_s=0.2)
    (tmp_path / "server.json").write_text(json.dumps(true))
    end_left_over(tmp_path)
    assert bystander.poll() is None
    assert json.loads(elsewhere.read_text()) == true


def test_a_damaged_database_costs_nothing_but_a_new_one(tmp_path: Path) -> None:
    home = tmp_path / "prefect"
    server = PrefectServer(home, print)
    server.begin()
    server.stop()
    (home / "prefect.db").write_bytes(b"no database" * 1000)
    server.start()
    server.stop()
    with sqlite3.connect(home / "prefect.db") as database:
        assert database.execute("SELECT count(*) FROM flow_run").fetchone() == (0,)


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


@pytest.fixture
def up(tmp_path: Path) -> Iterator[PrefectServer]:
    server = PrefectServer(tmp_path / "prefect", print)
    with server:
        yield server


def test_a_server_that_cannot_use_its_database_is_found_out_though_it_calls_itself_healthy(
    up: PrefectServer, tmp_path: Path
) -> None:
    up.api.check()
    with sqlite3.connect(tmp_path / "prefect" / "prefect.db") as database:
        database.execute("ALTER TABLE flow_run RENAME TO lost")
    assert up.api.ask("GET", "/health") == (200, True)
    with pytest.raises(ServerFault, match="cannot read its database: it answers 500"):
        up.api.check()
    with sqlite3.connect(tmp_path / "prefect" / "prefect.db") as database:
        database.execute("ALTER TABLE lost RENAME TO flow_run")
        database.execute("ALTER TABLE flow RENAME TO lost")
    with pytest.raises(ServerFault, match="cannot write to its database: it answers 500"):
        up.api.check()


@pytest.fixture
def bounded() -> Iterator[None]:
    """Sockets without a deadline of their own wait 30 s: a query that has none fails its test and does not hang."""
    socket.setdefaulttimeout(30.0)
    yield
    socket.setdefaulttimeout(None)


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("silent", ["hung", "nobody", "no answer"])
def test_a_server_that_does_not_answer_is_not_waited_for(up: PrefectServer, tmp_path: Path, silent: str) -> None:
    api, pid = up.api, int(str(read_facts(tmp_path / "prefect")["pid"]))
    with socket.create_server(("127.0.0.1", 0)) as ear:
        port = ear.getsockname()[1]
        if silent == "hung":
            os.kill(pid, signal.SIGSTOP)
        elif silent == "nobody":
            up.stop()
        else:
            api = Api(f"http://127.0.0.1:{port}/api", api.auth)
        began = time.monotonic()
        with pytest.raises(Unanswered):
            api.check(deadline_s=1.0)
        assert time.monotonic() - began < 10


def test_a_server_whose_database_was_taken_is_ended_and_says_why(up: PrefectServer, tmp_path: Path) -> None:
    (tmp_path / "prefect" / "prefect.db").unlink()
    until = time.monotonic() + 30
    while up.alive:
        assert time.monotonic() < until, "it stands still"
        time.sleep(0.1)
    assert up.fault == "Prefect's database was replaced or emptied under its server"


def test_a_server_that_hangs_is_ended_within_a_minute_and_it_is_said_why(up: PrefectServer, tmp_path: Path) -> None:
    os.kill(int(str(read_facts(tmp_path / "prefect")["pid"])), signal.SIGSTOP)
    until = time.monotonic() + 90
    while up.alive:
        assert time.monotonic() < until, "it stands still"
        time.sleep(0.2)
    assert "does not answer" in up.fault
    assert living(str(tmp_path)) == []
