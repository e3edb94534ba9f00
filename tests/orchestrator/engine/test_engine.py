"""The embedded engine, in processes of its own, since the tests kill them."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows.vault.vault import Vault
from tests.orchestrator.processes import left_after

pytestmark = pytest.mark.waits

RENDER = """
import sys
from pathlib import Path
from orchestrator.engine.embedded import EmbeddedEngine
from flows.vault.vault import Vault
from domain.render.jobs import SongJob
from tests.flows.band import song_job

root, songs = Path(sys.argv[1]), int(sys.argv[2])
vault = Vault(str(root / "vault"))
whole = [song_job(vault, root / "room", f"night-bus/song-{n}", seed=100 * n) for n in range(songs)]
jobs = [SongJob(song=job.song, edits=job.edits) for job in whole]  # mixes would bring numba, and seconds

def observe(progress):
    if progress.state in ("start", "done", "failed", "reused"):
        print(progress.state, progress.kind, progress.subject, flush=True)

def say(line):
    print(line, file=sys.stderr, flush=True)

with EmbeddedEngine(vault.url, root / "prefect", threads=2, observe=observe, say=say) as engine:
    outcomes = engine.run_songs(jobs, "night-bus")
print("prefect" in sys.modules, len(outcomes), sorted({type(one).__name__ for one in outcomes}))
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    root = tmp_path / "a label's störe"
    (root / "room").mkdir(parents=True)
    return root


def begin(store: Path, songs: int) -> "subprocess.Popen[str]":
    words = [sys.executable, "-c", RENDER, str(store), str(songs)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_with_nothing_owed_prefect_is_not_even_imported(store: Path) -> None:
    out, err = begin(store, songs=0).communicate(timeout=60)
    assert (out, err) == ("False 0 []\n", "")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "kill -9"])
def test_an_end_in_the_middle_leaves_no_process_and_only_whole_files(store: Path, how: signal.Signals) -> None:
    process = begin(store, songs=12)
    assert process.stdout is not None
    while "done edit" not in process.stdout.readline():
        pass
    process.send_signal(how)
    out, _ = process.communicate(timeout=60)
    assert process.returncode not in {0, None}
    assert "['Rendered']" not in out
    assert left_after(str(store), 5) == []
    vault = Vault(str(store / "vault"))
    assert [vault.rehash(blob) for blob in vault.blobs()] == list(vault.blobs())
    vault.sweep()
    assert list((store / "vault" / "incoming").iterdir()) == []
