"""The command at: the place that addresses start from.

Tests: ``tests/orchestrator/desk/addressing/test_current_place.py``.
"""

from orchestrator.cli.shell.arguments import OptionalTarget
from orchestrator.cli.shell.frame import Call, command, noun

at = noun("Set where you are, so that the end of an address is enough.")


@command(at, "at")
def set_current_address(call: Call, address: OptionalTarget = None) -> None:
    """Make ADDRESS the current place of this terminal; - leaves it; without ADDRESS, print the current place.

    Each terminal session has its own current place; TAKESHEET_AT in the environment replaces it.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.addressing.current_place import current_path, set_current_path

    with call.studio() as studio:
        if address == "-":
            set_current_path(studio, ())
        elif address:
            set_current_path(studio, addresses.find(studio, address, "record", "song", "part").path)
        here = "/".join(current_path(studio))
    call.done({"at": here or None}, here or "nowhere in particular")
