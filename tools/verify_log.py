"""Check an exported log without Takesheet: this file and Python's standard library alone.

    python verify_log.py EXPORT.jsonl [CHECKPOINT.json ...]

The first line of an export names the log, its last position and the hash there.  Each further line is one event: the
fourteen columns that are hashed, and the hash.  A hash is SHA-256 over "takesheet-log-1", fourteen signed 64-bit
big-endian integers (an integer column's value, else the length of its bytes, -1 for null), and then those bytes: text
as UTF-8; binary values, hexadecimal in the file, as raw bytes.  Each event contains the hash of the one before; the
first one contains SHA-256 of "takesheet-log-1" and the log's id.  Signatures of checkpoints are not checked, only that
this is the log of which they were made.  Control characters of a file are escaped before they are printed.  Positions
give the order; times are those of the writers' clocks, and may run backwards.
Exit: 0 sound, 9 damaged, 2 nothing to check.
"""  # noqa: INP001 - a program by itself

import hashlib
import json
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

VERSION = "takesheet-log-1"
COLUMNS = {
    "position": int, "id": bytes, "kind": str, "schema": int, "data": str, "tags": str, "actor": str, "via": str,
    "why": str, "occurred_at": str, "recorded_at": int, "cause": bytes, "correlation": bytes, "prev_hash": bytes,
}  # fmt: skip
LONGEST_LINE = 32 << 20
"""Bytes; a recipe of a million characters, escaped, is shorter."""
LONGEST_CHECKPOINT = 1 << 16
MOST_TOLD, LONGEST_TOLD = 20, 300
NULLABLE = {"why", "occurred_at", "cause", "correlation"}


def shown(text: object) -> str:
    """Return *text* on one line, shortened, with control and non-ASCII characters escaped."""
    safe = "".join(char if " " <= char <= "~" else ascii(char)[1:-1] for char in str(text)[:1000])
    return safe if len(safe) <= LONGEST_TOLD else f"{safe[:LONGEST_TOLD]} ..."


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of *file*.  Raises: ValueError, if one is longer than any event."""
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise ValueError(f"a line has more than {LONGEST_LINE:,} bytes: no event has")
        yield line


def checkpoint(name: str) -> dict[str, Any]:
    """Read the checkpoint in the file *name*.  Raises: OSError, ValueError, LookupError."""
    with Path(name).open("rb") as file:
        point = parsed(file.read(LONGEST_CHECKPOINT + 1)[:LONGEST_CHECKPOINT])
    if type(point["position"]) is not int or not all(isinstance(point[one], str) for one in ("log", "hash")):
        raise ValueError(f"{name} is no checkpoint")
    return point


def parsed(line: bytes | str) -> dict[str, Any]:
    """Parse the JSON object in *line*; a repeated name is an error.  Raises: ValueError."""
    try:
        pairs = json.loads(line, object_pairs_hook=list)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if not isinstance(pairs, list) or len(found := dict(pairs)) < len(pairs):
        raise ValueError("no JSON object, or a name stands twice in it")
    return found


def stored(event: dict[str, Any], name: str) -> int | bytes | None:
    """Return the value of an integer column, or the bytes of another.  Raises: ValueError, if it has another type."""
    value, kind = event[name], COLUMNS[name]
    if value is None and name in NULLABLE:
        return None
    if kind is int and type(value) is int:
        return value
    if kind is int or not isinstance(value, str):
        raise ValueError(f"its {name} is {value!r}")
    return bytes.fromhex(value) if kind is bytes else value.encode()


def digest(event: dict[str, Any]) -> str:
    """Return the hash that the event must have.  Raises: ValueError, if it cannot be hashed."""
    if event.keys() ^ {*COLUMNS, "hash"}:
        raise ValueError(f"columns lack or are too many: {sorted(event.keys() ^ {*COLUMNS, 'hash'})}")
    values = [stored(event, name) for name in COLUMNS]
    numbers = [value if isinstance(value, int) else -1 if value is None else len(value) for value in values]
    texts = b"".join(value for value in values if isinstance(value, bytes))
    return hashlib.sha256(VERSION.encode() + struct.pack(">14q", *numbers) + texts).hexdigest()


def fault(line: bytes, position: int, last: str) -> tuple[str, str]:
    """Return the hash that an event claims, and its fault; the fault is empty if there is none."""
    try:
        event = parsed(line)
        if not isinstance(event["hash"], str):
            raise TypeError("its hash is no text")  # noqa: TRY301 - one place says what is no event
        if event["position"] != position or event["prev_hash"] != last:
            return event["hash"], f"{event['position']} stands here, and does not follow the event before it"
        return event["hash"], "" if digest(event) == event["hash"] else "is not what was hashed"
    except (ValueError, KeyError, TypeError, struct.error) as error:
        return "", f"is no event: {error!r}"


def faults(lines: Iterator[bytes], points: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the faults of an export, in itself and against its checkpoints, from the first bad position on."""
    head, position = parsed(next(lines, b"")), 0
    last = hashlib.sha256(VERSION.encode() + bytes.fromhex(head["log"])).hexdigest()
    hashes = dict.fromkeys([point["position"] for point in points], "") | {0: last}
    for position, line in enumerate(lines, start=1):
        last, what = fault(line, position, last)
        if what:
            yield f"position {position}: {what}"
        if position in hashes:
            hashes[position] = last
    if (head["format"], head["position"], head["hash"]) != (VERSION, position, last):
        yield f"position {position + 1}: the export ends before here, and its first line says {head}"
    for point in points:
        if (point["log"], point["hash"]) != (head["log"], hashes[point["position"]]):
            end = min(point["position"], position + 1)
            yield f"position {end}: a tail cut off, or history written anew up to here: a checkpoint knows another"
    print(f"{position} events, {len(points)} checkpoints")  # noqa: T201 - its report


def first_of(found: Iterator[str]) -> list[str]:
    """Return the first faults, fit for printing; consumes all of them."""
    first: list[str] = []
    for what in found:
        if len(first) < MOST_TOLD:
            first.append(shown(what))
    return first


if __name__ == "__main__":
    try:
        points = [checkpoint(name) for name in sys.argv[2:]]
        with Path(sys.argv[1]).open("rb") as export:
            found = first_of(faults(lines_of(export), points))
    except (OSError, ValueError, LookupError, TypeError, MemoryError) as error:
        print(f"nothing to check: {shown(repr(error))}")  # noqa: T201 - its report
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    print(*found or ["all of it holds"], sep="\n")  # noqa: T201 - its report
    sys.exit(9 if found else 0)
