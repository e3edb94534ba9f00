"""Goals of sessions and parked parts."""

from collections.abc import Mapping
from typing import Final

from domain.session import goals, parked_parts
from domain.session.parked_parts import ParkedParts
from tests.domain.cases.case import Case, Decide

DRUMS, BASS = "night-bus/tin-roof/drums", "night-bus/tin-roof/bass"
NOTHING: Final[ParkedParts] = {}

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
}  # fmt: skip
