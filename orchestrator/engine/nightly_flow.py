"""The nightly as a Prefect flow, which runs `takesheet nightly` in a process of its own at the scheduled hour.

The command drives if no process does, else follows the standing driver; its output goes to the log of the flow run. The
store comes from the environment of the serving process (``TAKESHEET_STORE``) and cannot be chosen by a person who
starts a run through Prefect.
"""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

MISSED = timedelta(days=1)
"""A run that starts this late, after a long sleep of the machine, is skipped: a more recent one is due."""


def _night() -> str:
    return f"nightly {flow_run.scheduled_start_time:%Y-%m-%d %H:%M} UTC"


@flow(name="nightly", flow_run_name=_night, persist_result=False)
def nightly() -> State[None]:
    """Render all due jobs of the store; fails if a job failed.  The run's log contains the digest."""
    late = datetime.now(UTC) - flow_run.scheduled_start_time
    if late >= MISSED:
        return Completed(name="Missed", message=f"{late} late: a younger night is due")
    command = [sys.executable, "-P", "-m", "orchestrator.cli.main", "nightly", "--plain"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    log = get_run_logger()
    for line in (*done.stderr.splitlines(), *done.stdout.splitlines()):
        log.info(line)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        return Failed(message=f"exit {done.returncode}: {said[-1] if said else 'no word'}")
    return Completed(message="every record is up to date")
