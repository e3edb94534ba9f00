"""Trial of a master recipe: it is refused in one clear line, or each of its targets is finished below its ceiling."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import soundfile

from domain.core.refusal import Misused
from domain.recipe import MasterRecipe, Target, parse_master
from dsp.audio import Source, Unsound
from dsp.master.mastering import find_gain, render_master
from tests.dsp.mix.console_cases import noise, read, write_song
from tests.dsp.mix.recipe_author import Author, Schema
from tests.dsp.mix.recipe_trial import asked_before, clear, one_line

RATE = 8000
SONG = {"one": {"loud": noise(1, 2, 6000, 0.4)}, "two": {"soft": noise(2, 1, 4500, 0.02)}}
"""Longer than a block of the loudness meter, and of the lowest rate there is."""
SCHEMA: Schema = MasterRecipe.model_json_schema()
TOLERANCE_DB = 0.01
"""Resolution of a reported true peak."""

Verdict = Literal["not a recipe", "not for these songs", "rendered"]


def author(number: int) -> Author:
    """The author of recipe *number*, without side-chains, as a master has no strips."""
    return Author(random.Random(number), SCHEMA, frozenset({"side_chain"}))  # noqa: S311 - dice, not secrets


def material(folder: Path) -> list[Source]:
    """Written once."""
    return [source for tracks in write_song(folder, SONG, RATE).values() for source in tracks.values()]


def tried(text: str, mixes: Sequence[Source], out: Path, *, again: bool = False) -> Verdict:
    """Judge one recipe; *out* is empty before and after.

    Args:
        text: text of the recipe.
        mixes: see :func:`material`.
        out: folder for the render.
        again: True to finish each song twice.
    """
    try:
        recipe = parse_master(text)
    except Misused as refusal:
        clear(refusal.detail, lines=text.count("\n") + 1)
        return "not a recipe"
    finished = [_finished(recipe, text, name, mixes, out, again=again) for name in recipe.targets]
    assert not list(out.iterdir()), "a file was left behind"
    return "rendered" if any(finished) else "not for these songs"


def _finished(recipe: MasterRecipe, text: str, name: str, mixes: Sequence[Source], out: Path, *, again: bool) -> bool:
    try:
        found = find_gain(recipe, name, mixes, out)
        for mix in mixes:
            made = render_master(recipe, name, mix, found.gain_db, out)
            _keeps_its_word(made.printed.path, recipe.targets[name], made.measures["true_peak_dbtp"])
            if again:
                assert render_master(recipe, name, mix, found.gain_db, out).printed.pcm == made.printed.pcm
            made.printed.path.unlink()
    except Unsound as error:
        one_line(error.reason)
        asked_before(recipe, text, error.reason)
        return False
    return True


def _keeps_its_word(path: Path, target: Target, peak_dbtp: str | None) -> None:
    with soundfile.SoundFile(path) as file:
        assert file.samplerate == (target.rate or RATE)
        assert file.subtype == f"PCM_{target.bits}"
        assert file.channels == 2
    assert peak_dbtp is None or float(peak_dbtp) <= float(target.ceiling_dbtp) + TOLERANCE_DB
    assert read(path).shape[1] > 0
