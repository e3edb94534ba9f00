import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import soundfile

from orchestrator.cli.demo.place import MARK, Place
from orchestrator.cli.main import run
from tests.orchestrator.processes import left_after
from tests.paths import ROOT

pytestmark = pytest.mark.waits

NAME = "une démo à bord"


@dataclass(frozen=True)
class Played:
    folder: Path
    code: int
    transcript: str
    left: list[int]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The whole demo, run once, without terminal, colours or locale, beside another user's store."""
    folder = tmp_path_factory.mktemp("demo") / NAME
    env = os.environ | {"LC_ALL": "C", "NO_COLOR": "1", "TAKESHEET_STORE": "/nowhere"}
    demo = [sys.executable, "-m", "orchestrator.cli.main", "demo", NAME]
    done = subprocess.run(
        demo, cwd=folder.parent, env=env, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False
    )
    assert not done.stderr
    return Played(folder, done.returncode, done.stdout, left_after(str(folder), 1.0))


def test_the_demo_plays_to_its_end_and_says_what_was_made_and_what_to_try_next(played: Played) -> None:
    assert played.code == 0, played.transcript[-2000:]
    last = played.transcript.partition("What was made\n")[2]
    assert "nothing is left running" in last
    assert f"{NAME}/release/streaming/01_tin-roof.wav" in last
    assert f"cd '{NAME}'" in last
    assert "unset TAKESHEET_STORE" in last


def test_everything_a_record_goes_through_is_shown_with_what_it_said(played: Played) -> None:
    said = played.transcript
    assert "refused (budget.guard)" in said
    assert "  (exit 3)" in said
    assert "night-bus/tin-roof/bass/3: main: drops out for 12.0 ms at 0:12.319" in said
    assert "0:19.2-0:28.8 take 1 gave way to take 3" in said
    assert "done mix night-bus/tin-roof@mix2" in said
    assert "all of it holds" in said
    assert "9 of 9 equal" in said
    assert "· approved as producer, mix2" in said
    assert "\033" not in said


def test_one_driver_and_one_server_are_kept_up_throughout(played: Played) -> None:
    words = (played.folder / ".takesheet" / "up.log").read_text()
    assert words.count("up · ") == 1
    assert words.rstrip().endswith("stopping")
    assert played.transcript.count("following it") == played.transcript.count("$ takesheet render")


def test_the_masters_it_exports_are_what_streaming_and_cd_want(played: Played) -> None:
    release = played.folder / "release"
    found = {file.parent.name: soundfile.info(file) for file in release.rglob("*.wav")}
    assert {name: (info.samplerate, info.subtype) for name, info in found.items()} == {
        "streaming": (48_000, "PCM_24"),
        "cd": (44_100, "PCM_16"),
    }
    assert all(info.duration > 30 for info in found.values())


def test_no_process_is_left_behind(played: Played) -> None:
    assert played.left == []


def test_a_demo_that_is_interrupted_leaves_no_process_and_can_be_begun_anew(tmp_path: Path) -> None:
    demo = [sys.executable, "-m", "orchestrator.cli.main", "demo", NAME]
    with subprocess.Popen(demo, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as playing:
        assert playing.stdout is not None
        for line in playing.stdout:
            if "takesheet take approve @pass2" in line:
                playing.send_signal(signal.SIGINT)
                break
        _, said = playing.communicate()
    assert playing.returncode == 130
    assert "the demo was stopped; nothing is left running" in said
    assert left_after(str(tmp_path), 1.0) == []
    assert Place(tmp_path / NAME).played


def test_again_in_the_same_folder_it_says_what_is_there_and_begins_anew_only_on_a_yes(
    played: Played, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {file: file.stat().st_mtime_ns for file in played.folder.rglob("*.wav")}
    assert run(["demo", str(played.folder), "--no-input"]) == 8
    said = capsys.readouterr().err
    assert "night-bus@master1  approved" in said
    assert "01_tin-roof.wav" in said
    assert "--yes" in said
    assert {file: file.stat().st_mtime_ns for file in played.folder.rglob("*.wav")} == before


def test_make_demo_says_yes_to_beginning_anew() -> None:
    recipe = (ROOT / "Makefile").read_text().partition("\ndemo:")[2].splitlines()[1]
    assert recipe.split()[1:] == ["demo", "--yes"], "nobody is asked by make"


def test_a_folder_that_no_demo_made_is_refused_and_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tapes").mkdir()
    (tmp_path / MARK).write_text("a mark of somebody else's")
    assert run(["demo", str(tmp_path), "--yes"]) == 3
    assert "demo.folder" in capsys.readouterr().err
    assert (tmp_path / "tapes").is_dir()


def test_the_demo_takes_no_store_and_no_name_but_its_own(tmp_path: Path) -> None:
    assert run(["demo", str(tmp_path / "d"), "--store", str(tmp_path)]) == 2
    assert run(["demo", str(tmp_path / "d"), "--as", "pat"]) == 2
    assert not (tmp_path / "d").exists()
