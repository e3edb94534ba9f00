"""Check an exported log, or a receipt, with this file and Python's standard library alone, without Takesheet.

    python verify_log.py EXPORT.jsonl [CHECKPOINT.json ...]
    python verify_log.py RECEIPT.json [KEY.pub ...]

The first line of an export names the log, its last position and the hash there.  Each further line is one event: the
fourteen columns that are hashed, the hash and, if it has erasable texts, "texts": each text with its salt.  In the
event's data, or in "why", such a text is "c1:" and SHA-256 over salt and text.  A hash is SHA-256 over
"takesheet-log-1", fourteen signed 64-bit big-endian integers (an integer column's value, else the length of its bytes,
-1 for null), and then those bytes: text as UTF-8; binary values, hexadecimal in the file, as raw bytes.  Each event
contains the hash of the one before; the first one contains SHA-256 of "takesheet-log-1" and the log's id.  Positions
give the order; times are those of the writers' clocks, and may run backwards.

A checkpoint names a log, a position, the hash there and, since version 2, the Merkle root (RFC 9162, section 2.1) over
the hashes of the events up to there.  Its signature is Ed25519 (RFC 8032) over the bytes that `message` returns.

A receipt is one event, the hashes that lead from its hash to such a root (RFC 9162, section 2.1.3.2), and the signed
checkpoint.  It proves that whoever holds the key had this event, word for word, at this position.  Anybody can make a
key: name the public key that you know to be the signer's.

Control characters of a file are escaped before they are printed.  Exit: 0 sound, 9 damaged, 2 nothing to check.
"""  # noqa: INP001 - a program by itself

import base64
import hashlib
import json
import struct
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, BinaryIO

