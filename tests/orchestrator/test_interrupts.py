"""Ctrl-C when a script started the tests in the background, with SIGINT ignored."""

import os
import signal
import subprocess
import sys

from tests.orchestrator.label import Label
from tests.orchestrator.processes import left_after
from tests.paths import ROOT

ASK = "import signal, sys; sys.exit(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)"


def background(*words: str, **how: object) -> "subprocess.Popen[str]":
    """A process as the ``&`` of a script starts it: SIGINT is ignored."""
    return subprocess.Popen(
        ["sh", "-c", "trap '' INT; exec \"$@\"", "sh", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how,  # type: ignore[call-overload]
    )  # fmt: skip


def test_a_child_of_these_tests_obeys_ctrl_c_however_they_were_started() -> None:
    again = "from tests.interrupts import restore_interrupts; import subprocess, sys; "
    code = f"{again}restore_interrupts(); sys.exit(subprocess.run([sys.executable, '-c', {ASK!r}]).returncode)"
    assert background(sys.executable, "-c", ASK).wait(60) == 1, "it is how a script starts them"
    assert background(sys.executable, "-c", code, cwd=ROOT).wait(60) == 0
    assert subprocess.run([sys.executable, "-c", ASK], check=False).returncode == 0


def test_up_in_the_background_of_a_script_ignores_ctrl_c_and_obeys_an_end(label: Label) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    env.pop("TAKESHEET_STORE", None)
    up = background(sys.executable, "-m", "orchestrator.cli.main", "up", cwd=label.folder, env=env)
    assert up.stderr is not None
    assert up.stdout is not None
    said = up.stderr.readline()
    assert said.startswith("up"), said + up.stderr.read()
    up.send_signal(signal.SIGINT)
    up.send_signal(signal.SIGTERM)
    assert up.wait(60) == 0
    assert left_after(str(label.folder), 10) == []
