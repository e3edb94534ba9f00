"""Limits on the length of texts, checked for new decisions only, never for recorded events."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from pydantic import BaseModel

from domain.core.event import Event
from domain.core.refusal import Misused

NAME: Final = 200
"""Characters of a person's name."""
REASON: Final = 10_000
"""Characters of a reason, note or description."""
TEXT: Final = 1_000
"""Characters of any other text whose field has no limit of its own."""
_REASONS: Final = frozenset({"why", "reason", "note", "notes", "text", "description"})


def refuse_long(what: str, text: str | None, most: int) -> None:
    """Refuse *text* if it has more than *most* characters.

    Raises:
        Misused: ``text.long``.
    """
    if text is not None and len(text) > most:
        raise too_long(what, len(text), most)


def too_long(what: str, length: int, most: int) -> Misused:
    """The refusal of a text with *length* characters."""
    detail = f"{what} has {length:,} characters; at most {most:,} are kept"
    return Misused("text.long", detail, next="shorten it", what=what, length=length, most=most)


def refuse_long_texts(event: Event) -> None:
    """Refuse an *event* with a text longer than the limit of its field.

    Fields with a length or pattern of their own were checked when the event was constructed.

    Raises:
        Misused: ``text.long``.
    """
    for name, text in _texts(event, ""):
        refuse_long(name, text, REASON if name in _REASONS else TEXT)


def _texts(value: object, name: str) -> Iterator[tuple[str, str]]:
    """Texts in *value* with the name of their field, except fields with a limit of their own."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, BaseModel):
        for field in _free(type(value)):
            yield from _texts(getattr(value, field), field)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(key, name)
            yield from _texts(inner, name)
    elif isinstance(value, tuple | frozenset):
        for inner in value:
            yield from _texts(inner, name)


@cache
def _free(model: type[BaseModel]) -> tuple[str, ...]:
    """Names of the fields of *model* whose type sets no limit."""
    return tuple(name for name, info in model.model_fields.items() if not any(map(_limits, info.metadata)))


def _limits(mark: object) -> bool:
    return any(getattr(mark, limit, None) is not None for limit in ("max_length", "pattern"))
