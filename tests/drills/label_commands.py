"""Drills: thousands of random commands at labels, checked against a model, and with hostile words in any place."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.orchestrator.erasure_machine import ErasureMachine
from tests.orchestrator.hostile_options import HostileOptions
from tests.orchestrator.label_machine import new_machine
from tests.orchestrator.option_sweep import OptionSweep

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


def hostile(commands: int) -> None:
    """Raise AssertionError with the first command with hostile words that faulted."""
    with TemporaryDirectory(prefix="takesheet-hostile-") as folder:
        HostileOptions(Path(folder), seed=2).run(commands)


def every_option(each: int) -> None:
    """Raise AssertionError with the commands that fault on *each* hostile words for every parameter."""
    with TemporaryDirectory(prefix="takesheet-options-") as folder:
        OptionSweep(Path(folder), seed=3).run(each)


def erasures(histories: int) -> None:
    """Raise AssertionError with the seed of the first history after which a reader was wrong, or a word was left."""
    for seed in range(histories):
        with TemporaryDirectory(prefix="takesheet-erasure-") as folder:
            try:
                ErasureMachine(Path(folder) / "label", seed).run()
            except AssertionError as wrong:
                raise AssertionError(f"seed {seed}: {wrong}") from wrong


DRILLS = [
    ("label commands", drill, 5_000, 60), ("hostile options", hostile, 10_000, 500),
    ("erased words", erasures, 1_000, 20), ("every option", every_option, 30, 1),
]  # fmt: skip
