"""Job files in a vault: kept under their own hash, and believed only when they have it."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from domain.core.refusal import Misused, NotFound, Refusal, Refused
from domain.render.job_file import MOST_BYTES
from domain.render.jobs import SongJob
from flows.jobs.job_files import job_in, keep_job
from flows.vault.regular_file import LinkFound
from flows.vault.vault import Vault
from tests.flows.band import song_job


@pytest.fixture
def job(vault: Vault, room: Path) -> SongJob:
    return song_job(vault, room, "night-bus/tin-roof")


def file_of(vault: Vault, hash_: str) -> Path:
    file = Path(vault.url) / "jobs" / hash_[:2] / f"{hash_}.json"
    file.chmod(0o644)
    return file


def refused(vault: Vault, hash_: str) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        job_in(vault, hash_)
    return refusal.value


def test_a_job_lies_under_the_hash_of_its_file_and_is_read_again(vault: Vault, job: SongJob) -> None:
    kept = keep_job(vault, job)
    data = file_of(vault, kept).read_bytes()
    assert sha256(data).hexdigest() == kept
    assert job_in(vault, kept) == job
    assert keep_job(vault, job) == kept
    assert json.loads(data)["format"] == "takesheet-job-1"
    assert vault.url.encode() not in data, "a job file says nothing of the place it lies in"


def test_a_changed_file_is_refused_and_the_next_run_puts_it_right(vault: Vault, job: SongJob) -> None:
    kept = keep_job(vault, job)
    file = file_of(vault, kept)
    file.write_bytes(file.read_bytes().replace(b"drums", b"drumz"))
    refusal = refused(vault, kept)
    assert (refusal.rule, type(refusal)) == ("job.changed", Refused)
    assert kept[:12] in refusal.detail
    assert keep_job(vault, job) == kept
    assert job_in(vault, kept) == job


def test_a_job_that_is_not_there_is_not_found(vault: Vault) -> None:
    refusal = refused(vault, "0" * 64)
    assert (refusal.rule, type(refusal)) == ("job.missing", NotFound)


@pytest.mark.parametrize("name", ["", "0" * 63, "../" * 21 + "a", "A" * 64, f"{'0' * 64}\n"])
def test_a_job_is_named_by_a_hash_and_by_nothing_else(vault: Vault, name: str) -> None:
    assert (refused(vault, name).rule, type(refused(vault, name))) == ("job.hash", Misused)


def test_a_file_that_is_too_large_is_not_even_read(vault: Vault, job: SongJob) -> None:
    kept = keep_job(vault, job)
    with file_of(vault, kept).open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert refused(vault, kept).rule == "job.size"


def test_a_link_in_place_of_a_job_is_not_followed(vault: Vault, job: SongJob, tmp_path: Path) -> None:
    kept = keep_job(vault, job)
    file = file_of(vault, kept)
    (tmp_path / "elsewhere").write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LinkFound):
        job_in(vault, kept)


def test_a_vault_elsewhere_keeps_jobs_too(job: SongJob, tmp_path: Path) -> None:
    distant = Vault(f"memory://{tmp_path.name}", cache=tmp_path / "cache")
    kept = keep_job(distant, job)
    assert (job_in(distant, kept), keep_job(distant, job)) == (job, kept)
