"""The line of a TOML text that holds a field, for error messages; tomllib keeps no positions."""

import re
from collections.abc import Iterator, Sequence

from domain.core.toml_text import TomlFault, TomlLimits, parse_toml

HEADER = re.compile(r"\s*(?:\[\[(?P<one>.+)\]\]|\[(?P<only>.+)\])\s*(?:#.*)?")
"""Header of a table (``only``) or of an array entry (``one``)."""

Path = tuple[str, ...]


def line_of(text: str, field: str) -> int:
    """The line, counted from 1, that most likely holds *field* or its innermost table; 0 if there is none.

    Args:
        text: TOML that parses.
        field: its keys from the outside in, separated by dots; array indices count from 0.
    """
    lines = text.split("\n")
    path, found, stop = max(_tables(lines), key=lambda table: _led(table[0], field))  # the first of equals
    at = found
    for word in field[_led(path, field) :].split("."):
        if word.isdigit() and found:
            at = found = _nth_brace(lines, found, stop, int(word))
            continue
        key = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
        at = next((number for number in range(max(at, 1), stop) if key.search(lines[number - 1])), 0)
        if not at:
            break
        found = at
    return found


def _tables(lines: Sequence[str]) -> Iterator[tuple[Path, int, int]]:
    """Path, first line, and line after the last of each table; the first entry is the whole text, its path empty."""
    begun: list[tuple[Path, int]] = [((), 0)]
    counts: dict[Path, int] = {}
    for number, line in enumerate(lines, start=1):
        if (header := HEADER.fullmatch(line)) and (path := _keys(header["one"] or header["only"])):
            if header["one"]:
                counts[path] = counts.get(path, -1) + 1
                path = (*path, str(counts[path]))
            begun.append((path, number))
    begins = [*(number for _, number in begun[1:]), len(lines) + 1]
    yield from ((path, first, stop if path else begins[-1]) for (path, first), stop in zip(begun, begins, strict=True))


def _keys(dotted: str) -> Path:
    """The keys of a header; empty if the text is no header, such as a line of an array."""
    try:
        table: object = parse_toml(f"[{dotted}]", TomlLimits(characters=10_000))
    except TomlFault:
        return ()
    path: list[str] = []
    while isinstance(table, dict) and table:
        (key, table), *_ = table.items()
        path.append(key)
    return tuple(path)


def _led(path: Path, field: str) -> int:
    """Length of the prefix of *field* that is the path of the table at *path*, with its dot; -1 if it is no prefix."""
    table = "".join(f"{key}." for key in path)
    return len(table) if f"{field}.".startswith(table) else -1


def _nth_brace(lines: Sequence[str], first: int, stop: int, place: int) -> int:
    """The line on which inline table number *place* of an array begins; *first* if the entries are not tables."""
    for number in range(first, stop):
        place -= lines[number - 1].count("{")
        if place < 0:
            return number
    return first
