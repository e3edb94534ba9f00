"""Drill: bash, zsh and fish complete a record, a song, a part and a session; a missing shell is a failure."""

import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.orchestrator.cli.shell.test_completion import environment, reads
from tests.orchestrator.label import Label

LINES: Final = {
    "record show ni": "record show night-bus",
    "song show night-bus/ti": "song show night-bus/tin-roof",
    "part show night-bus/tin-roof/d": "part show night-bus/tin-roof/drums",
    "session answer night-bus/": "session answer night-bus/S1",
}
"""Line that each line becomes by Tab."""
SOURCE: Final = 'eval "$(_TAKESHEET_COMPLETE=source_{} takesheet)"'
SHELLS: Final = {
    "bash": (("--norc", "--noprofile", "-i"), SOURCE.format("bash")),
    "zsh": (
        ("-f", "-i"),
        f"unsetopt prompt_sp; bindkey -e; autoload -Uz compinit; compinit -u -D; {SOURCE.format('zsh')}",
    ),
}
"""Options and first line of each shell that is driven on a terminal; fish completes a line that it is given."""


def drill(rounds: int) -> None:
    """Raise AssertionError if a shell is missing, or completes one of the lines otherwise."""
    missing = [shell for shell in (*SHELLS, "fish") if shutil.which(shell) is None]
    assert not missing, f"not on this machine: {', '.join(missing)}"
    with TemporaryDirectory(prefix="takesheet-shells-") as folder:
        label = _label(Path(folder) / "label")
        env = _environment(Path(folder))
        for _ in range(rounds):
            for shell in SHELLS:
                _complete_on_a_terminal(shell, label, env)
            _complete_in_fish(label, env)


def _label(folder: Path) -> Label:
    folder.mkdir()
    label = Label(folder)
    label.does("init", ".", "--label", "Harbour Records")
    for title in ("Night Bus", "Low Tide"):
        label.does("record", "new", title, "--artist", "The Ferrymen")
    label.does("song", "add", "night-bus", "Tin Roof")
    label.does("part", "add", "night-bus/tin-roof", "Drums", "Bass")
    label.does("resource", "add", "room-a")
    label.does("session", "book", "night-bus", "--room", "room-a", "--on", "2030-01-07", "--hours", "10-12")
    return label


def _environment(folder: Path) -> dict[str, str]:
    """Environment of a shell that finds this program, and no settings of the user's own."""
    program = folder / "takesheet"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m orchestrator.cli.main "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    home = folder / "home"
    home.mkdir()
    return environment(
        PATH=f"{folder}:{os.environ['PATH']}", TERM="dumb", PS1="ready> ", HISTFILE="/dev/null", HOME=str(home),
        ZDOTDIR=str(home), XDG_DATA_HOME=str(home),
    )  # fmt: skip


def _complete_on_a_terminal(shell: str, label: Label, env: Mapping[str, str]) -> None:
    """Type each line and Tab, then let the shell print the line that stands there."""
    options, first = SHELLS[shell]
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [shell, *options], cwd=label.folder, env=dict(env), stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    try:
        reads(ours, "ready> ")
        os.write(ours, f'{first}; echo lo""aded\n'.encode())
        _reads_line(ours, "loaded")
        for typed, whole in LINES.items():
            os.write(ours, f"takesheet {typed}\t".encode())
            os.write(ours, b"\x01echo '=' \n")
            _reads_line(ours, f"= takesheet {whole}")
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _reads_line(terminal: int, line: str) -> None:
    """Wait until the shell printed *line*, and the prompt after it."""
    end = f"{line}\r\n"
    if "ready> " not in reads(terminal, end).partition(end)[2]:
        reads(terminal, "ready> ")


def _complete_in_fish(label: Label, env: Mapping[str, str]) -> None:
    for typed, whole in LINES.items():
        script = f'env _TAKESHEET_COMPLETE=source_fish takesheet | source; complete -C "takesheet {typed}"'
        done = subprocess.run(
            ["fish", "--no-config", "-c", script], cwd=label.folder, env=dict(env), capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        found = [line.split("\t")[0] for line in done.stdout.splitlines()]
        assert found == [whole.rpartition(" ")[2]], (typed, done)


DRILLS = [("completion in bash, zsh and fish", drill, 3, 1)]
