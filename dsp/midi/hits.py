"""The notes of a score that an instrument plays, in frames, and remarks on the notes that it cannot play."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from domain.recipe import Instrument
from dsp.midi.instruments import BUILT
from dsp.midi.instruments.drums import CHOKES, KIT, OPEN_HAT
from dsp.midi.score import DRUM_CHANNEL, Clock, Note, Score

FOREVER: Final = 1 << 50
"""Frames; longer than any decay."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One note as an instrument plays it, in frames of the take."""

    start: int
    held: int
    key: int
    velocity: int


def notes_for(score: Score, instrument: Instrument) -> tuple[Note, ...]:
    """The notes of *instrument*: for drums, channel 10, or all channels if 10 is empty; else all but channel 10."""
    on_ten = tuple(note for note in score.notes if note.channel == DRUM_CHANNEL)
    if instrument == "drums":
        return on_ten or score.notes
    return tuple(note for note in score.notes if note.channel != DRUM_CHANNEL)


def hits(score: Score, instrument: Instrument, rate: int) -> list[Hit]:
    """The notes that *instrument* plays, in the order of the strokes, without notes for keys that it does not have."""
    clock = Clock(score.division, score.tempos)
    found = []
    for note in notes_for(score, instrument):
        if instrument == "drums" and note.key not in KIT:
            continue
        start = clock.frame(note.start, rate)
        found.append(Hit(start, clock.frame(note.end, rate) - start, note.key, note.velocity))
    return _choked(found) if instrument == "drums" else found


def _choked(found: Sequence[Hit]) -> list[Hit]:
    """*found* with open hats shortened to the next hat stroke; other drums ring out."""
    ended: list[Hit] = []
    next_hat = FOREVER
    for hit in reversed(found):
        ended.append(replace(hit, held=next_hat - hit.start if hit.key == OPEN_HAT else FOREVER))
        next_hat = hit.start if hit.key in CHOKES else next_hat
    return ended[::-1]


def remarks(score: Score, instrument: Instrument, *, sampled: bool = False) -> Iterator[str]:
    """Remarks of the take check on a MIDI file; they warn and never decide.

    Args:
        score: the performance.
        instrument: the instrument of the part.
        sampled: True if a SoundFont plays it, whose keys are not known here.
    """
    own = notes_for(score, instrument)
    if left := len(score.notes) - len(own):
        where = "other channels than 10" if instrument == "drums" else "channel 10, the drums' own,"
        yield f"{left} notes on {where} are left to another part"
    if not sampled:
        yield from _beyond(own, instrument)
    if score.stuck:
        yield f"{score.stuck} notes are stuck: nobody lets them go, so they end with the file"
    if score.bends and instrument != "drums":
        yield f"{score.bends} pitch bends are not played"


def _beyond(own: Sequence[Note], instrument: Instrument) -> Iterator[str]:
    """Remarks on notes for which a built-in instrument has no key, or none in its range."""
    if instrument == "drums":
        missing = [note.key for note in own if note.key not in KIT]
        if missing:
            yield f"the kit has nothing on {_keys(missing)}: {len(missing)} notes are not played"
        return
    built = BUILT[instrument]
    outside = [note.key for note in own if not built.lowest <= note.key <= built.highest]
    if outside:
        what = f"outside the range of {instrument} ({built.lowest} to {built.highest})"
        yield f"{len(outside)} notes are {what}: {_keys(outside)}"


def _keys(keys: Sequence[int]) -> str:
    told = sorted(set(keys))
    return f"key {', '.join(map(str, told[:5]))}{' and others' if len(told) > 5 else ''}"  # noqa: PLR2004 - as many as fit a line