VERSION = "takesheet-log-1"
COLUMNS = {
    "position": int, "id": bytes, "kind": str, "schema": int, "data": str, "tags": str, "actor": str, "via": str,
    "why": str, "occurred_at": str, "recorded_at": int, "cause": bytes, "correlation": bytes, "prev_hash": bytes,
}  # fmt: skip
LONGEST_LINE = 32 << 20
"""Bytes; a recipe of a million characters, escaped, is shorter."""
LONGEST_CHECKPOINT = LONGEST_KEY = 1 << 16
LONGEST_RECEIPT, LONGEST_PATH, SALT_BYTES = 16 << 20, 64, 32
RECEIPT, CHECKPOINTS = "takesheet-receipt-1", ("takesheet-checkpoint-1", "takesheet-checkpoint-2")
FIELDS = {
    "receipt": ["format", "log", "position", "leaf_index", "tree_size", "path", "event", "checkpoint"],
    "event": [*COLUMNS, "hash"],
    "checkpoint": ["format", "log", "position", "hash", "root", "at", "key", "signature"],
}
PEM = b"-----BEGIN PUBLIC KEY-----", b"-----END PUBLIC KEY-----"
ED25519 = bytes.fromhex("302a300506032b6570032100")
"""The bytes before the 32 of an Ed25519 key (RFC 8410)."""
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
        found = json.loads(line, object_pairs_hook=unique)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if not isinstance(found, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 - a file is wrong, no argument
    return found


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object of *pairs*.  Raises: ValueError, if a name occurs twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in it")
    return found


def raw(fields: dict[str, Any], name: str, size: int | None = None) -> bytes:
    """Return the bytes of a hexadecimal value.  Raises: ValueError, if it is malformed, or not of *size* bytes."""
    value = fields[name]
    try:
        found = bytes.fromhex(value)
    except (TypeError, ValueError):
        found = b"no hexadecimal"
    if found.hex() != value or size not in {None, len(found)}:
        raise ValueError(f"its {name} is {value!r}")
    return found


def stored(event: dict[str, Any], name: str) -> int | bytes | None:
    """Return the value of an integer column, or the bytes of another.  Raises: ValueError, if it has another type."""
    value, kind = event[name], COLUMNS[name]
    if value is None and name in NULLABLE:
        return None
    if kind is int and type(value) is int and -1 << 63 <= value < 1 << 63:
        return value
    if kind is int or not isinstance(value, str):
        raise ValueError(f"its {name} is {value!r}")
    return raw(event, name) if kind is bytes else value.encode()


def digest(event: dict[str, Any]) -> str:
    """Return the hash that the event must have.  Raises: ValueError, if it cannot be hashed."""
    if wrong := (event.keys() - {"texts"}) ^ {*COLUMNS, "hash"}:
        raise ValueError(f"columns lack or are too many: {sorted(wrong)}")
    values = [stored(event, name) for name in COLUMNS]
    numbers = [value if isinstance(value, int) else -1 if value is None else len(value) for value in values]
    texts = b"".join(value for value in values if isinstance(value, bytes))
    return hashlib.sha256(VERSION.encode() + struct.pack(">14q", *numbers) + texts).hexdigest()


def fault(line: bytes, position: int, last: str) -> tuple[str, str]:
    """Return the hash in the event on *line*, and its fault in words, which is empty for a sound event."""
    try:
        event = parsed(line)
        if not isinstance(event["hash"], str):
            raise TypeError("its hash is no text")  # noqa: TRY301 - one place says what is no event
        if event["position"] != position or event["prev_hash"] != last:
            return event["hash"], f"{event['position']} stands here, and does not follow the event before it"
        return event["hash"], text_fault(event) if digest(event) == event["hash"] else "is not what was hashed"
    except (ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
        return "", f"is no event: {error!r}"


def text_fault(event: dict[str, Any]) -> str:
    """Return the fault of an event's texts, empty for none; malformed texts raise what `fault` catches."""
    for name, opening in event.get("texts", {}).items():
        stored = event["why"] if name == "why" else parsed(event["data"])[name]
        found = hashlib.sha256(raw(opening, "salt", SALT_BYTES) + opening["text"].encode()).hexdigest()
        if stored != f"c1:{found}":
            return f"its {name} is not the text that was recorded"
    return ""


def faults(lines: Iterator[bytes], points: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the faults of an export, in itself and against its checkpoints, from the first bad position on."""
    head, position = parsed(next(lines, b"")), 0
    last = hashlib.sha256(VERSION.encode() + bytes.fromhex(head["log"])).hexdigest()
    hashes = dict.fromkeys([point["position"] for point in points], ("", "")) | {0: (last, root_of([]).hex())}
    subtrees: list[bytes] | None = [] if any("root" in point for point in points) else None
    for position, line in enumerate(lines, start=1):
        last, what = fault(line, position, last)
        if what:
            yield f"position {position}: {what}"
            subtrees = None
        if subtrees is not None:
            grow(subtrees, position - 1, bytes.fromhex(last))
        if position in hashes:
            hashes[position] = last, root_of(subtrees).hex() if subtrees else ""
    if (head["format"], head["position"], head["hash"]) != (VERSION, position, last):
        yield f"position {position + 1}: the export ends before here, and its first line says {head}"
    for point in points:
        end = min(point["position"], position + 1)
        yield from (f"position {end}: {what}" for what in point_faults(point, head["log"], *hashes[point["position"]]))
    print(f"{position} events, {len(points)} checkpoints")  # noqa: T201 - its report


def point_faults(point: dict[str, Any], log: str, hash_: str, root: str) -> Iterator[str]:
    """Yield the faults of the checkpoint *point* in *log*, given hash and root at its position (empty: unknown)."""
    if (point["log"], point["hash"]) != (log, hash_):
        yield "a tail cut off, or history written anew up to here: a checkpoint knows another"
    elif root and "root" in point and point["root"] != root:
        yield "a checkpoint has another Merkle root than the events up to here"
    if point.get("key") is not None and not is_signed_by(point):
        yield "a checkpoint was changed: the signature is not by the key it names"


def grow(subtrees: list[bytes], size: int, leaf: bytes) -> None:
    """Add *leaf* to the tree of *size* leaves whose perfect subtrees, from left to right, have these roots."""
    node = hashlib.sha256(b"\0" + leaf).digest()
    while size & 1:
        node, size = hashlib.sha256(b"\1" + subtrees.pop() + node).digest(), size >> 1
    subtrees.append(node)


def root_of(subtrees: list[bytes]) -> bytes:
    """Return the root of the tree whose perfect subtrees, from left to right, have these roots."""
    node = subtrees[-1] if subtrees else hashlib.sha256().digest()
    for left in reversed(subtrees[:-1]):
        node = hashlib.sha256(b"\1" + left + node).digest()
    return node


def root_by_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """Return the root to which *path* leads (RFC 9162, section 2.1.3.2); None if no such path is in such a tree."""
    node, last = hashlib.sha256(b"\0" + leaf).digest(), size - 1
    if not 0 <= index < size:
        return None
    for other in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            node = hashlib.sha256(b"\1" + other + node).digest()
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\1" + node + other).digest()
        index, last = index >> 1, last >> 1
    return None if last else node


def message(point: dict[str, Any]) -> bytes:
    """Return the bytes that the signature of a checkpoint covers.  Raises: LookupError, TypeError, ValueError."""
    form, at = point["format"], datetime.fromisoformat(point["at"])
    if form not in CHECKPOINTS or at.isoformat(timespec="microseconds") != point["at"] or at.utcoffset() != timedelta():
        raise ValueError(f"a checkpoint of format {form!r}, made at {point['at']!r}")
    if type(point["position"]) is not int or not 0 <= point["position"] < 1 << 63:
        raise ValueError(f"a checkpoint of position {point['position']!r}")
    since_1970 = (at - datetime.fromtimestamp(0, timezone.utc)) // timedelta(microseconds=1)  # noqa: UP017 - older Pythons
    root = raw(point, "root", 32) if form == CHECKPOINTS[1] else b""
    place = struct.pack(">q", point["position"]) + raw(point, "hash", 32)
    return b"".join((
        form.encode(), raw(point, "log", 16), place, root, struct.pack(">q", since_1970), raw(point, "key", 32),
    ))  # fmt: skip


def is_signed_by(point: dict[str, Any]) -> bool:
    """True if the signature of a checkpoint is by the key it names.  Raises: LookupError, TypeError, ValueError."""
    return is_signed(raw(point, "key", 32), raw(point, "signature", 64), message(point))


def receipt(file: BinaryIO) -> dict[str, Any]:
    """Read a receipt, exactly as Takesheet writes it.  Raises: LookupError, TypeError, ValueError."""
    data = file.read(LONGEST_RECEIPT + 1)
    if len(data) > LONGEST_RECEIPT:
        raise ValueError(f"more than {LONGEST_RECEIPT:,} bytes: no receipt has")
    found = parsed(data)
    parts = {"receipt": found, "event": found.get("event"), "checkpoint": found.get("checkpoint")}
    for part, names in FIELDS.items():
        if not isinstance(parts[part], dict) or list(parts[part]) != names:
            raise ValueError(f"no receipt: its {part} has not the fields {', '.join(names)}")
    refuse_types(found)
    if (json.dumps(found, indent=2) + "\n").encode() != data:
        raise ValueError("no receipt: it is not as Takesheet writes it")
    return found


def refuse_types(found: dict[str, Any]) -> None:
    """Refuse a receipt in which a value has another type, size or form.  Raises: LookupError, TypeError, ValueError."""
    if found["format"] != RECEIPT or found["checkpoint"]["format"] != CHECKPOINTS[1]:
        raise ValueError("no receipt, or one of another version")
    if not isinstance(found["path"], list) or len(found["path"]) > LONGEST_PATH:
        raise ValueError(f"no receipt: its path is no list of at most {LONGEST_PATH} hashes")
    numbers = [found[name] for name in ("position", "leaf_index", "tree_size")]
    if not all(type(number) is int and 0 <= number < 1 << 63 for number in numbers):
        raise ValueError(f"no receipt: position, leaf index and tree size are {numbers}")
    for node in found["path"]:
        raw({"path": node}, "path", 32)
    raw(found, "log", 16)
    raw(found["event"], "hash", 32)
    digest(found["event"])
    is_signed_by(found["checkpoint"])


def receipt_faults(found: dict[str, Any], keys: list[bytes]) -> Iterator[str]:
    """Yield the faults of a receipt; *keys* are the trusted public keys, empty to accept any signer."""
    event, point, position, size = found["event"], found["checkpoint"], found["position"], found["tree_size"]
    if not event["position"] == position == found["leaf_index"] + 1:
        yield f"moved: a receipt of position {position}, leaf {found['leaf_index']}, event {event['position']}"
    if (found["log"], size) != (point["log"], point["position"]):
        yield f"a receipt for log {found['log']} up to {size}, a checkpoint of {point['log']} up to {point['position']}"
    if digest(event) != event["hash"]:
        yield "the event is not what was hashed"
    path = [bytes.fromhex(node) for node in found["path"]]
    if root_by_path(bytes.fromhex(event["hash"]), found["leaf_index"], size, path) != bytes.fromhex(point["root"]):
        yield "the path does not lead from the event to the root of the checkpoint"
    if not is_signed_by(point):
        yield "the checkpoint was changed: the signature is not by the key it names"
    if keys and bytes.fromhex(point["key"]) not in keys:
        yield f"the checkpoint is by another key, {point['key']}"


def public_key(name: str) -> bytes:
    """Return the 32 bytes of the public key in a PEM file.  Raises: OSError, ValueError."""
    with Path(name).open("rb") as file:
        lines = file.read(LONGEST_KEY).splitlines()
    encoded = base64.b64decode(b"".join(lines[1:-1])) if (*lines[:1], *lines[-1:]) == PEM else b""
    if len(encoded) != len(ED25519) + 32 or not encoded.startswith(ED25519):
        raise ValueError(f"{name} holds no public key of log keygen")
    return encoded[-32:]


P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
"""The curve of Ed25519 (RFC 8032, section 5.1), whose points are (X, Y, Z, T): x = X/Z, y = Y/Z, xy = T/Z."""
Point = tuple[int, int, int, int]


def add(one: Point, other: Point) -> Point:
    """Return the sum of two points of the curve (RFC 8032, section 5.1.4)."""
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(factor: int, point: Point) -> Point:
    """Return *point* added to itself *factor* times."""
    result = (0, 1, 1, 0)
    while factor:
        result = add(result, point) if factor & 1 else result
        point, factor = add(point, point), factor >> 1
    return result


def point_of(encoded: bytes) -> Point | None:
    """Return the point of the curve that 32 bytes encode (RFC 8032, section 5.1.3); None if they encode none."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


BASE = point_of(bytes.fromhex("58" + "66" * 31)) or (0, 1, 1, 0)


def is_signed(key: bytes, signature: bytes, text: bytes) -> bool:
    """True if *signature* over *text* was made with the private half of *key* (RFC 8032, section 5.1.7)."""
    point, scalar = point_of(key), int.from_bytes(signature[32:], "little")
    if point is None or scalar >= ORDER:
        return False
    factor = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % ORDER
    negative = (P - point[0], point[1], point[2], P - point[3])
    x, y, z, _ = add(multiply(scalar, BASE), multiply(factor, negative))
    x, y = x * pow(z, -1, P) % P, y * pow(z, -1, P) % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


def first_of(found: Iterator[str]) -> list[str]:
    """Return the first faults, fit for printing; consumes the whole iterator."""
    first: list[str] = []
    for what in found:
        if len(first) < MOST_TOLD:
            first.append(shown(what))
    return first


def check_receipt(file: BinaryIO, keys: list[bytes]) -> list[str]:
    """Check a receipt, and print its content if it holds; return its faults."""
    one = receipt(file)
    found = first_of(receipt_faults(one, keys))
    if not found:
        event, point = one["event"], one["checkpoint"]
        lines = [f"position {one['position']} of log {one['log']}: {event['kind']} by {event['actor']}"]
        lines += [f"signed with all up to {point['position']} at {point['at']} by {point['key']}"]
        lines += [] if keys else ["not checked: whose key that is; name the public key you know, a file KEY.pub"]
        print(*map(shown, lines), sep="\n")  # noqa: T201 - its report
    return found


def check(first: str, others: list[str]) -> list[str]:
    """Check the receipt or export in the file *first*; return its faults."""
    with Path(first).open("rb") as file:
        if f'"{RECEIPT[:-1]}'.encode() in file.peek(64)[:64]:
            return check_receipt(file, [public_key(name) for name in others])
        points = [checkpoint(name) for name in others]
        return first_of(faults(lines_of(file), points))


def main(names: list[str]) -> int:
    """Check the files of these names, print the result, and return the exit code."""
    try:
        found = check(names[0], names[1:])
    except (OSError, ValueError, LookupError, TypeError, MemoryError) as error:
        print(f"nothing to check: {shown(repr(error))}")  # noqa: T201 - its report
        return 2
    except KeyboardInterrupt:
        return 130
    print(*found or ["all of it holds"], sep="\n")  # noqa: T201 - its report
    return 9 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
