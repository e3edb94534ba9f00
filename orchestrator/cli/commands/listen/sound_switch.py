"""Switching between a sound and those beside it while it plays; the time of the song is kept.

Tests: ``tests/orchestrator/cli/commands/listen/test_sounds_beside.py``.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from orchestrator.desk.comparison.sounds_beside import Beside, SoundsBeside
    from orchestrator.desk.listening.audition import AuditionFile
    from orchestrator.desk.listening.player import FilePlayer

BESIDE: "Final[dict[str, Beside]]" = {"x": "keeper", "R": "reference", "B": "approved"}
"""The sound to which each key switches."""


class SoundSwitch:
    """The file that is heard: an item, in its song or alone, or a sound beside it."""

    def __init__(self, playing: "FilePlayer", beside: "SoundsBeside | None") -> None:
        self._playing, self._beside = playing, beside
        self.own: AuditionFile = playing.file
        """The item as it is heard now or will be again."""
        self._alone: bool | None = None
        self._modes: dict[bool | None, AuditionFile] = {None: playing.file}
        """The item in its song (False), alone (True) and as it was to begin with (None)."""
        self._key, self._number, self._own_words = "", 0, ""

    @property
    def time_s(self) -> float:
        """Song time that is heard, in seconds; of a reference recording its own time."""
        return starts_s(self._playing.file) + self._playing.position_s

    def press(self, key: str) -> tuple["AuditionFile", list[str]]:
        """The file to which *key* switches, and lines about it.

        Raises:
            Refusal, OperationalError: there is nothing to switch to, or it cannot be read.
        """
        if key not in BESIDE:
            return self._itself(alone=key == "o")
        number = self._number + 1 if key == self._key == "R" else 0
        pair = None
        if self._beside and (key != self._key or key == "R"):
            pair = self._beside.beside(BESIDE[key], self.own, number)
        if pair is None:
            self._key = ""
            return self.own, [self._own_words]
        self._key, self._number = key, number
        self.own = self._modes[self._alone] = pair.own
        self._own_words = pair.own_words
        return pair.other, [f"{pair.words}; {key} goes {'on' if key == 'R' else 'back'}", *pair.notes]

    def _itself(self, *, alone: bool) -> "tuple[AuditionFile, list[str]]":
        if alone not in self._modes and self._beside:
            self._modes[alone] = self._beside.take(self.own, solo=alone)
        self._alone, self._key = alone, ""
        self.own = self._modes.get(alone, self.own)
        return self.own, list(self.own.words)

    def hear(self, file: "AuditionFile") -> bool:
        """Change to *file* at the time that is heard; return False if it is too short, and begins anew."""
        time_s, sounded = self.time_s, self._playing.playing
        position_s = max(0.0, time_s - starts_s(file))
        fits = position_s < file.duration_s
        self._playing.change(file, position_s if fits else 0.0)
        if sounded:
            self._playing.start(self._playing.position_s)
        return fits


def starts_s(file: "AuditionFile") -> float:
    """Song time of the first frame of *file*, in seconds."""
    return file.place.starts_s if file.place else 0.0
