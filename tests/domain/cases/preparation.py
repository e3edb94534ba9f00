"""Goals of sessions and parked parts."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from domain.session import archives, goals, parked_parts, run_order, setups, wraps
from domain.session.parked_parts import ParkedParts
from tests.domain.cases.case import Case, Decide

DRUMS, BASS = "night-bus/tin-roof/drums", "night-bus/tin-roof/bass"
NOTHING: Final[ParkedParts] = {}

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
STAYS: Final = [
    wraps.Attendance(resource=name, came=NOON, left=NOON.replace(hour=hour))
    for name in ("jo", "al")
    for hour in (18, 20)
]

ROWS: Final = [
    run_order.RunOrderRow(song="night-bus/tin-roof", parts=(part,), minutes=30, people=people)
    for part, people in ((DRUMS, ("jo",)), (BASS, ("al",)), (DRUMS, ("jo", "al")))
]

KICK: Final = (setups.SetupLine(track="kick", microphone="D112"),)
SNARE: Final = (setups.SetupLine(track="snare", microphone="SM57"),)
SAVED: Final = setups.Setups(
    {number: setups.SetupSaved(part=DRUMS, number=number, lines=lines) for number, lines in ((1, KICK), (2, SNARE))}
)

CASES: Final[Mapping[Decide, Case]] = {
    goals.set_goal: Case(
        "", goals.evolve,
        [{"session": "night-bus/S1", "record": "night-bus", "goal": goal}
         for goal in ("", "four keepers", " four keepers ", "fun", "x" * 201)],
    ),
    parked_parts.park: Case(
        NOTHING, parked_parts.evolve,
        [{"part": part, "session": session, "reason": reason}
         for part in (DRUMS, BASS) for session in (None, "night-bus/S1") for reason in ("", "tired")],
    ),
    parked_parts.resume: Case(
        {one: parked_parts.PartParked(part=one) for one in (DRUMS, BASS)}, parked_parts.evolve,
        [{"part": part, "session": "night-bus/S1"} for part in (DRUMS, BASS)],
    ),
    wraps.wrap: Case(
        None, wraps.evolve,
        [{"session": "night-bus/S1", "record": "night-bus", "at": NOON.replace(minute=minute), "attendance": stays,
          "thanks": thanks}
         for minute in (0, 5) for stays in ((), STAYS[:1], STAYS[1:3], STAYS) for thanks in ("", "what a day")],
    ),
    run_order.set_run_order: Case(
        None, run_order.evolve,
        [{"session": "night-bus/S1", "record": "night-bus", "rows": rows, "keeps_order": keeps}
         for rows in ([], ROWS[:1], ROWS) for keeps in (False, True)],
    ),
    setups.save_setup: Case(
        setups.Setups(), setups.evolve,
        [{"part": DRUMS, "lines": lines, "cue_mix": cue, "words": "", "photo": photo}
         for lines in ((), KICK, SNARE, KICK + SNARE) for cue in ("", "more of me") for photo in (None, "ab" * 32)],
    ),
    setups.approve_setup: Case(
        SAVED, setups.evolve,
        [{"part": DRUMS, "number": number, "by": by, "role": "producer"}
         for number in (None, 1, 2, 3) for by in ("pat", "kim")],
    ),
    setups.recall_setup: Case(
        SAVED, setups.evolve,
        [{"part": DRUMS, "number": number, "session": f"night-bus/S{session}"}
         for number in (None, 1, 2, 3) for session in (1, 2)],
    ),
    archives.archive: Case(
        None, archives.evolve,
        [{"new": archives.SessionArchived(
            session="night-bus/S1", record="night-bus", folder="daw", manifest="ab" * 32, files=files, bytes=9,
            copies=copies)}
         for files in (1, 2) for copies in (("a",), ("a", "b"), ("a", "a"))],
    ),
}  # fmt: skip
