"""The stand-alone verifier on receipts: real ones hold, and any changed byte, place or key fails with a sentence."""

import importlib.util
import io
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, redirect_stdout
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orchestrator.desk.upkeep.receipts import make_receipt
from orchestrator.log.hash_chain import event_hash
from orchestrator.log.proof.checkpoints import Checkpoint
from orchestrator.log.proof.export import export
from orchestrator.log.proof.identity import identity_and_head
from orchestrator.log.proof.merkle_tree import MerkleTree
from orchestrator.log.proof.receipts import Receipt
from orchestrator.log.proof.signing import is_signed, make_key, signer
from orchestrator.log.proof.tree_heads import event_hashes, roots_at
from orchestrator.log.store import Log
from tests.orchestrator.log.given import KINDS, book, drafted, spend, take
from tests.paths import ROOT

PROGRAM = ROOT / "tools" / "verify_log.py"
Fields = dict[str, Any]
EVENTS = 13


def loaded() -> ModuleType:
    """The program, in this process: a property asks it hundreds of times."""
    spec = importlib.util.spec_from_file_location("verify_log", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = loaded()


def apart(*files: Path) -> tuple[int, str]:
    """Exit code and output of the program as a stranger runs it, with nothing of ours to import."""
    words = [sys.executable, "-I", str(PROGRAM), *map(str, files)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/", timeout=60)
    assert done.stderr == ""
    return done.returncode, done.stdout


@dataclass(frozen=True)
class Given:
    """A log of 13 events, its signed checkpoint, and a receipt of each event."""

    folder: Path
    checkpoint: Checkpoint
    receipts: tuple[Receipt, ...]
    hashes: tuple[bytes, ...]

    @property
    def key(self) -> Path:
        return self.folder / "label.key.pub"

    def says(self, text: str | bytes, *keys: Path) -> tuple[int, str]:
        """Exit code and output on a receipt of this text."""
        file, out = self.folder / "given.json", io.StringIO()
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        with redirect_stdout(out):
            code = TOOL.main([str(file), *map(str, keys)])
        assert all(line.isascii() and line.isprintable() and len(line) < 400 for line in out.getvalue().splitlines())
        return code, out.getvalue()

    def signed(self, checkpoint: Checkpoint, key: str = "label.key") -> Checkpoint:
        secret = signer(self.folder / key)
        return checkpoint.signed(secret.public_key().public_bytes_raw(), secret.sign)


@pytest.fixture(scope="module")
def receipts(tmp_path_factory: pytest.TempPathFactory) -> Given:
    folder = tmp_path_factory.mktemp("receipts")
    make_key(folder / "label.key")
    make_key(folder / "other.key")
    secret = signer(folder / "label.key")
    with Log.create(folder / "log.sqlite", kinds=KINDS) as log:
        log.append(
            drafted(take(note='Größe "\u2028\n\t\x7f𝄞'), spend(), book(), occurred_at=datetime(2026, 12, 7, tzinfo=UTC))
        )
        log.append(drafted(*(spend(minor=number) for number in range(EVENTS - 3)), why="said"))
        with (folder / "log.jsonl").open("xb") as out:
            export(log, out)
        with closing(log.database.connect()) as connection:
            log.database.begin_reading(connection)
            stand = identity_and_head(connection)
            assert stand is not None
            identity, head = stand
            root = roots_at(log.database, connection, [head.position])[head.position]
            hashes = tuple(event_hashes(log.database, connection, head.position))
        plain = Checkpoint(identity, head.position, head.hash, datetime(2026, 12, 8, 1, 2, 3, 4, tzinfo=UTC), root=root)
        checkpoint = plain.signed(secret.public_key().public_bytes_raw(), secret.sign)
        (folder / "checkpoint.json").write_text(checkpoint.text(), encoding="utf-8")
        made = tuple(make_receipt(log, position, None, folder / "checkpoint.json") for position in range(1, EVENTS + 1))
    return Given(folder, checkpoint, made, hashes)


def test_a_stranger_checks_a_receipt_with_the_key_and_without(receipts: Given) -> None:
    file = receipts.folder / "third.json"
    file.write_text(receipts.receipts[2].text(), encoding="utf-8")
    code, said = apart(file, receipts.key)
    assert (code, said.splitlines()[-1]) == (0, "all of it holds")
    assert said.startswith(f"position 3 of log {receipts.checkpoint.log.hex}: room-booked by pat\n")
    assert f"up to {EVENTS} at 2026-12-08T01:02:03.000004+00:00 by {receipts.checkpoint.key.hex()}" in said  # type: ignore[union-attr]
    assert "not checked" not in said
    code, said = apart(file)
    assert (code, "not checked: whose key that is" in said) == (0, True)
    assert apart(file, receipts.folder / "other.key.pub", receipts.key)[0] == 0


def test_every_event_has_a_receipt_that_holds(receipts: Given) -> None:
    for one in receipts.receipts:
        assert receipts.says(one.text(), receipts.key)[0] == 0


def test_a_receipt_by_another_key_fails(receipts: Given) -> None:
    file = receipts.folder / "fifth.json"
    file.write_text(receipts.receipts[4].text(), encoding="utf-8")
    code, said = apart(file, receipts.folder / "other.key.pub")
    assert (code, said) == (9, f"the checkpoint is by another key, {receipts.checkpoint.key.hex()}\n")  # type: ignore[union-attr]


def test_whoever_signs_a_history_of_their_own_is_another_signer(receipts: Given) -> None:
    theirs = receipts.signed(replace(receipts.checkpoint, signature=None), "other.key")
    text = replace(receipts.receipts[4], checkpoint=theirs).text()
    assert receipts.says(text)[0] == 0, "anybody can make a key: nobody said whose to trust"
    assert receipts.says(text, receipts.key)[0] == 9


@settings(max_examples=400)
@given(st.integers(0, EVENTS - 1), st.floats(0, 1, exclude_max=True), st.integers(1, 255))
@example(0, 0.0, 0x20)
def test_a_receipt_with_any_byte_changed_fails(receipts: Given, number: int, where: float, flip: int) -> None:
    data = bytearray(receipts.receipts[number].text().encode())
    data[int(where * len(data))] ^= flip
    code, said = receipts.says(bytes(data))
    assert code in {2, 9}
    assert len(said.splitlines()) >= 1
    assert "all of it holds" not in said


@given(st.integers(0, EVENTS - 1), st.floats(0, 1, exclude_max=True), st.sampled_from(["cut", "more", "twice"]))
def test_a_receipt_with_bytes_missing_or_too_many_fails(receipts: Given, number: int, where: float, how: str) -> None:
    data = receipts.receipts[number].text().encode()
    at = int(where * len(data))
    changed = {"cut": data[:at], "more": data[:at] + b" " + data[at:], "twice": data[:at] + data}[how]
    if changed != data:
        assert receipts.says(changed)[0] in {2, 9}


def rehashed(event: Fields) -> Fields:
    """The event with a hash that fits its columns."""
    binary = {"id", "cause", "correlation", "prev_hash", "hash"}
    row = [bytes.fromhex(value) if name in binary and value else value for name, value in event.items()]
    return event | {"hash": event_hash(tuple(row[:14])).hex()}  # type: ignore[arg-type]  # a row as it is stored


FORGED: dict[str, tuple[Callable[[Given, Fields], object], str]] = {
    "an amount": (
        lambda _, one: one["event"].update(data=one["event"]["data"].replace("1", "9")), "is not what was hashed",
    ),
    "an amount, hashed again": (
        lambda _, one: one.update(event=rehashed(one["event"] | {"actor": "sam"})), "does not lead",
    ),
    "the receipt's position": (lambda _, one: one.update(position=9), "moved: "),
    "the leaf": (lambda _, one: one.update(leaf_index=9), "moved: "),
    "the event's position": (lambda _, one: one["event"].update(position=9), "moved: "),
    "all positions": (
        lambda _, one: one.update(position=9, leaf_index=8, event=rehashed(one["event"] | {"position": 9})),
        "does not lead",
    ),
    "another event in its place": (
        lambda given, one: one.update(event=json.loads(given.receipts[8].text())["event"]), "moved: ",
    ),
    "the path of another": (
        lambda given, one: one.update(path=json.loads(given.receipts[8].text())["path"]), "does not lead",
    ),
    "a shorter path": (lambda _, one: one.update(path=one["path"][1:]), "does not lead"),
    "a longer path": (lambda _, one: one.update(path=[*one["path"], "00" * 32]), "does not lead"),
    "the size of the tree": (lambda _, one: one.update(tree_size=12), "a checkpoint of"),
    "the log": (lambda _, one: one.update(log="00" * 16), "a checkpoint of"),
    "the root": (lambda _, one: one["checkpoint"].update(root="00" * 32), "was changed"),
    "the checkpoint's log": (lambda _, one: one["checkpoint"].update(log="00" * 16), "was changed"),
    "the checkpoint's time": (
        lambda _, one: one["checkpoint"].update(at="2026-12-09T01:02:03.000004+00:00"), "was changed",
    ),
    "the signature": (lambda _, one: one["checkpoint"].update(signature="00" * 64), "was changed"),
    "a signature beyond the order": (lambda _, one: one["checkpoint"].update(signature="ff" * 64), "was changed"),
    "the key": (lambda _, one: one["checkpoint"].update(key="02" + "00" * 31), "was changed"),
    "a smaller tree, signed by nobody": (
        lambda given, one: one.update(
            path=[], tree_size=1, checkpoint=one["checkpoint"] | {
                "position": 1, "hash": given.hashes[4].hex(), "root": leaf_root(given.hashes[4]),
            },
        ),
        "was changed",
    ),
}  # fmt: skip


def leaf_root(leaf: bytes) -> str:
    tree = MerkleTree()
    tree.extend([leaf])
    return tree.root().hex()


@pytest.mark.parametrize(("change", "line"), FORGED.values(), ids=FORGED)
def test_a_receipt_forged_with_care_fails_with_the_reason(
    receipts: Given, change: Callable[[Given, Fields], object], line: str
) -> None:
    one = json.loads(receipts.receipts[4].text())
    change(receipts, one)
    code, said = receipts.says(json.dumps(one, indent=2) + "\n", receipts.key)
    assert code == 9
    assert line in said


def parts(one: Fields, name: str) -> Fields:
    found: Fields = one["checkpoint"] if name.startswith("c.") else one["event"] if name.startswith("e.") else one
    return found


MALFORMED: dict[str, tuple[str, object]] = {
    "a path of 65": ("path", ["00" * 32] * 65),
    "a path of a million": ("path", ["00" * 32] * 100_000),
    "a path that is none": ("path", {"0": "00" * 32}),
    "a path of numbers": ("path", [7]),
    "a path of short hashes": ("path", ["00" * 31]),
    "a path in capitals": ("path", ["AB" * 32]),
    "a position as text": ("position", "5"),
    "a position that is true": ("position", True),
    "a position with a point": ("position", 5.0),
    "a position below none": ("position", -1),
    "a position too large": ("position", 1 << 70),
    "no leaf": ("leaf_index", None),
    "a size that is a list": ("tree_size", [13]),
    "a log that is none": ("log", "no id"),
    "another version": ("format", "takesheet-receipt-2"),
    "a format that is a number": ("format", 1),
    "an event that is a text": ("event", "spend"),
    "a checkpoint that is a list": ("checkpoint", []),
    "a checkpoint of version 1": ("c.format", "takesheet-checkpoint-1"),
    "a checkpoint signed by nobody": ("c.signature", None),
    "a checkpoint without a key": ("c.key", None),
    "a short key": ("c.key", "00" * 31),
    "a root that is a number": ("c.root", 7),
    "a time that is none": ("c.at", "yesterday"),
    "a time of another zone": ("c.at", "2026-12-08T02:02:03.000004+01:00"),
    "a time without a zone": ("c.at", "2026-12-08T02:02:03.000004"),
    "a checkpoint of no position": ("c.position", -1),
    "an actor that is a list": ("e.actor", ["\x1b[2J"]),
    "half of a character": ("e.actor", "\udcff"),
    "a schema too large": ("e.schema", 1 << 70),
    "a hash that is a number": ("e.hash", 5),
    "an id with a blank": ("e.id", "00 " * 16),
    "a field more": ("more", 1),
    "a column more": ("e.more", 1),
}


@pytest.mark.parametrize(("name", "value"), MALFORMED.values(), ids=MALFORMED)
def test_a_receipt_of_wrong_types_is_refused_in_one_line(receipts: Given, name: str, value: object) -> None:
    one = json.loads(receipts.receipts[4].text())
    parts(one, name)[name.removeprefix("c.").removeprefix("e.")] = value
    code, said = receipts.says(json.dumps(one, indent=2) + "\n", receipts.key)
    assert (code, len(said.splitlines())) == (2, 1)
    assert said.startswith("nothing to check: ")


START = b'{\n  "format": "takesheet-receipt-1",\n  "log": '


@pytest.mark.parametrize(
    "text",
    [
        START + b"[" * 100_000, START + b'{"a":' * 100_000, START + b"9" * 100_000 + b"}", START + b'"',
        START + b"[" + b"[]," * 5_000_000, START + b"\xff\xfe}", START + b"NaN}", START + b'1, "log": 2}',
    ],
    ids=["depth", "depth of objects", "digits", "no end", "many lists", "no UTF-8", "no number", "twice"],
)  # fmt: skip
def test_a_hostile_receipt_is_refused_in_one_line(receipts: Given, text: bytes) -> None:
    code, said = receipts.says(text)
    assert (code, len(said.splitlines())) == (2, 1)


def test_a_receipt_of_a_gigabyte_is_refused_in_one_line_and_little_of_it_read(receipts: Given) -> None:
    file = receipts.folder / "huge.json"
    with file.open("wb") as out:
        out.write(START)
        out.truncate(1 << 30)  # sparse
    try:
        code, said = apart(file)
    finally:
        file.unlink()
    assert (code, said) == (2, "nothing to check: ValueError('more than 16,777,216 bytes: no receipt has')\n")


@pytest.mark.parametrize("text", [b"", b"hello", b"-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n", b"\0" * 99])
def test_a_file_that_is_no_public_key_is_refused_in_one_line(receipts: Given, text: bytes) -> None:
    key = receipts.folder / "none.pub"
    key.write_bytes(text)
    code, said = receipts.says(receipts.receipts[0].text(), key)
    assert (code, said.startswith("nothing to check: ")) == (2, True)
    assert receipts.says(receipts.receipts[0].text(), receipts.folder / "missing.pub")[0] == 2
    assert receipts.says(receipts.receipts[0].text(), receipts.folder / "label.key")[0] == 2, "a private key is none"


def test_an_export_is_compared_with_the_root_and_the_signature_of_a_checkpoint(receipts: Given) -> None:
    export_file, file = receipts.folder / "log.jsonl", receipts.folder / "point.json"
    right = receipts.checkpoint
    for checkpoint, code, line in (
        (right, 0, "all of it holds"),
        (receipts.signed(replace(right, root=b"\1" * 32, signature=None)), 9, "another Merkle root"),
        (replace(right, root=b"\1" * 32), 9, "was changed"),
        (replace(right, signature=b"\1" * 64), 9, "was changed"),
        (replace(right, root=None), 9, "was changed"),
        (receipts.signed(replace(right, root=None, signature=None)), 0, "all of it holds"),
    ):
        file.write_text(checkpoint.text(), encoding="utf-8")
        found, said = apart(export_file, file)
        assert (found, line in said) == (code, True), said


@given(st.binary(max_size=200), st.integers(0, 95), st.integers(0, 255))
def test_signatures_are_judged_as_the_library_judges_them(text: bytes, at: int, flip: int) -> None:
    secret = Ed25519PrivateKey.from_private_bytes((text + bytes(32))[:32])
    both = bytearray(secret.public_key().public_bytes_raw() + secret.sign(text))
    both[at] ^= flip
    key, signature = bytes(both[:32]), bytes(both[32:])
    assert TOOL.is_signed(key, signature, text) is is_signed(key, signature, text) is (flip == 0)


RFC_8032 = [  # section 7.1, tests 1 to 3: key, message, signature
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("key", "text", "signature"), RFC_8032)
def test_signatures_of_the_standard_hold(key: str, text: str, signature: str) -> None:
    assert TOOL.is_signed(bytes.fromhex(key), bytes.fromhex(signature), bytes.fromhex(text))


def test_a_signature_with_the_order_added_is_refused(receipts: Given) -> None:
    signature = receipts.checkpoint.signature or b""
    scalar = int.from_bytes(signature[32:], "little") + TOOL.ORDER
    twin = signature[:32] + scalar.to_bytes(32, "little")
    assert not TOOL.is_signed(receipts.checkpoint.key, twin, receipts.checkpoint.message)
