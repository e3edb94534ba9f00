"""Addresses complete in a shell: quickly, silently, without writing, and only from a store that is trusted."""

import os
import pty
import select
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.orchestrator.cli.test_help import HEAVY, SQL
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note
from tests.paths import ROOT

PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Label:
    """A store with two records, takes on a pass, a mix and a master."""
    label = Label(tmp_path_factory.mktemp("lived"))
    label.does("init", ".", "--label", "Harbour Records", "--currency", "EUR", "--timezone", "Europe/Berlin")
    label.does("record", "new", "Night Bus", "--artist", "The Ferrymen")
    label.does("record", "new", "Low Tide", "--artist", "The Ferrymen")
    label.does("song", "add", "night-bus", "Tin Roof")
    label.does("part", "add", SONG, "Drums", "Bass")
    label.does("user", "add", "pat", "--role", "producer")
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "drums_1.wav", 60), "--pass", "3")
    label.does("take", "approve", f"{SONG}/drums/1")
    label.does("mix", "revise", SONG, label.mix_recipe("drums"))
    label.does("mix", "revise", SONG, label.mix_recipe("bass", "drums"))
    label.does("resource", "add", "room-a")
    label.does("resource", "add", "u-87", "--kind", "gear")
    for hours in ("10-12", "14-16"):
        label.does("session", "book", "night-bus", "--room", "room-a", "--on", "2030-01-07", "--hours", hours)
    return label


def environment(**more: str) -> dict[str, str]:
    named = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": os.environ["HOME"], **more}
    named.pop("TAKESHEET_STORE", None)
    return named


def asked(label: Label, *words: str, code: str = "", **more: str) -> tuple[list[str], str]:
    """Suggestions for the last of *words* as Bash asks for it, and stderr."""
    env = environment(
        _TAKESHEET_COMPLETE="complete_bash", COMP_WORDS="\n".join(["takesheet", *words]),
        COMP_CWORD=str(len(words)), **more,
    )  # fmt: skip
    program = ["-c", code] if code else ["-m", "orchestrator.cli.main"]
    done = subprocess.run(
        [sys.executable, *program], cwd=label.folder, env=env, capture_output=True, text=True, check=True
    )
    return done.stdout.split(), done.stderr


def suggested(label: Label, *words: str, **more: str) -> list[str]:
    found, err = asked(label, *words, **more)
    assert err == ""
    return found


CASES = [
    (("boa",), ["board"]),
    (("comp", "ba"), ["band"]),
    (("record", "show", ""), ["low-tide", "night-bus"]),
    (("song", "list", "lo"), ["low-tide"]),
    (("song", "show", "ni"), [SONG]),
    (("part", "show", f"{SONG}/"), [f"{SONG}/bass", f"{SONG}/drums"]),
    (("take", "show", f"{SONG}/dr"), [f"{SONG}/drums", f"{SONG}/drums/1"]),
    (("mix", "approve", "ni"), [SONG, f"{SONG}@mix2", f"{SONG}@mix1"]),
    (("mix", "approve", f"{SONG}@m"), [f"{SONG}@mix2", f"{SONG}@mix1"]),
    (("pass", "sections", f"{SONG}@"), [f"{SONG}@pass3"]),
    (("why", f"{SONG}@mix2"), [f"{SONG}@mix2"]),
    (("board", "--as", "p"), ["pat"]),
    (("mix", "fields", "comp"), ["compressor"]),
    (("mix", "fields", "buses.de"), ["buses.delay"]),
    (("master", "fields", "multi"), ["multiband"]),
    (("resource", "show", "r"), ["room-a"]),
    (("resource", "rename", "u"), ["u-87"]),
    (("room", "block", "ro"), ["room-a"]),
    (("plan", "ics", "r"), ["room-a"]),
    (("plan", "ics", "ni"), ["night-bus"]),
    (("session", "book", "night-bus", "--room", "r"), ["room-a"]),
    (("session", "book", "night-bus", "--with", "u"), ["u-87"]),
    (("session", "show", "night-bus/"), ["night-bus/S1", "night-bus/S2"]),
    (("session", "show", "ni"), ["night-bus/S1", "night-bus/S2", "night-bus"]),
    (("session", "show", "night-bus", ""), ["S1", "S2"]),
    (("session", "answer", "ni"), ["night-bus/S1", "night-bus/S2"]),
    (("session", "answer", "night-bus/S1", "p"), []),
    (("take", "ingest", f"{SONG}/drums", "a.wav", "--session", "S"), ["S1", "S2"]),
    (("take", "ingest", "low-tide/anchor/drums", "a.wav", "--session", "S"), []),
    (("user", "show", "p"), ["pat"]),
    (("user", "remove", "p"), ["pat"]),
    (("record", "show", "no-such"), []),
]


