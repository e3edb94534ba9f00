"""The comp of a part: strokes painted by the decisions that are not undone, in log order.

An approval of a whole take covers all earlier strokes; an approval of a span paints over that span; a comp that is set
at once covers everything, each of its spans lasting until the next.  Rejecting, holding or undoing a take removes its
strokes, and the strokes beneath sound again.  Unpainted stretches are silent and reported (``comp.gap``).
"""

from bisect import bisect_right, insort
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from domain.core.frames import Range
from domain.core.ids import number_of
from domain.label.catalog import PartAdded
from domain.recipe import EditRecipe, Span, TimeStretch
from domain.render.jobs import Named, edit_plan
from domain.takes.comp_spans import laid, spans_of
from domain.takes.takes import BasicCut, CompSet, Take, TakeEvent, TakeJudged, Takes, takes_in

CROSSFADE_MS: Final = 10
"""Length of a crossfade: long enough to hide a splice, short enough not to smear a transient."""
SEARCH_MS: Final = 10
"""Largest distance of a splice from its decided place, too small to be heard as a change of place."""

FOREVER: Final = 2**62
"""Frames; beyond the end of any take."""
LIFTING: Final = frozenset({"rejected", "held"})
"""Verdicts that remove a take's strokes."""


@dataclass(frozen=True, slots=True)
class CompStroke:
    """A range painted with a take, or with silence if ``take`` is None."""

    start: int
    end: int
    take: int | None
    slip: int = 0
    """Frames by which the take sounds later here than its recorded position."""


@dataclass(frozen=True, slots=True)
class Comp:
    """A painted part: layers, each a row of strokes that never overlap, in the order of time."""

    layers: tuple[tuple[CompStroke, ...], ...]

    @property
    def end(self) -> int:
        """The frame after the last painted one."""
        return max((layer[-1].end for layer in self.layers if layer), default=0)

    @property
    def joined(self) -> "Comp":
        """Comp of equal sound in which touching strokes of one take are one stroke, however they came to be painted."""
        return Comp(layers=tuple(tuple(_joined(layer)) for layer in self.layers))

    @property
    def used(self) -> tuple[int, ...]:
        """Numbers of the takes that sound, sorted."""
        return tuple(sorted({stroke.take for layer in self.layers for stroke in layer if stroke.take}))

    def slips(self, take: int, span: Range | None = None) -> tuple[int, ...]:
        """Distinct slips of *take* in frames, in all its strokes or in its strokes that overlap *span* of song time."""
        own = (stroke for layer in self.layers for stroke in layer if stroke.take == take)
        heard = (stroke.slip for stroke in own if not span or (stroke.start < span.end and span.start < stroke.end))
        return tuple(dict.fromkeys(heard))

    def slip_of(self, take: Take, frame: int) -> int:
        """Slip in frames of frame *frame* of *take*; 0 if it does not sound."""
        at = take.begins + frame
        own = (stroke for layer in self.layers for stroke in layer if stroke.take == take.number)
        return next((stroke.slip for stroke in own if stroke.start <= at + stroke.slip < stroke.end), 0)

    def sounding_layers(self, takes: Takes) -> list[tuple[CompStroke, ...]]:
        """The layers as they sound: each stroke limited to the present range of its take, which may have been moved."""
        return [
            tuple(heard for stroke in layer if (heard := _as_far_as_it_sounds(stroke, takes)).start < heard.end)
            for layer in self.layers
        ]

    def gaps(self, takes: Takes) -> list[tuple[int, int]]:
        """Silent ranges before the end (``comp.gap``); empty for comps of several layers."""
        if len(self.layers) != 1:
            return []
        (layer,) = self.sounding_layers(takes)
        starts = [*(stroke.start for stroke in layer), self.end]
        ends = [0, *(stroke.end for stroke in layer)]
        return [(end, start) for end, start in zip(ends, starts, strict=True) if end < start]

    def holes(self, takes: Takes) -> list[CompStroke]:
        """Ranges of strokes that are silent because their take was moved or trimmed after it was painted."""
        found = list[CompStroke]()
        for stroke in (stroke for layer in self.layers for stroke in layer):
            heard = _as_far_as_it_sounds(stroke, takes)
            ranges = ((stroke.start, min(heard.start, stroke.end)), (max(heard.end, heard.start), stroke.end))
            found += [replace(stroke, start=start, end=end) for start, end in ranges if start < end]
        return found


def _joined(layer: Iterable[CompStroke]) -> Iterator[CompStroke]:
    last: CompStroke | None = None
    for stroke in layer:
        if last and (last.end, last.take, last.slip) == (stroke.start, stroke.take, stroke.slip):
            last = replace(last, end=stroke.end)
            continue
        if last:
            yield last
        last = stroke
    if last:
        yield last


def _as_far_as_it_sounds(stroke: CompStroke, takes: Takes) -> CompStroke:
    take = takes.takes[stroke.take] if stroke.take else None
    if take is None:
        return replace(stroke, end=stroke.start)
    start = min(max(stroke.start, take.start + stroke.slip), stroke.end)
    return replace(stroke, start=start, end=max(start, min(stroke.end, take.end + stroke.slip)))


EMPTY: Final = Comp(layers=())


def comp_of(part: PartAdded, takes: Takes, standing: Sequence[TakeEvent]) -> Comp:
    """The comp of *part* from its judgements that are not undone, in log order."""
    if part.stack:
        return _stack(takes, standing)
    layer = paint(strokes(takes, standing))
    return Comp(layers=(layer,)) if layer else EMPTY


