"""The keys of a studio day."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from domain.session import recordings, session_day
from domain.session.recordings import RecordingFound, Recordings
from domain.session.session_day import SessionDay
from tests.domain.cases.case import Case, Decide
from tests.paths import GOLDEN

AT: Final = datetime(2026, 12, 7, 10, 0, tzinfo=UTC)
SONG: Final = "night-bus/tin-roof"
DRUMS, BASS = f"{SONG}/drums", f"{SONG}/bass"
NEW: Final = SessionDay("night-bus/S1", "night-bus")


def begun() -> SessionDay:
    """A studio day whose running part is the drums."""
    day = NEW
    for event in (*session_day.start_session(NEW, at=AT), *session_day.start_parts(NEW, [DRUMS], at=AT)):
        day = session_day.evolve(day, event)
    return day


def rolling() -> SessionDay:
    """That day while the tape rolls."""
    day = begun()
    [event] = session_day.start_roll(day, at=AT, last_slate=0, last_pass=3)
    return session_day.evolve(day, event)


def marked_moment() -> SessionDay:
    """That day with a moment that nobody has put in words."""
    day = rolling()
    [event] = session_day.mark_moment(day, at=AT)
    return session_day.evolve(day, event)


FOUND: Final = RecordingFound.model_validate(
    json.loads((GOLDEN / "events" / "recording-found.json").read_text("utf-8"))["data"]
)
FOUND_AGAIN: Final = {"record": "night-bus", "session": "night-bus/S1", "tracks": FOUND.tracks, "bits": FOUND.bits}


CASES: Final[Mapping[Decide, Case]] = {
    session_day.start_session: Case(NEW, session_day.evolve, [{"at": AT}]),
    session_day.start_parts: Case(
        rolling(), session_day.evolve, [{"parts": [DRUMS], "at": AT}, {"parts": [BASS, DRUMS], "at": AT}]
    ),
    session_day.start_roll: Case(begun(), session_day.evolve, [{"at": AT, "last_slate": 0, "last_pass": 3}]),
    session_day.stop_roll: Case(rolling(), session_day.evolve, [{"at": AT}]),
    session_day.mark_pass: Case(
        rolling(), session_day.evolve, [{"mark": mark, "at": AT} for mark in ("keeper", "hold", "false-start")]
    ),
    session_day.mark_moment: Case(
        rolling(), session_day.evolve, [{"at": AT, "text": text} for text in ("", "the laugh")]
    ),
    session_day.name_moment: Case(
        marked_moment(), session_day.evolve, [{"at": AT, "text": text} for text in ("", "the laugh")]
    ),
    recordings.set_recorder_clock: Case(
        None,
        lambda _, event: event.ahead_ms,
        [{"session": "night-bus/S1", "record": "night-bus", "ahead_ms": ahead} for ahead in (0, 83_500)],
    ),
    recordings.find_recording: Case(Recordings(), recordings.evolve, [FOUND_AGAIN]),
    recordings.claim_recording: Case(
        recordings.evolve(Recordings(), FOUND),
        recordings.evolve,
        [{"record": "night-bus", "recording": "R1", "take": f"{DRUMS}/4"}],
    ),
}
