"""The digest of a night: renders with loudness and peaks, failures, and items that are ready to listen to.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from typing import Any

from orchestrator.desk.review.review_rows import questions
from orchestrator.driver.driver import RunResult
from orchestrator.studio import Studio

Night = dict[str, Any]


def night_of(studio: Studio, result: RunResult) -> Night:
    """Return a night as data: ``rendered``, ``reused``, ``failed``, ``listen`` and ``clock`` (a warning, or None)."""
    waiting = [{"address": item.address, "kind": item.kind, "why": item.why} for item in questions(studio, None)]
    drift = studio.log.drift()
    clock = None if drift is None else f"the clock of this machine is {drift} the last event in the log"
    return result.as_dict() | {"listen": waiting, "clock": clock}


def digest_lines(night: Night) -> list[str]:
    """Return the digest as lines of text for people."""
    lines = [
        f"rendered {len(night['rendered'])} · from the vault {len(night['reused'])} · failed {len(night['failed'])}"
    ]
    lines += [f"  {row['kind']} {row['subject']} {row['seconds']} s{_measured(row)}" for row in night["rendered"]]
    lines += [f"  failed {row['kind']} {row['subject']}: {row['failure']}, {row['reason']}" for row in night["failed"]]
    lines += [f"warning: {night['clock']}: takesheet doctor"] if night.get("clock") else []
    if night["listen"]:
        lines += [f"ready to listen to: {len(night['listen'])}"]
        lines += [f"  {row['address']} ({row['why']})" for row in night["listen"]]
        lines += ["next: takesheet review"]
    return lines


def _measured(row: dict[str, Any]) -> str:
    measures = row["measures"]
    loudness, peak = measures.get("integrated_lufs"), measures.get("true_peak_dbtp")
    return f" · {loudness} LUFS, {peak} dBTP" if loudness else ""
