"""The comp: a painting of standing approvals in the order of the log.

An approval of a whole take covers everything before it; one of a span paints over that span; a comp set at once covers
everything.  Rejecting, holding or undoing a take lifts its strokes, and what lay beneath shows again.  What nobody
painted is silence, and is said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.catalog import PartAdded
from domain.jobs import Named, edit_plan
from domain.recipe import EditRecipe, Span
from domain.takes import CompSet, TakeEvent, TakeIngested, TakeJudged, Takes, number_of

CROSSFADE_MS: Final = 10
"""Long enough to hide a splice, short enough not to smear a hit."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A stretch painted with a take; None is silence."""

    start: int
    end: int
    take: int | None


@dataclass(frozen=True, slots=True)
class Coat:
    """The strokes of one decision; a covering one lets nothing earlier show where it stands."""

    strokes: tuple[Stroke, ...]
    covers: bool


@dataclass(frozen=True, slots=True)
class Comp:
    """What sounds in a part: layers, each a row of strokes that never overlap, in the order of time."""

    layers: tuple[tuple[Stroke, ...], ...]

    @property
    def end(self) -> int:
        """The frame after the last that is painted."""
        return max((layer[-1].end for layer in self.layers if layer), default=0)

    @property
    def used(self) -> tuple[int, ...]:
        """The numbers of the takes that sound."""
        return tuple(sorted({stroke.take for layer in self.layers for stroke in layer if stroke.take}))

    def gaps(self) -> list[tuple[int, int]]:
        """Where nothing is painted before the end, of a comp of one layer (``comp.gap``)."""
        if len(self.layers) != 1:
            return []
        starts = [stroke.start for stroke in self.layers[0]]
        ends = [0, *(stroke.end for stroke in self.layers[0])]
        return [(end, start) for end, start in zip(ends, starts, strict=False) if end < start]


EMPTY: Final = Comp(layers=())


def comp_of(part: PartAdded, takes: Takes, standing: Sequence[TakeEvent]) -> Comp:
    """The comp of *part* from its judgements that stand, in the order of the log."""
    if part.stack:
        return _stack(takes, standing)
    layer = paint(coats(takes, standing))
    return Comp(layers=(layer,)) if layer else EMPTY


def _stack(takes: Takes, standing: Sequence[TakeEvent]) -> Comp:
    """Every keeper of a stack is a layer of its own: a kept one whole, an approved one as it is painted."""
    layers = []
    for number, take in sorted(takes.takes.items()):
        own = [event for event in standing if isinstance(event, TakeJudged) and number_of(event.take) == number]
        layer = paint(coats(takes, own))
        if take.verdict in {"kept", "approved"}:
            layers.append(layer or (Stroke(take.start, take.end, number),))
    return Comp(layers=tuple(layers))


def coats(takes: Takes, standing: Sequence[TakeEvent]) -> list[Coat]:
    """The painting decisions that stand, each without the strokes of takes that were lifted since."""
    lifted: set[int] = set()
    found: list[Coat] = []
    for event in reversed(standing):
        match event:
            case TakeJudged(verdict="approved", take=id_, range=span):
                take = takes.takes[number_of(id_)]
                if take.number not in lifted:
                    start, end = (span.start, span.end) if span else (take.start, take.end)
                    found.append(Coat((Stroke(start, end, take.number),), covers=span is None))
            case TakeJudged(verdict="rejected" | "held", take=id_):
                lifted.add(number_of(id_))
            case CompSet():
                found.append(Coat(tuple(_spans(takes, event, lifted)), covers=True))
            case TakeJudged() | TakeIngested():
                pass
    return found[::-1]


def _spans(takes: Takes, comp: CompSet, lifted: set[int]) -> Iterable[Stroke]:
    nexts = [*(span.start for span in comp.spans[1:]), None]
    for span, until in zip(comp.spans, nexts, strict=True):
        if span.take is None or span.take in lifted:
            continue
        take = takes.takes[span.take]
        start, end = max(span.start, take.start), min(take.end if until is None else until, take.end)
        if start < end:
            yield Stroke(start, end, span.take)


def paint(painted: Sequence[Coat]) -> tuple[Stroke, ...]:
    """One layer from *painted*, the last on top; neighbours of one take become one stroke."""
    layer: list[Stroke] = []
    for coat in painted:
        if coat.covers and coat.strokes:
            layer = []
        for stroke in coat.strokes:
            layer = [*(piece for old in layer for piece in _around(old, stroke)), stroke]
    return _joined(sorted(layer, key=lambda stroke: stroke.start))


def _around(old: Stroke, over: Stroke) -> Iterable[Stroke]:
    if old.start < min(old.end, over.start):
        yield Stroke(old.start, min(old.end, over.start), old.take)
    if max(old.start, over.end) < old.end:
        yield Stroke(max(old.start, over.end), old.end, old.take)


def _joined(layer: Iterable[Stroke]) -> tuple[Stroke, ...]:
    row: list[Stroke] = []
    for stroke in layer:
        if row and row[-1].end == stroke.start and row[-1].take == stroke.take:
            row[-1] = Stroke(row[-1].start, stroke.end, stroke.take)
        else:
            row.append(stroke)
    return tuple(row)


def edit_of(comp: Comp, takes: Takes) -> EditRecipe | None:
    """How the comp is cut; None while nothing is painted."""
    if not comp.used:
        return None
    rate = takes.takes[comp.used[0]].rate
    return EditRecipe(
        rate=rate,
        length=comp.end,
        crossfade_frames=rate * CROSSFADE_MS // 1000,
        starts={number: takes.takes[number].start for number in comp.used},
        layers=tuple(
            tuple(Span(start=stroke.start, end=stroke.end, take=stroke.take) for stroke in layer if stroke.take)
            for layer in comp.layers
        ),
    )


def sources_of(comp: Comp, takes: Takes) -> Mapping[int, tuple[Named, ...]]:
    """The tracks of each take that sounds."""
    return {
        number: tuple(Named(name=track.name, sound=track.sound) for track in takes.takes[number].ingested.tracks)
        for number in comp.used
    }


def plan_of(comp: Comp, takes: Takes) -> str | None:
    """The plan of the comp's edit; None while nothing is painted."""
    recipe = edit_of(comp, takes)
    return edit_plan(recipe, sources_of(comp, takes)) if recipe else None
