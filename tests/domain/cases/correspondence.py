"""Parcels, answers and handoffs."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from domain.correspondence import answers, handoffs, parcels
from domain.correspondence.handoffs import GivenSound, HandoffGiven, Handoffs
from domain.correspondence.parcels import SentSound
from tests.domain.cases.case import Case, Decide
from tests.domain.paper import ROOF, sha

MIX1: Final = SentSound(target=f"{ROOF}@mix1", hash=sha("1"))
AT: Final = datetime(2026, 12, 7, 18, tzinfo=UTC)


def added(known: Sequence[object], event: object) -> Sequence[object]:
    """Everything known, and *event*."""
    return [*known, event]


def handed_out(handoffs: Handoffs, event: HandoffGiven) -> Handoffs:
    before = handoffs.given.get(event.handoff, ())
    return Handoffs({**handoffs.given, event.handoff: (*before, event)})


def handoff(number: int, letter: str) -> HandoffGiven:
    return HandoffGiven(
        record="night-bus", song=ROOF, handoff=f"H{number}", to="ann", purpose="mix",
        given=(GivenSound(target=f"{ROOF}/drums", hash=sha(letter)),), manifest=sha(letter), files=1, at=AT,
    )  # fmt: skip


CASES: Final[Mapping[Decide, Case]] = {
    handoffs.give: Case(
        Handoffs(),
        handed_out,
        [{"new": handoff(number, letter)} for number in (1, 2) for letter in ("a", "b")],
    ),
    parcels.send_sound: Case(
        [],
        added,
        [
            {
                "record": "night-bus", "song": ROOF, "sounds": [MIX1], "to": to, "purpose": purpose, "format": "m4a",
                "file": "a.m4a", "sha": sha(letter), "size": 9, "at": AT,
            }
            for to in (("ann",), ("lou", "ann"), ("ann", "lou"))
            for purpose in ("approval", "pitch")
            for letter in ("a", "b")
        ],
    ),
    answers.receive_answer: Case(
        [],
        added,
        [
            {
                "record": "night-bus", "song": ROOF, "about": f"{ROOF}@mix1", "hash": None, "speaker": speaker,
                "by": "pat", "verdict": verdict, "evidence": sha(letter), "notes": 2,
            }
            for speaker in ("ann", "lou")
            for verdict in ("yes", "changes", None)
            for letter in ("a", "b")
        ],
    ),
}  # fmt: skip
