"""Takes, their edits and the comps of parts."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.frames import Range
from domain.label.corrections import TakeMoved
from domain.recipe import MidiRecipe
from domain.render.jobs import Named
from domain.status.review import ratings
from domain.takes import midi_takes, moved_takes, outside_comps, take_edits, take_verdicts, takes
from domain.takes.midi_takes import MidiPlayed
from domain.takes.outside_comps import CompSubmitted
from domain.takes.take_edits import Change
from domain.takes.takes import Take, Takes
from tests.domain.cases.case import Case, Decide, appended, latest
from tests.domain.paper import DRUMS, ROOF, sha, sound, spans, take, track

BASS: Final = f"{ROOF}/bass"
PRODUCER: Final = {"by": "pat", "role": "producer"}

TAKES = fold_events(takes.evolve, Takes(), (take(number) for number in (1, 2, 3)))


def evolve_judged(state: tuple[Takes, tuple[Event, ...]], event: Any) -> tuple[Takes, tuple[Event, ...]]:
    return takes.evolve(state[0], event), (*state[1], event)


def evolve_moved(state: tuple[Takes, Takes], event: Any) -> tuple[Takes, Takes]:
    own, there = state
    if isinstance(event, TakeMoved):
        return takes.evolve_moved(own, event), there
    return own, takes.evolve(there, event)


def evolve_take(there: Take, event: Any) -> Take:
    return replace(there, edits=take_edits.edited(there.edits, event))


def played(transpose: int) -> MidiPlayed:
    recipe = MidiRecipe(instrument="keys", version=1, transpose=transpose)
    return MidiPlayed(
        take=f"{DRUMS}/1", file=sha("file"), size=9, notes=4, recipe=recipe, sound=sound("keys", transpose)
    )


def brought(plan: str, *words: object) -> CompSubmitted:
    named = (Named(name="kick", sound=sound("outside", *words)),)
    return CompSubmitted(part=DRUMS, tracks=named, bits=24, maker="Ann", given=sha(plan))


CASES: Final[Mapping[Decide, Case]] = {
    takes.ingest: Case(
        TAKES,
        takes.evolve,
        [
            {"part": DRUMS, "tracks": tracks, "bits": 24, "starts_at": at}
            for tracks in (take(1).tracks, take(7).tracks, (track("kick", "x"),))
            for at in (0, 100)
        ],
    ),
    take_verdicts.judge: Case(
        (TAKES, ()),
        evolve_judged,
        [
            {"take": f"{DRUMS}/{number}", "verdict": verdict, "span": span, **PRODUCER}
            for number in (1, 2)
            for verdict in ("approved", "kept", "held", "rejected")
            for span in (None, Range(start=0, end=9_000))
            if span is None or verdict == "approved"
        ],
        lambda state, **command: take_verdicts.judge(*state, **command),
    ),
    take_verdicts.judge_together: Case(
        (TAKES, ()),
        evolve_judged,
        [
            {"wanted": [f"{DRUMS}/{number}" for number in numbers], "verdict": verdict, "span": span, **PRODUCER}
            for numbers in ((1,), (2, 1), (1, 2), (3, 1, 3))
            for verdict in ("approved", "kept", "held", "rejected")
            for span in (None, Range(start=0, end=9_000))
            if span is None or verdict == "approved"
        ],
        lambda state, **command: take_verdicts.judge_together(*state, **command),
    ),
    take_verdicts.set_comp: Case(
        (TAKES, ()),
        evolve_judged,
        [
            {"part": DRUMS, "spans": spans(painted), **PRODUCER}
            for painted in ({0: 1}, {0: 1, 900: 2}, {0: 2, 900: None, 2_000: 1})
        ],
        lambda state, **command: take_verdicts.set_comp(*state, **command),
    ),
    take_edits.edit: Case(
        TAKES.takes[1],
        evolve_take,
        [
            {"span": span, "change": change, **PRODUCER}
            for span in (None, Range(start=0, end=4_800), Range(start=9_600, end=20_000))
            for change in (
                None, Change(nudge=480), Change(nudge=0), Change(mute=True), Change(reverse=True),
                Change(fade_in=48, fade_out=48), Change(trim=Range(start=100, end=40_000)),
                Change(semitones=Decimal(3)), Change(semitones=Decimal(-2), formants="move"),
            )
        ],
        lambda state, **command: take_edits.edit(state.as_edited, **command),
    ),
    outside_comps.submit: Case(
        (), appended, [{"new": brought(plan, number)} for plan in ("plan1", "plan2") for number in (1, 2)]
    ),
    moved_takes.move_take: Case(
        (TAKES, Takes()),
        evolve_moved,
        [{"take": f"{DRUMS}/{number}", "part": part} for number in (1, 2, 9) for part in (BASS, DRUMS)],
        lambda state, **command: moved_takes.move_take(*state, **command),
    ),
    ratings.rate: Case(
        (),
        appended,
        [
            {"target": target, "sound": sha(target, "1"), "moved": moved, "seed": seed, **PRODUCER}
            for target in (f"{DRUMS}/1", f"{ROOF}@mix1", "night-bus@master1")
            for moved in (0, 3, 4)
            for seed in (None, 7)
        ],
    ),
    midi_takes.play: Case(None, latest, [{"new": played(transpose)} for transpose in (0, 2, -12)]),
}  # fmt: skip
