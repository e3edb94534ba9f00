"""From painted strokes to spans of an edit: a stroke of a take is split where the take's edits begin and end."""

from collections.abc import Iterator
from itertools import chain

from domain.core.frames import Range
from domain.recipe import Ramp, Span, Treated
from domain.takes.take_edits import NOTHING, Treatment
from domain.takes.takes import Take


def spans_of(take: Take, start: int, end: int) -> Iterator[Span]:
    """Spans of *take* from frame *start* to *end* of song time, in order; muted ranges have no span.

    A nudged range keeps its place in the song; the audio within it moves.
    """
    start, end = max(start, take.start), min(end, take.end)
    if take.whole.mute:
        return
    for first, last, place in _parted(take, start, end):
        done = take.edits.get(place, NOTHING) if place else NOTHING
        if first < last and not done.mute:
            yield Span(
                start=first,
                end=last,
                take=take.number,
                slip=done.nudge,
                gain_db=take.whole.gain_db + done.gain_db,
                ramps=tuple(chain(_ramps(take.whole, take.start, take.end), _ramps_of(take, place, done))),
                treated=_treated(take, place, done),
            )


def laid(span: Span, slip: int) -> Span:
    """*span* and its fades, *slip* frames later, as in a song that is cut from passes."""
    if not slip:
        return span
    ramps = tuple(ramp.model_copy(update={"start": ramp.start + slip, "end": ramp.end + slip}) for ramp in span.ramps)
    moved = {"start": span.start + slip, "end": span.end + slip, "slip": span.slip + slip, "ramps": ramps}
    return span.model_copy(update=moved)


def _parted(take: Take, start: int, end: int) -> Iterator[tuple[int, int, Range | None]]:
    """The stretches from *start* to *end*, each with the edited range of the take it lies in, or None."""
    at = start
    for place in sorted((place for place in take.edits if place), key=lambda place: place.start):
        first, last = max(at, take.begins + place.start), min(end, take.begins + place.end)
        if first < last:
            yield at, first, None
            yield first, last, place
            at = last
    yield at, end, None


def _ramps(done: Treatment, start: int, end: int) -> Iterator[Ramp]:
    if done.fade_in:
        yield Ramp(start=start, end=start + done.fade_in, rises=True)
    if done.fade_out:
        yield Ramp(start=end - done.fade_out, end=end, rises=False)


def _ramps_of(take: Take, place: Range | None, done: Treatment) -> Iterator[Ramp]:
    return _ramps(done, take.begins + place.start, take.begins + place.end) if place else iter(())


def _treated(take: Take, place: Range | None, done: Treatment) -> Treated | None:
    """Reversal, stretch and pitch of a range or of the whole take; the rule ``edit.nested`` excludes both at once."""
    place, done = (place, done) if place and done.turns else (Range(start=0, end=take.frames), take.whole)
    if not done.turns:
        return None
    return Treated(
        start=take.begins + place.start,
        end=take.begins + place.end,
        reverse=done.reverse,
        stretch=done.stretch,
        semitones=done.semitones,
        formants=done.formants,
    )
