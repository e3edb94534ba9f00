"""Recipes as their authors write them: TOML in, a recipe or one sentence out."""

import re
import tomllib
from decimal import Decimal
from typing import TypeVar

from pydantic import ValidationError

from domain.recipe.master import MasterRecipe
from domain.recipe.mix import MixRecipe
from domain.recipe.values import Recipe
from domain.refusal import Misused

R = TypeVar("R", bound=Recipe)


def parse_mix(text: str) -> MixRecipe:
    """Read a mix recipe.  Raises: Misused ``recipe.mix`` with line, field and what was expected."""
    return _parse(text, MixRecipe, "recipe.mix")


def parse_master(text: str) -> MasterRecipe:
    """Read a master recipe.  Raises: Misused ``recipe.master``."""
    return _parse(text, MasterRecipe, "recipe.master")


def _parse(text: str, model: type[R], rule: str) -> R:
    try:
        return model.model_validate(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        raise Misused(rule, str(error)) from None
    except RecursionError:
        raise Misused(rule, "nested too deep") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        line = _line_of(text, [str(word) for word in first["loc"]])
        given = f", not {first['input']!r}"[:80] if isinstance(first["input"], str | int | float | Decimal) else ""
        detail = f"{place or 'recipe'}: {first['msg'].removeprefix('Value error, ')}{given}"
        raise Misused(rule, f"line {line}, {detail}" if line else detail) from None
    except (ValueError, ArithmeticError):  # Python's own limits on the digits of an integer and the size of an exponent
        raise Misused(rule, "a number in it has more digits than any number needs") from None


def _line_of(text: str, words: list[str]) -> int:
    """The line that most likely holds the field *words*, each word looked for in turn; 0 where none is found."""
    at, found = 0, 0
    lines = text.splitlines()
    for word in words:
        if word.isdigit():
            continue
        for number in range(at, len(lines)):
            if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", lines[number]):
                at, found = number, number + 1
                break
    return found
