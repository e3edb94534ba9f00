"""The log of long runs: JSON lines with record, song and key, in a file that is no link and ends no run."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from flows.run.progress import Progress
from orchestrator.driver import run_log
from orchestrator.driver.run_log import FILE, LOG, JsonLines, logged_lines, logged_progress
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.outages import with_takes

RECORD = SONG.partition("/")[0]


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / FILE).read_text("utf-8").splitlines()]


def test_a_night_is_told_in_lines_of_json_with_record_song_and_key(label: Label) -> None:
    with_takes(label)
    label.does("take", "approve", f"{SONG}/drums/1")
    label.does("nightly")
    told = lines(label.folder / ".takesheet")
    [done] = [line for line in told if line["message"] == "recorded"]
    assert (done["record"], done["song"], done["kind"], done["address"]) == (RECORD, SONG, "edit", f"{SONG}/drums")
    [report] = label.data("log", "show", "--kind", "rendered")
    assert len(done["key"]) == 64
    assert f"{SONG}/drums" in report["what"]
    assert all(line["time"].endswith("+00:00") and line["level"] in {"info", "error"} for line in told)


def test_a_failure_is_an_error_with_its_reason(tmp_path: Path) -> None:
    seen: list[Progress] = []
    failed = Progress("failed", "edit", f"{SONG}/drums", failure="input", reason="half\na file")
    with run_log.run_log(tmp_path):
        observe = logged_progress(seen.append)
        observe(Progress("going", "edit", f"{SONG}/drums", 0.5))
        observe(failed)
        logged_lines(lambda _: None)("paused: the disk is full")
    first, second = lines(tmp_path)
    assert (first["level"], first["message"], first["reason"]) == ("error", "failed", "half\na file")
    assert (first["record"], first["song"]) == (RECORD, SONG)
    assert second["message"] == "paused: the disk is full"
    assert len(seen) == 2


def test_a_link_is_not_followed_and_a_run_goes_on_without_a_file(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / FILE).symlink_to(elsewhere)
    with run_log.run_log(folder):
        LOG.info("hello")
    assert elsewhere.read_text() == "mine"
    with run_log.run_log(tmp_path / "nowhere"):
        LOG.info("hello")


def test_a_full_file_makes_room_and_no_more_than_four_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_log, "LARGEST_BYTES", 1000)
    with run_log.run_log(tmp_path):
        for number in range(200):
            LOG.info("line %d", number)
    assert len(list(tmp_path.iterdir())) == 4
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in tmp_path.iterdir())


def test_nothing_is_left_with_the_logger_afterwards(tmp_path: Path) -> None:
    before = list(LOG.handlers)
    with run_log.run_log(tmp_path):
        assert len(LOG.handlers) == len(before) + 1
    assert LOG.handlers == before
    record = logging.LogRecord("x", logging.INFO, "", 0, "a %s", ("word",), None)
    assert json.loads(JsonLines().format(record))["message"] == "a word"
