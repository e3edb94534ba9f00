"""The command undo: the last judgement or note, taken back.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from orchestrator.cli.shell.arguments import OptionalTarget
from orchestrator.cli.shell.frame import Call, command, noun

undo = noun("Take back your last judgement or note.")


@command(undo, "undo")
def take_back(call: Call, target: OptionalTarget = None) -> None:
    """Take back your last judgement or note (at or under ADDRESS), by a new event."""
    from orchestrator.desk.review.undo import undo_last

    with call.studio() as studio:
        said = undo_last(studio, target)
    call.done({"undone": said}, f"taken back: {said}")
