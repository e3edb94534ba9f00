"""A recipe on trial: it is refused in one clear line, or it is rendered as a recipe must be; there is no third way."""

import random
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from domain.core.refusal import Misused
from domain.recipe import MasterRecipe, MixRecipe, parse_mix, refuse_too_high
from dsp.audio import Source, Unsound
from dsp.mix.console import render_mix
from tests.dsp.mix.console_cases import noise, read, write_song
from tests.dsp.mix.recipe_author import Author

RATE = 8000
SONG = {
    "drums": {"kick": noise(1, 1, 700), "oh": noise(2, 2, 700)},
    "bass": {"di": noise(3, 1, 900, 0.5)},
    "keys": {"l-r": noise(4, 2, 1)},
}
"""Short, and of the lowest rate there is."""

Inputs = Mapping[str, Mapping[str, Source]]
Verdict = Literal["not a recipe", "not for these tracks", "rendered"]

PLACE = re.compile(r"(line (?P<line>\d+), )?[^\s:]+( [^\s:]+){0,3}: .")
"""Where it is wrong and what; a field that is missing from the top has no line."""
SYNTAX = re.compile(r".*\((at line \d+, column \d+|at end of document)\)|it has more than [\d,]+ .*|a number in it .*")


def author(number: int) -> Author:
    """Who writes the recipe of this number."""
    return Author(random.Random(number))  # noqa: S311 - dice, not secrets


def material(folder: Path) -> Inputs:
    """Written once."""
    return write_song(folder, SONG, RATE)


def impulses(inputs: Inputs) -> dict[str, Source]:
    """A track of the song will do for a room; there is one of the two that recipes name."""
    return {"hall": inputs["drums"]["oh"]}


def tried(text: str, inputs: Inputs, out: Path, *, again: bool = False) -> Verdict:
    """Judge one recipe; *out* is empty before and after.

    Args:
        text: of the recipe.
        inputs: see :func:`material`.
        out: where it may be rendered.
        again: whether it is rendered twice, on one thread and on three.
    """
    try:
        recipe = parse_mix(text)
    except Misused as refusal:
        clear(refusal.detail, lines=text.count("\n") + 1)
        return "not a recipe"
    try:
        printed = render_mix(recipe, inputs, out, impulses=impulses(inputs))
    except Unsound as error:
        one_line(error.reason)
        asked_before(recipe, text, error.reason)
        printed = []
    if not printed:
        assert not list(out.iterdir()), "a file was left half-written"
        return "not for these tracks"
    assert len({one.frames for one in printed}) == 1
    assert 0 < printed[0].frames < 60 * RATE, "as long as its longest track, or as its tails, but no longer"
    for one in printed:
        assert np.isfinite(read(one.path)).all()
        assert read(one.path).shape[1] == one.frames
    if again:
        once_more = render_mix(recipe, inputs, out, impulses=impulses(inputs), threads=3)
        assert [one.pcm for one in once_more] == [one.pcm for one in printed]
    for one in printed:
        one.path.unlink()
    assert not list(out.iterdir())
    return "rendered"


def asked_before(recipe: MixRecipe | MasterRecipe, text: str, reason: str) -> None:
    """A filter that a render has no room for is refused before there is one."""
    if "A filter at" in reason:
        with pytest.raises(Misused, match="so a filter lies below 4000 Hz") as refusal:
            refuse_too_high(recipe, text, "recipe.mix", rate=RATE, whose="tin-roof")
        clear(refusal.value.detail, lines=text.count("\n") + 1)


def one_line(said: str) -> None:
    """And not one that fills the screen."""
    assert said.isprintable(), said
    assert 0 < len(said) < 500, said


def clear(detail: str, *, lines: int) -> None:
    """It says where a text of so many *lines* is wrong, and what."""
    one_line(detail)
    place = PLACE.match(detail)
    assert place or SYNTAX.fullmatch(detail), f"no place: {detail}"
    assert not place or int(place["line"] or 0) <= lines, detail
