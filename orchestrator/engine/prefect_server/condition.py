"""Condition of Prefect's files and server for a store; changes nothing and does not import Prefect."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from orchestrator.engine.prefect_server.api import published_api
from orchestrator.engine.prefect_server.database import template_file
from orchestrator.engine.prefect_server.database_check import Unusable, examine, examine_template
from orchestrator.engine.prefect_server.fault import ServerFault
from orchestrator.engine.prefect_server.home import home_of, read_facts
from orchestrator.engine.prefect_server.process import DATABASE
from orchestrator.engine.process_identity import record_in

ANEW: Final = "the next render makes it anew, and nothing is lost by it"
DEADLINE_S: Final = 5.0


def conditions(store: Path) -> Iterator[tuple[str, str, str]]:
    """Yield name, condition and fault (empty if there is none) of home, database, template and server.

    Args:
        store: the ``.takesheet`` folder.
    """
    try:
        home = home_of(store)
    except ServerFault as fault:
        yield "prefect home", "none", fault.reason
        return
    yield "prefect home", str(home), _fault_of_folder(home)
    yield ("prefect database", *_condition_of(home / DATABASE, examine))
    yield ("prefect template", *_condition_of(template_file(), examine_template))
    if record_in(read_facts(home)).is_proved():
        yield "prefect server", "up", _fault_of_server(home)


def _fault_of_folder(home: Path) -> str:
    try:
        found = home.lstat()
    except FileNotFoundError:
        return ""
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        return "a link, a file or another user's: remove it"
    return ""


def _condition_of(database: Path, examine_file: Callable[[Path], None]) -> tuple[str, str]:
    if not os.path.lexists(database):
        return "none yet", ""
    try:
        examine_file(database)
    except Unusable as fault:
        return "unusable", f"it {fault.reason}; {ANEW}"
    return "whole", ""


def _fault_of_server(home: Path) -> str:
    api = published_api(home)
    if api is None:
        return ""
    try:
        api.check(deadline_s=DEADLINE_S)
    except ServerFault as fault:
        return f"{fault.reason}; the driver that keeps it replaces it within a minute"
    return ""
