import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from domain.core.refusal import NotFound, Refused
from orchestrator.new_file import REHEARSED, TEMPORARY, UNFINISHED, new_file, rehearsed, temporary_folder
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.recording_player import RecordingPlayer
from tests.orchestrator.sounds import note
from tests.paths import ROOT


def test_a_file_appears_with_the_end_of_the_block_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    final = tmp_path / "a backup.tar"
    with new_file(final) as draft:
        draft.write_bytes(b"whole")
        assert not final.exists()
        assert draft.parent.stat().st_dev == tmp_path.stat().st_dev
    assert final.read_bytes() == b"whole"
    assert [entry.name for entry in tmp_path.iterdir()] == [final.name]


def test_a_folder_appears_whole_too(tmp_path: Path) -> None:
    with new_file(tmp_path / "store") as draft:
        draft.mkdir()
        (draft / "inside").write_text("it")
    assert (tmp_path / "store" / "inside").read_text() == "it"


def test_what_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    def write_half() -> None:
        with new_file(tmp_path / "file") as draft:
            draft.write_bytes(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("there", ["file", "folder", "broken link"])
def test_nothing_is_ever_written_over(tmp_path: Path, there: str) -> None:
    final = tmp_path / "final"
    {"file": final.touch, "folder": final.mkdir, "broken link": lambda: final.symlink_to("nowhere")}[there]()
    with pytest.raises(Refused, match=r"file\.exists"), new_file(final):
        pytest.fail("it began all the same")


def test_what_came_there_meanwhile_stays(tmp_path: Path) -> None:
    final = tmp_path / "final"

    def write_ours() -> None:
        with new_file(final) as draft:
            draft.write_bytes(b"ours")
            final.write_bytes(b"theirs")

    with pytest.raises(Refused, match=r"file\.exists"):
        write_ours()
    assert final.read_bytes() == b"theirs"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="is no folder"), new_file(tmp_path / "none" / "file"):
        pytest.fail("it began all the same")


def test_what_a_killed_process_left_is_swept_by_the_next_and_what_lives_is_not(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from orchestrator.new_file import new_file\n"
        "with new_file(Path(sys.argv[1])) as draft:\n"
        "    draft.write_bytes(b'half'); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = ROOT
    subprocess.run(
        [sys.executable, "-c", code, tmp_path / "one"],
        check=False,  # the process kills itself
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert [entry.name for entry in tmp_path.iterdir()] == [UNFINISHED]
    with new_file(tmp_path / "two") as living:
        living.write_bytes(b"two")
        with new_file(tmp_path / "three") as draft:
            draft.write_bytes(b"three")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["three", "two"]


KILLED = """
import os, signal, sys
from pathlib import Path
from orchestrator.new_file import rehearsed
with rehearsed(Path(sys.argv[1])) as draft:
    draft.write_text("private")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("words", [(), ("--dry-run",)])
def test_what_a_killed_rehearsal_left_is_removed_by_the_next_backup(
    label: Label, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    room = tmp_path / "room"
    room.mkdir()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(room)}
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "a.tar")], env=env, check=False)
    assert killed.returncode == -signal.SIGKILL
    (left,) = [path for path in room.rglob("*") if path.name == "a.tar"]
    top = left.parent.parent
    assert top.name.startswith(REHEARSED)
    assert top.stat().st_mode & 0o077 == 0
    monkeypatch.setattr("tempfile.tempdir", str(room))
    (room / f"{REHEARSED}link").symlink_to(label.folder)
    (room / f"{REHEARSED}file").touch()
    label.does("store", "backup", tmp_path / "b.tar", *words)
    assert not left.exists()
    label.does("store", "backup", tmp_path / "c.tar", "--dry-run")
    assert not top.exists()
    assert sorted(path.name for path in room.iterdir()) == [f"{REHEARSED}file", f"{REHEARSED}link"]
    assert (label.folder / ".takesheet").is_dir()


def test_a_rehearsal_that_goes_on_keeps_its_folder(
    label: Label, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "room").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "room"))
    with rehearsed(tmp_path / "a.tar") as draft:
        draft.write_text("mine")
        label.does("store", "backup", tmp_path / "b.tar", "--dry-run")
        assert draft.read_text() == "mine"
    assert list((tmp_path / "room").iterdir()) == []


def test_what_a_killed_player_left_is_removed_by_the_next_and_a_living_folder_stays(
    label: Label, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = tmp_path / "room"
    room.mkdir()
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "1.wav", 100.0, seconds=2.0))
    RecordingPlayer.of(label, "kill -9 $PPID; exit 0")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(room)}
    command = [sys.executable, "-m", "orchestrator.cli.main", "play", f"{SONG}/drums/1", "--loop", "0:00-0:01"]
    killed = subprocess.run(command, env=env, cwd=label.folder, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    left = list(room.rglob("*.wav"))
    assert left
    assert all(path.relative_to(room).parts[0].startswith(TEMPORARY) for path in left)
    monkeypatch.setattr("tempfile.tempdir", str(room))
    with temporary_folder() as living:
        assert not any(path.exists() for path in left)
        RecordingPlayer.of(label, "exit 0")
        label.does("play", f"{SONG}/drums/1")
        assert living.is_dir()
    assert list(room.iterdir()) == []
