"""Recipes and files given to commands: from a file, from stdin, or from an editor."""

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from domain.core.refusal import Misused, NotFound
from orchestrator.cli.shell.frame import Call, NeedsInput

LARGEST = 1_000_000
"""Largest size of a recipe, in bytes."""


def read_text(path: Path) -> str:
    """Return the text of a file, or of stdin for ``-``.

    Raises:
        NotFound: ``file.missing``.
        Misused: ``file.text``; it is not UTF-8 text, or larger than any recipe.
    """
    if str(path) == "-":
        raw = sys.stdin.buffer.read(LARGEST + 1)
    else:
        if not path.exists():
            raise NotFound("file.missing", f"there is no file {path}")
        if not path.is_file():
            raise Misused("file.text", f"{path} is no file")
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise Misused("file.text", f"{path} is larger than {LARGEST:,} bytes: no recipe is")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Misused("file.text", f"{path} is no UTF-8 text (byte {error.start})") from None


def edited(call: Call, text: str, *, name: str = "mix.toml", instead: str = "takesheet mix revise SONG FILE") -> str:
    """Return *text* after the user edited it in a file called *name*; *instead* is the command that needs no editor.

    Raises:
        NeedsInput: nobody can edit.
        Misused: ``editor``; it cannot be started, or ended with an error.
    """
    if call.no_input or not sys.stdin.isatty():
        raise NeedsInput("input.needed", "an editor would be opened", next=instead)
    editor = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    with tempfile.TemporaryDirectory(prefix="takesheet-") as folder:
        file = Path(folder) / name
        file.write_text(text, encoding="utf-8")
        try:
            done = subprocess.run([*editor, str(file)], check=False)  # noqa: S603 - the user's own editor
        except OSError as error:
            raise Misused("editor", f"{editor[0]} cannot be started ({error.strerror}); set EDITOR") from None
        if done.returncode:
            raise Misused("editor", f"{editor[0]} left with {done.returncode}; nothing was changed")
        return read_text(file)


def impulses_of(words: Sequence[str]) -> dict[str, Path]:
    """Parse words such as ``hall=hall.wav``; return files by name.  Raises: Misused ``mix.impulse``."""
    found: dict[str, Path] = {}
    for word in words:
        name, equals, file = word.partition("=")
        if not (name and equals and file):
            raise Misused("mix.impulse", f"{word!r} names no file; write it like hall=hall.wav")
        if name in found:
            raise Misused("mix.impulse", f"two files for the impulse {name}: {found[name]} and {file}")
        found[name] = Path(file)
    return found


def prints_of(files: Sequence[str]) -> list[tuple[str, Path]]:
    """Parse words such as ``mix.wav`` or ``instrumental=mix-inst.wav``; return (version, file) pairs.

    Raises:
        NotFound: ``file.missing``.
        Misused: ``mix.submit``; no main print, or two of one version.
    """
    found: dict[str, Path] = {}
    for text in files:
        name, equals, file = text.partition("=")
        if not equals or Path(text).exists():
            name, file = "main", text
        if name in found:
            raise Misused("mix.submit", f"two prints of the {name} version: {found[name]} and {file}")
        found[name] = Path(file)
        if not found[name].exists():
            raise NotFound("file.missing", f"there is no file {file}")
    if "main" not in found:
        raise Misused("mix.submit", "a revision has a main print; write main=FILE")
    return list(found.items())


def tracks_of(files: Sequence[str]) -> list[tuple[str, Path]]:
    """Parse words such as ``kick-in=kick.wav``; return (track, file) pairs, with an empty track for a file alone.

    Raises:
        NotFound: ``file.missing``.
    """
    found: list[tuple[str, Path]] = []
    for text in files:
        name, equals, file = text.partition("=")
        if not equals or Path(text).exists():
            name, file = "", text
        if not Path(file).exists():
            raise NotFound("file.missing", f"there is no file {file}")
        found.append((name, Path(file)))
    return found
