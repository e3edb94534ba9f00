"""Plug-ins of other makers that this machine allows, and the tree hash that identifies a build of a plug-in.

A job names a plug-in and its tree hash, never a path.  The path comes from the configuration of the rendering machine
alone, and a plug-in with another tree hash than the job's is not started.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final

from domain.core.refusal import Refused
from domain.recipe import MixRecipe

TREE: Final = "takesheet-tree-1"
MOST_FILES: Final = 20_000
MOST_TREE_BYTES: Final = 8 << 30
"""Largest plug-in; those with samples of their own have a few hundred megabytes."""
_known: dict[str, tuple[tuple["_Entry", ...], str]] = {}


@dataclass(frozen=True, slots=True)
class AllowedPlugIns:
    """The plug-ins that a configuration allows."""

    paths: Mapping[str, str] = field(default_factory=dict)
    """Absolute path of each plug-in, by name."""
    place: str = "the store's config.toml"
    """The configuration, for people."""
    next: str = "run takesheet trust"
    """Step after adding a plug-in to the configuration, for people; empty if none is needed."""

    def tree_of(self, name: str) -> str | None:
        """Tree hash of the plug-in *name*; None if it is not allowed or cannot be read."""
        try:
            return tree_hash(Path(self.paths[name])) if name in self.paths else None
        except (OSError, Refused):
            return None


def paths_for(recipe: MixRecipe, trees: Mapping[str, str], allowed: AllowedPlugIns, mix: str) -> dict[str, str]:
    """Path of each plug-in that *recipe* names, by name.

    Args:
        recipe: recipe of the mix.
        trees: tree hashes by name, from the job.
        allowed: the plug-ins that this machine allows.
        mix: address of the mix, for people.

    Raises:
        Refused: ``job.plugin``; one is not allowed, is missing, or has other files than the job's.
    """
    return {name: _path(name, trees.get(name), allowed, mix) for name in sorted({name for _, name in recipe.plug_ins})}


def _path(name: str, tree: str | None, allowed: AllowedPlugIns, mix: str) -> str:
    path = allowed.paths.get(name)
    if path is None:
        known = f"; it names {', '.join(sorted(allowed.paths))}" if allowed.paths else ""
        then = f", and {allowed.next}" if allowed.next else ""
        raise Refused(
            "job.plugin",
            f"plug-in {name!r} of {mix} is not allowed here: [plugins] in {allowed.place} does not name it{known}",
            next=f'write {name} = "/path/to/it.vst3" there{then}',
        )
    try:
        found = tree_hash(Path(path))
    except OSError as error:
        raise Refused(
            "job.plugin",
            f"plug-in {name!r} of {mix} is not there: {path}: {error.strerror}",
            next=f"install it there, or correct {allowed.place}",
        ) from None
    if tree is None:
        raise Refused(
            "job.plugin",
            f"plug-in {name!r} of {mix} was missing when the job was written: it has no tree hash",
            next="takesheet render",
        )
    if found != tree:
        raise Refused(
            "job.plugin",
            f"plug-in {name!r} of {mix} is another build here: the files of {path} hash to {found[:12]}, the job's to"
            f" {tree[:12]}",
            next="install the build that the job names, or have it written again: takesheet render",
        )
    return path


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file, folder or link in a tree, with the attributes that change when its content does."""

    name: str
    mode: int
    size: int
    marks: tuple[int, int, int]


def tree_hash(root: Path) -> str:
    """SHA-256 of a plug-in: over kind, name, length and content of each of its files, sorted by name.

    A file alone, such as a library, is a tree of one file without a name.  Permissions and times are not part of it;
    files whose size, number and times have not changed are not read again by this process.

    Args:
        root: a file or folder; a link is followed here, and nowhere below.

    Raises:
        Refused: ``job.plugin``; it has too many files or bytes, or a file that is neither file, folder nor link, or a
            link that leads out of it.
        OSError: it cannot be read.
    """
    root = root.resolve(strict=True)
    entries = tuple(sorted(_entries(root), key=lambda entry: entry.name))
    kept = _known.get(str(root))
    if kept and kept[0] == entries:
        return kept[1]
    digest = sha256(f"{TREE}\n".encode())
    for entry in entries:
        for piece in _pieces(root, entry):
            digest.update(len(piece).to_bytes(8, "big") + piece)
    _known[str(root)] = entries, digest.hexdigest()
    return digest.hexdigest()


def _entries(root: Path) -> Iterator[_Entry]:
    waiting, files, size = [root], 0, 0
    while waiting:
        path = waiting.pop()
        found = path.lstat()
        files, size = files + 1, size + found.st_size
        if files > MOST_FILES or size > MOST_TREE_BYTES:
            raise Refused(
                "job.plugin",
                f"{root} is too large for a plug-in: more than {MOST_FILES:,} files or {MOST_TREE_BYTES >> 30} GiB",
                next="name the plug-in itself, not a folder of plug-ins",
            )
        name = "" if path == root else path.relative_to(root).as_posix()
        yield _Entry(
            name, stat.S_IFMT(found.st_mode), found.st_size, (found.st_ino, found.st_mtime_ns, found.st_ctime_ns)
        )
        if stat.S_ISDIR(found.st_mode):
            waiting += path.iterdir()


def _pieces(root: Path, entry: _Entry) -> Iterator[bytes]:
    path = root / entry.name
    if stat.S_ISREG(entry.mode):
        with path.open("rb") as file:
            content = file_digest(file, "sha256").digest()
        yield from (b"file", os.fsencode(entry.name), content)
    elif stat.S_ISDIR(entry.mode):
        yield from (b"folder", os.fsencode(entry.name))
    elif stat.S_ISLNK(entry.mode):
        if not Path(os.path.realpath(path)).is_relative_to(root):
            raise Refused("job.plugin", f"{path} is a link out of the plug-in", next=f"look at it: ls -l {path}")
        yield from (b"link", os.fsencode(entry.name), os.fsencode(path.readlink()))
    else:
        raise Refused("job.plugin", f"{path} is neither file nor folder", next=f"look at it: ls -l {path}")
