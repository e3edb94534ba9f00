"""One suite for every kind of vault; properties of local folders alone are at the end."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest

from flows.vault.vault import Vault
from flows.vault.vault_faults import VaultCorrupt, VaultFault, VaultMissing

pytestmark = pytest.mark.waits

KEY = "a" * 64
OPENERS = ("folder", "file url", "memory")


@pytest.fixture(params=OPENERS)
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vault]:
    match request.param:
        case "folder":
            yield Vault(str(tmp_path / "a label's vault"))
        case "file url":
            yield Vault((tmp_path / "störe").as_uri())
        case _:
            yield Vault(f"memory://{uuid4().hex}", cache=tmp_path / "cache")


@pytest.fixture
def take(tmp_path: Path) -> Path:
    file = tmp_path / "Kick In_03.wav"
    file.write_bytes(os.urandom(3_000_001))
    return file


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def test_an_original_is_copied_in_under_the_hash_of_its_bytes_and_never_touched(vault: Vault, take: Path) -> None:
    data, before = take.read_bytes(), take.stat()
    blob = vault.take_in(take)
    assert (blob.hash, blob.size) == (digest(data), len(data))
    assert vault.path(blob.hash).read_bytes() == data
    after = take.stat()
    assert (after.st_mtime_ns, after.st_mode, after.st_nlink) == (before.st_mtime_ns, before.st_mode, 1)


def test_taking_the_same_audio_twice_keeps_it_once(vault: Vault, take: Path) -> None:
    first = vault.take_in(take)
    assert vault.take_in(take) == first
    assert list(vault.blobs()) == [first.hash]


def test_a_finished_render_is_moved_under_its_hash(vault: Vault) -> None:
    with vault.scratch() as room:
        render = room / "main.wav"
        render.write_bytes(b"sound")
        blob = vault.publish(render)
        assert not render.exists()
    assert vault.path(blob.hash).read_bytes() == b"sound"
    assert vault.has(blob.hash)
    assert vault.has(blob.hash, size=5)
    assert not vault.has(blob.hash, size=6)
    assert vault.size(blob.hash) == 5
    assert vault.rehash(blob.hash) == blob.hash


def test_what_was_derived_of_a_sound_is_replaced_and_weighed_and_is_no_blob(vault: Vault) -> None:
    assert vault.derived_weight("peaks") == (0, 0)
    vault.keep_derived("peaks", KEY, b"first")
    vault.keep_derived("peaks", KEY, b"second")
    assert vault.derived("peaks", KEY) == b"second"
    assert vault.derived_weight("peaks") == (1, 6)
    assert list(vault.blobs()) == []


def test_what_is_not_here_is_said_by_its_hash(vault: Vault) -> None:
    assert not vault.has(KEY)
    for ask in (vault.size, vault.path, vault.rehash, vault.checked):
        with pytest.raises(VaultMissing, match=KEY):
            ask(KEY)


def test_the_first_report_of_a_job_stands(vault: Vault) -> None:
    assert vault.report(KEY) is None
    assert vault.publish_report(KEY, b"first") == b"first"
    assert vault.publish_report(KEY, b"second") == b"first"
    assert vault.report(KEY) == b"first"
    assert list(vault.reports()) == [KEY]


def test_scratch_is_gone_when_its_work_is_done_or_failed(vault: Vault) -> None:
    with vault.scratch() as room:
        (room / "half.wav").write_bytes(b"x")
    with pytest.raises(ZeroDivisionError), vault.scratch() as failed:
        (failed / str(1 // 0)).touch()
    assert not room.exists()
    assert not failed.exists()


def test_an_error_of_the_work_itself_is_not_blamed_on_the_vault(vault: Vault) -> None:
    with pytest.raises(OSError, match="the work's own"), vault.scratch():
        raise OSError("the work's own")


def test_a_distant_blob_that_arrives_damaged_is_refused(tmp_path: Path) -> None:
    import fsspec

    name = uuid4().hex
    vault = Vault(f"memory://{name}", cache=tmp_path / "cache")
    good = digest(b"good")
    fsspec.filesystem("memory").pipe_file(f"/{name}/blobs/{good[:2]}/{good[2:]}", b"evil")
    with pytest.raises(VaultCorrupt, match=good):
        vault.path(good)
    assert vault.rehash(good) == digest(b"evil")


# Properties of local folders


@pytest.fixture
def folder(tmp_path: Path) -> Vault:
    return Vault(str(tmp_path / "vault"))


def test_ten_threads_with_one_report_agree_on_which_stands(folder: Vault) -> None:
    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(lambda n: folder.publish_report(KEY, b"%d" % n), range(10)))
    assert answers == {folder.report(KEY)}


def test_a_blob_is_read_only_and_no_link_to_its_original(folder: Vault, take: Path) -> None:
    held = folder.path(folder.take_in(take).hash)
    assert held.stat().st_mode & 0o777 == 0o400
    assert held.stat().st_ino != take.stat().st_ino
    assert held.relative_to(held.parents[2]) == Path("blobs") / held.parent.name / held.name
    assert len(held.parent.name) == 2


def test_rot_is_found_at_the_first_use_and_mended_by_the_same_bytes(folder: Vault, take: Path) -> None:
    blob = folder.take_in(take)
    assert folder.checked(blob.hash) == folder.path(blob.hash)
    rot(folder, blob.hash)
    with pytest.raises(VaultCorrupt, match=blob.hash):
        folder.checked(blob.hash)
    assert folder.rehash(blob.hash) != blob.hash
    folder.take_in(take)
    assert folder.checked(blob.hash).read_bytes() == take.read_bytes()


def test_rot_that_keeps_the_time_stamp_is_found_by_the_next_run(folder: Vault, take: Path) -> None:
    blob = folder.take_in(take)
    stamp = folder.checked(blob.hash).stat()
    rot(folder, blob.hash)
    os.utime(folder.path(blob.hash), ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    folder.forget_checks()
    with pytest.raises(VaultCorrupt):
        folder.checked(blob.hash)


def rot(vault: Vault, blob: str) -> None:
    file = vault.path(blob)
    file.chmod(0o644)
    with file.open("r+b") as bytes_:
        bytes_.seek(1000)
        byte = bytes_.read(1)
        bytes_.seek(1000)
        bytes_.write(bytes([byte[0] ^ 1]))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda _: None, "No such file"),
        (lambda path: path.mkdir(), "not a plain file|directory"),
        (os.mkfifo, "not a plain file"),
        (lambda path: path.symlink_to(path), "symbolic links"),
    ],
    ids=["nothing", "folder", "pipe", "loop"],
)
def test_what_cannot_be_taken_in_is_one_sentence(
    folder: Vault, tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    path = tmp_path / "odd.wav"
    make(path)
    with pytest.raises(VaultFault, match=said) as fault:
        folder.take_in(path)
    assert "odd.wav" in fault.value.reason
    assert list(folder.blobs()) == []


def test_a_full_disk_is_one_sentence_with_its_number(folder: Vault, take: Path) -> None:
    code = """
