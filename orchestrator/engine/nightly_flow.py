"""The nightly as a Prefect flow: `takesheet nightly`, at its hour, in a process of its own.

It drives where nobody drives, and follows the standing driver otherwise; its words are the flow run's log.  The
store is that of the process which serves the flow (``TAKESHEET_STORE``): whoever orders a run cannot choose one.
"""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

MISSED = timedelta(days=1)
"""A night that is so late, after a long sleep of the machine, has a younger one behind it: that one will do."""


def _night() -> str:
    return f"nightly {flow_run.scheduled_start_time:%Y-%m-%d %H:%M} UTC"


@flow(name="nightly", flow_run_name=_night, persist_result=False)
def nightly() -> State[None]:
    """Bring every record of the store up to date; failed where a song failed, and its log holds the digest."""
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
