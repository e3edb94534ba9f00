"""Waits for changes of a folder, which also pass unnoticed on some network shares.

Tests: ``tests/orchestrator/desk/recorder/test_watched_folder.py``.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Final

SHORTEST_S: Final = 0.05
LONGEST_S: Final = 2.0
"""Seconds after which the folder is looked at though no change was noticed."""


def changes(folder: Path, settle_s: float, *, times: int | None = None) -> Iterator[None]:
    """Yield at once, after each change in *folder*, and as often as files may have settled.

    Args:
        folder: the folder; while it is missing, as when a share is not mounted, it is looked for.
        settle_s: seconds after which a file that does not change is read.
        times: how often to yield, *settle_s* apart and whatever changes; None for ever.

    Raises:
        KeyboardInterrupt: the user ends it.
    """
    pause = min(max(settle_s, SHORTEST_S), LONGEST_S)
    if times is not None:
        for turn in range(times):
            if turn:
                time.sleep(settle_s + SHORTEST_S)
            yield
        return
    from watchfiles import watch

    yield
    while True:
        if not folder.is_dir():
            time.sleep(pause)
            yield
            continue
        try:
            for _ in watch(
                folder,
                watch_filter=None,
                debounce=200,
                rust_timeout=round(pause * 1000),
                yield_on_timeout=True,
                raise_interrupt=True,
                stop_event=Event(),
            ):
                yield
        except (OSError, RuntimeError):
            time.sleep(pause)  # the folder went away, or the system watches no more folders; it is looked at anyway
            yield
