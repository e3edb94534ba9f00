"""A command that follows the standing driver, met in the moments between two of the driver's steps."""

from collections.abc import Iterator

import pytest

from domain.core.ids import record_of
from domain.render.jobs import RenderAsked, Rendered, RenderFailed
from domain.status.due_renders import RenderNeed, due_renders
from flows.run.progress import Progress
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.driver import on_demand
from orchestrator.log.query import Query
from orchestrator.store.driver_lock import DriverLock
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.outages import with_takes

RECORD = record_of(SONG)


def _failure(studio: Studio) -> RenderFailed:
    """The failure of the one edit that is due, as its driver would record it."""
    need = RenderNeed(read_record(studio, RECORD).state)
    (song,) = due_renders(need, RECORD).songs
    (edit,) = song.edits
    key = need.key("edit", edit.plan)
    assert key is not None
    return RenderFailed(
        record=RECORD, song=SONG, job="edit", key=key, subject=edit.part, failure="input", reason="corrupt"
    )


@pytest.mark.parametrize("fails_again", [False, True])
def test_a_failure_recorded_after_the_request_may_be_older_and_is_tried_once_more(
    label: Label, monkeypatch: pytest.MonkeyPatch, *, fails_again: bool
) -> None:
    with_takes(label)
    label.does("take", "approve", f"{SONG}/drums/1")
    with Studio.at(str(label.folder)) as studio:
        driver = DriverLock(studio.config.folder, studio.config.log)
        assert driver.acquire()
        seen: list[Progress] = []
        failure = _failure(studio)

        def steps() -> Iterator[None]:
            studio.record_work([failure])
            yield
            assert [one.event.record for one in studio.read(Query.of(RenderAsked))] == [RECORD]  # type: ignore[attr-defined]
            if fails_again:
                studio.record_work([failure])
            else:
                driver.release()
            yield

        step = steps()
        monkeypatch.setattr(on_demand.time, "sleep", lambda _: next(step, None))
        came = on_demand.render_due(studio, [RECORD], observe=seen.append, say=lambda _: None, retry=True)
        driver.release()
        assert [one.reason for one in came.failed] == (["corrupt"] if fails_again else [])
        assert [one.state for one in seen if one.state == "failed"] == (["failed"] if fails_again else [])
        assert bool(studio.read(Query.of(Rendered))) is not fails_again
