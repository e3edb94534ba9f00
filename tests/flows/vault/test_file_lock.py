from pathlib import Path
from threading import Thread

import pytest

from flows.vault.file_lock import lock_at_once, try_lock, unlock, wait_for_lock


def test_one_open_file_holds_the_lock_until_it_lets_go_or_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with path.open("wb") as first, path.open("rb") as second:
        assert try_lock(first)
        assert try_lock(first), "it is held already"
        assert not try_lock(second)
        with pytest.raises(BlockingIOError):
            lock_at_once(second)
        unlock(first)
        assert try_lock(second)
    with path.open("rb") as third:
        lock_at_once(third)


def test_who_waits_gets_the_lock_when_it_is_let_go(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with path.open("wb") as first, path.open("rb") as second:
        lock_at_once(first)
        waiting = Thread(target=wait_for_lock, args=(second,))
        waiting.start()
        unlock(first)
        waiting.join(60)
        assert not waiting.is_alive()
        assert not try_lock(first)
