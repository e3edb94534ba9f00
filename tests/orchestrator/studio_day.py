"""A studio day played by hand: the keys of ``session run`` at given times, and the files of a recorder."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from domain.session.day_events import Mark
from orchestrator.desk.session.session_day import SessionKeys
from orchestrator.studio import Studio
from tests.orchestrator.file_clock import FileClock
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import RATE, stamped

SESSION = "night-bus/S1"
DAY = "2026-12-07"


@dataclass(frozen=True, slots=True)
class StudioDay:
    """The session of one day, whose clock is set with each key."""

    label: Label
    clock: FileClock

    def keys(self, time: str, *keys: str) -> None:
        """At *time* press *keys*: ``roll``, a mark, or the parts that are recorded from now on, such as ``drums+bass``.

        Args:
            time: wall-clock time of the day, such as ``10:21:09``.
            keys: in order.
        """
        self.clock.set(f"{DAY}T{time}")
        with Studio.at(str(self.label.folder), clock=self.clock) as studio:
            pressed = SessionKeys(studio, "night-bus", SESSION)
            for key in keys:
                if key == "roll":
                    pressed.roll()
                elif key in {"keeper", "hold", "not-this-one", "false-start"}:
                    mark: Mark = key  # type: ignore[assignment]
                    pressed.mark(mark)
                else:
                    pressed.start_parts([f"{SONG}/{part}" for part in key.split("+")])


def open_day(folder: Path, *parts: str) -> StudioDay:
    """A label with one song of *parts* and a session on the 7th of December 2026, which has begun."""
    folder.mkdir(exist_ok=True)
    clock = FileClock(folder / "house-clock.txt")
    clock.set("2026-12-01T09:00")
    label = open_label(folder, *parts, clock=clock)
    label.does("resource", "add", "room-a", "--kind", "room", "--rate", "600/day")
    label.does("session", "book", "night-bus", "--room", "room-a", "--on", DAY, "--hours", "10-20")
    clock.set(f"{DAY}T09:55")
    with Studio.at(str(folder), clock=clock) as studio:
        SessionKeys(studio, "night-bus", SESSION).start()
    return StudioDay(label, clock)


def recording(path: Path, time: str, *, ahead: float = 0.0, seconds: float = 2.0, hz: float | None = None) -> Path:
    """A file that a recorder, whose clock is *ahead* seconds ahead, began at *time* of the day; each has its sound."""
    moment = datetime.fromisoformat(f"{DAY}T{time}") + timedelta(seconds=ahead)
    since_midnight = (moment - moment.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds()
    pitch = hz if hz is not None else 100.0 + since_midnight % 3000 / 3 + sum(path.stem.encode()) % 89
    return stamped(
        path, pitch, reference=round(since_midnight * RATE), seconds=seconds, when=moment.strftime("%H:%M:%S")
    )
