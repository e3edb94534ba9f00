"""Prefect's API under `up`, `render` and `nightly`, closed to everybody else; its pages, opened for its own user.

The database in which each server starts holds an automation and a deployment that an attacker planted.  The pages are
read by a headless Chromium, which must be installed; without it the drill fails with a message.
"""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit
from uuid import uuid4

from orchestrator.engine.prefect_server.api import Api, credentials, published_api
from orchestrator.engine.prefect_server.database import lay_out
from orchestrator.engine.prefect_server.home import home_of, prepare, read_facts
from orchestrator.engine.process_identity import record_in
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.processes import left_after
from tests.orchestrator.sounds import note

PATIENCE_S = 240.0
NOBODY = 65534
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PAGE_READS = 5
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--virtual-time-budget=20000",
    "--dump-dom",
)  # fmt: skip
FOREIGN = """
import encodings.idna, os, socket, sys
os.setgroups([]); os.setgid(65534); os.setuid(65534)
host, port, *files = sys.argv[1:]
for method, path in (("POST", "/api/deployments/filter"), ("GET", "/api/health"), ("POST", "/takesheet/sign-in")):
    line = socket.create_connection((host, int(port)))
    line.sendall(f"{method} {path} HTTP/1.1\\r\\nHost: {host}:{port}\\r\\nContent-Length: 2\\r\\n\\r\\n{{}}".encode())
    assert line.recv(12) == b"HTTP/1.1 401", path
for file in files:
    try:
        open(file).read()
    except PermissionError:
        continue
    sys.exit(f"{file} can be read by another account")
"""


def answers_only_us(rounds: int) -> None:
    """In each round attack a server of each command, and open the pages of the standing one."""
    for _ in range(rounds):
        with TemporaryDirectory(prefix="takesheet-drill-") as folder:
            label = _owing(Path(folder) / "store")
            home = home_of(label.folder / ".takesheet")
            for words in (("render",), ("nightly",)):
                _owe_anew(label)
                _plant(home, label.folder / ".takesheet")
                with _running(label, *words) as process:
                    api = _server(home)
                    process.send_signal(signal.SIGSTOP)  # the process cannot end while the server is attacked
                    _attack(api, home)
                    process.send_signal(signal.SIGCONT)
                    assert process.wait(timeout=PATIENCE_S) == 0, words
            _owe_anew(label)
            _plant(home, label.folder / ".takesheet")
            with _running(label, "up") as process:
                api = _server(home)
                _until(lambda api=api: api.ask("POST", "/deployments/filter", {})[1])
                _attack(api, home)
                _order_elsewhere(api, Path(folder) / "elsewhere")
                _read_pages(label, api, Path(folder))
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=PATIENCE_S)
            assert not left_after(str(home), 5)
            assert not left_after(folder, 5)
            shutil.rmtree(home)


def _owing(folder: Path) -> Label:
    folder.mkdir()
    label = open_label(folder, "Bass")
    for take, hz in enumerate((80, 90), start=1):
        label.does("take", "ingest", f"{SONG}/bass", note(folder / f"bass_{take}.wav", hz, seconds=1.0))
    label.does("take", "approve", f"{SONG}/bass/1")
    label.does("mix", "revise", SONG, label.mix_recipe("bass"))
    return label


def _owe_anew(label: Label) -> None:
    """Decide an edit that was never decided before, so that a render is due."""
    start = 0.05 * (label.head % 10)
    label.does("take", "approve", f"{SONG}/bass/2", "--from", f"{start:.2f}", "--to", f"{start + 0.4:.2f}")


def _plant(home: Path, store: Path) -> None:
    """Put an automation, a deployment and a variable into the database, as an older server could have kept them."""
    prepare(home, store)
    lay_out(home, print)
    trigger = '{"type": "event", "posture": "Proactive", "expect": [], "threshold": 1, "within": 10}'
    rows: list[tuple[str, dict[str, object]]] = [
        ("flow", {"name": "evil"}),
        ("variable", {"name": "evil", "value": "1"}),
        ("automation", {
            "name": "evil", "description": "", "enabled": 1, "trigger": trigger, "actions": '[{"type": "do-nothing"}]',
            "actions_on_trigger": "[]", "actions_on_resolve": "[]",
        }),
    ]  # fmt: skip
    with closing(sqlite3.connect(home / "prefect.db")) as database, database:
        for table, columns in rows:
            _insert(database, table, columns)
        flow = database.execute("SELECT id FROM flow WHERE name = 'evil'").fetchone()[0]
        _insert(database, "deployment", {"name": "evil", "flow_id": flow})


def _insert(database: sqlite3.Connection, table: str, columns: dict[str, object]) -> None:
    values = {"id": str(uuid4())} | columns
    marks = ", ".join("?" * len(values))
    database.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values()))  # noqa: S608 - our own names


@contextmanager
def _running(label: Label, *words: str) -> "Iterator[subprocess.Popen[str]]":
    with label.begin(*words) as process:
        try:
            yield process
        finally:
            process.kill()


def _server(home: Path) -> Api:
    """Return the API of the server that was just started in *home*, once it is ready."""

    def found() -> Api | None:
        api, facts = published_api(home), read_facts(home)
        here = api is not None and urlsplit(api.url).port == facts.get("port") and record_in(facts).is_proved()
        return api if here else None

    return _until(found)


