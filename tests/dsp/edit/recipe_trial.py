"""Trial of an edit recipe: it is refused in one line, or every track is cut to its length, and again to equal bits."""

import random
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import ValidationError

from domain.recipe import EditRecipe
from dsp.audio import Source, Unsound
from dsp.edit.cut import render_edit
from tests.dsp.edit.cutting import Takes, file, noise
from tests.dsp.edit.recipe_author import EditAuthor
from tests.dsp.mix.console_cases import read
from tests.dsp.mix.recipe_trial import one_line

RATE = 8000
Verdict = Literal["not a recipe", "not for these takes", "rendered"]


def author(number: int) -> EditAuthor:
    """The author of recipe *number*."""
    return EditAuthor(random.Random(number))  # noqa: S311 - dice, not secrets


def material(folder: Path) -> Takes:
    """A mono and a stereo track, of which the second take has one, and a short third take; written once."""
    made = {
        (1, "in"): noise(1, 3000), (1, "out"): noise(2, 3000, 2), (2, "in"): noise(3, 3000, 2),
        (3, "in"): noise(4, 700), (3, "out"): noise(5, 700),
    }  # fmt: skip
    found: dict[int, dict[str, Source]] = {}
    for (take, track), block in made.items():
        found.setdefault(take, {})[track] = file(folder / f"{take}.{track}.wav", block, RATE)
    return found


def tried(text: str, sources: Takes, out: Path, *, again: bool = False) -> Verdict:
    """Judge one recipe; *out* is empty before and after.

    Args:
        text: JSON, as a job carries it.
        sources: see :func:`material`.
        out: folder for the render.
        again: True to render it twice.
    """
    try:
        recipe = EditRecipe.model_validate_json(text)
    except ValidationError:
        return "not a recipe"
    try:
        edited = render_edit(recipe, sources, out)
    except Unsound as error:
        one_line(error.reason)
        assert not list(out.iterdir()), "a file was left half-written"
        return "not for these takes"
    assert [one.name for one in edited.printed] == ["in", "out"]
    for one in edited.printed:
        assert one.frames == recipe.result_frames == read(one.path).shape[1]
        assert np.isfinite(read(one.path)).all()
    if again:
        assert [one.pcm for one in render_edit(recipe, sources, out).printed] == [one.pcm for one in edited.printed]
    for one in edited.printed:
        one.path.unlink()
    assert not list(out.iterdir())
    return "rendered"
