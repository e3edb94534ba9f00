"""One thing is played at a time, and keys steer it; each test has a player that records what it was given."""

import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestrator.cli.commands.listen.steering import NOTE_PROMPT, PROMPT
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.processes import is_alive
from tests.orchestrator.recording_player import RecordingPlayer
from tests.orchestrator.sounds import note
from tests.orchestrator.terminal import PATIENCE_S, Terminal
from tests.paths import ROOT

MASTER = "night-bus@master1"
BYTES_A_SECOND = 48_000 * 2 * 3
"""Of an excerpt: stereo at 24 bits."""


@pytest.fixture(scope="module")
def long_takes(opened: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part with two takes of a minute without a verdict."""
    folder = tmp_path_factory.mktemp("long") / "store"
    shutil.copytree(opened, folder)
    label = Label(folder)
    files = [note(folder / f"{n}.wav", 100.0 * n, seconds=60.0) for n in (1, 2)]
    label.does("take", "ingest", f"{SONG}/drums", *files)
    return folder


@pytest.fixture
def minute(long_takes: Path, tmp_path: Path) -> Label:
    shutil.copytree(long_takes, tmp_path / "minute")
    return Label(tmp_path / "minute")


def test_a_mix_plays_its_main_print_and_another_by_name(released: Label) -> None:
    recipe = released.folder / "two.toml"
    parts = "".join(f"[strips.{part}]\ngain_db = -6\n" for part in ("drums", "bass", "lead-vocal"))
    recipe.write_text(f'{parts}[versions.tv]\nwithout = ["lead-vocal"]\n')
    released.does("mix", "revise", SONG, recipe)
    released.renders()
    paths = {row["name"].rpartition("_")[2]: row["path"] for row in released.data("path", f"{SONG}@mix2")}
    assert paths.keys() == {"main", "tv"}
    player = RecordingPlayer.of(released, "exit 0")
    released.does("play", f"{SONG}@mix2")
    said = released.run("play", f"{SONG}@mix2", "--print", "tv")
    assert [path for _, _, path in player.rows()] == [paths["main"], paths["tv"]]
    assert f"{SONG}@mix2 tv, 0:02" in said.err
    unknown = released.refuses(4, "play", f"{SONG}@mix2", "--print", "stems")
    assert unknown.rule == "play.print"
    assert "it has main, tv" in unknown.err
    assert released.refuses(2, "play", f"{SONG}/drums/1", "--print", "tv").rule == "play.print"
    assert released.refuses(2, "play", f"{SONG}@mix2", "--target", "cd").rule == "play.target"


def test_a_master_plays_one_target(released: Label) -> None:
    paths = {file["name"].partition("/")[0]: file["path"] for file in released.data("path", MASTER)}
    first, other = paths
    player = RecordingPlayer.of(released, "exit 0")
    released.does("play", MASTER)
    released.does("play", MASTER, "--target", other)
    assert [path for _, _, path in player.rows()] == [paths[first], paths[other]]
    assert released.refuses(4, "play", MASTER, "--target", "vinyl").rule == "play.target"


def test_the_tracks_of_a_comp_sound_together(label: Label) -> None:
    files = [note(label.folder / f"{name}.wav", hz) for name, hz in (("kick", 60), ("snare", 200))]
    label.does("take", "ingest", f"{SONG}/drums", *files, "--together")
    label.does("take", "approve", f"{SONG}/drums/1")
    label.renders()
    player = RecordingPlayer.of(label, "exit 0")
    label.does("play", f"{SONG}/drums")
    assert len(player.rows()) == 1


def test_a_player_that_ends_at_once_is_told_with_its_exit_code(minute: Label) -> None:
    RecordingPlayer.of(minute, "exit 0")
    said = minute.run("play", f"{SONG}/drums/1")
    assert said.code == 0
    (line,) = [line for line in said.err.splitlines() if "exit code" in line]
    assert line.startswith("/")
    assert "player.sh ended with exit code 0 after 0." in line
    assert line.endswith("there was 1:00 to play")


def test_a_player_that_fails_is_told_with_its_exit_code_and_its_own_words(minute: Label) -> None:
    RecordingPlayer.of(minute, "echo 'no such device' >&2; exit 9")
    failed = minute.refuses(3, "play", f"{SONG}/drums/1")
    assert failed.rule == "player.failed"
    assert "ended with exit code 9: no such device" in failed.err


def test_a_player_that_ends_at_once_does_not_loop(minute: Label) -> None:
    player = RecordingPlayer.of(minute, "exit 0")
    terminal = Terminal(minute, "play", f"{SONG}/drums/1", "--loop", "0:10-0:40")
    terminal.sees("there was 0:30 to play")
    assert terminal.ends() == 0
    assert len(player.rows()) == 1


def test_keys_pause_and_seek_and_stop_what_plays(minute: Label) -> None:
    player = RecordingPlayer.of(minute)
    terminal = Terminal(minute, "play", f"{SONG}/drums/1")
    terminal.sees(PROMPT)
    player.waits_for(1)
    steps = (("\x1b[C", "from 0:", 2), ("\x1b[C", "from 0:", 3), (" ", "paused at 0:", 3), (" ", "from 0:", 4))
    for prompts, (keys, told, files) in enumerate(steps, start=2):
        terminal.press(keys)
        terminal.sees(told)
        terminal.sees(PROMPT, times=prompts)
        player.waits_for(files)
    whole, later, latest, again = player.waits_for(4)
    assert whole[0] - later[0] > 4.9 * BYTES_A_SECOND
    assert later[0] - latest[0] > 4.9 * BYTES_A_SECOND
    assert latest[0] > again[0]
    terminal.press("\x1b[D" * 12)
    terminal.sees("from 0:00")
    terminal.press("z")
    terminal.sees("there is no such key here")
    terminal.press("q")
    assert terminal.ends() == 0
    assert not any(is_alive(pid) for _, pid, _ in player.rows())


def test_a_stretch_is_played_again_and_again_until_l_or_n(minute: Label) -> None:
    player = RecordingPlayer.of(minute, "exec sleep 0.6")
    terminal = Terminal(minute, "play", f"{SONG}/drums/1", "--loop", "0:10-0:11")
    player.waits_for(2)
    terminal.sees(PROMPT)
    terminal.press("l")
    terminal.sees("loop off")
    assert terminal.ends() == 0
    terminal = Terminal(minute, "play", f"{SONG}/drums/1", "--loop", "0:10-0:11")
    terminal.sees(PROMPT)
    terminal.press("n")
    assert terminal.ends() == 0


def test_ctrl_c_stops_the_sound_first_and_a_second_one_ends(minute: Label) -> None:
    player = RecordingPlayer.of(minute)
    terminal = Terminal(minute, "play", f"{SONG}/drums/1")
    terminal.sees(PROMPT)
    ((_, pid, _),) = player.waits_for(1)
    terminal.process.send_signal(signal.SIGINT)
    terminal.sees("stopped at 0:0")
    assert not is_alive(pid)
    assert terminal.process.poll() is None
    terminal.sees(PROMPT, times=2)
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.ends() == 130


def test_in_review_the_keys_of_the_player_hold_and_a_verdict_stops_the_sound(minute: Label) -> None:
    player = RecordingPlayer.of(minute)
    terminal = Terminal(minute, "review")
    terminal.sees("(q)uit ?")
    terminal.press("p")
    terminal.sees(NOTE_PROMPT)
    player.waits_for(1)
    terminal.press("\x1b[C")
    terminal.sees("from 0:0")
    player.waits_for(2)
    terminal.process.send_signal(signal.SIGINT)
    terminal.sees("stopped at 0:0")
    terminal.sees(NOTE_PROMPT, times=3)
    terminal.press(" ")
    player.waits_for(3)
    terminal.sees(NOTE_PROMPT, times=4)
    terminal.press("a")
    terminal.sees("[2/2]")
    terminal.sees("(q)uit ?", times=2)
    assert not any(is_alive(pid) for _, pid, _ in player.rows())
    terminal.press("p")
    player.waits_for(4)
    terminal.sees(NOTE_PROMPT, times=5)
    terminal.press("q")
    terminal.sees("(q)uit ?", times=3)
    terminal.press("q")
    assert terminal.ends() == 0
    assert [row["verdict"] for row in minute.data("take", "list", SONG)] == ["approved", ""]


def test_a_player_that_fails_in_review_is_told_and_the_review_goes_on(minute: Label) -> None:
    RecordingPlayer.of(minute, "exit 9")
    terminal = Terminal(minute, "review")
    terminal.sees("(q)uit ?")
    terminal.press("p")
    terminal.sees("ended with exit code 9")
    terminal.sees("(q)uit ?", times=2)
    terminal.press("r")
    terminal.sees("[2/2]")
    terminal.sees("(q)uit ?", times=3)
    terminal.press("q")
    assert terminal.ends() == 0


class Shell:
    """An interactive bash with job control, on a terminal of its own."""

    def __init__(self, label: Label) -> None:
        self._ours, theirs = pty.openpty()
        env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb", "PS1": "shell> "}
        bash = ["setsid", "--ctty", "bash", "--norc", "--noprofile", "--noediting", "-i"]
        self.process = subprocess.Popen(bash, cwd=label.folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        self.seen = ""

    def types(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def sees(self, words: str, *, times: int = 1) -> None:
        until = time.monotonic() + PATIENCE_S
        while self.seen.count(words) < times:
            assert time.monotonic() < until, f"{words!r} never came: {self.seen}"
            if select.select([self._ours], [], [], 0.1)[0]:
                self.seen += os.read(self._ours, 4096).decode(errors="replace")

    def ends(self) -> None:
        self.types("exit\n")
        self.process.wait(timeout=PATIENCE_S)
        os.close(self._ours)


@pytest.mark.skipif(shutil.which("setsid") is None or shutil.which("bash") is None, reason="wants bash and setsid")
def test_fg_after_ctrl_z_goes_on_with_single_keys(minute: Label) -> None:
    shell = Shell(minute)
    try:
        shell.sees("shell> ")
        shell.types(f"{sys.executable} -m orchestrator.cli.main review\n")
        shell.sees("(q)uit ?")
        shell.types("\x1a")
        shell.sees("Stopped")
        shell.sees("shell> ", times=2)
        shell.types("echo the terminal shows what is typed\n")
        shell.sees("the terminal shows what is typed", times=2)
        shell.sees("shell> ", times=3)
        shell.types("fg\n")
        shell.sees("(q)uit ?", times=2)
        shell.types("k")
        shell.sees("[2/2]")
        shell.sees("(q)uit ?", times=3)
        shell.types("q")
        shell.sees("1 decided")
        shell.sees("shell> ", times=4)
        shell.ends()
    finally:
        if shell.process.poll() is None:
            shell.process.kill()
            shell.process.wait()
    assert [row["verdict"] for row in minute.data("take", "list", SONG)] == ["kept", ""]
