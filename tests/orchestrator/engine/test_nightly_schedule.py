import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from orchestrator.engine.nightly_schedule import NightlySchedule
from orchestrator.engine.prefect_server.api import Api
from orchestrator.engine.prefect_server.home import home_of
from orchestrator.engine.prefect_server.server import PrefectServer
from tests.orchestrator.processes import left_after, living

pytestmark = pytest.mark.waits

PATIENCE_S = 120


def ask(api: Api, path: str, body: dict[str, Any] | None = None) -> Any:
    return api.ask("GET" if body is None else "POST", path, body)[1]


def until(found: Any) -> Any:
    """Wait until *found* returns a true value, and return it."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if answer := found():
            return answer
        time.sleep(0.2)
    raise TimeoutError("it never came")


def ordered(api: Api, deployment: str, state: dict[str, Any]) -> Any:
    """Order a run of *deployment*, again until the server, which may be busy, accepts."""
    path = f"/deployments/{deployment}/create_flow_run"
    return until(lambda: (run := ask(api, path, {"state": state})) and "id" in run and run)


def deployment(api: Api) -> Any:
    answer = ask(api, "/deployments/name/nightly/nightly")
    return answer if "id" in answer else None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "a label's störe"
    words = ["init", str(root), "--label", "L", "--currency", "EUR", "--timezone", "Europe/Berlin"]
    subprocess.run([sys.executable, "-m", "orchestrator.cli.main", *words], check=True, capture_output=True)
    return root / ".takesheet"


@pytest.fixture
def users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of the user's own Prefect, which Prefect would make as soon as it is used."""
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "the user's"))
    return tmp_path / "the user's"


def test_the_nightly_is_a_deployment_with_its_hour_and_runs_when_prefect_says_so(folder: Path, users_own: Path) -> None:
    def finished() -> Any:
        run = ask(api, f"/flow_runs/{asked['id']}")
        return run if run.get("state", {}).get("type") in {"COMPLETED", "FAILED", "CRASHED"} else None

    server = PrefectServer(home_of(folder), print, store=folder)
    with server, NightlySchedule(api := server.api, folder, 3, 30, "Europe/Berlin") as nights:
        made = until(lambda: deployment(api))
        (schedule,) = made["schedules"]
        assert (schedule["schedule"]["cron"], schedule["schedule"]["timezone"]) == ("30 3 * * *", "Europe/Berlin")
        assert schedule["active"]
        assert made["parameters"] == made["parameter_openapi_schema"]["properties"] == {}
        asked = ordered(api, made["id"], {"type": "SCHEDULED"})
        run = until(finished)
        assert (run["state"]["type"], run["state"]["message"]) == ("COMPLETED", "every record is up to date")
        assert run["name"].startswith("nightly 20")
        late = {"type": "SCHEDULED", "state_details": {"scheduled_time": "2020-01-01T03:30:00Z"}}
        asked = ordered(api, made["id"], late)
        assert until(finished)["state"]["name"] == "Missed"
        nights.keep_running(api)
        assert deployment(api)["id"] == made["id"], "nothing was wrong, so nothing was begun anew"
        api.ask("DELETE", f"/deployments/{made['id']}")
        until(lambda: nights.keep_running(api) or deployment(api))
    assert living(str(folder)) == []
    assert not (folder / "prefect").exists(), "nothing of Prefect lies in the store"
    assert not users_own.exists(), "the user's own Prefect was not used"


def test_nights_are_gone_with_the_process_that_keeps_them(folder: Path) -> None:
    code = """
import sys, time
from pathlib import Path
from orchestrator.engine.prefect_server.api import Api
from orchestrator.engine.prefect_server.home import home_of
from orchestrator.engine.prefect_server.api import Api
from orchestrator.engine.nightly_schedule import NightlySchedule
with NightlySchedule(Api("http://127.0.0.1:9/api", "secret"), Path(sys.argv[1]), 3, 0, "UTC"):
    print("up", flush=True)
    time.sleep(600)
"""
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    keeper = subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True, env=env)
    assert keeper.stdout is not None
    assert keeper.stdout.readline() == "up\n"
    until(lambda: [pid for pid in living(str(folder)) if pid != keeper.pid])
    keeper.kill()
    keeper.wait()
    assert left_after(str(folder), 5) == []
