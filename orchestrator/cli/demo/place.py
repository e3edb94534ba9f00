"""The demo's folder: created by the demo, recognised by a marker file, and cleared only with the user's consent."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from domain.core.refusal import Clash, Refused
from flows.vault.file_lock import try_lock
from flows.vault.permissions import create_private
from flows.vault.regular_file import LinkFound, read_regular
from orchestrator.store import config
from orchestrator.store.driver_lock import DriverLock

MARK: Final = ".takesheet-demo"
TEXT: Final = "`takesheet demo` made this folder and may begin it anew.\n"
TAPES, MIX, LISTEN, RELEASE = "tapes", "mix.toml", "listen", "release"
MADE: Final = (config.FOLDER, TAPES, MIX, LISTEN, RELEASE)
"""All files and folders that a demo creates beside the marker; clearing the folder removes them."""


class Place:
    """The demo's folder.

    Args:
        folder: path as the user gave it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mark = folder / MARK

    @property
    def played(self) -> bool:
        """True if a demo of this user was begun here."""
        return self._marks(lambda found: found == TEXT.encode())

    @property
    def files(self) -> list[Path]:
        """The files exported here."""
        return sorted((self.folder / RELEASE).rglob("*.wav"))

    def take(self) -> None:
        """Create the folder and its marker.

        Raises:
            Refused: ``demo.folder``; the folder holds files that are not the demo's.
        """
        if self.folder.exists() and not self.played and not self._is_free():
            raise Refused(
                "demo.folder",
                f"{self.folder} is there, and no demo made it: nothing in it is touched",
                next="takesheet demo ANOTHER-FOLDER",
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.played:
            self._mark.unlink(missing_ok=True)  # an incomplete marker, left by a killed demo
            with create_private(self._mark) as mark:
                mark.write(TEXT.encode())

    def _is_free(self) -> bool:
        """True for an empty folder, and for one that holds only the incomplete marker of a killed demo."""
        if not self.folder.is_dir():
            return False
        names = {entry.name for entry in self.folder.iterdir()}
        return not names or (names == {MARK} and self._marks(TEXT.encode().startswith))

    def _marks(self, holds: Callable[[bytes], bool]) -> bool:
        try:
            ours = self._mark.lstat().st_uid == os.geteuid()
            return ours and holds(read_regular(self._mark, at_most=len(TEXT)))
        except (FileNotFoundError, NotADirectoryError, Refused):
            return False

    @contextmanager
    def held(self) -> Iterator[None]:
        """Context in which no other demo can use the folder.  Raises: Clash ``demo.busy``; another demo uses it."""
        with self._mark.open("rb") as mark:
            if not try_lock(mark):
                raise Clash("demo.busy", f"a demo is playing in {self.folder} right now")
            yield

    def clear(self) -> None:
        """Remove only files that a demo created here.  Raises: Clash ``demo.busy``; a driver runs."""
        store = self.folder / config.FOLDER
        if store.is_symlink():
            raise LinkFound(store)
        if store.is_dir():
            with DriverLock(store) as lock:
                if not lock.acquire():
                    raise Clash(
                        "demo.busy", f"process {lock.holder()} renders in {self.folder}; end it first (takesheet up?)"
                    )
                shutil.rmtree(store)
        drafts = [draft.name for draft in self.folder.glob(f"{config.FOLDER}.new-*")]  # of a demo killed during `init`
        for name in (*MADE, *drafts):
            there = self.folder / name
            if there.is_dir() and not there.is_symlink():
                shutil.rmtree(there)
            else:
                there.unlink(missing_ok=True)


def describe_earlier_demo(place: Place) -> Iterator[str]:
    """Yield lines about an earlier demo at *place*: its record, the status of mixes and masters, and exported files."""
    from orchestrator.cli.printing.words import status_in_words
    from orchestrator.desk.label.boards import record_rows
    from orchestrator.desk.review.review_rows import records
    from orchestrator.studio import Studio

    if not (place.folder / config.FOLDER).is_dir():
        yield "  it had hardly begun"
        return
    with Studio.at(str(place.folder)) as studio:
        for row in (row for record in records(studio) for row in record_rows(studio, record)):
            said = (row["address"], row["title"], status_in_words(str(row["standing"])))
            yield "  " + "  ".join(str(word) for word in said if word)
    for file in place.files:
        yield f"  {file}"
