"""Trial of a mix recipe: it is refused in one clear line, or rendered correctly; there is no third way."""

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
"""Short songs, of the lowest rate allowed."""

Inputs = Mapping[str, Mapping[str, Source]]
Verdict = Literal["not a recipe", "not for these tracks", "rendered"]

PLACE = re.compile(r"(line (?P<line>\d+), )?[^\s:]+( [^\s:]+){0,3}: .")
"""Place and reason of a fault; a field missing at the top level has no line."""
SYNTAX = re.compile(r".*\((at line \d+, column \d+|at end of document)\)|it has more than [\d,]+ .*|a number in it .*")


def author(number: int) -> Author:
    """The author of recipe *number*."""
    return Author(random.Random(number))  # noqa: S311 - dice, not secrets


def material(folder: Path) -> Inputs:
    """Written once."""
    return write_song(folder, SONG, RATE)


def impulses(inputs: Inputs) -> dict[str, Source]:
    """A track of the song as impulse; one of the two names that recipes use is missing."""
    return {"hall": inputs["drums"]["oh"]}


def tried(text: str, inputs: Inputs, out: Path, *, again: bool = False) -> Verdict:
    """Judge one recipe; *out* is empty before and after.

    Args:
        text: text of the recipe.
        inputs: see :func:`material`.
        out: folder for the render.
        again: True to render it twice, on one thread and on three.
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
    """A filter too high for a render is refused before rendering."""
    if "A filter at" in reason:
        with pytest.raises(Misused, match="so a filter lies below 4000 Hz") as refusal:
            refuse_too_high(recipe, text, "recipe.mix", rate=RATE, whose="tin-roof")
        clear(refusal.value.detail, lines=text.count("\n") + 1)


def one_line(said: str) -> None:
    """Check that a message is one line of moderate length."""
    assert said.isprintable(), said
    assert 0 < len(said) < 500, said


def clear(detail: str, *, lines: int) -> None:
    """Check that *detail* gives place and reason of a fault in a text of *lines* lines."""
    one_line(detail)
    place = PLACE.match(detail)
    assert place or SYNTAX.fullmatch(detail), f"no place: {detail}"
    assert not place or int(place["line"] or 0) <= lines, detail
