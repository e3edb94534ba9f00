"""Recipes at random, right and wrong, over all fields: each is refused in one line or rendered, and none hangs."""

import faulthandler
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.dsp.edit import recipe_trial as edits
from tests.dsp.edit.recipe_author import EditAuthor
from tests.dsp.master import recipe_trial as masters
from tests.dsp.mix import recipe_trial as mixes
from tests.dsp.mix.recipe_author import Author

LONGEST_S = 120
"""For one recipe, on a machine that does other things, too; then the drill ends with where it hangs."""
AGAIN = 10
"""Every tenth is rendered once more."""

Try = Callable[[str, bool], str]
"""From a recipe, and whether to render it twice, to what became of it."""


def fuzz(recipes: int, write: Callable[[int], str], try_one: Try) -> None:
    """Each is made from its number alone, so that one that fails can be had again."""
    verdicts: Counter[str] = Counter()
    for number in range(recipes):
        text = write(number)
        faulthandler.dump_traceback_later(LONGEST_S, exit=True)
        try:
            verdicts[try_one(text, number % AGAIN == 0)] += 1
        except BaseException:
            print(f"recipe {number}:\n{text}")
            raise
        finally:
            faulthandler.cancel_dump_traceback_later()
    print(", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common()))
    assert verdicts["rendered"] > recipes / 4, "too few are right to mean anything"
    assert verdicts["not a recipe"] > recipes / 10


@contextmanager
def rooms() -> Iterator[tuple[Path, Path]]:
    """A folder for what is rendered from, and an empty one for what is rendered."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        out.mkdir()
        yield Path(folder), out


def mix_recipes(recipes: int) -> None:
    """Every tenth is rendered on one thread and on three."""
    with rooms() as (folder, out):
        inputs = mixes.song(folder)
        fuzz(
            recipes,
            lambda number: Author(random.Random(number)).recipe(),  # noqa: S311 - dice, not secrets
            lambda text, again: mixes.tried(text, inputs, out, again=again),
        )


def master_recipes(recipes: int) -> None:
    """Each target of each is found its gain, and finished."""
    with rooms() as (folder, out):
        songs = masters.songs(folder)
        fuzz(
            recipes,
            lambda number: masters.author(number).recipe(),
            lambda text, again: masters.tried(text, songs, out, again=again),
        )


def edit_recipes(recipes: int) -> None:
    """Spans, ramps, pieces treated, arrangements; takes that are missing, short or of other tracks."""
    with rooms() as (folder, out):
        takes = edits.takes(folder)
        fuzz(
            recipes,
            lambda number: EditAuthor(random.Random(number)).recipe(),  # noqa: S311 - dice, not secrets
            lambda text, again: edits.tried(text, takes, out, again=again),
        )


DRILLS = [
    ("fuzzed mix recipes", mix_recipes, 10_000, 300),
    ("fuzzed master recipes", master_recipes, 10_000, 100),
    ("fuzzed edit recipes", edit_recipes, 10_000, 300),
]
