"""``python -m flows.run JOB --vault URL``: render one job file of a vault, on any machine that has the code.

stdout has one line a render, or one JSON object with ``--json``; progress and refusals go to stderr.  Exit codes are
those of the command line: 0 done, 1 fault, 2 usage or no job file, 3 refused, 4 no such job, 130 interrupted.
"""

import argparse
import json
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn
from urllib.parse import unquote, urlsplit

from domain.core.refusal import Misused, NotFound, OperationalError, Refusal, Refused, Suggestion
from domain.render.jobs import Rendered, RenderFailed
from flows.run.progress import Abandoned, Progress, RunMonitor
from flows.run.run_job import Interruption, Outcome
from flows.run.settings import RunSettings
from flows.vault.redaction import holds_secret, redacted_text

VARIABLE: Final = "TAKESHEET_VAULT"
"""Environment variable with the vault, for a URL that holds a secret."""
MOST_THREADS: Final = 1024
INTERRUPTED: Final = 130
_CODES: Final = ((Misused, 2), (Refused, 3), (NotFound, 4))
"""Exit code by class of refusal; others, which are faults of the program, exit with 1."""


def main(words: Sequence[str] | None = None) -> int:
    """Render the job named by *words* (None: the command line of this process); return the exit code."""
    given = _parser().parse_args(words)
    try:
        return _render(given)
    except Refusal as refusal:
        return _refused(refusal, as_json=given.json)
    except OperationalError as fault:
        return _refused(Refused(fault.rule, str(fault), next="the same command again"), as_json=given.json)
    except (KeyboardInterrupt, Abandoned):
        _say("interrupted; what was rendered so far is in the vault")
        return INTERRUPTED
    except (OSError, MemoryError) as error:
        if given.trace:
            raise
        detail = f"{type(error).__name__}: {error}"
        return _refused(
            Refused("machine", detail, next="put right what the system says, then the same command again"),
            as_json=given.json,
        )
    except Exception as error:
        if given.trace:
            raise
        return _refused(
            Refusal("fault", f"{type(error).__name__}: {error}", next="the same command with --trace"),
            as_json=given.json,
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m flows.run", description="Render one job file of a vault.")
    parser.add_argument("job", metavar="JOB", help="hash of the job file: 64 hexadecimal digits")
    parser.add_argument("--vault", metavar="URL", help=f"the vault's folder or URL; else {VARIABLE}")
    parser.add_argument("--threads", type=_threads, default=0, metavar="N", help="render threads; 0 takes one a core")
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    parser.add_argument("--trace", action="store_true", help="print where an error came from on stderr")
    return parser


def _threads(word: str) -> int:
    threads = int(word)
    if not 0 <= threads <= MOST_THREADS:
        raise argparse.ArgumentTypeError(f"{threads} is not within 0 to {MOST_THREADS}")
    return threads


def _render(given: argparse.Namespace) -> int:
    from flows.run.worker import render_job
    from flows.run.worker_settings import plug_ins_here

    monitor = RunMonitor(_show)
    _end_on_signals(monitor)
    vault = _vault(given.vault)
    settings = RunSettings(vault, given.threads or _cores(), plug_ins_here(), monitor)
    outcomes = render_job(given.job, settings, _log(visible=given.trace), _say)
    return _concluded(given.job, outcomes, as_json=given.json)


def _vault(named: str | None) -> str:
    """The vault's URL; a folder is refused unless it holds jobs, because opening it would turn it into a vault."""
    if named is not None and holds_secret(named):
        raise Misused("vault.secret", "the vault's URL holds a secret, and others can see command lines", next=VARIABLE)
    url = named or os.environ.get(VARIABLE, "")
    if not url:
        raise Misused("vault.name", f"neither --vault nor {VARIABLE} names a vault", next="--vault URL")
    local = unquote(urlsplit(url).path) if url.startswith("file://") else "" if "://" in url else url
    if local and not (Path(local) / "jobs").is_dir():
        raise NotFound("vault.missing", f"{local} is no vault with jobs", next="--vault URL")
    return url


def _concluded(job: str, outcomes: Sequence[Outcome], *, as_json: bool) -> int:
    """Print the outcomes; return 0, or the exit code of the first failure."""
    rendered = [one.report for one in outcomes if isinstance(one, Rendered)]
    if not as_json:
        for report in rendered:
            sys.stdout.write(_plain(f"rendered {report.kind} {report.subject} {report.key}") + "\n")
    data = {"job": job, "rendered": [report.model_dump(mode="json") for report in rendered]}
    failures = [refusal for one in outcomes if (refusal := _refusal_of(one))]
    if failures:
        failures[0].values["data"] = data
        codes = [_refused(one, as_json=as_json and one is failures[0]) for one in failures]
        return codes[0]
    if as_json:
        sys.stdout.write(json.dumps({"ok": True, "data": data}) + "\n")
    return 0


def _refusal_of(outcome: Outcome) -> Refusal | None:
    match outcome:
        case RenderFailed():
            kind = Refusal if outcome.failure == "bug" else Refused
            detail = f"{outcome.job} {outcome.subject} failed ({outcome.failure}): {outcome.reason}"
            return kind("render.failed", detail, next="the same command with --trace shows where it came from")
        case Interruption():
            detail = f"{outcome.job} {outcome.subject} was interrupted: {outcome.reason}"
            room = "free disk space, then " if outcome.cause == "disk" else ""
            return Refused(f"outage.{outcome.cause}", detail, next=f"{room}the same command again")
        case _:
            return None


def _refused(refusal: Refusal, *, as_json: bool) -> int:
    """Print a refusal; return its exit code."""
    code = next((code for kind, code in _CODES if isinstance(refusal, kind)), 1)
    detail, help_ = redacted_text(refusal.detail), redacted_text(_next(refusal))
    if as_json:
        said = {"ok": False, "rule": refusal.rule, "detail": detail, "next": help_}
        sys.stdout.write(json.dumps({**said, **({"data": refusal.values["data"]} if "data" in refusal.values else {})}))
        sys.stdout.write("\n")
        return code
    word = "refused" if code == 3 else "error"  # noqa: PLR2004 - the exit code of a refusal
    _say(f"{word} ({refusal.rule}): {detail}")
    if help_:
        _say(f"  next: {help_}")
    return code


def _next(refusal: Refusal) -> str:
    if isinstance(refusal.next, Suggestion):
        return f"where the store is: takesheet {' '.join((refusal.next.use_case, *refusal.next.arguments))}"
    return refusal.next


def _show(progress: Progress) -> None:
    if progress.state in {"start", "done", "reused"}:
        took = f" {progress.seconds:.2f}" if progress.state == "done" else ""
        _say(f"{progress.state} {progress.kind} {progress.subject}{took}")


def _say(line: str) -> None:
    sys.stderr.write(_plain(line) + "\n")
    sys.stderr.flush()


def _plain(line: str) -> str:
    """*line* without terminal control characters, since names in a job file come from other people."""
    return "".join(letter if letter.isprintable() else "?" for letter in line)


def _log(*, visible: bool) -> logging.Logger:
    log = logging.getLogger("takesheet.worker")
    log.propagate = False
    log.addHandler(logging.StreamHandler() if visible else logging.NullHandler())
    return log


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _end_on_signals(monitor: RunMonitor) -> None:
    """Let SIGINT and SIGTERM end the run, its other threads at their next progress message.

    KeyboardInterrupt is not used: if it passes through a library that executes Python source, the interpreter remembers
    it and ends by the signal although it was caught.
    """

    def end(_signal: int, _frame: FrameType | None) -> NoReturn:
        monitor.abandon()
        raise Abandoned

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, end)


if __name__ == "__main__":
    sys.exit(main())
