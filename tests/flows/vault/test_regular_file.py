import os
from pathlib import Path

import pytest

from domain.core.refusal import Refused
from flows.vault.regular_file import LinkFound, open_regular, read_regular, refuse_links

pytestmark = pytest.mark.waits


def test_a_link_is_not_followed_and_its_target_keeps_its_bytes(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"keep")
    link.symlink_to(target)
    for flags in (os.O_RDONLY, os.O_RDWR | os.O_CREAT | os.O_TRUNC, os.O_WRONLY | os.O_CREAT):
        with pytest.raises(LinkFound, match=r"store\.link"):
            open_regular(link, flags)
    assert target.read_bytes() == b"keep"


def test_a_link_to_nothing_makes_no_file_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LinkFound):
        open_regular(tmp_path / "link", os.O_WRONLY | os.O_CREAT)
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_on_the_way_that_is_a_link_is_refused(tmp_path: Path) -> None:
    store, elsewhere = tmp_path / "store", tmp_path / "elsewhere"
    store.mkdir()
    elsewhere.mkdir()
    (elsewhere / "file").write_bytes(b"x")
    (store / "vault").symlink_to(elsewhere)
    with pytest.raises(LinkFound, match="vault"):
        read_regular(store / "vault" / "file", below=store)
    refuse_links(store / "not" / "there", store)


def test_a_pipe_a_device_and_a_folder_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    pipe = tmp_path / "pipe"
    for place, flags in (
        (pipe, os.O_RDONLY),
        (pipe, os.O_WRONLY),
        (Path(os.devnull), os.O_RDONLY),
        (tmp_path, os.O_RDWR),
    ):
        with pytest.raises(LinkFound, match="no regular file"):
            open_regular(place, flags)


def test_a_path_never_leaves_the_folder_that_is_believed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="leaves"):
        refuse_links(tmp_path / "a" / ".." / "b", tmp_path)


def test_a_file_is_read_to_its_bound_and_no_further(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    assert read_regular(tmp_path / "file", at_most=5) == b"12345"
    with pytest.raises(Refused, match=r"file\.size"):
        read_regular(tmp_path / "file", at_most=4)
