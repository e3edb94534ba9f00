"""Outages under `takesheet up` and one-shot: the engine waits and goes on by itself, and no job counts as failed."""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.orchestrator.disks import mounted
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.log.databases import Schemas, Server
from tests.orchestrator.loopback_vault import FileServer, on_path, serving
from tests.orchestrator.outages import (
    ENGINE,
    events,
    keep_in,
    on_postgres,
    one_pause,
    recorded_once,
    settle,
    terminate_drivers,
    with_takes,
)
from tests.orchestrator.processes import left_after
from tests.orchestrator.standing import standing


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FileServer]:
    yield from serving(tmp_path / "served")


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return on_path(tmp_path / "plugged in")


def test_a_vault_that_is_away_pauses_the_standing_driver_until_it_is_back(
    label: Label, server: FileServer, env: dict[str, str], tmp_path: Path
) -> None:
    with_takes(label)
    shutil.copytree(label.folder / ".takesheet" / "vault", tmp_path / "served" / "vault")
    keep_in(label, server.url)
    with standing(label, env) as up:
        server.down()
        label.does("take", "approve", f"{SONG}/drums/1")
        up.says("^paused: the vault cannot be reached")
        time.sleep(12)  # another try fails meanwhile: it belongs to the same pause
        server.up()
        up.says("^rendering continues after")
        up.says(f"^done edit {SONG}/drums")
        label.does("take", "approve", f"{SONG}/drums/2")
        settle(label)
    one_pause(label, "the vault cannot be reached")
    assert len(re.findall("^paused", up.said, re.MULTILINE)) == 1
    assert left_after(str(label.folder), 5) == []


def test_a_driver_that_waits_for_a_vault_still_ends_in_order(
    label: Label, server: FileServer, env: dict[str, str]
) -> None:
    with_takes(label)
    keep_in(label, server.url)
    with standing(label, env) as up:
        server.down()
        label.does("take", "approve", f"{SONG}/drums/1")
        up.says("^paused: the vault cannot be reached")
        until = time.monotonic() + 60
        while not events(label, *ENGINE):
            assert time.monotonic() < until, "the pause is not recorded"
    assert "stopping" in up.said
    assert [row["kind"] for row in events(label, *ENGINE)] == ["engine-paused"]
    assert left_after(str(label.folder), 5) == []


def test_a_render_waits_a_little_for_a_vault_and_then_says_so_in_one_line(
    label: Label, server: FileServer, env: dict[str, str]
) -> None:
    with_takes(label).does("take", "approve", f"{SONG}/drums/1")
    keep_in(label, server.url)
    server.down()
    began = time.monotonic()
    said = label.apart("render", env=env)
    assert (said.code, said.rule) == (3, "outage.vault"), said
    assert time.monotonic() - began < 110, "and it ends once it has said so"
    assert len([line for line in said.err.splitlines() if line.startswith("error")]) == 1
    assert events(label, *ENGINE, "render-failed") == []


@pytest.mark.parametrize("megabytes", [6])
def test_a_full_disk_in_the_middle_of_a_render_pauses_the_standing_driver(
    label: Label, tmp_path: Path, megabytes: int
) -> None:
    with_takes(label, seconds=8.0)
    with mounted(tmp_path / "disk", megabytes) as small:
        if small is None:
            pytest.skip("this user may mount nothing")
        shutil.copytree(label.folder / ".takesheet" / "vault", small.folder / "vault")
        keep_in(label, small.folder / "vault")
        with standing(label) as up:
            with small.full(but=600_000):
                label.does("take", "approve", f"{SONG}/drums/1")
                up.says("^paused: no disk space")
            settle(label)
            up.says("^rendering continues after")
        one_pause(label, "no disk space")
        assert [file for file in (small.folder / "vault" / "incoming").iterdir() if file.is_dir()] == []


