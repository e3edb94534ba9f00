"""Benchmarks against named peers, in alternating rounds of one run; ``python -m tests.benchmarks [WORD]``.

Every module of this folder may name benchmarks in ``BENCHMARKS``: functions that print their own rows.
"""

import pkgutil
import platform
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path


def main() -> None:
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    print(f"{datetime.now(UTC):%Y-%m-%d} · Python {platform.python_version()} · {platform.machine()}")
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name != "__main__" and word in module.name:
            for benchmark in getattr(import_module(f"tests.benchmarks.{module.name}"), "BENCHMARKS", []):
                benchmark()


if __name__ == "__main__":
    main()
