"""Parcels, answers and handoffs."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from domain.correspondence import answers, handoffs, parcels, signoffs
from domain.correspondence.handoffs import GivenSound, HandoffGiven, Handoffs
from domain.correspondence.parcels import SentSound
from domain.correspondence.signoffs import Signatory, SignedOutput, SignoffOpened, Signoffs, Today
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


ARTIST, LABEL = Signatory(person="mia", role="artist"), Signatory(person="kim", role="label")


def outputs(letter: str) -> Today:
    """A record with one mix."""
    return Today((SignedOutput(target=f"{ROOF}@mix1", hash=sha(letter)),))


OPENED: Final = SignoffOpened(
    record="night-bus", signoff="G1", signatories=(ARTIST, LABEL), quorum=2, outputs=outputs("a").outputs
)

CASES: Final[Mapping[Decide, Case]] = {
    handoffs.give: Case(
        Handoffs(),
        handed_out,
        [{"new": handoff(number, letter)} for number in (1, 2) for letter in ("a", "b")],
    ),
    signoffs.open_signoff: Case(
        Signoffs(),
        signoffs.evolve,
        [
            {
                "record": "night-bus", "acceptance": acceptance, "signatories": who, "quorum": quorum, "due": None,
                "today": outputs("a"),
            }
            for acceptance in (None, "technical")
            for who in ((ARTIST,), (ARTIST, LABEL))
            for quorum in (None, 1)
        ],
    ),
    signoffs.give_signoff: Case(
        signoffs.evolve(Signoffs(), OPENED),
        signoffs.evolve,
        [
            {
                "record": "night-bus", "id_": "G1", "today": outputs(letter), "by": by, "person": one.person,
                "role": one.role, "evidence": sha("e"),
            }
            for letter in ("a", "b")
            for one in (ARTIST, LABEL)
            for by in (one.person, "pat")
        ],
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
