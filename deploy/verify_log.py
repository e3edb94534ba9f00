"""Check an exported log without Takesheet: this file and Python's standard library alone.

    python verify_log.py EXPORT.jsonl [CHECKPOINT.json ...]

The first line of an export names the log, its last position and the hash there.  Each further line is one event: the
fourteen columns that are hashed, and the hash.  A hash is SHA-256 over "takesheet-log-1", fourteen signed 64-bit
big-endian integers (an integer column's value, else the length of its bytes, -1 for null), and then those bytes: text
as UTF-8, and what is binary, hexadecimal here, as itself.  Each event holds the hash of the one before; the first one
holds SHA-256 of "takesheet-log-1" and the log's id.  Signatures of checkpoints are not looked at, only whether this is
the log they were made of.  Positions give the order; times are what the writers' clocks said, and may run backwards.
Exit: 0 sound, 9 damaged, 2 nothing to check.
"""  # noqa: INP001 - a program by itself

import hashlib
import json
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

VERSION = "takesheet-log-1"
COLUMNS = {
    "position": int, "id": bytes, "kind": str, "schema": int, "data": str, "tags": str, "actor": str, "via": str,
    "why": str, "occurred_at": str, "recorded_at": int, "cause": bytes, "correlation": bytes, "prev_hash": bytes,
}  # fmt: skip
NULLABLE = {"why", "occurred_at", "cause", "correlation"}


def parsed(line: bytes | str) -> dict[str, Any]:
    """The JSON object in *line*, no name in it twice.  Raises: ValueError."""
    pairs = json.loads(line, object_pairs_hook=list)
    if not isinstance(pairs, list) or len(found := dict(pairs)) < len(pairs):
        raise ValueError("no JSON object, or a name stands twice in it")
    return found


def stored(event: dict[str, Any], name: str) -> int | bytes | None:
    """A column's value, or its bytes.  Raises: ValueError where it has another type."""
    value, kind = event[name], COLUMNS[name]
    if value is None and name in NULLABLE:
        return None
    if kind is int and type(value) is int:
        return value
    if kind is int or not isinstance(value, str):
        raise ValueError(f"its {name} is {value!r}")
    return bytes.fromhex(value) if kind is bytes else value.encode()


def digest(event: dict[str, Any]) -> str:
    """The hash that belongs to an event.  Raises: ValueError where it cannot be hashed at all."""
    if event.keys() ^ {*COLUMNS, "hash"}:
        raise ValueError(f"columns lack or are too many: {sorted(event.keys() ^ {*COLUMNS, 'hash'})}")
    values = [stored(event, name) for name in COLUMNS]
    numbers = [value if isinstance(value, int) else -1 if value is None else len(value) for value in values]
    texts = b"".join(value for value in values if isinstance(value, bytes))
    return hashlib.sha256(VERSION.encode() + struct.pack(">14q", *numbers) + texts).hexdigest()


def fault(line: bytes, position: int, last: str) -> tuple[str, str]:
    """The hash that an event claims, and what is wrong with it: nothing when all is well."""
    try:
        event = parsed(line)
        if event["position"] != position or event["prev_hash"] != last:
            return event["hash"], f"{event['position']} stands here, and does not follow the event before it"
        return event["hash"], "" if digest(event) == event["hash"] else "is not what was hashed"
    except (ValueError, KeyError, TypeError, struct.error) as error:
        return "", f"is no event: {error!r}"


def faults(lines: Iterator[bytes], points: list[dict[str, Any]]) -> Iterator[str]:
    """What is wrong with an export, in itself and as its checkpoints know it, from the first bad position on."""
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


if __name__ == "__main__":
    try:
        told = [parsed(Path(name).read_text(encoding="utf-8")) for name in sys.argv[2:]]
        with Path(sys.argv[1]).open("rb") as export:
            found = list(faults(export, told))
    except (OSError, ValueError, LookupError, TypeError) as error:
        print(f"nothing to check: {error!r}")  # noqa: T201 - its report
        sys.exit(2)
    print(*found[:20] or ["all of it holds"], sep="\n")  # noqa: T201 - its report
    sys.exit(9 if found else 0)
