"""The command up: new decisions rendered at once, and the nightly at its hour.

Tests: ``tests/orchestrator/driver/test_outages.py``.
"""

from orchestrator.cli.shell.frame import Call, command, noun

up = noun("Stay up: render new decisions at once, and the rest by night.")


@command(up, "up")
def stay_up(call: Call) -> None:
    """Stay in the foreground: new decisions render within a second or two, the nightly runs at its hour."""
    from orchestrator.cli.shell.progress import Bars
    from orchestrator.driver.daemon import run_daemon
    from orchestrator.driver.run_log import logged_lines, logged_progress, run_log

    with call.studio() as studio, Bars(call, lines=True) as bars, run_log(studio.config.folder):
        run_daemon(studio, observe=logged_progress(bars.show), say=logged_lines(bars.say))
