"""Prefect artifacts of a run: a table of renders with links, a digest, and one page a song in small runs."""

import re
from collections.abc import Iterator, Sequence

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from domain.render.jobs import Named, Rendered, RenderFailed, Report
from flows.run.run_job import Interruption, Outcome
from flows.vault.redaction import redacted
from flows.vault.vault import Vault


def of_run(title: str, outcomes: Sequence[Outcome], vault: Vault) -> None:
    """Create both artifacts of a run, once at its end, since each takes about a fifth of a second."""
    rows = [row for one in outcomes for row in _rows(one, vault)]
    create_table_artifact(table=rows, key=key_of(f"renders {title}"), description=f"Renders of {title}")
    create_markdown_artifact(markdown=digest(title, outcomes), key=key_of(f"digest {title}"))


def of_song(song: str, outcomes: Sequence[Outcome], vault: Vault) -> None:
    """Create the artifact of one song, with links to its audio."""
    lines = [f"# {song}", "", *(line for one in outcomes for line in _lines(one))]
    for one in outcomes:
        if isinstance(one, Rendered):
            lines += [
                f"- [{one.report.subject} {output.name}]({_link(output, vault)})" for output in one.report.outputs
            ]
    create_markdown_artifact(markdown="\n".join(lines), key=key_of(song))


def digest(title: str, outcomes: Sequence[Outcome]) -> str:
    """A run in Markdown: failures with reasons first, then renders."""
    failed = [one for one in outcomes if isinstance(one, RenderFailed | Interruption)]
    made = [one for one in outcomes if isinstance(one, Rendered)]
    parts = [f"# {title}: {len(made)} rendered, {len(failed)} failed", ""]
    for heading, found in (("Failed", failed), ("Rendered", made)):
        if found:
            parts += [f"## {heading}", "", *(line for one in found for line in _lines(one)), ""]
    return "\n".join(parts)


def key_of(name: str) -> str:
    """*name* as a Prefect artifact key: lower-case ASCII letters, digits and dashes."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "run"


def _lines(one: Outcome) -> Iterator[str]:
    match one:
        case RenderFailed():
            yield f"- **{one.job} {one.subject}** ({one.failure}): {one.reason}"
        case Interruption():
            yield f"- **{one.job} {one.subject}** (interrupted, {one.cause}): {one.reason}"
        case Rendered(report=report):
            yield f"- {report.kind} **{report.subject}**, {report.seconds} s{_measured(report)}"
            yield from (f"  - {note}" for note in report.notes)


def _measured(report: Report) -> str:
    return "".join(f", {name} {value if value is not None else 'none'}" for name, value in report.measures.items())


def _rows(one: Outcome, vault: Vault) -> Iterator[dict[str, str]]:
    if isinstance(one, RenderFailed):
        yield _row(one.job, one.subject, f"failed: {one.failure}", "", one.reason, key=one.key)
        return
    if isinstance(one, Interruption):
        yield _row(one.job, one.subject, f"interrupted: {one.cause}", "", one.reason, key="")
        return
    report = one.report
    for output in report.outputs:
        yield _row(
            report.kind, f"{report.subject} {output.name}", "done", report.seconds, _link(output, vault), key=report.key
        )
    if not report.outputs:
        yield _row(report.kind, report.subject, "done", report.seconds, "", key=report.key)


def _row(kind: str, what: str, state: str, seconds: str, where: str, *, key: str) -> dict[str, str]:
    return {"kind": kind, "what": what, "state": state, "seconds": seconds, "where": where, "key": key}


def _link(output: Named, vault: Vault) -> str:
    return redacted(vault.address(output.sound.blob))