def _until(found):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - any function of nothing
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if answer := found():
            return answer
        time.sleep(0.02)
    raise TimeoutError("it never came")


def _attack(api: Api, home: Path) -> None:
    netloc, basic = urlsplit(api.url).netloc, {"Authorization": f"Basic {credentials(api.auth)}"}
    port = netloc.rpartition(":")[2]
    for path in ("/api/deployments/filter", "/api/health", "/", "/ui-settings", "/assets/index.js"):
        for foreign in (
            {"Host": f"evil.example:{port}"},
            {"Origin": f"http://evil.example:{port}"},
            {"Origin": "null"},
        ):
            assert _status(netloc, path, foreign | basic) in {403, 421}, (path, foreign)
    blind = {"Content-Type": "text/plain", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert _status(netloc, "/api/flow_runs/", blind | {"Origin": "http://evil.example"}) == 403
    assert _status(netloc, "/api/flow_runs/", {"Content-Type": "text/plain"}) == 401
    for header in (f"Origin: http://evil.example:{port}", f"Host: evil.example:{port}"):
        assert b" 403 " in _upgrade(netloc, header), header
    assert api.ask("POST", "/automations/filter", {}) == (200, []), "the planted automation is gone"
    assert api.ask("POST", "/variables/filter", {}) == (200, []), "the planted variable is gone"
    names = {one["name"] for one in api.ask("POST", "/deployments/filter", {})[1]}
    assert names <= {"nightly"}, "the planted deployment is gone"
    if os.getuid() == 0:
        _attack_from_another_account(netloc, home)


def _attack_from_another_account(netloc: str, home: Path) -> None:
    pid = read_facts(home)["pid"]
    run_time = [str(file) for file in _run_time_files()]
    files = [str(home / "prefect.db"), str(home / "server.json"), f"/proc/{pid}/environ", *run_time]
    host, port = netloc.split(":")
    words = [sys.executable, "-I", "-S", "-c", FOREIGN, host, port, *files]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr


def _run_time_files() -> Iterator[Path]:
    from orchestrator.engine.prefect_server.api import _run_time_folder

    yield from _run_time_folder().glob("prefect-*.json")


def _status(netloc: str, path: str, headers: dict[str, str]) -> int:
    with closing(HTTPConnection(netloc, timeout=30)) as line:
        line.request("POST", path, "{}", headers)
        return line.getresponse().status


def _upgrade(netloc: str, header: str) -> bytes:
    host, port = netloc.split(":")
    lines = [
        "GET /api/events/in HTTP/1.1", header, "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Protocol: prefect",
    ]  # fmt: skip
    if not header.startswith("Host"):
        lines.insert(1, f"Host: {netloc}")
    with socket.create_connection((host, int(port)), timeout=30) as line:
        line.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return line.recv(100)


def _order_elsewhere(api: Api, elsewhere: Path) -> None:
    """Order the nightly of another store, even with the secret: that store is not touched."""
    _owing(elsewhere)
    other = Label(elsewhere)
    before = other.head
    made = _until(lambda: api.ask("GET", "/deployments/name/nightly/nightly")[1])
    order = {"parameters": {"store": str(elsewhere)}, "state": {"type": "SCHEDULED"}}
    status, run = api.ask("POST", f"/deployments/{made['id']}/create_flow_run", order)
    if status == 201:
        ended = {"COMPLETED", "FAILED", "CRASHED"}
        _until(lambda: api.ask("GET", f"/flow_runs/{run['id']}")[1]["state"]["type"] in ended)
    assert other.head == before, "the other store was driven"


def _read_pages(label: Label, api: Api, folder: Path) -> None:
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert browser, f"this drill needs a browser: none of {', '.join(BROWSERS)} is installed"
    origin = f"http://{urlsplit(api.url).netloc}"
    query = {"sort": "START_TIME_DESC", "limit": 1, "flows": {"name": {"any_": ["render"]}}}
    run = _until(lambda: api.ask("POST", "/flow_runs/filter", query)[1])[0]
    page = f"{origin}/runs/flow-run/{run['id']}"
    assert run["name"] not in _dom(browser, folder / "stranger", page), "shown to a stranger"
    link = label.does("prefect", "open", "--no-browser")
    _dom(browser, folder / "signed-in", link)
    shown = ""
    for _ in range(PAGE_READS):  # a browser on a busy machine dumps a page before its script has asked everything
        shown = _dom(browser, folder / "signed-in", page)
        if run["name"] in shown:
            break
    assert run["name"] in shown, f"Prefect's pages do not show the run {run['name']}: {shown[-2000:]}"
    with closing(HTTPConnection(urlsplit(link).netloc, timeout=30)) as line:
        line.request("GET", urlsplit(link).path)
        assert line.getresponse().status == 410, "the link works once"


def _dom(browser: str, profile: Path, url: str) -> str:
    words = [browser, *FLAGS, f"--user-data-dir={profile}", url]
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=120).stdout


DRILLS = [("Prefect's API answers only its own user, and its pages open signed in", answers_only_us, 3, 1)]
