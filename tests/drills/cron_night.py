"""`takesheet up` with its nightly a minute ahead: Prefect's cron fires, and the night is done."""

import json
import re
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from tests.orchestrator.processes import left_after

PATIENCE_S = 240.0
LEFT_AFTER_S = 5.0


def fires_a_minute_ahead(rounds: int) -> None:
    """Each round sets the hour, comes up, waits for the night, and kills without a word."""
    with TemporaryDirectory(prefix="takesheet-drill-") as folder:
        _takesheet("init", folder, "--label", "Drill", "--currency", "EUR", "--timezone", "UTC")
        for number in range(rounds):
            _set_hour(Path(folder) / ".takesheet" / "config.toml", datetime.now(UTC) + timedelta(seconds=75))
            words = [sys.executable, "-m", "orchestrator.cli.main", "up", "--store", folder]
            with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as up:
                assert up.stderr is not None
                api = next(found[0] for line in up.stderr if (found := re.search(r"http://\S+/api", line)))
                run = _first_night(api)
                assert (run["state"]["type"], run["auto_scheduled"]) == ("COMPLETED", True), f"round {number}: {run}"
                up.kill()
            left = left_after(folder, LEFT_AFTER_S)
            assert not left, f"round {number}: processes {left} live {LEFT_AFTER_S} s after the kill"


def _takesheet(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "orchestrator.cli.main", *words], check=True, capture_output=True)


def _set_hour(config: Path, when: datetime) -> None:
    text = re.sub(r'(?m)^nightly = ".*"$', f'nightly = "{when:%H:%M}"', config.read_text())
    config.write_text(text)


def _first_night(api: str) -> dict[str, Any]:
    """The first flow run of this server's nightly that came to an end."""
    until = time.monotonic() + PATIENCE_S
    ended = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}}}
    ask = json.dumps({**ended, "flows": {"name": {"any_": ["nightly"]}}, "sort": "START_TIME_DESC", "limit": 1})
    begun = datetime.now(UTC).isoformat()
    while time.monotonic() < until:
        line = HTTPConnection(urlsplit(api).netloc, timeout=30)
        line.request("POST", "/api/flow_runs/filter", ask, {"Content-Type": "application/json"})
        found: list[dict[str, Any]] = json.loads(line.getresponse().read())
        if found and found[0]["start_time"] > begun:
            return found[0]
        time.sleep(0.5)
    raise AssertionError(f"no night came in {PATIENCE_S:.0f} s")


DRILLS = [("a nightly set a minute ahead fires under `up`, which is then killed", fires_a_minute_ahead, 3, 1)]