@pytest.mark.parametrize(("words", "found"), CASES, ids=" ".join)
def test_what_an_argument_takes_is_suggested(lived: Label, words: tuple[str, ...], found: list[str]) -> None:
    assert suggested(lived, *words) == found


def test_from_the_current_address_its_end_is_enough(lived: Label) -> None:
    assert suggested(lived, "take", "show", "dr", TAKESHEET_AT=SONG) == ["drums", "drums/1"]
    assert suggested(lived, "mix", "approve", "@m", TAKESHEET_AT=SONG) == ["@mix2", "@mix1"]
    assert suggested(lived, "take", "ingest", "drums", "a.wav", "--session", "", TAKESHEET_AT=SONG) == ["S1", "S2"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("mix", "approve", SONG, "@", "m"), ["@mix2", "@mix1"]),
        (("why", SONG, "@"), ["@mix2", "@mix1"]),
        (("mix", "approve", "@", "m"), ["@mix2", "@mix1"]),
    ],
)
def test_bash_splits_words_at_the_sign_of_a_revision_and_gets_what_it_replaces(
    lived: Label, words: tuple[str, ...], found: list[str]
) -> None:
    assert suggested(lived, *words, TAKESHEET_AT=SONG) == found


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_are_answered_too(lived: Label, shell: str) -> None:
    env = environment(_TAKESHEET_COMPLETE=f"complete_{shell}", _TYPER_COMPLETE_ARGS="takesheet song list lo")
    env |= {"_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    done = subprocess.run(
        [sys.executable, "-m", "orchestrator.cli.main"], cwd=lived.folder, env=env, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert "low-tide" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_each_shell_is_printed(label: Label, shell: str) -> None:
    done = label.apart(env={"_TAKESHEET_COMPLETE": f"source_{shell}"})
    assert f"_TAKESHEET_COMPLETE=complete_{shell}" in done.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_can_be_named(label: Label, tmp_path: Path, shell: str) -> None:
    shown = label.apart("--show-completion", shell)
    assert f"_TAKESHEET_COMPLETE=complete_{shell}" in shown.out
    assert (shown.code, shown.err) == (0, "")
    home = tmp_path / "home"
    installed = label.apart("--install-completion", shell, env={"HOME": str(home)})
    assert f"completion for {shell} lies in {home}" in installed.err
    files = (path for path in home.rglob("*") if path.is_file())
    assert any(f"_TAKESHEET_COMPLETE=complete_{shell}" in path.read_text(encoding="utf-8") for path in files)
    assert installed.code == 0


def test_a_shell_without_completion_is_refused_and_the_others_are_named(label: Label) -> None:
    refused = label.apart("--show-completion", "tcsh")
    assert refused.code == 2
    assert "there is no completion for 'tcsh'; there is one for bash, zsh, fish" in refused.err


def test_completion_imports_nothing_heavy(lived: Label) -> None:
    code = (
        "import sys\nfrom orchestrator.cli.main import main\n"
        "try:\n    main([])\nfinally:\n    print(*sorted(sys.modules), file=sys.stderr)\n"
    )
    found, err = asked(lived, "take", "show", f"{SONG}/dr", code=code)
    assert found
    modules = err.split()
    assert not {name.partition(".")[0] for name in modules} & (HEAVY | SQL | {"numpy", "soundfile"})
    assert "orchestrator.studio" not in modules


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mode) for path in files}


def test_completion_writes_nothing(lived: Label) -> None:
    before = contents(lived.folder)
    assert suggested(lived, "take", "show", f"{SONG}/dr")
    assert contents(lived.folder) == before


