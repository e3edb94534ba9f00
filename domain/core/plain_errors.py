"""Validation errors of pydantic in plain English."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from pydantic_core import ErrorDetails

_BOUNDS: Final = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("more than", "gt"),
    "less_than_equal": ("at most", "le"),
    "less_than": ("less than", "lt"),
    "multiple_of": ("a multiple of", "multiple_of"),
}
_KINDS: Final = {
    "dict_type": "must be a table",
    "mapping_type": "must be a table",
    "model_type": "must be a table",
    "tuple_type": "must be a list",
    "string_type": "must be text",
    "finite_number": "must be a finite number",
    "int_from_float": "must be a whole number",
    "missing": "required",
    "extra_forbidden": "no such field",
    **dict.fromkeys(("bool_type", "bool_parsing"), "must be true or false"),
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size"), "must be a whole number"),
    **dict.fromkeys(("decimal_type", "decimal_parsing", "float_type", "float_parsing"), "must be a number"),
}
_WITH_NUMBERS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "literal_error": lambda found: f"must be {found['expected']}",
    "string_too_long": lambda found: f"must have at most {found['max_length']} characters",
    "string_too_short": lambda found: f"must have at least {found['min_length']} characters",
    "too_long": lambda found: f"must have at most {found['max_length']} entries",
    "too_short": lambda found: f"must have at least {found['min_length']} entries",
    "decimal_max_digits": lambda found: f"must have at most {found['max_digits']} digits",
    "decimal_max_places": lambda found: f"must have at most {found['decimal_places']} decimal places",
}


def plain_words(error: "ErrorDetails") -> str:
    """Describe the value that was expected: its type, its bounds, or the message of its own validator."""
    kind, numbers = error["type"], error.get("ctx", {})
    if kind in _BOUNDS:
        words, bound = _BOUNDS[kind]
        return f"must be {words} {numbers[bound]}"
    if kind in _WITH_NUMBERS:
        return _WITH_NUMBERS[kind](numbers)
    return _KINDS.get(kind) or _without_pydantic(error["msg"])


def no_such_field(name: str, table: str, fields: Collection[str]) -> str:
    """Say that *table* (``a compressor``) has no field *name*, and suggest the field with the nearest spelling."""
    from difflib import get_close_matches  # 50 ms, for mistakes alone

    meant = get_close_matches(name, fields, n=1)
    return f"no such field `{name}` in {table}" + (f"; did you mean `{meant[0]}`?" if meant else "")


def _without_pydantic(message: str) -> str:
    words = message.removeprefix("Value error, ")
    for opening in ("Input should ", "String should "):
        if words.startswith(opening):
            return f"must {words.removeprefix(opening)}"
    return words
