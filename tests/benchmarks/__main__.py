"""Benchmarks against named peers, in alternating rounds; ``python -m tests.benchmarks [WORD] [--only NAME]``.

Every module of this folder may name benchmarks in ``BENCHMARKS``, functions that print their own rows, and in ``QUICK``
shorter replacements of them, which ``--scale quick`` runs.  The suites of a label have one benchmark for each size:
``plan --only wide`` is 2,000 records, ``plan --only large`` 2,000,000 events.
"""

import argparse
import os
import pkgutil
import platform
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from tests.benchmarks.label_store import KEEP


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Benchmarks against named peers.")
    parser.add_argument("word", nargs="?", default="", help="only modules whose name holds it")
    parser.add_argument("--scale", choices=["quick", "full"], default="full")
    parser.add_argument("--only", metavar="NAME", help="only benchmarks of this name, such as small, wide or large")
    parser.add_argument("--keep", metavar="FOLDER", help="keep generated stores there for later runs")
    asked = parser.parse_args()
    if asked.keep:
        os.environ[KEEP] = asked.keep
    print(f"{datetime.now(UTC):%Y-%m-%d} · Python {platform.python_version()} · {platform.machine()}")
    names = set[str]()
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name != "__main__" and asked.word in module.name:
            found = import_module(f"tests.benchmarks.{module.name}")
            whole = getattr(found, "BENCHMARKS", [])
            for benchmark in getattr(found, "QUICK", whole) if asked.scale == "quick" else whole:
                names.add(benchmark.__name__)
                if asked.only in {None, benchmark.__name__}:
                    benchmark()
    if asked.only not in {None, *names}:
        parser.error(f"there is no benchmark {asked.only}; there are {', '.join(sorted(names))}")


if __name__ == "__main__":
    main()
