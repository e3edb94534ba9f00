"""Recipes at random, right and wrong, over all fields: each is refused in one line or rendered, and none hangs."""

import faulthandler
import random
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.dsp.mix.recipe_author import Author
from tests.dsp.mix.recipe_trial import song, tried

LONGEST_S = 120
"""For one recipe, on a machine that does other things, too; then the drill ends with where it hangs."""
AGAIN = 10
"""Every tenth is rendered once more on three threads."""


def fuzz(recipes: int) -> None:
    """Each is made from its number alone, so that one that fails can be had again."""
    verdicts: Counter[str] = Counter()
    with TemporaryDirectory() as folder:
        inputs, out = song(Path(folder)), Path(folder) / "out"
        out.mkdir()
        for number in range(recipes):
            text = Author(random.Random(number)).recipe()  # noqa: S311 - dice, not secrets
            faulthandler.dump_traceback_later(LONGEST_S, exit=True)
            try:
                verdicts[tried(text, inputs, out, again=number % AGAIN == 0)] += 1
            except BaseException:
                print(f"recipe {number}:\n{text}")
                raise
            finally:
                faulthandler.cancel_dump_traceback_later()
    print(", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common()))
    assert verdicts["rendered"] > recipes / 4, "too few are right to mean anything"
    assert verdicts["not a recipe"] > recipes / 10


DRILLS = [("fuzzed recipes", fuzz, 10_000, 300)]
