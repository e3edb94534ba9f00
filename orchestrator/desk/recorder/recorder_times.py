"""When a recording began, by the stamps of its files or by the time at which they were written.

Tests: ``tests/orchestrator/desk/recorder/test_slated_import.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from domain.session.recorder_stamps import stamped_wall_time
from orchestrator.desk.intake.checked_files import CheckedFile

DAY_S: Final = 24 * 3600
AGREE_S: Final = 3
"""Seconds by which the two times of a stamp may differ while both are of the day."""


@dataclass(frozen=True, slots=True)
class RecordedTime:
    """When a recording began and how long it is."""

    start: datetime
    """By the recorder's clock, or by that of the file system, in UTC."""
    length: timedelta
    is_stamped: bool
    """True if the recorder wrote it; else it is the time at which the file was written less its length."""
    is_of_day: bool
    """True if its sample reference counts from midnight, and not along the timeline of a song."""


def recorded_time(files: Sequence[CheckedFile], zone: tzinfo, *, written: bool = False) -> RecordedTime | None:
    """When the take that *files* make began; None if they do not say.

    Args:
        files: the files of one take.
        zone: of the house, whose wall clock the recorder's resembles.
        written: True to take the time at which a file without a stamp was written for its end.
    """
    file = files[0]
    facts = file.facts
    length = timedelta(seconds=facts.frames / facts.rate)
    if found := _stamped(file, zone):
        return RecordedTime(found[0], length, is_stamped=True, is_of_day=found[1])
    if not written:
        return None
    ends = datetime.fromtimestamp(file.all_pieces[-1].marks[1] / 1e9, UTC)
    return RecordedTime(ends - length, length, is_stamped=False, is_of_day=True)


def _stamped(file: CheckedFile, zone: tzinfo) -> tuple[datetime, bool] | None:
    """Start by the stamp, and whether its reference is of the day."""
    stamp = file.facts.stamp
    moment = stamped_wall_time(stamp.originated)
    if moment is None:
        return None
    if stamp.time_reference is None:
        return moment.replace(tzinfo=zone).astimezone(UTC), True
    reference = stamp.time_reference / file.facts.rate
    since_midnight = (moment - moment.replace(hour=0, minute=0, second=0)).total_seconds()
    beside = (reference - since_midnight + DAY_S / 2) % DAY_S - DAY_S / 2
    if reference >= DAY_S or abs(beside) > AGREE_S:
        return moment.replace(tzinfo=zone).astimezone(UTC), False
    return (moment + timedelta(seconds=beside)).replace(tzinfo=zone).astimezone(UTC), True
