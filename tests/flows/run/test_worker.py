"""One job file, rendered by ``python -m flows.run`` with an empty home, no log and no store."""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from domain.render.job_file import WholeJob
from domain.render.jobs import (
    EPOCHS,
    GainJob,
    MasterJob,
    Rendered,
    SongJob,
    album_gain_plan,
    song_master_plan,
)
from dsp import kernels
from flows.jobs.job_files import job_in, keep_job
from flows.jobs.plug_ins import tree_hash
from flows.run.master import gain_outcome, master_outcome
from flows.run.run_job import Outcome
from flows.run.settings import RunSettings
from flows.run.song import song_outcomes
from flows.vault.vault import Vault
from tests.flows.band import long_mix_job, song_job, stereo
from tests.paths import ROOT

pytestmark = pytest.mark.waits

SONG = "night-bus/tin-roof"
MASTER = "[targets.streaming]\nintegrated_lufs = -14\nceiling_dbtp = -1\n"
WARM = """external = true
[strips.drums]
[[strips.drums.external]]
plugin = "warmth"
[strips.bass]
"""
LOG = logging.getLogger("worker")


@dataclass(frozen=True, slots=True)
class Said:
    """Exit code and output of a worker."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


@dataclass(frozen=True, slots=True)
class Worker:
    """A simulated machine with the code, an empty home and compiled kernels."""

    home: Path

    def begin(self, job: str, vault: Path | str, *words: str, **more: str) -> "subprocess.Popen[str]":
        env = {
            "PATH": os.environ["PATH"], "HOME": str(self.home), "XDG_CACHE_HOME": str(kernels.CACHE.parents[2]), **more,
        }  # fmt: skip
        command = [sys.executable, "-m", "flows.run", job, "--vault", str(vault), "--threads", "2", *words]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=ROOT, env=env, stdout=pipe, stderr=pipe, text=True)

    def run(self, job: str, vault: Path | str, *words: str, **more: str) -> Said:
        process = self.begin(job, vault, *words, **more)
        out, err = process.communicate(timeout=300)
        return Said(process.returncode, out, err)


@pytest.fixture
def worker(tmp_path: Path) -> Worker:
    (tmp_path / "home").mkdir()
    return Worker(tmp_path / "home")


def pcm(outcomes: list[Outcome]) -> dict[str, dict[str, str]]:
    """The pcm hash of each output, by address and name."""
    assert all(isinstance(one, Rendered) for one in outcomes), outcomes
    reports = [one.report for one in outcomes if isinstance(one, Rendered)]
    return {report.subject: {output.name: output.sound.pcm for output in report.outputs} for report in reports}


def rendered_by(said: Said) -> dict[str, dict[str, str]]:
    reports = said.json["data"]["rendered"]
    return {one["subject"]: {output["name"]: output["sound"]["pcm"] for output in one["outputs"]} for one in reports}


def copy_of(vault: Vault, place: Path) -> Path:
    """The inputs and the job files of *vault* alone: no report, and no output of one."""
    for folder in ("blobs", "jobs"):
        shutil.copytree(Path(vault.url) / folder, place / folder)
    return place


def blob_in(vault: Path, hash_: str) -> Path:
    file = vault / "blobs" / hash_[:2] / hash_[2:]
    file.chmod(0o644)
    return file


def test_a_vault_of_inputs_alone_gives_the_same_bits_and_reports(
    worker: Worker, vault: Vault, room: Path, tmp_path: Path
) -> None:
    job = song_job(vault, room, SONG)
    kept = keep_job(vault, job)
    there = copy_of(vault, tmp_path / "there")
    here = song_outcomes(job, RunSettings(vault.url, 1), threads=1, log=LOG, last=True)
    said = worker.run(kept, there, "--json")
    assert said.code == 0, said
    assert rendered_by(said) == pcm(here)
    assert len(pcm(here)) == 3
    assert sorted(Vault(str(there)).reports()) == sorted(vault.reports()), "reports lie under the same keys"
    assert [file.name for file in worker.home.iterdir()] == []
    again = worker.run(kept, there)
    assert again.code == 0
    assert [line.split()[:2] for line in again.out.splitlines()] == [
        ["rendered", kind] for kind in ("edit", "edit", "mix")
    ]
    assert [line.split()[0] for line in again.err.splitlines()] == ["reused"] * 3


def test_a_gain_and_a_master_give_the_same_bits(worker: Worker, vault: Vault, room: Path, tmp_path: Path) -> None:
    mix = stereo(vault, room, SONG, seed=1, seconds=2)
    gain = GainJob(
        record="night-bus", master=1, target="streaming", plan=album_gain_plan(MASTER, "streaming", [mix], None),
        recipe=MASTER, mixes=(mix,),
    )  # fmt: skip
    master = MasterJob(
        record="night-bus", song=SONG, master=1, target="streaming", recipe=MASTER, mix=mix.sound, gain_db="1.5",
        plan=song_master_plan(MASTER, "streaming", mix.sound, "1.5", {}),
    )  # fmt: skip
    jobs: tuple[WholeJob, ...] = (gain, master)
    kept = [keep_job(vault, job) for job in jobs]
    there = copy_of(vault, tmp_path / "there")
    settings = RunSettings(vault.url, 1)
    found = gain_outcome(gain, settings, log=LOG, last=True)
    assert isinstance(found, Rendered)
    said = [worker.run(job, there, "--json") for job in kept]
    assert [one.code for one in said] == [0, 0], said
    assert said[0].json["data"]["rendered"][0]["measures"] == dict(found.report.measures)
    assert rendered_by(said[1]) == pcm([master_outcome(master, settings, log=LOG, last=True)])


def test_a_changed_or_lost_input_is_refused_by_name_before_anything_is_rendered(
    worker: Worker, vault: Vault, room: Path
) -> None:
    job = song_job(vault, room, SONG)
    kept, blob = keep_job(vault, job), job.edits[1].takes[2][0].sound.blob
    file = blob_in(Path(vault.url), blob)
    file.write_bytes(file.read_bytes()[:-1] + b"\1")
    said = worker.run(kept, vault.url)
    assert (said.code, said.out) == (3, "")
    assert f"refused (job.input): {SONG}/bass/2.di, an input of {SONG}: blob {blob} is corrupt" in said.err
    file.unlink()
    said = worker.run(kept, vault.url, "--json")
    assert (said.code, said.json["rule"]) == (3, "job.input")
    assert said.json["detail"].endswith(f"blob {blob} is not in the vault")
    assert list(vault.reports()) == []


def test_a_job_of_another_epoch_is_refused_by_name(worker: Worker, vault: Vault, room: Path) -> None:
    kept = keep_job(vault, song_job(vault, room, SONG))
    text = (vault.job(kept) or b"").replace(f'"mix":{EPOCHS["mix"]}'.encode(), b'"mix":99')
    said = worker.run(vault.keep_job(text), vault.url)
    assert (said.code, said.out) == (3, "")
    assert said.err.splitlines()[0] == (
        f"refused (job.epoch): {SONG}: its mix is of engine epoch 99, and this version renders epoch {EPOCHS['mix']}"
    )


def test_a_missing_plug_in_and_another_build_are_refused_by_name(
    worker: Worker, vault: Vault, room: Path, tmp_path: Path
) -> None:
    plugin = tmp_path / "warmth.so"
    plugin.write_bytes(b"one build")
    whole = song_job(vault, room, SONG, recipe=WARM)
    mix = whole.mixes[0].model_copy(update={"plugins": {"warmth": tree_hash(plugin)}})
    kept = keep_job(vault, whole.model_copy(update={"mixes": (mix,)}))
    said = worker.run(kept, vault.url)
    assert said.code == 3
    assert f"refused (job.plugin): plug-in 'warmth' of {SONG}@mix1 is not allowed here" in said.err
    config = tmp_path / "config" / "takesheet"
    config.mkdir(parents=True)
    (config / "worker.toml").write_text(f'[plugins]\nwarmth = "{plugin}"\n')
    (config / "worker.toml").chmod(0o600)
    plugin.write_bytes(b"another build")
    said = worker.run(kept, vault.url, XDG_CONFIG_HOME=str(config.parent))
    assert (said.code, "is another build here" in said.err) == (3, True), said
    plugin.write_bytes(b"one build")
    said = worker.run(kept, vault.url, XDG_CONFIG_HOME=str(config.parent))
    assert said.code == 3
    assert "refused (render.failed)" in said.err, "it is allowed, started, and is no plug-in at all"
    assert "plug-in 'warmth' cannot be loaded" in said.err
    assert list(vault.reports()) != [], "the edits are rendered all the same"


def test_a_job_of_an_older_run_is_read_as_it_was_written(vault: Vault, room: Path) -> None:
    job = song_job(vault, room, SONG)
    assert job_in(vault, keep_job(vault, SongJob(song=SONG, edits=job.edits))) == SongJob(song=SONG, edits=job.edits)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_130_and_leaves_nothing_unfinished(
    worker: Worker, vault: Vault, room: Path, how: signal.Signals
) -> None:
    process = worker.begin(keep_job(vault, long_mix_job(vault, room, SONG, seconds=120)), vault.url)
    assert process.stderr is not None
    while "start mix" not in (line := process.stderr.readline()):
        assert line, "it ended before it began"
    process.send_signal(how)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, ""), err
    assert err.splitlines()[-1] == "interrupted; what was rendered so far is in the vault"
    assert list(vault.reports()) == []
    assert list((Path(vault.url) / "incoming").iterdir()) == []


WRONG = {
    "job.hash": ("night-bus", "{vault}", 2),
    "job.missing": ("0" * 64, "{vault}", 4),
    "vault.missing": ("0" * 64, "{folder}", 4),
    "vault.secret": ("0" * 64, "s3://key:secret@host/vault", 2),
    "vault": ("0" * 64, "nosuch://place", 3),
}
"""Job, vault and exit code, by rule."""


@pytest.mark.parametrize("rule", WRONG)
def test_whatever_is_wrong_is_one_line_with_a_rule_and_a_next_step(worker: Worker, tmp_path: Path, rule: str) -> None:
    (tmp_path / "vault" / "jobs").mkdir(parents=True)
    (tmp_path / "folder").mkdir()
    job, vault, code = WRONG[rule]
    said = worker.run(job, vault.format(vault=tmp_path / "vault", folder=tmp_path / "folder"))
    assert said.code == code, said
    first, next_ = said.err.splitlines()
    assert f"({rule}): " in first
    assert next_.startswith("  next: ")
    assert "secret@" not in said.err
    assert list((tmp_path / "folder").iterdir()) == [], "a folder that is no vault is not made one"
