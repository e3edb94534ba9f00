"""The command nightly: every record brought up to date, and the digest.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from orchestrator.cli.shell.frame import Call, command, noun

nightly = noun("Bring every record up to date, and print the digest.")


@command(nightly, "nightly")
def render_all(call: Call) -> None:
    """Render everything due on every record despite failures; print the renders and what is ready to listen to."""
    from orchestrator.cli.shell.progress import Bars
    from orchestrator.driver.digest import digest_lines, night_of
    from orchestrator.driver.on_demand import NIGHTS_PATIENCE_S, render_due
    from orchestrator.driver.run_log import logged_lines, logged_progress, run_log

    with call.studio() as studio, Bars(call) as bars, run_log(studio.config.folder):
        observe, say = logged_progress(bars.show), logged_lines(bars.say)
        result = render_due(studio, None, observe=observe, say=say, retry=True, patience_s=NIGHTS_PATIENCE_S)
        bars.close()
        night = night_of(studio, result)
    lines = digest_lines(night)
    if result.failed:
        if not call.json:
            call.done(None, *lines)
        from domain.core.refusal import Unfit

        first = result.failed[0]
        raise Unfit("nightly.failed", f"{len(result.failed)} failed: {first.subject}: {first.reason}", data=night)
    call.done(night, *lines)
