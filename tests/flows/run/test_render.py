"""Songs through real flows under a real server."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from domain.render.jobs import Rendered, RenderFailed, SongJob, key
from flows.jobs.job_files import keep_job
from flows.run.progress import Progress
from flows.run.run_job import Outcome
from flows.vault.vault import Vault
from orchestrator.engine.prefect_server.api import Api
from tests.flows.band import MIX, long_mix_job, song_job
from tests.flows.running import run_songs

pytestmark = pytest.mark.waits

Run = Callable[..., list[Outcome]]


def states(messages: list[Progress], *which: str) -> list[tuple[str, str, str]]:
    return sorted((one.state, one.kind, one.subject) for one in messages if one.state in which)


def pcm(outcomes: list[Outcome]) -> dict[str, list[str]]:
    return {
        one.report.subject: [output.sound.pcm for output in one.report.outputs]
        for one in outcomes
        if isinstance(one, Rendered)
    }


def damage(vault: Vault, blob: str) -> None:
    file = vault.path(blob)
    file.chmod(0o644)
    data = bytearray(file.read_bytes())
    data[5000] ^= 1
    file.write_bytes(data)


def test_a_song_is_cut_and_mixed_and_whoever_watches_is_told(
    render: Run, vault: Vault, room: Path, messages: list[Progress]
) -> None:
    outcomes = render([song_job(vault, room, "night-bus/tin-roof")])
    assert [type(one) for one in outcomes] == [Rendered] * 3
    drums, bass, mix = (one.report for one in outcomes if isinstance(one, Rendered))
    assert [output.name for output in drums.outputs] == ["kick", "snare"]
    assert [output.name for output in bass.outputs] == ["di"]
    assert [output.name for output in mix.outputs] == ["main", "instrumental"]
    assert mix.subject == "night-bus/tin-roof@mix1"
    assert all(vault.rehash(output.sound.blob) == output.sound.blob for output in mix.outputs)
    assert {one.song for one in outcomes} == {"night-bus/tin-roof"}
    assert {one.record for one in outcomes} == {"night-bus"}
    assert float(mix.seconds) > 0
    assert "numba" in mix.engine.packages
    each = [
        ("edit", "night-bus/tin-roof/bass"), ("edit", "night-bus/tin-roof/drums"), ("mix", "night-bus/tin-roof@mix1"),
    ]  # fmt: skip
    assert states(messages, "start", "done", "reused", "failed") == [
        (s, *one) for s in ("done", "start") for one in each
    ]
    assert [one.fraction for one in messages if one.state == "going"][-1] == 1.0


def test_what_was_rendered_is_answered_from_the_vault_with_the_same_report(
    render: Run, vault: Vault, room: Path, messages: list[Progress]
) -> None:
    job = song_job(vault, room, "night-bus/tin-roof")
    first = render([job])
    messages.clear()
    assert render([job]) == first
    assert {one.state for one in messages} == {"reused"}


def test_one_and_two_threads_give_the_same_sound(render: Run, room: Path, vault: Vault, tmp_path: Path) -> None:
    jobs = [song_job(vault, room, f"night-bus/song-{n}", seed=n) for n in range(2)]
    both = pcm(render(jobs, threads=2))
    other = Vault(str(tmp_path / "other"))
    again = [song_job(other, room, f"night-bus/song-{n}", seed=n) for n in range(2)]
    assert pcm(run_songs("night-bus", again, other, 1)) == both


def test_one_corrupt_source_stops_only_what_hears_it(
    render: Run, vault: Vault, room: Path, messages: list[Progress]
) -> None:
    good, bad = (song_job(vault, room, f"night-bus/{name}", seed=seed) for name, seed in (("good", 0), ("bad", 100)))
    blob = bad.edits[1].takes[1][0].sound.blob
    damage(vault, blob)
    outcomes = render([bad, good])
    (failed,) = (one for one in outcomes if isinstance(one, RenderFailed))
    assert (failed.failure, failed.subject, failed.job) == ("input", "night-bus/bad/bass", "edit")
    assert blob in failed.reason
    assert sorted(pcm(outcomes)) == [
        "night-bus/bad/drums", "night-bus/good/bass", "night-bus/good/drums", "night-bus/good@mix1",
    ]  # fmt: skip
    assert states(messages, "failed") == [("failed", "edit", "night-bus/bad/bass")]


def test_a_source_that_is_gone_is_named(render: Run, vault: Vault, room: Path) -> None:
    job = song_job(vault, room, "night-bus/tin-roof")
    blob = job.edits[0].takes[2][1].sound.blob
    vault.path(blob).unlink()
    (failed,) = (one for one in render([job]) if isinstance(one, RenderFailed))
    assert failed.failure == "input"
    assert failed.reason == f"blob {blob} is not in the vault"


def test_a_recipe_that_cannot_be_rendered_is_an_input_of_one_line(render: Run, vault: Vault, room: Path) -> None:
    job = song_job(vault, room, "night-bus/tin-roof", recipe=MIX + '[strips."drums.cowbell"]\n')
    (failed,) = (one for one in render([job]) if isinstance(one, RenderFailed))
    assert (failed.failure, failed.job) == ("input", "mix")
    assert "cowbell" in failed.reason
    assert "\n" not in failed.reason


def test_a_render_whose_audio_was_lost_is_rendered_again_under_the_standing_report(
    render: Run, vault: Vault, room: Path, messages: list[Progress]
) -> None:
    job = song_job(vault, room, "night-bus/tin-roof")
    first = render([job])
    mix = first[-1]
    assert isinstance(mix, Rendered)
    lost = mix.report.outputs[0].sound.blob
    vault.path(lost).unlink()
    messages.clear()
    assert render([job]) == first
    assert states(messages, "done") == [("done", "mix", "night-bus/tin-roof@mix1")]
    assert vault.has(lost)


@contextmanager
def failing_disk(file: Path) -> Iterator[Callable[[], None]]:
    """Reads of *file* end in EIO until the disk is repaired."""
    subprocess.run(["mount", "--bind", f"/proc/{os.getpid()}/mem", str(file)], check=True)
    mended = False

    def mend() -> None:
        nonlocal mended
        mended = mended or subprocess.run(["umount", str(file)], check=True).returncode == 0

    try:
        yield mend
    finally:
        mend()


linux = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0,
    reason="only Linux has a file whose reading ends in EIO, and only root lays it over another one",
)


@linux
def test_a_failure_that_passes_is_tried_again_and_not_told(
    api: Api, vault: Vault, room: Path, messages: list[Progress]
) -> None:
    assert api
    job = song_job(vault, room, "night-bus/tin-roof")
    with failing_disk(vault.path(job.edits[0].takes[1][0].sound.blob)) as mend:

        def watch(progress: Progress) -> None:
            messages.append(progress)
            if (progress.state, progress.subject) == ("done", "night-bus/tin-roof/bass"):
                mend()

        outcomes = run_songs("night-bus", [job], vault, 1, watch)
    assert [type(one) for one in outcomes] == [Rendered] * 3
    assert states(messages, "failed") == []
    assert states(messages, "start").count(("start", "edit", "night-bus/tin-roof/drums")) == 2


@linux
def test_a_passing_failure_that_stays_is_told_once_after_three_tries(
    render: Run, vault: Vault, room: Path, messages: list[Progress]
) -> None:
    job = song_job(vault, room, "night-bus/tin-roof")
    with failing_disk(vault.path(job.edits[0].takes[1][0].sound.blob)):
        (drums,) = render([SongJob(song=job.song, edits=job.edits[:1])])
    assert isinstance(drums, RenderFailed)
    assert drums.failure == "transient"
    assert "Input/output error" in drums.reason
    assert states(messages, "start") == [("start", "edit", "night-bus/tin-roof/drums")] * 3
    assert states(messages, "failed") == [("failed", "edit", "night-bus/tin-roof/drums")]


def test_runs_tasks_and_artifacts_have_names_a_person_can_read(render: Run, vault: Vault, room: Path, api: Api) -> None:
    song = "night-bus/ferry-song"
    job = song_job(vault, room, song, seed=7)
    render([job], title="night-bus ferry")
    _, flows = api.ask("POST", "/flow_runs/filter", {"sort": "START_TIME_DESC", "limit": 1})
    assert flows[0]["name"] == "render night-bus ferry"
    assert flows[0]["state"]["type"] == "COMPLETED"
    assert flows[0]["parameters"] == {"title": "night-bus ferry", "jobs": [keep_job(vault, job)]}
    keys = {f"key:{key('edit', edit.plan)}" for edit in job.edits}
    addresses = {f"address:{one}" for one in (f"{song}/drums", f"{song}/bass", f"{song}@mix1")}
    assert set(flows[0]["tags"]) == {"record:night-bus", f"song:{song}", "kind:edit", "kind:mix", *keys, *addresses}
    _, tasks = api.ask("POST", "/task_runs/filter", {"flow_runs": {"id": {"any_": [flows[0]["id"]]}}})
    assert tasks[0]["tags"] == [], "a slot is asked for each tag of a task"
    _, shown = api.ask("POST", "/artifacts/latest/filter", {})
    pages = {one["key"]: one for one in shown}
    assert {"renders-night-bus-ferry", "digest-night-bus-ferry", "night-bus-ferry-song"} <= pages.keys()
    assert re.search(r"mix \*\*night-bus/ferry-song@mix1\*\*, \d", pages["digest-night-bus-ferry"]["data"])
    assert "file://" in pages["night-bus-ferry-song"]["data"]


def test_a_run_with_a_failure_says_so_in_prefects_pages(render: Run, vault: Vault, room: Path, api: Api) -> None:
    job = song_job(vault, room, "night-bus/tin-roof")
    damage(vault, job.edits[0].takes[1][0].sound.blob)
    render([job], title="with a failure")
    _, (run, *_) = api.ask("POST", "/flow_runs/filter", {"sort": "START_TIME_DESC", "limit": 1})
    assert (run["state"]["type"], run["state"]["message"]) == ("FAILED", "1 of 2 failed")


def test_prefects_words_stay_off_the_terminal(
    render: Run, vault: Vault, room: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    job = song_job(vault, room, "night-bus/tin-roof")
    damage(vault, job.edits[0].takes[1][0].sound.blob)
    render([job])
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("api")
def test_ctrl_c_does_not_wait_for_a_long_mix(vault: Vault, room: Path, messages: list[Progress]) -> None:
    def interrupt(progress: Progress) -> None:
        messages.append(progress)
        if len(states(messages, "going")) == 1:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.5)  # the main thread wakes up, while this one would go on mixing

    job = long_mix_job(vault, room, "night-bus/tin-roof", seconds=30)
    with pytest.raises(KeyboardInterrupt):
        run_songs("night-bus", [job], vault, 1, interrupt)
    assert len(states(messages, "going")) == 1
    assert states(messages, "done", "failed") == []
    assert list(vault.reports()) == []
    assert list((Path(vault.url) / "incoming").iterdir()) == []


def test_a_night_of_jobs_larger_than_a_parameter_may_be_is_run(render: Run, vault: Vault, room: Path) -> None:
    job = song_job(vault, room, "night-bus/tin-roof", recipe=f"{MIX}# {'a long remark ' * 60_000}\n")
    assert len(job.model_dump_json()) > 512_000, "Prefect refuses more than this as a parameter of a flow"
    assert [one.kind for one in render([job])] == ["rendered"] * 3
