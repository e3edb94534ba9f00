"""Playback by the user's own player, a process that is started anew at an offset after a pause or a seek.

Tests: ``tests/orchestrator/cli/commands/listen/test_play.py``.
"""

import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Self

from domain.core.address import clock
from domain.core.refusal import Refused
from orchestrator.new_file import temporary_folder
from orchestrator.store.config import Settings
from orchestrator.store.trust_refusals import trust_command
from orchestrator.studio import Studio

if TYPE_CHECKING:
    from orchestrator.desk.listening.audition import AuditionFile  # needs the audio code, which no prompt imports

PLAYERS: Final = (
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error"),
    ("play", "-q"),
    ("afplay",),
    ("aplay", "-q"),
)

STOPPING_S: Final = 2.0
"""Seconds that a player has to end after it was asked to, before it is killed."""
SHORT_BY_S: Final = 0.5
"""Seconds that a player must end before the audio does to be told of, besides half of the audio."""


class FilePlayer:
    """Plays one file; a context manager, at whose end the player is stopped."""

    def __init__(self, player: Sequence[str], file: "AuditionFile") -> None:
        self._player, self.file = player, file
        self._stack = ExitStack()
        self._folder = self._stack.enter_context(temporary_folder())
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the end of the context
        self._from_s = self._begun = self._ran_s = 0.0
        self._until_s: float | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._errors.close()
        self._stack.close()

    @property
    def playing(self) -> bool:
        """True from a start until a stop, also if the player has ended by itself."""
        return self._process is not None

    @property
    def position_s(self) -> float:
        """Position in the file, in seconds."""
        ran = time.monotonic() - self._begun if self._process else 0.0
        return min(self._from_s + ran, self._end_s)

    @property
    def _end_s(self) -> float:
        """Position at which the sound ends, in seconds."""
        return self.file.duration_s if self._until_s is None else min(self._until_s, self.file.duration_s)

    def change(self, file: "AuditionFile", position_s: float) -> None:
        """Stop, and have *file* at a position in seconds instead."""
        self.stop()
        self.file, self._from_s, self._until_s = file, position_s, None

    def start(self, position_s: float = 0.0, until_s: float | None = None) -> None:
        """Play from a position in seconds, within the file, to its end or to the position *until_s*.

        Raises:
            Refused: ``player.failed``; the player cannot be started.
        """
        self.stop()
        self._until_s = until_s
        self._from_s = min(max(position_s, 0.0), self._end_s)
        self._errors.seek(0)
        self._errors.truncate()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the user's own player
                [*self._player, str(self._rest())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
            )
        except OSError as error:
            detail = f"{self._player[0]}: {error.strerror}"
            raise Refused("player.failed", detail, next="set player in config.toml") from None
        self._begun = time.monotonic()

    def _rest(self) -> Path:
        """The file from the position on, at its gain; the file itself at its beginning if nothing else is asked for."""
        from dsp.files.excerpt import Layer, write_excerpt

        end = None if self._until_s is None else max(1, min(round(self._end_s * self.file.rate), self.file.frames))
        start = min(int(self._from_s * self.file.rate), (end or self.file.frames) - 1)
        if start == 0 and end is None and self.file.gain == 1:
            return self.file.path
        layer = Layer(self.file.source, gain=self.file.gain)
        return write_excerpt([layer], self._folder / "rest.wav", start=start, end=end).path

    def stop(self) -> None:
        """Stop the player, and keep the position."""
        if self._process is None:
            return
        self._from_s = self.position_s
        self._process.terminate()
        try:
            self._process.wait(timeout=STOPPING_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def leave_out(self, seconds: float) -> None:
        """Do not count *seconds* in which the player was suspended."""
        self._begun += seconds

    def ended(self, *, timeout_s: float | None = 0.0) -> bool:
        """True if the player has ended by itself; wait for that at most *timeout_s* seconds (None: without limit)."""
        if self._process is None:
            return False
        try:
            self._process.wait(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            return False
        self._ran_s = time.monotonic() - self._begun
        return True

    def early_end(self) -> str:
        """One line if the player, which has ended, ended long before the audio; else empty.

        Raises:
            Refused: ``player.failed``; its exit code is not 0.
        """
        if self._process is None:
            return ""
        name, code, left_s = self._player[0], self._process.returncode, self._end_s - self._from_s
        if code:
            self._errors.seek(0)
            said = self._errors.read(10_000).decode(errors="replace").strip().splitlines()
            words = said[-1] if said else "it printed no error"
            raise Refused("player.failed", f"{name} ended with exit code {code}: {words}")
        if self._ran_s > left_s / 2 or left_s - self._ran_s < SHORT_BY_S:
            return ""
        length = clock(round(left_s * self.file.rate), self.file.rate)
        return f"{name} ended with exit code {code} after {self._ran_s:.1f} s; there was {length} to play"


def play_through(player: Sequence[str], file: "AuditionFile") -> str:
    """Play *file* to its end; return a line if the player ended long before that, else an empty text.

    Raises:
        Refused: ``player.failed``.
    """
    with FilePlayer(player, file) as playing:
        playing.start()
        playing.ended(timeout_s=None)
        return playing.early_end()


def player_note(config: Settings) -> list[str]:
    """One line if the store's own player may not run until the store is trusted; else empty."""
    if "player" not in config.withheld:
        return []
    return [f"the player that this store names is not started before you trust it: {trust_command(config.folder)}"]


def player_of(studio: Studio) -> list[str]:
    """Command line of the player: the store's own if it is trusted, else the first of ``PLAYERS`` found; else empty."""
    if studio.config.player:
        return shlex.split(studio.config.player)
    return next((list(words) for words in PLAYERS if shutil.which(words[0])), [])