def copy_of(lived: Label, folder: Path) -> Label:
    shutil.copytree(lived.folder, folder)
    return Label(folder)


def test_a_name_that_a_shell_would_read_otherwise_is_left_out(lived: Label, tmp_path: Path) -> None:
    planted = copy_of(lived, tmp_path / "planted")
    with closing(sqlite3.connect(planted.folder / ".takesheet" / "log.db")) as hand:
        for number, name in enumerate(("x;reboot", "x$(id)", "x`id`", "x\x1b[2J", "x y", "x\n y", "x\u202e", "xs")):
            hand.execute("INSERT INTO tags VALUES (?, ?)", (900 + number, f"record:{name}"))
        hand.commit()
    assert suggested(planted, "record", "show", "x") == ["xs"]


def test_a_store_that_is_not_trusted_or_broken_or_absent_suggests_nothing(lived: Label, tmp_path: Path) -> None:
    open_ = copy_of(lived, tmp_path / "open")
    (open_.folder / ".takesheet").chmod(0o777)
    assert suggested(open_, "record", "show", "") == []
    assert (open_.folder / ".takesheet").stat().st_mode & 0o777 == 0o777, "it stays as it was"
    broken = copy_of(lived, tmp_path / "broken")
    (broken.folder / ".takesheet" / "log.db").write_bytes(b"no database")
    assert suggested(broken, "record", "show", "") == []
    (tmp_path / "empty").mkdir()
    assert suggested(Label(tmp_path / "empty"), "record", "show", "") == []
    linked = copy_of(lived, tmp_path / "linked")
    (linked.folder / ".takesheet").rename(linked.folder / "real")
    (linked.folder / ".takesheet").symlink_to("real")
    assert suggested(linked, "record", "show", "") == []


def test_a_log_on_a_server_is_not_asked(lived: Label, tmp_path: Path) -> None:
    away = copy_of(lived, tmp_path / "away")
    config = away.folder / ".takesheet" / "config.toml"
    config.write_text(
        config.read_text(encoding="utf-8").replace('log = "log.db"', 'log = "postgresql+psycopg://pat@127.0.0.1:1/x"'),
        encoding="utf-8",
    )
    assert "127.0.0.1" in config.read_text(encoding="utf-8")
    assert suggested(away, "record", "show", "") == []


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash on this machine")
def test_a_real_bash_completes_an_address(lived: Label, tmp_path: Path) -> None:
    program = tmp_path / "takesheet"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m orchestrator.cli.main "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    env = environment(PATH=f"{tmp_path}:{os.environ['PATH']}", TERM="dumb", PS1="ready> ", HISTFILE="/dev/null")
    ours, theirs = pty.openpty()
    shell = subprocess.Popen(
        ["bash", "--norc", "--noprofile", "-i"], cwd=lived.folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    try:
        reads(ours, "ready> ")
        os.write(ours, b'eval "$(_TAKESHEET_COMPLETE=source_bash takesheet)"; echo lo""aded\n')
        reads(ours, "loaded\r\nready> ")
        for typed, whole in (
            ("takesheet song list lo", "takesheet song list low-tide"),
            ("takesheet pass sections night-bus/tin-roof@", "takesheet pass sections night-bus/tin-roof@pass3"),
            ("takesheet mix approve night-bus/tin-roof@mix2", "takesheet mix approve night-bus/tin-roof@mix2"),
        ):
            os.write(ours, f"{typed}\t".encode())
            os.write(ours, b"\x01echo \n")  # the line as it is now, in place of the command
            reads(ours, f"\r\n{whole}\r\nready> ")
    finally:
        shell.kill()
        shell.wait()
        os.close(ours)


def reads(terminal: int, words: str) -> str:
    """Wait until *words* are written to the terminal; return what was written until then."""
    seen, until = "", time.monotonic() + PATIENCE_S
    while words not in seen:
        assert time.monotonic() < until, f"{words!r} never came: {seen!r}"
        if select.select([terminal], [], [], 0.1)[0]:
            seen += os.read(terminal, 4096).decode(errors="replace")
    return seen
