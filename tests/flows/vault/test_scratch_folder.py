import os
import shutil
from pathlib import Path

import pytest

from domain.core.refusal import Refused
from flows.vault.regular_file import LinkFound
from flows.vault.scratch_folder import scratch_folder, sweep

pytestmark = pytest.mark.waits

ROOM = "4194304-0123456789ab"
"""Name of a room whose process has ended."""


def left_behind(top: Path, room: str = ROOM) -> Path:
    (top / room).mkdir(parents=True)
    (top / room / "half").write_bytes(b"half")
    (top / f"{room}.lock").touch()
    return top / room


def test_a_private_folder_is_closed_to_others_even_where_it_was_open_before(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    top.chmod(0o777)
    with scratch_folder(top, private=True) as room:
        assert top.stat().st_mode & 0o077 == 0
        assert room.stat().st_mode & 0o077 == 0
    assert list(top.iterdir()) == []


@pytest.mark.parametrize("private", [True, False])
def test_a_link_in_place_of_the_folder_is_refused_and_nothing_behind_it_is_removed(
    tmp_path: Path, *, private: bool
) -> None:
    kept = left_behind(tmp_path / "elsewhere") / "half"
    top = tmp_path / "top"
    top.symlink_to("elsewhere")
    with pytest.raises(LinkFound, match="top is a symbolic link"):
        sweep(top, private=private)
    with pytest.raises(LinkFound, match="top is a symbolic link"), scratch_folder(top, private=private):
        pytest.fail("it began all the same")
    assert kept.read_bytes() == b"half"


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.touch()
    with pytest.raises(LinkFound, match="top is no folder"):
        sweep(top, private=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of another account")
def test_a_private_folder_of_another_account_is_refused_by_its_owner(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    os.chown(top, 65534, 65534)
    with pytest.raises(Refused, match=r"file\.unfinished: .*top belongs to another account \(user id 65534\)"):
        sweep(top, private=True)


def test_what_has_another_shape_than_ours_is_never_swept(tmp_path: Path) -> None:
    for room in ("data-1", "1-0123456789AB", "x4-0123456789ab", "4-0123456789abc"):
        left_behind(tmp_path, room)
    before = sorted(tmp_path.rglob("*"))
    assert sweep(tmp_path, private=True) == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_links_and_pipes_among_the_left_behind_are_neither_followed_nor_waited_for(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_bytes(b"kept")
    top = tmp_path / "top"
    left_behind(top)
    (top / ROOM / "out").symlink_to(elsewhere)
    (top / "1-000000000000.lock").symlink_to(elsewhere / "kept")
    (top / "2-000000000000.lock").touch()
    (top / "2-000000000000").symlink_to(elsewhere)
    os.mkfifo(top / "3-000000000000.lock")
    assert sweep(top) == 1
    assert not (top / ROOM).exists()
    assert (elsewhere / "kept").read_bytes() == b"kept"


def test_a_folder_exchanged_for_a_link_meanwhile_leads_nowhere(tmp_path: Path) -> None:
    top, elsewhere = tmp_path / "top", tmp_path / "elsewhere"
    with scratch_folder(top, private=True) as room:
        (room / "half").write_bytes(b"half")
        top.rename(tmp_path / "aside")
        shutil.copytree(tmp_path / "aside", elsewhere)
        top.symlink_to("elsewhere")
    assert (elsewhere / room.name / "half").read_bytes() == b"half", (
        "what was swept is our own, not what lies there now"
    )
    assert list((tmp_path / "aside").iterdir()) == []
