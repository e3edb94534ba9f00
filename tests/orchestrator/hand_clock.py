"""A clock that a test sets by hand, so that days pass between two commands of one process."""

from datetime import datetime
from zoneinfo import ZoneInfo


class HandClock:
    """Tells the time it was last set to; given to the command line as the clock of its commands.

    Args:
        time: wall-clock time, such as ``2027-12-06T18:00``.
        zone: IANA name of the zone of all times that are set.
    """

    def __init__(self, time: str, zone: str = "Europe/Berlin") -> None:
        self._zone = ZoneInfo(zone)
        self.set(time)

    def set(self, time: str) -> None:
        """Let it be *time* from now on."""
        self._now = datetime.fromisoformat(time).replace(tzinfo=self._zone)

    def __call__(self) -> datetime:
        return self._now
