"""A vault on a file server of loopback, which can be away and come back: an HTTP server, and its fsspec file system.

``loopback://127.0.0.1:PORT/NAME``, with or without ``USER:PASSWORD@``, is known to every process that has the folder of
:func:`plugged_in` on its path.
"""

import io
import json
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, unquote

from fsspec import AbstractFileSystem

from tests.paths import ROOT


class FileServer:
    """Serves *folder* on one port while it is :meth:`up`."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, 0
        self._server: ThreadingHTTPServer | None = None
        self.up()

    @property
    def url(self) -> str:
        return f"loopback://127.0.0.1:{self._port}/vault"

    def up(self) -> None:
        handler = type("Handler", (_Handler,), {"folder": self._folder})
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), handler)
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def down(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Handler(BaseHTTPRequestHandler):
    folder: ClassVar[Path]

    def do_GET(self) -> None:
        file = self._file()
        self._answer(200, file.read_bytes()) if file.is_file() else self._answer(404)

    def do_SIZE(self) -> None:
        file = self._file()
        self._answer(200, str(file.stat().st_size).encode()) if file.is_file() else self._answer(404)

    def do_LIST(self) -> None:
        place = self._file()
        if not place.is_dir():
            self._answer(404)
            return
        found = [[one.name, one.is_dir(), one.stat().st_size] for one in sorted(place.iterdir())]
        self._answer(200, json.dumps(found).encode())

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        file = self._file()
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with file.open("xb" if self.headers["If-None-Match"] else "wb") as out:
                out.write(data)
        except FileExistsError:
            self._answer(412)
        else:
            self._answer(201)

    def do_MOVE(self) -> None:
        target = self.folder / unquote(self.headers["Destination"]).lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._file().replace(target)
        except FileNotFoundError:
            self._answer(404)
        else:
            self._answer(201)

    def do_DELETE(self) -> None:
        self._file().unlink(missing_ok=True)
        self._answer(204)

    def _file(self) -> Path:
        return self.folder / unquote(self.path).lstrip("/")

    def _answer(self, code: int, data: bytes = b"") -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Logs nothing."""


class LoopbackFiles(AbstractFileSystem):
    """Client of :class:`FileServer`; a request without an answer raises OSError, as a socket does."""

    protocol = "loopback"
    cachable = False

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        path = self._strip_protocol(path)
        return {"name": path, "size": int(self._ask("SIZE", path)), "type": "file"}

    def ls(self, path: str, *, detail: bool = True, **_: Any) -> list[Any]:
        path = self._strip_protocol(path)
        found = [
            {"name": f"{path}/{name}", "size": size, "type": "directory" if folder else "file"}
            for name, folder, size in json.loads(self._ask("LIST", path))
        ]
        return found if detail else [one["name"] for one in found]

    def cat_file(self, path: str, start: int | None = None, end: int | None = None, **_: Any) -> bytes:
        return self._ask("GET", self._strip_protocol(path))[start:end]

    def _open(self, path: str, mode: str = "rb", **_: Any) -> io.BytesIO:
        assert mode == "rb"
        return io.BytesIO(self.cat_file(path))

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **_: Any) -> None:
        self._ask("PUT", self._strip_protocol(path), value, {"If-None-Match": "*"} if mode == "create" else {})

    def put_file(self, lpath: str, rpath: str, **_: Any) -> None:
        self.pipe_file(rpath, Path(lpath).read_bytes())

    def mv(self, path1: str, path2: str, **_: Any) -> None:
        target = self._strip_protocol(path2).partition("/")[2]
        self._ask("MOVE", self._strip_protocol(path1), headers={"Destination": quote(f"/{target}")})

    def rm_file(self, path: str) -> None:
        self._ask("DELETE", self._strip_protocol(path))

    def makedirs(self, path: str, **_: Any) -> None:
        """The server makes folders as it needs them."""

    def _ask(self, verb: str, path: str, data: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
        address, _, name = path.partition("/")
        line = HTTPConnection(address.rpartition("@")[2], timeout=5)
        try:
            line.request(verb, quote(f"/{name}"), data, headers or {})
            answer = line.getresponse()
            body = answer.read()
        finally:
            line.close()
        if answer.status == 404:
            raise FileNotFoundError(path)
        if answer.status == 412:
            raise FileExistsError(path)
        return body


def plugged_in(folder: Path) -> Path:
    """A folder that registers the file system with fsspec in processes that have it, and the project, on their path."""
    facts = folder / "loopback_vault-1.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: loopback-vault\nVersion: 1\n")
    (facts / "entry_points.txt").write_text(f"[fsspec.specs]\nloopback = {LoopbackFiles.__module__}:LoopbackFiles\n")
    return folder


def on_path(folder: Path) -> dict[str, str]:
    """Environment of a process that knows the file system."""
    root = ROOT
    return {"PYTHONPATH": f"{root}:{plugged_in(folder)}"}


def serving(folder: Path) -> Iterator[FileServer]:
    """A server that runs until the test is over."""
    server = FileServer(folder)
    try:
        yield server
    finally:
        server.down()
