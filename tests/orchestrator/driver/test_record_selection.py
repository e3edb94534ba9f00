"""The records with something due are found by their rows: unchanged ones are never read."""

from contextlib import suppress
from pathlib import Path

import pytest

from orchestrator.driver.record_selection import select_records
from orchestrator.readmodels.base.record_folds import RecordFolds
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.outages import with_takes


def due(label: Label, *, retry: bool = False) -> list[str]:
    with Studio.at(str(label.folder)) as studio:
        return select_records(studio, retry=retry)


def test_a_record_is_due_when_decided_and_not_when_rendered(label: Label) -> None:
    with_takes(label)
    assert due(label) == []
    label.does("take", "approve", f"{SONG}/drums/1")
    assert due(label) == [SONG.partition("/")[0]]
    label.does("render")
    assert due(label) == []


def test_lost_audio_is_due_again(label: Label) -> None:
    with_takes(label)
    label.does("take", "approve", f"{SONG}/drums/1")
    label.does("render")
    (track,) = label.data("path", f"{SONG}/drums")
    Path(track["path"]).unlink()
    assert due(label) == [SONG.partition("/")[0]]
    label.does("render")
    assert Path(track["path"]).exists()


def test_a_failed_job_is_due_for_whoever_asks_again(label: Label) -> None:
    with_takes(label)
    (track,) = label.data("path", f"{SONG}/drums/1")
    file = Path(track["path"])
    file.chmod(0o644)
    file.write_bytes(b"no audio")
    label.does("take", "approve", f"{SONG}/drums/1")
    with suppress(AssertionError):
        label.does("render")
    assert due(label) == []
    assert due(label, retry=True) == [SONG.partition("/")[0]]


def test_no_record_is_read_where_nothing_happened(label: Label, monkeypatch: pytest.MonkeyPatch) -> None:
    with_takes(label)
    label.does("take", "approve", f"{SONG}/drums/1")
    label.does("render")
    label.does("board")
    due(label)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a record was read")

    monkeypatch.setattr(RecordFolds, "events", refuse)
    assert due(label) == []
