"""Playback of files in turn, with keys on a terminal.

Tests: ``tests/orchestrator/cli/commands/listen/test_play.py``.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from orchestrator.cli.commands.listen.key_session import KeySession
from orchestrator.cli.commands.listen.steering import Steering
from orchestrator.cli.shell.frame import Call
from orchestrator.cli.shell.keys import Keyboard

if TYPE_CHECKING:
    from orchestrator.desk.listening.audition import AuditionFile


def has_keys(call: Call) -> bool:
    """True if the user can press keys: both ends are a terminal, and no flag forbids to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty() and not (call.json or call.plain or call.no_input)


def play_files(
    call: Call, player: Sequence[str], files: "Sequence[AuditionFile]", *, loop: bool = False,
    steering: Steering | None = None,
) -> str:  # fmt: skip
    """Play *files* in turn: with keys on a terminal, else each to its end.

    Args:
        call: the command.
        player: command line of the player.
        files: what to play.
        loop: on a terminal, play each file again and again.
        steering: the keys; by default those of the player alone.

    Returns:
        The key that ended the playback, ``q`` or one of ``steering.others``; empty if it ended by itself.

    Raises:
        Refused: ``player.failed``.
    """
    from orchestrator.desk.listening.player import FilePlayer, play_through

    if not has_keys(call):
        for file in files:
            call.say(*file.words)
            call.say(*filter(None, [play_through(player, file)]))
        return ""
    number, keys = 0, steering or Steering()
    with Keyboard(keys.prompt) as keyboard:  # one for all files: a key pressed between two of them counts
        while number < len(files):
            keyboard.end_line()
            call.wraps(*(f"  {words}" for words in files[number].words))
            with FilePlayer(player, files[number]) as playing:
                ended = KeySession(call, playing, keys, keyboard, loop=loop).run()
            if ended not in {"next", "before"}:
                return ended
            number = number + 1 if ended == "next" else max(0, number - 1)
            if keys.marks is not None and number < len(files):  # a span is one of the file that is heard
                keys.marks.forget()
    return ""
