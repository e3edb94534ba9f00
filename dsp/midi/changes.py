"""Changes to a performance: quantisation, transposition and velocity."""

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
    """*score* quantised, transposed and scaled in velocity by *recipe*; note lengths stay as played.

    Raises:
        Unsound: the score counts time code and so has no beats to quantise to; or a note would leave the range of keys;
            or drums, which have no pitch, are to be transposed.
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
    """A function from a tick to the nearest place on a grid, the earlier of two.

    Args:
        step: length of a grid step in ticks.
        swing: position of every second step between its neighbours, percent.
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
