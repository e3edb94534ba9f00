"""The command render: everything that is due.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from typing import Annotated

import typer

from orchestrator.cli.shell.frame import Call, command, noun

render = noun("Render everything that is not rendered yet.")


@command(render, "render")
def render_target(
    call: Call,
    target: Annotated[str | None, typer.Argument(metavar="TARGET", help="A record, song, part, mix or master.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Render TARGET again, though it is rendered.")] = False,
    why: Annotated[str | None, typer.Option(help="The reason; required with --again.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List what would be rendered and how long it takes, and render nothing.")
    ] = False,
) -> None:
    """Render everything that is not rendered yet (at or under TARGET); then list what is ready to listen to."""
    from domain.core.refusal import Misused, Unfit
    from orchestrator.cli.shell.progress import Bars, waiting_lines
    from orchestrator.desk.review.review_rows import scope
    from orchestrator.driver.on_demand import ask_again, render_due

    if again and not (target and why):
        raise Misused("render.again", "--again renders one TARGET again, and needs --why")
    if dry_run and again:
        raise Misused("render.again", "--again records that TARGET is to be rendered again; --dry-run records nothing")
    if dry_run:
        _show_plan(call, target)
        return
    with call.studio() as studio, Bars(call) as bars:
        if again:
            ask_again(studio, str(target), str(why))
        record, below = scope(studio, target)
        names = None if record is None else [record]
        result = render_due(studio, names, below, observe=bars.show, say=bars.say, retry=True)
        bars.close()
        lines = waiting_lines(studio, target)
    data = result.as_dict()
    if result.failed:
        first = result.failed[0]
        detail = (
            f"{len(result.failed)} failed, {len(result.rendered)} rendered: {first.job} {first.subject}: {first.reason}"
        )
        call.wraps(*lines)
        raise Unfit("render.failed", detail, next="mend the cause, then takesheet render", data=data)
    call.wraps(*([] if result.rendered else ["everything is rendered"]), *lines)
    if call.json:
        call.done(data)


def _show_plan(call: Call, target: str | None) -> None:
    """List the due renders at or under *target*."""
    from orchestrator.desk.review.review_rows import scope
    from orchestrator.driver.render_plan import render_plan

    with call.studio() as studio:
        record, below = scope(studio, target)
        rows = render_plan(studio, None if record is None else [record], below)
    if call.json or not rows:
        call.table(rows, [], empty="everything is rendered")
        return
    known = [seconds for row in rows if isinstance(seconds := row["estimate_s"], float)]
    shown = [{**row, "time": "?" if row["estimate_s"] is None else f"{row['estimate_s']:.1f} s"} for row in rows]
    call.table(shown, ["what", "address", "time"])
    new = ", ".join(dict.fromkeys(str(row["what"]) for row in rows if row["estimate_s"] is None))
    call.say(
        *([f"about {sum(known):.1f} s of rendering, by the median times of the last renders here"] if known else []),
        *([f"{new}: no estimate: nothing of this kind was rendered here yet"] if new else []),
    )
