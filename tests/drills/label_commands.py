"""Drill: thousands of random commands at labels; see :mod:`tests.orchestrator.label_machine`."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.orchestrator.label_machine import new_machine

STEPS_EACH: Final = 250
"""Commands at one label: enough for a long history, few enough that a fault is found near its cause."""


def drill(steps: int, first: int = 0) -> None:
    """Raise AssertionError with the seed and the command after which a reader was wrong, or a command faulted."""
    for seed in range(first, first + -(-steps // STEPS_EACH)):
        with TemporaryDirectory(prefix="takesheet-label-") as folder:
            try:
                new_machine(Path(folder), seed).run(min(steps, STEPS_EACH))
            except AssertionError as wrong:
                raise AssertionError(f"seed {seed}: {wrong}") from wrong


DRILLS = [("label commands", drill, 5_000, 60)]
