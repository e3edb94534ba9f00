"""Random recipes, valid and invalid, over all fields: each is refused in one line or rendered, and none hangs."""

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
"""Seconds for one recipe, even on a busy machine; then the drill ends and names the recipe that hangs."""
AGAIN = 10
"""One of so many recipes is rendered twice."""


class Author(Protocol):
    """Writes one recipe."""

    def recipe(self) -> str:
        """Return the recipe's text, valid or invalid."""
        ...


class Trial(Protocol):
    """A module that tries recipes of one kind."""

    def author(self, number: int, /) -> Author:
        """Return the author of the recipe with this number."""
        ...

    def material(self, folder: Path, /) -> Any:
        """Write the input audio of the recipes; called once."""
        ...

    def tried(self, text: str, material: Any, out: Path, /, *, again: bool) -> str:
        """Try a recipe and return its outcome; *out* is empty before and after."""
        ...


def fuzz(trial: Trial, recipes: int) -> None:
    """Try *recipes* recipes; each is made from its number alone, so that a failure can be reproduced."""
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
