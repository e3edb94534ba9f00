"""Exit codes of ``python -m flows.run``: 1 is a fault of the program alone, also where the machine or a vault fails."""

import errno
from typing import Literal

import pytest

from domain.render.jobs import RenderFailed
from flows.run import __main__ as worker
from flows.run.run_job import Interruption


@pytest.mark.parametrize(
    ("error", "code"),
    [(OSError(errno.ENOSPC, "No space left on device"), 3), (MemoryError(), 3), (ZeroDivisionError("x"), 1)],
)
def test_an_error_of_the_machine_is_no_fault_of_the_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, code: int
) -> None:
    def fails(_: object) -> int:
        raise error

    monkeypatch.setattr(worker, "_render", fails)
    assert worker.main(["0" * 64]) == code
    assert "next: " in capsys.readouterr().err


@pytest.mark.parametrize("cause", ["disk", "vault"])
def test_an_outage_is_no_fault_of_the_program(cause: Literal["disk", "vault"]) -> None:
    interrupted = Interruption("mix", "a/b@mix1", cause, "gone")
    assert worker._concluded("x", [interrupted], as_json=False) == 3


@pytest.mark.parametrize(("failure", "code"), [("bug", 1), ("input", 3), ("engine", 3)])
def test_a_failed_render_exits_with_1_if_it_is_a_bug_alone(failure: str, code: int) -> None:
    failed = RenderFailed.model_construct(job="mix", subject="a/b@mix1", failure=failure, reason="no")
    assert worker._concluded("x", [failed], as_json=False) == code
