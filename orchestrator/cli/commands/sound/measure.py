"""``measure``: loudness and peaks of files.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.printing.table import rounded
from orchestrator.cli.shell.frame import Call, command, noun

measure = noun("Loudness and peaks of files.")

SHOWN = ("file", "integrated_lufs", "loudness_range_lu", "true_peak_dbtp", "sample_peak_dbfs", "duration_s")


@command(measure, "measure")
def measure_files(
    call: Call, files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Sound files.")]
) -> None:
    """Measure loudness (ITU-R BS.1770-5, EBU R 128) and peaks of FILEs; measures of silence are null."""
    from dataclasses import asdict

    from domain.core.refusal import Refused
    from dsp.audio import Source, Unsound
    from dsp.files.sound import inspect
    from dsp.meter.loudness import measure as measured

    rows: list[dict[str, object]] = []
    wrong: list[str] = []
    for file in files:
        try:
            inspect(file)
            rows.append({"file": str(file), **asdict(measured(Source(file)))})
        except Unsound as error:
            wrong.append(f"{file}: {error.reason}")
    if wrong:
        raise Refused("audio.unsound", "; ".join(wrong), data=rows)
    if call.json:
        call.done(rows)
    else:
        call.table([rounded(row) for row in rows], SHOWN)
