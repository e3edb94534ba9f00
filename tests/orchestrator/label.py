"""The store of one test, in which commands are run and their output is returned."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestrator.cli.main import run
from orchestrator.log.store import Clock
from orchestrator.studio import Studio
from tests.orchestrator.file_clock import FileClock
from tests.orchestrator.rendering import render_all
from tests.orchestrator.sounds import note
from tests.paths import ROOT

SONG = "night-bus/tin-roof"


@dataclass(frozen=True, slots=True)
class Said:
    """Output and exit code of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The JSON object on stdout."""
        return json.loads(self.out)

    @property
    def rule(self) -> str:
        """Name of the rule that refused; empty if none did."""
        found = re.search(r"^(?:error|refused) \(([^)]+)\): ", self.err, re.MULTILINE)
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Label:
    """Runs commands in a store's folder, in this process or in one of their own."""

    folder: Path
    clock: Clock | None = None
    """Tells the time to the commands that run in this process; None for this machine's clock."""

    @property
    def command(self) -> list[str]:
        """The command line as a process of its own, by this machine's clock or by one that is written to a file."""
        if isinstance(self.clock, FileClock):
            return [sys.executable, "-m", "tests.orchestrator.file_clock", str(self.clock.file)]
        return [sys.executable, "-m", "orchestrator.cli.main"]

    def run(self, *words: object) -> Said:
        """Run a command in this process; return its output and exit code."""
        out, err = io.StringIO(), io.StringIO()
        with _alone(self.folder), redirect_stdout(out), redirect_stderr(err):
            code = run([str(word) for word in words], clock=self.clock)
        assert "Traceback" not in err.getvalue() + out.getvalue()
        return Said(code, out.getvalue(), err.getvalue())

    def does(self, *words: object) -> str:
        """Run a command that must succeed; return its stdout."""
        said = self.run(*words)
        assert said.code == 0, (words, said)
        return said.out.strip()

    def data(self, *words: object) -> Any:
        """Run a command that must succeed; return the data of its ``--json``."""
        said = self.run(*words, "--json")
        assert said.code == 0, (words, said)
        assert said.json.keys() == {"ok", "data"}
        assert said.json["ok"] is True
        return said.json["data"]

    def refuses(self, code: int, *words: object) -> Said:
        """Run a command that must fail with *code*: one line of error, an empty stdout, and nothing recorded."""
        before = self.head
        said = self.run(*words)
        assert said.code == code, (words, said)
        assert said.out == "", words
        told = [line for line in said.err.splitlines() if line.startswith(("error (", "refused ("))]
        assert len(told) == 1, said.err
        assert re.search(r"^  next: \S", said.err, re.MULTILINE), f"no next step: {said.err}"
        assert self.head == before
        return said

    @property
    def head(self) -> int:
        """Last position of the log; 0 if there is no store."""
        if not (self.folder / ".takesheet").exists():
            return 0
        with Studio.at(str(self.folder)) as studio:
            return studio.log.head().position

    def begin(
        self, *words: object, env: Mapping[str, str] | None = None, stdin: int = subprocess.DEVNULL
    ) -> "subprocess.Popen[str]":
        """Start a command as a process of its own."""
        command = [*self.command, *(str(word) for word in words)]
        root = ROOT
        told = {**os.environ, "PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8", **(env or {})}
        told.pop("TAKESHEET_STORE", None)
        return subprocess.Popen(
            command, cwd=self.folder, env=told, text=True, stdin=stdin, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip

    def apart(self, *words: object, env: Mapping[str, str] | None = None) -> Said:
        """Run a command as a process of its own; return its output and exit code."""
        process = self.begin(*words, env=env)
        out, err = process.communicate(timeout=120)
        return Said(process.returncode, out, err)

    def renders(self) -> list[str]:
        """Render all that is due; return the addresses that were rendered."""
        return render_all(str(self.folder))

    def mix_recipe(self, *parts: str) -> Path:
        """A recipe file with a strip for each of *parts*."""
        file = self.folder / "mix.toml"
        file.write_text("".join(f"[strips.{part}]\ngain_db = -6\n" for part in parts), encoding="utf-8")
        return file


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """In the block, *folder* is the working folder, and no environment variable names another store."""
    named = os.environ.pop("TAKESHEET_STORE", None)
    try:
        with chdir(folder):
            yield
    finally:
        if named is not None:
            os.environ["TAKESHEET_STORE"] = named


def open_label(folder: Path, *parts: str, clock: Clock | None = None) -> Label:
    """A label with one record and one song of *parts*; its commands go by *clock*, if one is given."""
    label = Label(folder, clock)
    label.does("init", ".", "--label", "Harbour Records", "--currency", "EUR", "--timezone", "Europe/Berlin")
    label.does("record", "new", "Night Bus", "--artist", "The Ferrymen", "--due", "2027-03-12")
    label.does("song", "add", "night-bus", "Tin Roof")
    if parts:
        label.does("part", "add", SONG, *parts)
    return label


def release(label: Label) -> None:
    """Take the song from takes to an approved master for streaming and CD, with two renders."""
    sounds = label.folder / "sounds"
    label.does("user", "add", "pat", "--role", "producer")
    label.does("resource", "add", "room-a", "--kind", "room", "--rate", "600/day")
    label.does("session", "book", "night-bus", "--room", "room-a", "--on", "2026-12-07", "--hours", "10-18")
    for part, pitches in (("drums", (60, 65)), ("bass", (80,)), ("lead-vocal", (440, 660))):
        files = [note(sounds / f"{part}_{n}.wav", hz, seconds=2.0) for n, hz in enumerate(pitches, start=1)]
        label.does("take", "ingest", f"{SONG}/{part}", *files, "--session", "S1")
    label.does("take", "approve", f"{SONG}/drums/2", f"{SONG}/bass/1", "--as", "pat", "--why", "the pocket")
    label.does("comp", "set", f"{SONG}/lead-vocal", "0:00=1", "0:01=2", "--as", "pat", "--why", "the second half soars")
    recipe = label.mix_recipe("drums", "bass", "lead-vocal")
    label.does("mix", "revise", SONG, recipe, "--why", "first balance", "--as", "pat")
    label.renders()
    label.does("mix", "approve", f"{SONG}@mix1", "--as", "pat", "--why", "it moves")
    label.does("master", "plan", "night-bus", "--target", "streaming", "--target", "cd", "--as", "pat")
    label.renders()
    label.does("master", "approve", "night-bus@master1", "--as", "pat", "--why", "ship it")


def rendered(label: Label, *words: object, env: Mapping[str, str] | None = None) -> Said:
    """A render that must succeed, in a process of its own."""
    said = label.apart(*words, env=env)
    assert said.code == 0, said
    return said
