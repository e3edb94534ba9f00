"""The commands of label: what concerns all records.

Tests: ``tests/orchestrator/cli/commands/label/test_label_report.py``.
"""

from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.shell.frame import Call, command, noun

label = noun("The label as a whole: a month's report of its money.")


@label.callback()
def _label() -> None:
    """The label as a whole: a month's report of its money."""


@command(label, reads=True)
def report(
    call: Call,
    month: Annotated[str, typer.Argument(metavar="MONTH", help="Such as 2026-12.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="A new .xlsx or .html, with the same numbers.")
    ] = None,
) -> None:
    """Report the money of all records at the end of MONTH, what it cost in the month, and the invoices that came in."""
    from orchestrator.desk.label.month_report import RECORD_COLUMNS, month_report
    from orchestrator.desk.label.report_files import write_report

    with call.studio() as studio:
        found = month_report(studio, month)
    if output is not None:
        write_report(found, output)
    data = {"label": found.label, "month": found.month, "until": str(found.until), "records": list(found.records),
            "invoices": list(found.invoices)}  # fmt: skip
    if call.json:
        call.done(data)
    elif output is None:
        spare = ["unbudgeted", "title", "spent_in_month", "invoiced", "left"]
        call.table([dict(row) for row in found.records], list(RECORD_COLUMNS), empty="no money yet", spare=spare)
    else:
        call.done(data, str(output))
