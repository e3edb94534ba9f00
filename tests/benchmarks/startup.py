"""Start-up time of a command, against importing the libraries that any such program needs."""

import os
import subprocess
import sys
import time
from statistics import median
from tempfile import TemporaryDirectory

from tests.paths import ROOT

ROUNDS = 10
TYPER = ("-c", "import typer")
BOTH = ("-c", "import sqlmodel, typer")
CLI = ("-m", "orchestrator.cli.main")
CASES = (
    ("takesheet --help", (*CLI, "--help"), "import typer", TYPER, 1.5),
    ("takesheet take approve --help", (*CLI, "take", "approve", "--help"), "import typer", TYPER, 2.5),
    ("takesheet board", (*CLI, "board"), "import sqlmodel, typer", BOTH, 1.3),
    ("takesheet take list", (*CLI, "take", "list", "night-bus"), "import sqlmodel, typer", BOTH, 1.3),
)


def startup() -> None:
    """Print medians of ten alternating runs."""
    with TemporaryDirectory() as folder:
        env = os.environ | {"TAKESHEET_STORE": folder, "PYTHONPATH": str(ROOT)}
        _store(folder, env)
        print(f"{'command':32} {'s':>7} {'peer':26} {'s':>7} {'ratio':>6} {'asked':>6}")
        for name, words, peer, other, asked in CASES:
            ours, theirs = [], []
            for _ in range(ROUNDS + 1):
                ours.append(_seconds(words, env))
                theirs.append(_seconds(other, env))
            a, b = median(ours[1:]), median(theirs[1:])  # the first of each warms the file cache
            print(f"{name:32} {a:7.3f} {peer:26} {b:7.3f} {a / b:6.2f} {asked:6.2f}")


def _store(folder: str, env: dict[str, str]) -> None:
    for words in (
        ("init", folder, "--label", "Bench"),
        ("record", "new", "Night Bus", "--artist", "The Ferrymen"),
        ("song", "add", "night-bus", "Tin Roof"),
        ("part", "add", "night-bus/tin-roof", "Drums"),
    ):
        subprocess.run([sys.executable, *CLI, *words], env=env, check=True, capture_output=True)


def _seconds(words: tuple[str, ...], env: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *words], env=env, check=True, capture_output=True)
    return time.perf_counter() - began


BENCHMARKS = [startup]
