"""The date and time that a recorder stamps into its files, as the log keeps them."""

import re
from datetime import datetime
from typing import Final

_ORIGINATED: Final = re.compile(r"(\d{4})\D(\d\d)\D(\d\d)[T ]+(\d\d)\D(\d\d)\D(\d\d)", re.ASCII)
"""Date and time in a BWF stamp; recorders write various separators."""
YEARS: Final = range(1990, 2200)
"""Years that a recorder's clock may say; others are those of a clock that was never set."""


def stamped_wall_time(stamp: str | None) -> datetime | None:
    """The wall-clock time of *stamp*, to the second and without a zone; None if it says none that can be."""
    words = _ORIGINATED.match(stamp or "")
    if words is None or int(words[1]) not in YEARS:
        return None
    try:
        return datetime(*(int(word) for word in words.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 - wall clock
    except ValueError:
        return None  # such as the 31st of February
