"""`takesheet up` with its nightly a minute ahead: Prefect's cron fires, and the nightly runs."""

import re
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from orchestrator.engine.prefect_server.api import published_api
from orchestrator.engine.prefect_server.fault import ServerFault
from orchestrator.engine.prefect_server.home import home_of
from tests.orchestrator.processes import left_after

PATIENCE_S = 240.0
LEFT_AFTER_S = 5.0


def fires_a_minute_ahead(rounds: int) -> None:
    """In each round set the hour, start `up`, wait for the nightly, and kill."""
    with TemporaryDirectory(prefix="takesheet-drill-") as folder:
        home = home_of(Path(folder) / ".takesheet")
        _takesheet("init", folder, "--label", "Drill", "--currency", "EUR", "--timezone", "UTC")
        for number in range(rounds):
            _set_hour(Path(folder) / ".takesheet" / "config.toml", datetime.now(UTC) + timedelta(seconds=75))
            words = [sys.executable, "-m", "orchestrator.cli.main", "up", "--store", folder]
            begun = datetime.now(UTC).isoformat()
            with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as up:
                try:
                    assert up.stderr is not None
                    assert any(re.search(r"http://\S+/api", line) for line in up.stderr)
                    run = _first_night(home, begun)
                finally:
                    up.kill()
                assert (run["state"]["type"], run["auto_scheduled"]) == ("COMPLETED", True), f"round {number}: {run}"
            left = left_after(folder, LEFT_AFTER_S) or left_after(str(home), LEFT_AFTER_S)
            assert not left, f"round {number}: processes {left} live {LEFT_AFTER_S} s after the kill"


def _takesheet(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "orchestrator.cli.main", *words], check=True, capture_output=True)


def _set_hour(config: Path, when: datetime) -> None:
    text = re.sub(r'(?m)^nightly = ".*"$', f'nightly = "{when:%H:%M}"', config.read_text())
    config.write_text(text)


def _first_night(home: Path, begun: str) -> dict[str, Any]:
    """Return the first finished flow run of the nightly that began after *begun* (ISO 8601)."""
    until = time.monotonic() + PATIENCE_S
    ended = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}}}
    query = {**ended, "flows": {"name": {"any_": ["nightly"]}}, "sort": "START_TIME_DESC", "limit": 1}
    while time.monotonic() < until:
        found: list[dict[str, Any]] = []
        with suppress(ServerFault):  # a server that is being replaced does not answer for a while
            if (api := published_api(home)) is not None:
                found = api.ask("POST", "/flow_runs/filter", query)[1]
        if found and found[0]["start_time"] > begun:
            return found[0]
        time.sleep(0.5)
    raise AssertionError(f"no night came in {PATIENCE_S:.0f} s")


DRILLS = [("a nightly set a minute ahead fires under `up`, which is then killed", fires_a_minute_ahead, 3, 1)]
