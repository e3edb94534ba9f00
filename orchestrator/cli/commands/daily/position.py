"""The command at: the place that addresses start from.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from orchestrator.cli.shell.arguments import OptionalTarget
from orchestrator.cli.shell.frame import Call, command, noun

at = noun("Set where you are, so that the end of an address is enough.")


@command(at, "at")
def stand_at(call: Call, address: OptionalTarget = None) -> None:
    """Make ADDRESS the current place; - leaves it; without ADDRESS, print the current place."""
    from orchestrator.desk.addressing import addresses

    with call.studio() as studio:
        if address == "-":
            addresses.stand_at(studio, None)
        elif address:
            addresses.stand_at(studio, addresses.find(studio, address, "record", "song", "part"))
        here = "/".join(addresses.standing_at(studio))
    call.done({"at": here or None}, here or "nowhere in particular")
