"""File systems that can hold a SQLite log: file systems of one machine alone.

The write-ahead log is shared through memory ("all processes using a database must be on the same host computer; WAL
does not work over a network filesystem": SQLite documentation, "Write-Ahead Logging", overview), and file locks must
work.
"""

from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Final

from domain.core.refusal import Refused
from orchestrator.log.database.url import SCHEME

NETWORK: Final = frozenset({
    *("9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs"),
    *("nfs", "nfs3", "nfs4", "ocfs2", "prl_fs", "smb", "smb2", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs"),
    *("webdav", "fuse.ceph", "fuse.davfs2", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs"),
    *("fuse.vmhgfs-fuse", "macfuse", "osxfuse"),
})  # fmt: skip
"""Types of file systems that other machines write to as well, by their names on Linux and macOS."""


@dataclass(frozen=True, slots=True)
class Mount:
    """A mounted file system: mount point, type and source."""

    folder: Path
    type: str
    source: str

    @property
    def is_network(self) -> bool:
        """True if other machines may write to it too."""
        return self.type in NETWORK


def refuse_network(folder: Path, mounts: list[Mount] | None = None) -> None:
    """Refuse to create a SQLite log on a file system that other machines also write to.

    Raises:
        Refused: ``store.network``, with the command that keeps the log in PostgreSQL.
    """
    mount = mount_of(folder, mounts)
    if mount is not None and mount.is_network:
        raise Refused(
            "store.network",
            f"{folder} lies on {mount.type} ({mount.folder}): a SQLite log needs a disk of this machine alone",
            next=f"takesheet init {quote(str(folder))} --log {SCHEME}://USER@HOST/DATABASE",
            type=mount.type,
        )


def mount_of(path: Path, mounts: list[Mount] | None = None) -> Mount | None:
    """Return the file system that contains, or would contain, *path*; None if the system does not say.

    Args:
        path: need not exist.
        mounts: file systems, of which a later one hides an earlier one at the same folder; None for this machine's.
    """
    resolved = path.resolve()
    found = None
    for mount in here() if mounts is None else mounts:
        covers = resolved.is_relative_to(mount.folder)
        if covers and (found is None or len(mount.folder.parts) >= len(found.folder.parts)):
            found = mount
    return found


def here() -> list[Mount]:
    """The file systems of this machine, in the order of its mount table; none where it cannot be read."""
    import psutil

    try:
        found = psutil.disk_partitions(all=True)
    except OSError:
        return []
    return [Mount(Path(one.mountpoint), one.fstype, one.device) for one in found]
