"""Access control in front of Prefect's server.

Listening on loopback excludes nobody on this machine: any account can connect, and so can any page in the user's
browser, by a POST without a preflight request or by resolving its own name to 127.0.0.1.  So a request must name this
server as its host and must not come from another site's page; for the whole API it must contain the secret of this
start of the server.  Prefect itself leaves its health routes open.
"""

import hmac
import json
import os
from base64 import b64encode
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from orchestrator.engine.prefect_server.sign_in import PATH, SignIn

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

SOCKETS: Final = Path("/proc/net/tcp")
ELSEWHERE: Final = frozenset({b"cross-site", b"same-site"})
UNAUTHORIZED, FORBIDDEN, MISDIRECTED, GONE = 401, 403, 421, 410


class AccessGate:
    """ASGI middleware that checks each request before it reaches *app*.

    Args:
        app: Prefect's ASGI application.
        port: port of the server.
        auth: the secret of this start of the server.
    """

    def __init__(self, app: Application, port: int, auth: str) -> None:
        hosts = {f"{host}:{port}" for host in ("127.0.0.1", "localhost", "[::1]")}
        self._app, self._port, self._auth = app, port, auth
        self._hosts = {host.encode() for host in hosts}
        self._origins = {f"http://{host}".encode() for host in hosts}
        self._credentials = b"Basic " + b64encode(auth.encode())
        self._sign_in = SignIn(auth)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, or pass the request on to Prefect."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif status := self._refusal(scope):
            await _refuse(scope, send, status)
        elif scope["path"].startswith(PATH):
            await self._sign_in_page(scope, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> int:
        """Return the HTTP status of the refusal; 0 if the request is allowed."""
        headers = scope["headers"]
        if len(hosts := _all(headers, b"host")) != 1 or hosts[0] not in self._hosts:
            return MISDIRECTED
        origins = _all(headers, b"origin")
        if any(origin not in self._origins for origin in origins):
            return FORBIDDEN
        if not origins and ELSEWHERE.intersection(_all(headers, b"sec-fetch-site")):
            return FORBIDDEN
        # A browser's web socket cannot send this header: there Prefect asks for the secret in its first message.
        if scope["type"] == "http" and self._is_api(scope["path"]) and not self._knows_secret(headers):
            return UNAUTHORIZED
        return 0

    def _is_api(self, path: str) -> bool:
        return path.startswith("/api") or path == PATH

    def _knows_secret(self, headers: list[tuple[bytes, bytes]]) -> bool:
        given = _all(headers, b"authorization")
        return len(given) == 1 and hmac.compare_digest(given[0], self._credentials)

    async def _sign_in_page(self, scope: Scope, send: Send) -> None:
        if scope["type"] != "http":
            await _refuse(scope, send, FORBIDDEN)
        elif scope["path"] == PATH and scope["method"] == "POST":
            await _answer(send, 200, json.dumps({"path": self._sign_in.new_path()}).encode(), b"application/json")
        elif scope["method"] != "GET" or not is_peer_ours(scope["client"], self._port):
            await _refuse(scope, send, FORBIDDEN)
        elif page := self._sign_in.page(scope["path"]):
            await _answer(send, 200, page.body, b"text/html; charset=utf-8", *page.headers)
        else:
            await _refuse(scope, send, GONE)


def is_peer_ours(client: tuple[str, int] | None, port: int) -> bool:
    """True unless the kernel says that the connection from *client* to our *port* belongs to another user.

    Other users can read a sign-in link in the list of processes, since a browser is started with it; so the link is
    only valid from a browser of this user.  Without ``/proc/net/tcp`` (macOS) this is not checked.
    """
    if not SOCKETS.exists():
        return True
    if client is None:
        return False
    ours, theirs = f"0100007F:{port:04X}", f"0100007F:{client[1]:04X}"
    for line in SOCKETS.read_text(encoding="ascii").splitlines()[1:]:
        words = line.split()
        if (words[1], words[2]) == (theirs, ours):
            return int(words[7]) == os.getuid()
    return False


def _all(headers: list[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    return [value for key, value in headers if key.lower() == name]


async def _refuse(scope: Scope, send: Send, status: int) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await _answer(send, status, b'{"exception_message": "refused"}', b"application/json")


async def _answer(send: Send, status: int, body: bytes, kind: bytes, *headers: tuple[bytes, bytes]) -> None:
    length = str(len(body)).encode()
    told = [(b"content-type", kind), (b"content-length", length), (b"cache-control", b"no-store"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": body})