def _stack(takes: Takes, standing: Sequence[TakeEvent]) -> Comp:
    """The comp of a stack, one layer per keeper: a kept take whole, an approved one as it is painted."""
    layers: list[tuple[CompStroke, ...]] = []
    for number, take in sorted(takes.takes.items()):
        if take.verdict == "kept":
            layers.append((CompStroke(take.start, take.end, number),) if take.start < take.end else ())
        elif take.verdict == "approved":
            layer = paint(strokes(takes, [event for event in standing if number in takes_in(event)]))
            layers.append(tuple(stroke for stroke in layer if stroke.take == number))
    return Comp(layers=tuple(layer for layer in layers if layer))


def strokes(takes: Takes, standing: Sequence[TakeEvent]) -> Iterator[CompStroke]:
    """Strokes of the decisions that are not undone, latest first, without takes later rejected, held or moved."""
    lifted: set[int | None] = set(takes.moved)
    for event in reversed(standing):
        if isinstance(event, CompSet):
            yield from _set_at_once(takes, event, lifted)
        elif isinstance(event, TakeJudged):
            number = number_of(event.take)
            if event.verdict == "approved":
                if number not in lifted:
                    take, span = takes.takes[number], event.range
                    yield from _span(take, span) if span else _cover(take, 0, 0, FOREVER)
            elif event.verdict in LIFTING:
                lifted.add(number)


def _span(take: Take, span: Range) -> Iterator[CompStroke]:
    end = min(span.end, take.end)  # a MIDI take may have become shorter since
    if span.start < end:
        yield CompStroke(span.start, end, take.number)


def _set_at_once(takes: Takes, comp: CompSet, lifted: Collection[int | None]) -> Iterator[CompStroke]:
    rules = [0, *(span.start for span in comp.spans[1:]), FOREVER]
    slips = comp.slips if isinstance(comp, BasicCut) else (0,) * len(comp.spans)
    for span, slip, (start, end) in zip(comp.spans, slips, pairwise(rules), strict=True):
        if span.take not in lifted:
            yield from _cover(takes.takes.get(span.take or 0), span.start, start, end, slip)


def _cover(take: Take | None, first: int, start: int, end: int, slip: int = 0) -> Iterator[CompStroke]:
    """Strokes from *start* to *end*: the take from frame *first* on, as far as it sounds, with silence around it."""
    begins = min(max(first, take.start + slip, start), end) if take else end
    ends = max(begins, min(take.end + slip, end)) if take else end
    yield CompStroke(start, begins, None)
    yield CompStroke(begins, ends, take.number if take else None, slip)
    yield CompStroke(ends, end, None)


def paint(topmost_first: Iterable[CompStroke]) -> tuple[CompStroke, ...]:
    """Paint one layer: each stroke fills the ranges that no stroke above it covers.

    Adjacent strokes of one take stay separate; they are cut as one performance, without a fade.
    """
    layer: list[CompStroke] = []
    free = FOREVER
    for stroke in topmost_first:
        for piece in list(_uncovered(layer, stroke)):
            insort(layer, piece, key=_start)
            free -= piece.end - piece.start
        if not free:
            break  # fully covered: no stroke beneath can show
    return tuple(stroke for stroke in layer if stroke.take is not None)


def _start(stroke: CompStroke) -> int:
    return stroke.start


def _end(stroke: CompStroke) -> int:
    return stroke.end


def _uncovered(layer: Sequence[CompStroke], stroke: CompStroke) -> Iterator[CompStroke]:
    """The ranges of *stroke* that no stroke of *layer*, sorted by time, covers."""
    start = stroke.start
    for place in range(bisect_right(layer, start, key=_end), len(layer)):
        above = layer[place]
        if above.start >= stroke.end:
            break
        if start < above.start:
            yield replace(stroke, start=start, end=above.start)
        start = above.end
    if start < stroke.end:
        yield replace(stroke, start=start)


def edit_of(comp: Comp, takes: Takes, arrangement: tuple[TimeStretch, ...] = ()) -> EditRecipe | None:
    """The edit recipe of the comp in the song's arrangement; None while nothing is painted."""
    if not comp.used:
        return None
    rate = takes.takes[comp.used[0]].rate
    layers = tuple(spans for layer in comp.layers if (spans := tuple(_spans(layer, takes))))
    return EditRecipe(
        rate=rate,
        length=comp.end,
        crossfade_frames=rate * CROSSFADE_MS // 1000,
        search_frames=rate * SEARCH_MS // 1000 if arrangement or any(map(_has_joints, layers)) else 0,
        starts={number: takes.takes[number].begins for number in comp.used},
        layers=layers,
        arrangement=arrangement,
    )


def _spans(layer: Sequence[CompStroke], takes: Takes) -> Iterator[Span]:
    for stroke in layer:
        if stroke.take:
            own = spans_of(takes.takes[stroke.take], stroke.start - stroke.slip, stroke.end - stroke.slip)
            yield from (laid(span, stroke.slip) for span in own)


def _has_joints(layer: Sequence[Span]) -> bool:
    """True if two touching spans of *layer* need a joint, whose best place is then searched."""
    return any(left.end == right.start and left.voice != right.voice for left, right in pairwise(layer))


def sources_of(comp: Comp, takes: Takes) -> Mapping[int, tuple[Named, ...]]:
    """The tracks of each take that sounds, by take number."""
    return {
        number: tuple(Named(name=track.name, sound=track.sound) for track in takes.takes[number].tracks)
        for number in comp.used
    }


def plan_of(comp: Comp, takes: Takes, arrangement: tuple[TimeStretch, ...] = ()) -> str | None:
    """The plan of the comp's edit; None while nothing is painted."""
    recipe = edit_of(comp, takes, arrangement)
    return edit_plan(recipe, sources_of(comp, takes)) if recipe else None
