"""Filters that a song's rate has no room for: asked as soon as both are known, not only when it is rendered."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from domain.core.refusal import Misused
from domain.recipe.effects import Delay, Phaser
from domain.recipe.text.lines import line_of
from domain.recipe.values import Recipe

_HZ = re.compile(r"(?:^|[._])hz(?:\.\d+)?$")
"""Ends the field of a frequency, or of one among several."""
FOLLOWS = (Delay, Phaser)
"""Whose filters are of a kind that any rate has room for."""


def refuse_too_high(recipe: Recipe, text: str, rule: str, *, rate: int, whose: str, path: str = "") -> None:
    """Refuse a filter at or above half of *rate* (Hz), whether or not it stands at neutral.

    Args:
        recipe: a mix, or a master.
        text: it was read from this, and the line is one of it.
        rule: the name of the refusal.
        rate: of the song, in Hz.
        whose: the song's id.
        path: of the table, where *recipe* is one of *text* and not all of it.

    Raises:
        Misused: with line, field and number.
    """
    for field, hz in _frequencies(recipe, path):
        if 2 * hz >= rate:
            line = line_of(text, field)
            place = f"line {line}, {field}" if line else field
            told = f"{place}: {whose} has {rate} Hz, so a filter lies below {Decimal(rate) / 2:f} Hz, not at {hz:f}"
            raise Misused(rule, told)


def _frequencies(value: object, path: str) -> Iterator[tuple[str, Decimal]]:
    """Every frequency of a tone, by its field."""
    match value:
        case Recipe() if not isinstance(value, FOLLOWS):
            inside = {name: getattr(value, name) for name in type(value).model_fields}
        case Mapping():
            inside = {str(key): one for key, one in value.items()}
        case tuple():
            inside = {str(place): one for place, one in enumerate(value)}
        case Decimal() if _HZ.search(path):
            yield path, value
            return
        case _:
            return
    for key, one in inside.items():
        yield from _frequencies(one, f"{path}.{key}" if path else key)
