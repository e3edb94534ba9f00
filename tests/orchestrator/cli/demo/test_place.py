from pathlib import Path

import pytest

from domain.core.refusal import Clash, Refused
from orchestrator.cli.demo.place import MADE, MARK, TEXT, Place
from orchestrator.store.driver_lock import DriverLock


def test_a_new_folder_and_an_empty_one_become_the_demos_own(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "deep" / "new", tmp_path / "empty"):
        assert not Place(folder).played
        Place(folder).take()
        assert Place(folder).played
        Place(folder).take()


def test_a_file_or_somebodys_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mix.toml").write_text("mine")
    for there in (tmp_path, tmp_path / "mix.toml"):
        with pytest.raises(Refused, match="no demo made it"):
            Place(there).take()


def test_beginning_anew_removes_what_the_demo_made_and_follows_no_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "song.wav").write_text("mine")
    place = Place(tmp_path / "demo")
    place.take()
    for name in MADE[:-1]:
        (place.folder / name).mkdir()
    (place.folder / MADE[-1]).symlink_to(outside)
    (place.folder / "my-notes.txt").write_text("mine")
    place.clear()
    assert {file.name for file in place.folder.iterdir()} == {".takesheet-demo", "my-notes.txt"}
    assert (outside / "song.wav").exists()


def test_nothing_is_removed_while_a_driver_is_at_work_there(tmp_path: Path) -> None:
    place = Place(tmp_path / "demo")
    place.take()
    store = place.folder / ".takesheet"
    store.mkdir()
    with DriverLock(store) as lock:
        assert lock.acquire()
        with pytest.raises(Clash, match="end it first"):
            place.clear()
    assert store.is_dir()


def test_two_demos_never_play_in_one_folder(tmp_path: Path) -> None:
    place = Place(tmp_path / "demo")
    place.take()
    with place.held(), pytest.raises(Clash, match="right now"), Place(place.folder).held():
        pass


@pytest.mark.parametrize("mark", ["", TEXT[:10], TEXT])
def test_a_demo_killed_as_it_began_is_begun_anew(tmp_path: Path, mark: str) -> None:
    (tmp_path / MARK).write_text(mark, encoding="utf-8")
    if mark == TEXT:
        (tmp_path / ".takesheet.new-4194304").mkdir()
    place = Place(tmp_path)
    place.take()
    place.clear()
    assert place.played
    assert [entry.name for entry in tmp_path.iterdir()] == [MARK]


def test_half_a_mark_beside_other_things_makes_nothing_the_demos_own(tmp_path: Path) -> None:
    (tmp_path / MARK).touch()
    (tmp_path / "tapes").mkdir()
    assert not Place(tmp_path).played
    with pytest.raises(Refused, match="no demo made it"):
        Place(tmp_path).take()
