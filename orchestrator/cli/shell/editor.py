"""Recipes and files given to commands: from a file, from stdin, or from an editor.

Tests: ``tests/orchestrator/cli/shell/test_editor.py``.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from domain.core.refusal import Misused, NotFound, Refusal
from orchestrator.cli.shell.frame import Call, NeedsInput
from orchestrator.cli.shell.keys import one_key
from orchestrator.new_file import temporary_folder

T = TypeVar("T")

TAKES_A_LINE: Final = frozenset({"vi", "vim", "nvim", "view", "nano", "pico", "emacs", "emacsclient", "micro", "joe"})
"""Editors that open a file at the line 12 when they are given ``+12`` before it."""
_LINE: Final = re.compile(r"line (\d+)")
"""Line of a recipe, at the beginning of a refusal."""
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


def edit_until_valid(call: Call, text: str, use: Callable[[str], T], command: str, *, name: str = "mix.toml") -> T:
    """Let the user edit *text*, and return the result of *use* with the edited text.

    When *use* refuses it, the user may go on editing at the line that the refusal names.  Else, and when the editor
    fails, the text is kept in a file, which the refusal names.

    Args:
        call: the command.
        text: the text to begin with.
        use: called with the edited text.
        command: the command that does the same with a file, in which FILE stands for its name.
        name: of the file that is edited.

    Raises:
        NeedsInput: nobody can edit.
        Misused: ``editor``; it cannot be started, or ended with an error.
        Refusal: from *use*, when the user does not go on.
    """
    if call.no_input or not sys.stdin.isatty():
        raise NeedsInput("input.needed", "an editor would be opened", next=command)
    with temporary_folder() as folder:
        file = folder / name
        file.write_text(text, encoding="utf-8")
        try:
            return _edited(call, file, use)
        except Refusal:
            if file.exists() and file.read_text(encoding="utf-8", errors="replace") != text:
                kept = Path(shutil.copy(file, Path(tempfile.mkdtemp(prefix="takesheet-")) / name))
                call.say(f"your text is kept: {kept}", f"  next: {command.replace('FILE', shlex.quote(str(kept)))}")
            raise


def _edited(call: Call, file: Path, use: Callable[[str], T]) -> T:
    """Open *file* in the editor until *use* takes its text or the user does not go on; return the result of *use*."""
    line = 0
    while True:
        _open_editor(file, line)
        try:
            return use(read_text(file))
        except Refusal as refusal:
            call.say(f"refused ({refusal.rule}): {refusal.detail}")
            if not _goes_on():
                raise
            line = int(found[1]) if (found := _LINE.match(refusal.detail)) else 0


def _open_editor(file: Path, line: int) -> None:
    """Run the user's editor with *file*, at *line* if it is not 0 and the editor is known to understand it.

    Raises:
        Misused: ``editor``; it cannot be started, or ended with an error.
    """
    editor = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    at = [f"+{line}"] if line and Path(editor[0]).name in TAKES_A_LINE else []
    try:
        done = subprocess.run([*editor, *at, str(file)], check=False)  # noqa: S603 - the user's own editor
    except OSError as error:
        raise Misused("editor", f"{editor[0]} cannot be started ({error.strerror}); set EDITOR") from None
    if done.returncode:
        raise Misused("editor", f"{editor[0]} left with {done.returncode}; nothing was revised")


def _goes_on() -> bool:
    """Ask whether to edit the refused text again."""
    while (key := one_key("(e)dit it again, or (q)uit and keep the text ? ")) not in {"e", "q", "", "\x04"}:
        pass
    return key == "e"


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
