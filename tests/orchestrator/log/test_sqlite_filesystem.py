"""A SQLite log is created only on a file system of this machine."""

from pathlib import Path

import pytest

from domain.core.refusal import Refused
from orchestrator.log.sqlite.filesystem import Mount, here, mount_of, refuse_network

LINUX = [
    Mount(Path("/"), "ext4", "/dev/vda1"),
    Mount(Path("/run"), "tmpfs", "tmpfs"),
    Mount(Path("/mnt/nas"), "nfs4", "nas:/export/audio"),
    Mount(Path("/mnt/nas/local"), "ext4", "/dev/vdb1"),
    Mount(Path("/mnt/the share"), "cifs", "//box/share"),
    Mount(Path("/srv"), "ext4", "/dev/vdc1"),
    Mount(Path("/srv"), "fuse.sshfs", "sshfs#box:/"),
]
MACOS = [
    Mount(Path("/"), "apfs", "/dev/disk3s1s1"),
    Mount(Path("/Volumes/the share"), "smbfs", "//pat@box/share"),
    Mount(Path("/Volumes/nas"), "nfs", "nas:/export"),
]


@pytest.mark.parametrize(
    ("folder", "type_", "network"),
    [
        ("/home/pat", "ext4", False),
        ("/run/store", "tmpfs", False),
        ("/mnt/nas/label", "nfs4", True),
        ("/mnt/nas", "nfs4", True),
        ("/mnt/nas/local/label", "ext4", False),
        ("/mnt/the share/label", "cifs", True),
        ("/srv/label", "fuse.sshfs", True),
    ],
)
def test_the_file_system_of_a_folder_is_that_of_the_nearest_mount_above_it(
    folder: str, type_: str, *, network: bool
) -> None:
    found = mount_of(Path(folder), LINUX)
    assert found is not None
    assert (found.type, found.is_network) == (type_, network)


@pytest.mark.parametrize(
    ("folder", "type_", "network"),
    [("/Users/pat", "apfs", False), ("/Volumes/the share/label", "smbfs", True), ("/Volumes/nas", "nfs", True)],
)
def test_macos_names_its_mounts_in_words_of_its_own(folder: str, type_: str, *, network: bool) -> None:
    found = mount_of(Path(folder), MACOS)
    assert found is not None
    assert (found.type, found.is_network) == (type_, network)


def test_a_store_on_a_network_file_system_is_refused_with_the_reason_and_the_command_for_postgresql() -> None:
    mounts = [Mount(Path("/"), "ext4", "/dev/vda1"), Mount(Path("/mnt/nas"), "nfs4", "nas:/export")]
    with pytest.raises(Refused, match=r"store\.network: /mnt/nas/label lies on nfs4") as refusal:
        refuse_network(Path("/mnt/nas/label"), mounts)
    assert refusal.value.next == "takesheet init /mnt/nas/label --log postgresql+psycopg://USER@HOST/DATABASE"
    refuse_network(Path("/home/label"), mounts)


def test_this_machine_says_where_a_folder_lies(tmp_path: Path) -> None:
    assert here()
    found = mount_of(tmp_path / "not" / "made" / "yet")
    assert found is not None
    assert not found.is_network
