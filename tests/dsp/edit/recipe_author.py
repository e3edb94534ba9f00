"""Writes random edit recipes in a job's JSON; most are valid, and some have one fault."""

import json
import random
from itertools import pairwise
from typing import Any

LENGTH = 3000
TAKES = (1, 2, 3)
"""The third take is shorter than the others."""
MISSING = 4
"""A take without audio."""
WRONG: tuple[object, ...] = (-1, 0.5, None, "", "loud", True, [], {}, [[]], [None], "-9")

Table = dict[str, Any]


class EditAuthor:
    """One recipe a call, from the given dice."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice

    def recipe(self) -> str:
        """JSON, sometimes broken."""
        made = self._right()
        if self._dice.random() < 0.3:
            self._spoil(made)
        text = json.dumps(made)
        return text[: self._dice.randrange(len(text))] if self._dice.random() < 0.05 else text

    def _right(self) -> Table:
        some = self._dice.random
        return {
            "rate": 8000,
            "length": LENGTH,
            "crossfade_frames": self._dice.choice([0, 1, 2, 40, 401, LENGTH]),
            "search_frames": self._dice.choice([0, 0, 1, 80, LENGTH]),
            "starts": {str(take): self._dice.choice([0, self._dice.randint(-900, 900)]) for take in (*TAKES, MISSING)},
            "layers": [self._layer() for _ in range(self._dice.randint(0, 3))],
            "arrangement": [self._stretch() for _ in range(self._dice.randint(1, 4))] if some() < 0.4 else [],
        }

    def _layer(self) -> list[Table]:
        """Spans in order; a few overlap, touch, or leave a gap."""
        cuts = sorted(self._dice.sample(range(LENGTH), 2 * self._dice.randint(1, 4)))
        pairs = list(pairwise(cuts)) if self._dice.random() < 0.7 else []
        spans = [self._span(start, end) for start, end in pairs or zip(cuts[::2], cuts[1::2], strict=True)]
        return [*spans, self._span(*cuts[:2])] if self._dice.random() < 0.03 else spans

    def _span(self, start: int, end: int) -> Table:
        some = self._dice.random
        made: Table = {"start": start, "end": end, "take": self._dice.choice(TAKES) if some() < 0.99 else MISSING}
        if some() < 0.3:
            made["slip"] = self._dice.randint(-400, 400)
        if some() < 0.3:
            made["gain_db"] = str(self._dice.choice([-144, -6, "0.5", 48]))
        if some() < 0.2:
            made["ramps"] = [self._stretch() | {"rises": some() < 0.5} for _ in range(2)]
        if some() < 0.15:
            made["treated"] = self._treated(start, end)
        return made

    def _treated(self, start: int, end: int) -> Table:
        ratio, high = ("1", "0") if self._dice.random() < 0.7 else (self._dice.choice(["0.5", "1.37", "2"]), "-3.5")
        made: Table = {"start": start, "end": end, "stretch": ratio, "semitones": high}
        return made | {"reverse": self._dice.random() < 0.5, "formants": self._dice.choice(["keep", "move"])}

    def _stretch(self) -> Table:
        start, end = sorted(self._dice.sample(range(LENGTH + 500), 2))
        return {"start": start, "end": end}

    def _spoil(self, made: Table) -> None:
        """Put one fault anywhere."""
        tables = [made, *(span for layer in made["layers"] for span in layer), *made["arrangement"]]
        table = self._dice.choice(tables)
        field = self._dice.choice(list(table))
        match self._dice.randrange(3):
            case 0:
                del table[field]
            case 1:
                table[field] = self._dice.choice(WRONG)
            case _:
                table["loudness"] = 3
