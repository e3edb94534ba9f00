"""Differences between two mix recipes in words, with the strip or bus that each affects."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from domain.recipe.mix import MixRecipe
from domain.recipe.values import Recipe

Path = tuple[str, ...]

UNITS: Final[Mapping[str, str]] = {
    "_db": "dB", "_hz": "Hz", "_ms": "ms", "_s": "s", "_lufs": "LUFS", "_dbtp": "dBTP", "_lu": "LU",
}  # fmt: skip
"""Units by the suffix of a field's name."""

PLACES: Final[Mapping[str, str]] = {"strips": "", "groups": "group ", "buses": "bus ", "versions": "version "}
"""Tables of a mix whose entries are channels or versions, with the prefix of their names."""


LONGEST: Final = 60
"""Characters of a value that are shown; the state of a plug-in has thousands."""


@dataclass(frozen=True, slots=True)
class RecipeChange:
    """One difference between two recipes."""

    place: str
    """Channel or version: ``lead-vocal``, ``bus room``, ``version tv``, ``master``."""
    what: str
    """Change in words: ``gain -6.0 -> -5.0 dB``, ``new strip: gain -6 dB``."""

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def differences(old: MixRecipe, new: MixRecipe) -> list[RecipeChange]:
    """Differences from *old* to *new*, in the order of the recipe's fields; ``-3`` and ``-3.0`` are equal."""
    return [_change(path, was, now) for path, was, now in _walk((), old, new)]


def _walk(path: Path, old: object, new: object) -> Iterator[tuple[Path, object, object]]:
    """The deepest paths at which two recipes differ, each with the old and the new value; None for a missing value."""
    if old == new:
        return
    if isinstance(old, Recipe) and type(old) is type(new):
        for name in type(old).model_fields:
            yield from _walk((*path, name), getattr(old, name), getattr(new, name))
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys([*old, *new]):
            yield from _walk((*path, name), old.get(name), new.get(name))
    elif _are_rows(old) and _are_rows(new) and isinstance(old, tuple) and isinstance(new, tuple):
        for number, (was, now) in enumerate(zip_longest(old, new), start=1):
            yield from _walk((*path, str(number)), was, now)
    else:
        yield path, old, new


def _are_rows(value: object) -> bool:
    """True if *value* is a tuple of recipes (bands, points), not of plain words."""
    return isinstance(value, tuple) and all(isinstance(one, Recipe) for one in value)


def _change(path: Path, old: object, new: object) -> RecipeChange:
    table, *rest = path
    if table not in PLACES or not rest:
        return RecipeChange(table, _what(tuple(rest), old, new))
    name, *rest = rest
    if rest:
        return RecipeChange(f"{PLACES[table]}{name}", _what(tuple(rest), old, new))
    thing = {"strips": "strip"}.get(table, PLACES[table].strip())
    return RecipeChange(f"{PLACES[table]}{name}", f"{thing} gone" if new is None else f"new {thing}{_set(new)}")


def _what(path: Path, old: object, new: object) -> str:
    name = " ".join(word for field in path if (word := _word(field))) or "it"
    unit = next((_unit(field) for field in reversed(path) if _unit(field)), "")
    if isinstance(old, Recipe) or isinstance(new, Recipe):
        return f"{name} gone" if new is None else f"{name} new{_set(new)}"
    was, now = _said(old), _said(new)
    return f"{name} {was} -> {now}{f' {unit}' if unit and new is not None else ''}"


def _set(value: object) -> str:
    """The fields that the author set in a table, as ``: name value unit, ...``; empty for a table without any."""
    if not isinstance(value, Recipe):
        return ""
    words = [
        f"{_word(name)} {_said(found)} {_unit(name)}".strip()
        for name in type(value).model_fields
        if name in value.model_fields_set and (found := getattr(value, name)) is not None
    ]
    return f": {', '.join(words)}" if words else ""


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, Recipe):
        return f"({_set(value).removeprefix(': ')})"
    if isinstance(value, Mapping):
        return " ".join(f"{name} {_said(one)}" for name, one in value.items()) or "none"
    if isinstance(value, tuple):
        return ", ".join(_said(one) for one in value) or "none"
    text = "none" if value is None else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"


def _unit(field: str) -> str:
    return next((unit for end, unit in UNITS.items() if field.endswith(end) or field == end[1:]), "")


def _word(field: str) -> str:
    """A field's name in words, without its unit."""
    if field == "sends":
        return "send"
    bare = next((field.removesuffix(end) for end in UNITS if field.endswith(end)), field)
    return {"hz": "frequency"}.get(bare, bare.replace("_", " "))
