"""A connection pooler in front of a PostgreSQL server: PgBouncer, if this machine has it."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qsl, urlsplit

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextmanager
def pooler(server: str, *, mode: str = "transaction") -> Iterator[int]:
    """Run a pooler of few connections in front of the server at a URL; yield its local port."""
    assert PROGRAM is not None
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with TemporaryDirectory(prefix="takesheet-pgbouncer-") as name:
        folder, parts = Path(name), urlsplit(server)
        host = dict(parse_qsl(parts.query)).get("host") or parts.hostname
        (folder / "pgbouncer.ini").write_text(
            f"[databases]\n* = host={host} port={parts.port or 5432} user={parts.username}\n[pgbouncer]\n"
            f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n"
            f"pool_mode = {mode}\ndefault_pool_size = 2\n"
        )
        folder.chmod(0o755)
        command = [PROGRAM, "-q", str(folder / "pgbouncer.ini")]
        owner = Path(str(host)).stat().st_uid if str(host).startswith("/") else 65534
        user = {"user": owner} if os.getuid() == 0 else {}  # it refuses root, and only the owner may use the socket
        process = subprocess.Popen(command, **user)  # type: ignore[call-overload]  # see above
        try:
            _wait(port)
            yield port
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def _wait(port: int) -> None:
    for _ in range(200):
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the pooler does not start")
