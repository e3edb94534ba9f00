"""Prints the cost of a piece of work, in the one line that :func:`tests.benchmarks.rounds.run` reads.

Wall-clock seconds, processor seconds, and the peak of resident memory; child processes are counted too.
"""

import json
import re
import resource
import time
from collections.abc import Callable
from pathlib import Path


def timed(work: Callable[[], dict[str, float] | None]) -> None:
    """Do *work* and print its cost; memory is that of the whole life of the process."""
    began, busy = time.perf_counter(), _processor_s()
    said = work() or {}
    took, worked = time.perf_counter() - began, _processor_s() - busy
    print(json.dumps({"seconds": took, "processor_s": worked, "peak_mib": _peak_mib(), **said}))


def _processor_s() -> float:
    started = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + started.ru_utime + started.ru_stime


def _peak_mib() -> float:
    high = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    own = int(high[1]) if high else 0
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024
