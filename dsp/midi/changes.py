"""What is changed of what was played: the grid, the key, the touch."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import floor

from domain.recipe import MidiRecipe, grid_quarters
from dsp.audio import Unsound
from dsp.midi.score import Note, Score, Tick

TOP_KEY = 127
SOFTEST, LOUDEST = 1, 127


def changed(score: Score, recipe: MidiRecipe) -> Score:
    """*score* quantised, transposed and touched as *recipe* says; how long a note is held stays as it was played.

    Raises:
        Unsound: it counts time code and so has no beats to quantise to; or a note would leave the keys there are; or
            drums, which have no pitch, are to be transposed.
    """
    if recipe.transpose and recipe.instrument == "drums":
        raise Unsound("drums are not transposed: a kick would become a snare")
    notes = tuple(_touched(_moved(note, recipe.transpose), recipe) for note in score.notes)
    if recipe.quantise:
        if score.division.quarter is None:
            raise Unsound("it counts time code, not beats: there is no grid to quantise it to")
        nearest = grid(grid_quarters(recipe.quantise) * score.division.quarter, Fraction(recipe.swing))
        share = Fraction(recipe.strength) / 100
        notes = tuple(sorted((_nearer(note, nearest, share) for note in notes), key=_start))
    return replace(score, notes=notes)


def grid(step: Fraction, swing: Fraction) -> Callable[[Tick], Fraction]:
    """The place on a grid that is nearest to a tick, the earlier of two.

    Args:
        step: in ticks.
        swing: where every second step lies between its neighbours, percent.
    """
    pair, late = 2 * step, 2 * step * swing / 100

    def nearest(tick: Tick) -> Fraction:
        first = pair * floor(tick / pair)
        return min((first, first + late, first + pair), key=lambda place: abs(place - tick))

    return nearest


def _start(note: Note) -> Tick:
    return note.start


def _nearer(note: Note, nearest: Callable[[Tick], Fraction], share: Fraction) -> Note:
    move = (nearest(note.start) - note.start) * share
    return replace(note, start=note.start + move, end=note.end + move)


def _moved(note: Note, semitones: int) -> Note:
    key = note.key + semitones
    if not 0 <= key <= TOP_KEY:
        raise Unsound(f"transposed by {semitones:+d}, key {note.key} would be {key}; there are 0 to {TOP_KEY}")
    return replace(note, key=key) if semitones else note


def _touched(note: Note, recipe: MidiRecipe) -> Note:
    if recipe.velocity_times == 1 and not recipe.velocity_plus:
        return note
    wanted = floor(Fraction(recipe.velocity_times) * note.velocity + Fraction(1, 2)) + recipe.velocity_plus
    return replace(note, velocity=min(max(wanted, SOFTEST), LOUDEST))
