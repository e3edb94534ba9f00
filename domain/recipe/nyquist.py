"""Refusal of filters at or above half the sample rate, as soon as recipe and rate are known, before any render."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from domain.core.refusal import Misused
from domain.recipe.effects import Delay, Phaser
from domain.recipe.text.lines import line_of
from domain.recipe.values import Recipe

_HZ = re.compile(r"(?:^|[._])hz(?:\.\d+)?$")
"""Matches the field of a frequency, or of one among several."""
FOLLOWS = (Delay, Phaser)
"""Effects whose filters work at any sample rate."""


def refuse_too_high(recipe: Recipe, text: str, rule: str, *, rate: int, whose: str, path: str = "") -> None:
    """Refuse a filter at or above half of *rate* (Hz), even if its settings leave the sound unchanged.

    Args:
        recipe: a mix or master recipe, or a table of one.
        text: the TOML text of the recipe, for line numbers.
        rule: the rule of the refusal.
        rate: sample rate of the song, in Hz.
        whose: the song's id.
        path: path of *recipe* in *text* if it is a table and not the whole.

    Raises:
        Misused: *rule*, with line, field and frequency.
    """
    for field, hz in _frequencies(recipe, path):
        if 2 * hz >= rate:
            line = line_of(text, field)
            place = f"line {line}, {field}" if line else field
            told = f"{place}: {whose} has {rate} Hz, so a filter lies below {Decimal(rate) / 2:f} Hz, not at {hz:f}"
            raise Misused(rule, told)


def _frequencies(value: object, path: str) -> Iterator[tuple[str, Decimal]]:
    """Every filter frequency with its field path."""
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
