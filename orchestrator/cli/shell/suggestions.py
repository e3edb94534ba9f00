"""Suggestions as command lines: ``take approve`` with its arguments becomes ``takesheet take approve …``."""

from collections.abc import Iterator
from shlex import quote

from domain.core.refusal import FreeText, Suggestion


def command_line(suggestion: Suggestion | str) -> str:
    """Return the command line that a person would type for *suggestion*; a text is returned as it is."""
    return suggestion if isinstance(suggestion, str) else " ".join(_words(suggestion))


def _words(suggestion: Suggestion) -> Iterator[str]:
    yield f"takesheet {suggestion.use_case}"
    yield from map(_word, suggestion.arguments)
    for name, value in suggestion.options:
        if value is not False:
            yield f"--{name}"
        if isinstance(value, str):
            yield _word(value)


def _word(value: str) -> str:
    """Quote *value* if it is free text; ids are never quoted, though ``quote`` would quote some letters in them."""
    return quote(value) if isinstance(value, FreeText) else value
