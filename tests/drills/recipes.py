"""Recipes at random, right and wrong, over all fields: each is refused in one line or rendered, and none hangs."""

import faulthandler
from collections import Counter
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from tests.dsp.edit import recipe_trial as edits
from tests.dsp.master import recipe_trial as masters
from tests.dsp.mix import recipe_trial as mixes

LONGEST_S = 120
"""For one recipe, on a machine that does other things, too; then the drill ends with where it hangs."""
AGAIN = 10
"""Every tenth is rendered once more."""


class Author(Protocol):
    """Writes one recipe."""

    def recipe(self) -> str:
        """Its text, right or wrong."""
        ...


class Trial(Protocol):
    """A module that tries recipes of one kind."""

    def author(self, number: int, /) -> Author:
        """Who writes the recipe of this number."""
        ...

    def material(self, folder: Path, /) -> Any:
        """What recipes are rendered from, written once."""
        ...

    def tried(self, text: str, material: Any, out: Path, /, *, again: bool) -> str:
        """What became of a recipe; *out* is empty before and after."""
        ...


def fuzz(trial: Trial, recipes: int) -> None:
    """Each is made from its number alone, so that one that fails can be had again."""
    verdicts: Counter[str] = Counter()
    with TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        out.mkdir()
        material = trial.material(Path(folder))
        for number in range(recipes):
            text = trial.author(number).recipe()
            faulthandler.dump_traceback_later(LONGEST_S, exit=True)
            try:
                verdicts[trial.tried(text, material, out, again=number % AGAIN == 0)] += 1
            except BaseException:
                print(f"recipe {number}:\n{text}")
                raise
            finally:
                faulthandler.cancel_dump_traceback_later()
    print(", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common()))
    assert verdicts["rendered"] > recipes / 4, "too few are right to mean anything"
    assert verdicts["not a recipe"] > recipes / 10


DRILLS = [
    ("fuzzed mix recipes", partial(fuzz, mixes), 10_000, 300),
    ("fuzzed master recipes", partial(fuzz, masters), 10_000, 100),
    ("fuzzed edit recipes", partial(fuzz, edits), 10_000, 300),
]
