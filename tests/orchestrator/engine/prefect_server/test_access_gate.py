"""Access to Prefect's server: the gate alone, then the server itself."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from orchestrator.engine.prefect_server.access_gate import AccessGate, Message, Receive, Scope, Send, is_peer_ours
from orchestrator.engine.prefect_server.api import Api, credentials, published_api
from orchestrator.engine.prefect_server.server import PrefectServer
from orchestrator.engine.prefect_server.sign_in import PATH, SignIn

PORT, AUTH = 4200, "takesheet:secret"
BASIC = {"authorization": f"Basic {credentials(AUTH)}"}
HOME = {"host": f"127.0.0.1:{PORT}"}


async def inner(scope: Scope, receive: Receive, send: Send) -> None:
    del receive
    started = "websocket.accept" if scope["type"] == "websocket" else "http.response.start"
    await send({"type": started, "status": 299})


def answer(kind: str = "http", path: str = "/api/flows/filter", method: str = "POST", **headers: str) -> int:
    """Return the status of a request; 0 if a web socket is closed before it opens, 299 if Prefect is reached."""
    told: list[Message] = []

    async def send(message: Message) -> None:
        told.append(message)

    async def receive() -> Message:
        return {}

    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "path": path, "method": method, "headers": given, "client": ("127.0.0.1", 9)}
    asyncio.run(AccessGate(inner, PORT, AUTH)(scope, receive, send))
    return 0 if told[0]["type"] == "websocket.close" else int(told[0].get("status", 299))


def test_who_names_this_server_and_knows_the_secret_reaches_prefect() -> None:
    assert answer(**HOME, **BASIC) == 299
    assert answer(host=f"localhost:{PORT}", **BASIC) == 299
    assert answer(**HOME, **BASIC, origin=f"http://127.0.0.1:{PORT}") == 299
    assert answer("websocket", "/api/events/in", **HOME) == 299, "Prefect asks for the secret in its first message"
    assert answer(path="/dashboard", method="GET", **HOME) == 299, "the pages hold nothing; they ask for the secret"


@pytest.mark.parametrize("path", ["/api/health", "/api/ready", "/api/flows/filter", "/dashboard", "/ui-settings", PATH])
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_a_foreign_host_or_page_reaches_nothing_even_with_the_secret(kind: str, path: str) -> None:
    assert answer(kind, path, host="evil.example:4200", **BASIC) in {0, 421}
    assert answer(kind, path, host="127.0.0.1:4201", **BASIC) in {0, 421}
    assert answer(kind, path, **BASIC) in {0, 421}, "no host at all"
    for origin in ("http://evil.example:4200", "null", "http://127.0.0.1:4201", "https://127.0.0.1:4200"):
        assert answer(kind, path, **HOME, **BASIC, origin=origin) in {0, 403}
    for site in ("cross-site", "same-site"):
        assert answer(kind, path, "GET", **HOME, **BASIC, sec_fetch_site=site) in {0, 403}


@pytest.mark.parametrize("path", ["/api/health", "/api/ready", "/api/version", "/api/flows/filter", PATH])
def test_without_the_secret_all_of_the_api_is_closed(path: str) -> None:
    assert answer(path=path, **HOME) == 401
    assert answer(path=path, **HOME, authorization="Basic " + credentials("takesheet:guess")) == 401
    assert answer(path=path, **HOME, authorization="Basic \xff") == 401


def test_a_link_of_the_sign_in_works_once() -> None:
    links = SignIn(AUTH)
    path = links.new_path()
    page = links.page(path)
    assert page is not None
    assert credentials(AUTH).encode() in page.body
    assert links.page(path) is None
    assert links.page(f"{PATH}/guess") is None
    assert links.page(PATH) is None


def test_a_link_of_the_sign_in_works_for_a_minute_at_most() -> None:
    links = SignIn(AUTH)
    young, old = links.new_path(), links.new_path()
    links._until[young] -= 50
    links._until[old] -= 60
    assert links.page(young) is not None
    assert links.page(old) is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a table of sockets with their users")
def test_the_kernel_says_whose_connection_it_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as ear:
        port = ear.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as ours:
            assert is_peer_ours(ours.getsockname(), port)
            assert not is_peer_ours(("127.0.0.1", 1), port)
        assert not is_peer_ours(None, port)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    server = PrefectServer(tmp_path_factory.mktemp("prefect"), print)
    server.start()
    yield server.api
    server.stop()


def request(api: Api, path: str, method: str = "GET", body: str | None = None, **headers: str) -> tuple[int, bytes]:
    line = HTTPConnection(urlsplit(api.url).netloc, timeout=30)
    line.request(method, path, body, headers)
    told = line.getresponse()
    return told.status, told.read()


def test_every_route_of_the_real_server_wants_the_secret(api: Api) -> None:
    _, document = request(api, "/openapi.json")
    routes = json.loads(document)["paths"]
    assert len(routes) > 100
    for path, methods in routes.items():
        for method in methods:
            status, _ = request(api, f"/api{path}", method.upper(), "{}", **{"Content-Type": "text/plain"})
            assert status == 401, (method, path)
    assert api.ask("POST", "/flow_runs/count", {})[0] == 200


SOCKETS = ("events/in", "events/out", "logs/out", "task_runs/subscriptions/scheduled")


def opened(api: Api, path: str, first: dict[str, str] | None, *, protocol: str = "prefect") -> str:
    """Answer of a web socket of the API to its *first* message, or the code with which it is closed."""
    url, spoken = f"ws://{urlsplit(api.url).netloc}/api/{path}", [Subprotocol(protocol)] if protocol else None
    try:
        with connect(url, subprotocols=spoken, open_timeout=30) as line:
            line.send(json.dumps(first))
            return str(json.loads(line.recv(timeout=30))["type"])
    except InvalidStatus as refused:
        return str(refused.response.status_code)
    except ConnectionClosed as closed:
        return str(closed.rcvd.code if closed.rcvd else closed)


@pytest.mark.parametrize("path", SOCKETS)
def test_a_web_socket_wants_the_secret_in_its_first_message(api: Api, path: str) -> None:
    assert opened(api, path, {"type": "auth", "token": api.auth}) == "auth_success"
    for token in ("takesheet:guess", credentials(api.auth), ""):
        assert opened(api, path, {"type": "auth", "token": token}) == "1008", token
    assert opened(api, path, {"type": "auth"}) == "1008"
    assert opened(api, path, {"type": "event"}) == "1008"
    assert opened(api, path, {"type": "auth", "token": api.auth}, protocol="") == "403", "the older way asks for none"


def test_a_browser_is_signed_in_once_by_the_page_of_a_link_that_only_the_secret_gives(api: Api) -> None:
    origin = f"http://{urlsplit(api.url).netloc}"
    status, found = Api(origin, api.auth).ask("POST", PATH)
    assert status == 200
    status, page = request(api, found["path"])
    assert status == 200
    assert credentials(api.auth).encode() in page
    assert request(api, found["path"])[0] == 410


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be another account")
def test_another_account_can_follow_no_link_even_if_it_sees_it(api: Api) -> None:
    _, found = Api(f"http://{urlsplit(api.url).netloc}", api.auth).ask("POST", PATH)
    host, port = urlsplit(api.url).netloc.split(":")
    code = (
        "import encodings.idna, os, socket, sys\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "line = socket.create_connection((sys.argv[1], int(sys.argv[2])))\n"
        "line.sendall(f'GET {sys.argv[3]} HTTP/1.1\\r\\nHost: {sys.argv[1]}:{sys.argv[2]}\\r\\n\\r\\n'.encode())\n"
        "print(line.recv(12).decode())\n"
    )
    words = [sys.executable, "-I", "-S", "-c", code, host, port, found["path"]]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd="/")
    assert done.stdout == "HTTP/1.1 403\n"
    assert request(api, found["path"])[0] == 200, "it was not used up"


def test_the_secret_is_on_no_command_line_and_its_file_is_this_users_alone(api: Api, tmp_path: Path) -> None:
    shown = b"".join(entry.read_bytes() for entry in Path("/proc").glob("[0-9]*/cmdline") if entry.exists())
    assert api.auth.encode() not in shown
    assert api.auth not in repr(api)
    assert published_api(tmp_path / "another home") is None
