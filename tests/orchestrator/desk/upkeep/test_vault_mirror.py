"""Mirror of a vault: it holds all that the vault holds, whatever failed on the way."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from fsspec.core import url_to_fs

from domain.core.refusal import Refused
from flows.vault.vault import Vault
from orchestrator.desk.upkeep.vault_mirror import mirror
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note
from tests.paths import ROOT

KEY = "ab" * 32


@pytest.fixture
def here(tmp_path: Path) -> Vault:
    vault = Vault(str(tmp_path / "vault"))
    for number in range(5):
        file = tmp_path / f"take-{number}.wav"
        file.write_bytes(os.urandom(100_000 + number))
        vault.take_in(file)
    vault.publish_report(KEY, b'{"report": 1}')
    return vault


@pytest.fixture(params=["folder", "memory"])
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Vault]:
    """Opens the mirror anew at each call."""
    url = str(tmp_path / "mirror") if request.param == "folder" else f"memory://{uuid4().hex}"
    return lambda: Vault(url, cache=tmp_path / "cache")


def blob_file(vault: Vault, blob: str) -> Path:
    file = vault.path(blob)
    file.chmod(0o644)
    return file


def alter(file: Path) -> None:
    """Flip a bit of the file's first byte."""
    data = file.read_bytes()
    file.write_bytes(bytes([data[0] ^ 1]) + data[1:])


def test_all_audio_and_reports_are_copied_once_and_then_only_what_is_new(
    here: Vault, there: Callable[[], Vault], tmp_path: Path
) -> None:
    done = mirror(here, there())
    assert (done.copied, done.held, done.reports, done.faults) == (5, 0, 1, [])
    assert list(there().blobs()) == list(here.blobs())
    assert there().report(KEY) == b'{"report": 1}'
    new = tmp_path / "new.wav"
    new.write_bytes(b"new")
    here.take_in(new)
    done = mirror(here, there())
    assert (done.copied, done.copied_bytes, done.held, done.reports) == (1, 3, 5, 0)


def test_what_is_altered_here_is_told_and_never_mirrored_and_the_rest_is(
    here: Vault, there: Callable[[], Vault]
) -> None:
    bad = next(iter(here.blobs()))
    file = blob_file(here, bad)
    alter(file)
    done = mirror(here, there())
    assert done.copied == 4
    assert "is corrupt" in done.faults[0]
    assert not there().has(bad)


def test_a_blob_cut_short_over_there_is_mended_and_an_altered_one_when_it_is_checked(
    here: Vault, tmp_path: Path
) -> None:
    there = Vault(str(tmp_path / "mirror"))
    mirror(here, there)
    short, altered = list(here.blobs())[:2]
    blob_file(there, short).write_bytes(b"x")
    file = blob_file(there, altered)
    alter(file)
    assert mirror(here, there).copied == 1
    assert there.rehash(short) == short
    assert there.rehash(altered) != altered
    assert mirror(here, there, check=True).copied == 1
    assert there.rehash(altered) == altered


def test_a_report_that_reads_otherwise_over_there_is_told(here: Vault, there: Callable[[], Vault]) -> None:
    there().publish_report(KEY, b'{"report": 2}')
    assert "the first one stands" in mirror(here, there()).faults[0]
    assert there().report(KEY) == b'{"report": 2}'


@pytest.mark.parametrize("way", ["path", "file url", "with a slash", "through a link"])
def test_a_vault_is_not_mirrored_onto_itself(here: Vault, tmp_path: Path, way: str) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "vault")
    same = {"path": here.url, "file url": Path(here.url).as_uri(), "with a slash": f"{here.url}/",
            "through a link": str(tmp_path / "link")}[way]  # fmt: skip
    with pytest.raises(Refused, match=r"vault\.mirror"):
        mirror(here, Vault(same))


def test_a_mirror_that_was_killed_is_resumed_with_what_it_lacks(here: Vault, tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\n"
        "from flows.vault.vault import Vault; from orchestrator.desk.upkeep.vault_mirror import mirror\n"
        "told = []\n"
        "def one(line):\n"
        "    told.append(line)\n"
        "    if len(told) == 2: os.kill(os.getpid(), signal.SIGKILL)\n"
        "mirror(Vault(sys.argv[1]), Vault(sys.argv[2]), progress=one)\n"
    )
    words = [sys.executable, "-c", code, here.url, str(tmp_path / "mirror")]
    root = ROOT
    killed = subprocess.run(words, check=False, cwd=root, env={**os.environ, "PYTHONPATH": str(root)})
    assert killed.returncode == -signal.SIGKILL
    there = Vault(str(tmp_path / "mirror"))
    done = mirror(here, there)
    assert (done.copied, done.held, done.reports) == (3, 2, 1)
    assert [there.rehash(blob) for blob in there.blobs()] == list(here.blobs())
    assert list((tmp_path / "mirror" / "incoming").iterdir()) == []


def test_an_upload_that_was_killed_leaves_nothing_in_a_distant_mirror_once_the_next_run_is_through(
    here: Vault,
) -> None:
    url = f"memory://{uuid4().hex}"
    files, root = url_to_fs(url)
    broken = next(iter(here.blobs()))
    left = f"{root}/incoming/blobs-{broken[:2]}-{broken[2:]}.{uuid4().hex}.part"
    files.pipe_file(left, b"half of it")
    assert mirror(here, Vault(url)).copied == 5
    assert files.find(f"{root}/incoming") == []


def test_a_dry_mirror_counts_and_checks_and_writes_nothing(label: Label) -> None:
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "drums_1.wav", 60))
    mirrored, vault = label.folder / "mirror", label.folder / ".takesheet" / "vault"
    (blob,) = (vault / "blobs").glob("*/*")

    def files() -> dict[Path, bytes]:
        found = (file for file in label.folder.rglob("*") if not file.name.endswith(("-wal", "-shm")))
        return {file: file.read_bytes() if file.is_file() else b"" for file in found}

    before = files()
    would = label.data("vault", "mirror", mirrored, "--dry-run")
    assert (would["copied"], would["copied_bytes"]) == (1, blob.stat().st_size)
    assert "1 blobs would be copied" in label.does("vault", "mirror", mirrored, "--dry-run")
    assert label.refuses(3, "vault", "mirror", vault, "--dry-run").rule == "vault.mirror"
    assert label.refuses(2, "vault", "mirror", "s3://key:hush@bucket/mirror", "--dry-run").rule == "store.secret"
    assert files() == before
    mirrored.mkdir()
    label.does("vault", "mirror", mirrored, "--dry-run")
    assert list(mirrored.iterdir()) == []
    assert label.data("vault", "mirror", mirrored) == would
    assert label.data("vault", "mirror", mirrored, "--dry-run")["held"] == 1
    (mirrored / "blobs" / blob.parent.name / blob.name).unlink()
    blob.chmod(0o644)
    blob.write_bytes(b"x" + blob.read_bytes()[1:])
    before = files()
    assert label.run("vault", "mirror", mirrored, "--dry-run").code == 9
    assert files() == before