def test_a_render_on_a_full_disk_ends_with_one_line_and_the_next_one_completes(label: Label, tmp_path: Path) -> None:
    with_takes(label, seconds=8.0)
    with mounted(tmp_path / "disk", 6) as small:
        if small is None:
            pytest.skip("this user may mount nothing")
        shutil.copytree(label.folder / ".takesheet" / "vault", small.folder / "vault")
        keep_in(label, small.folder / "vault")
        label.does("take", "approve", f"{SONG}/drums/1")
        with small.full(but=600_000):
            said = label.apart("render")
        assert (said.code, said.rule) == (3, "outage.disk"), said
        assert "free disk space" in said.err
        assert events(label, *ENGINE, "render-failed", "rendered") == []
        assert label.apart("render").code == 0
        recorded_once(label)


def test_a_failed_job_that_is_mended_and_asked_for_again_is_rendered_without_a_word_of_a_fault(label: Label) -> None:
    with_takes(label)
    (track,) = label.data("path", f"{SONG}/drums/1")
    file = Path(track["path"])
    whole = file.read_bytes()
    with standing(label) as up:
        file.chmod(0o644)
        file.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
        label.does("take", "approve", f"{SONG}/drums/1")
        up.says(f"^failed edit {SONG}/drums input")
        file.write_bytes(whole)
        assert label.apart("render").code == 0
        up.says(f"^done edit {SONG}/drums")
        label.does("take", "approve", f"{SONG}/drums/2")
        settle(label)
    assert "paused" not in up.said
    recorded_once(label)


@pytest.fixture
def postgres() -> Iterator[Server]:
    with Server() as server:
        yield server


def test_a_database_that_restarts_under_postgresql_pauses_the_standing_driver(tmp_path: Path, postgres: Server) -> None:
    with closing(Schemas(postgres.url)) as schemas:
        label = on_postgres(tmp_path / "label", schemas)
        with standing(label) as up:
            postgres.kill()
            up.says("^paused: the log cannot be reached")
            postgres.start()
            up.says("^rendering continues after")
            label.does("take", "approve", f"{SONG}/drums/1")
            settle(label)
        one_pause(label, "the log cannot be reached")
        label.does("log", "verify")


@pytest.mark.parametrize("words", [("render",), ("nightly",)], ids=" ".join)
def test_a_database_that_restarts_under_a_render_ends_no_command_under_postgresql(
    tmp_path: Path, postgres: Server, words: tuple[str, ...]
) -> None:
    with closing(Schemas(postgres.url)) as schemas:
        label = on_postgres(tmp_path / "label", schemas)
        label.does("take", "approve", f"{SONG}/drums/1")
        with label.begin(*words) as process:
            assert process.stderr is not None
            while "start edit" not in (line := process.stderr.readline()):
                assert line, "it ended before it began"
            postgres.kill()
            time.sleep(1)
            postgres.start()
            _, err = process.communicate(timeout=180)
        assert process.returncode == 0, err
        assert events(label, "render-failed") == []
        recorded_once(label)
        assert not any(row["what"] == "render" for row in label.data("next"))


def test_two_drivers_after_the_locks_backend_was_ended_record_everything_once_under_postgresql(
    tmp_path: Path, postgres: Server
) -> None:
    with closing(Schemas(postgres.url)) as schemas:
        label = on_postgres(tmp_path / "label", schemas)
        keep_in(label, label.folder / ".takesheet" / "vault")
        other = Label(tmp_path / "other")
        shutil.copytree(label.folder, other.folder)
        other.does("trust", "--yes")
        with standing(label) as up:
            terminate_drivers(postgres)
            up.says("^the driver's lock was lost")
            label.does("take", "approve", f"{SONG}/drums/1")
            up.says(f"^done edit {SONG}/drums")
            label.does("take", "approve", f"{SONG}/drums/2")
            up.says("^start edit", times=2)
            terminate_drivers(postgres)
            assert other.apart("render").code == 0
            up.says("^the driver's lock was lost|^another driver has taken over", times=2)
        recorded_once(label)
        assert events(label, "render-failed") == []