import resource, sys
from pathlib import Path
from flows.vault.vault import Vault
from flows.vault.vault_faults import VaultFault
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    Vault(sys.argv[1]).take_in(Path(sys.argv[2]))
except VaultFault as fault:
    print(fault.number, fault.reason)
"""
    said = subprocess.run(
        [sys.executable, "-c", code, folder.url, str(take)], capture_output=True, text=True, check=True
    ).stdout
    assert said.startswith("27 Kick In_03.wav cannot be taken into the vault")
    assert list(folder.blobs()) == []
    assert list((Path(folder.url) / "incoming").iterdir()) == []


def test_sweep_removes_what_the_dead_left_and_nothing_of_the_living(folder: Vault) -> None:
    code = """
import os, sys
from flows.vault.vault import Vault
with Vault(sys.argv[1]).scratch() as room:
    (room / "half.wav").write_bytes(b"x" * 1000)
    print(room, flush=True)
    os.kill(os.getpid(), 9)
"""
    killed = subprocess.run([sys.executable, "-c", code, folder.url], capture_output=True, text=True, check=False)
    left = Path(killed.stdout.strip())
    assert (left / "half.wav").exists()
    with folder.scratch() as living:
        assert folder.sweep() == 1
        assert living.exists()
        assert not left.exists()
    assert folder.sweep() == 0
    assert list((Path(folder.url) / "incoming").iterdir()) == []


def test_where_the_file_system_knows_no_links_the_first_report_still_stands(tmp_path: Path) -> None:
    from flows.vault.storage import FolderStorage

    class Linkless(FolderStorage):
        def _name_first(self, draft: Path, final: Path) -> bool:
            return self._name_first_alone(draft, final)

    shelf = Linkless(tmp_path)
    assert shelf.put_first(b"first", "reports/aa/x.json")
    assert not shelf.put_first(b"second", "reports/aa/x.json")
    assert shelf.read("reports/aa/x.json") == b"first"


def test_a_report_larger_than_any_report_is_not_read(tmp_path: Path) -> None:
    vault = Vault(str(tmp_path / "vault"))
    key = "ab" * 32
    place = tmp_path / "vault" / "reports" / "ab" / f"{key}.json"
    place.parent.mkdir(parents=True)
    with place.open("wb") as file:
        file.truncate(50 << 30)
    with pytest.raises(VaultFault, match="is larger than 16,777,216 bytes; remove it"):
        vault.report(key)
