"""Recipes as TOML text: parsed into a recipe, or refused in one sentence."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.core.plain_errors import no_such_field, plain_words
from domain.core.refusal import Misused
from domain.core.toml_text import TomlFault, TomlLimits, parse_toml
from domain.recipe.master import MasterRecipe
from domain.recipe.mix import MixRecipe
from domain.recipe.text.fields import table_at
from domain.recipe.text.lines import line_of
from domain.recipe.values import Recipe

R = TypeVar("R", bound=Recipe)

LIMITS: Final = TomlLimits(characters=1_000_000)
FIELD = re.compile(r"([\w.-]+): ")
"""The field that a validator names at the start of its message."""
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def parse_mix(text: str) -> MixRecipe:
    """Parse a mix recipe.  Raises: Misused ``recipe.mix`` with line, field and what was expected."""
    return _parse(text, MixRecipe, "recipe.mix")


def parse_master(text: str) -> MasterRecipe:
    """Parse a master recipe.  Raises: Misused ``recipe.master`` with line, field and what was expected."""
    return _parse(text, MasterRecipe, "recipe.master")


def _parse(text: str, model: type[R], rule: str) -> R:
    try:
        return model.model_validate(parse_toml(text, LIMITS, parse_float=Decimal))
    except TomlFault as fault:
        raise Misused(rule, str(fault)) from None
    except ValidationError as error:
        raise Misused(rule, _sentence(text, model, error)) from None
    except (ValueError, ArithmeticError):  # Python's own limits on the digits of an integer and the size of an exponent
        raise Misused(rule, "a number in it has more digits than any number needs") from None


def _sentence(text: str, model: type[Recipe], error: ValidationError) -> str:
    """The first validation error on one line: line, field, expected and given value."""
    first = _telling(error.errors())
    unknown = first["type"] == "extra_forbidden"
    said = _unknown_field(model, first["loc"]) if unknown else plain_words(first)
    inner = FIELD.match(said) if first["type"] == "value_error" else None
    place = ".".join(map(str, first["loc"]))
    line = line_of(text, ".".join(filter(None, (place, inner and inner[1]))))
    given = f", not {_given(first['input'])}"[:80] if _is_shown(first["input"]) and not unknown else ""
    detail = ": ".join(filter(None, (place or ("" if inner else "recipe"), said))) + given
    return " ".join((f"line {line}, {detail}" if line else detail).split())


def _telling(errors: Sequence[ErrorDetails]) -> ErrorDetails:
    """The first of *errors*; instead of a missing field, an unknown one of the same table, which may be it misspelt."""
    first = errors[0]
    misspelt = (one for one in errors if one["type"] == "extra_forbidden" and one["loc"][:-1] == first["loc"][:-1])
    return next(misspelt, first) if first["type"] == "missing" else first


def _unknown_field(model: type[Recipe], loc: tuple[int | str, ...]) -> str:
    table = table_at(model, loc[:-1])
    name = _CAPITAL.sub(" ", table.__name__).lower()
    article = "an" if name[0] in "aeiou" else "a"
    return no_such_field(str(loc[-1]), f"{article} {name}", table.model_fields)


def _is_shown(value: object) -> bool:
    return isinstance(value, str | int | Decimal)


def _given(value: object) -> str:
    return str(value) if isinstance(value, Decimal) else repr(value)
