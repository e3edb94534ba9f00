"""Checkpoints: the signed bytes, the file, and reading it back."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from domain.core.refusal import Misused
from orchestrator.log.proof.checkpoints import Checkpoint, from_stamp, read
from orchestrator.log.proof.signing import is_signed

SECRET = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = SECRET.public_key().public_bytes_raw()
PLAIN = Checkpoint(UUID(int=7), 3, b"\x11" * 32, datetime(2026, 12, 7, 14, 30, 0, 5, tzinfo=UTC))
SIGNED = PLAIN.signed(KEY, SECRET.sign)
ROOTED = replace(PLAIN, root=b"\x22" * 32)
BOTH = ROOTED.signed(KEY, SECRET.sign)
ALL = {"1, plain": PLAIN, "1, signed": SIGNED, "2, plain": ROOTED, "2, signed": BOTH}
VECTOR = (
    "74616b6573686565742d636865636b706f696e742d31"  # takesheet-checkpoint-1
    "00000000000000000000000000000007"
    "0000000000000003"
    "1111111111111111111111111111111111111111111111111111111111111111"
    "0006620c0f888a05"  # 1_796_653_800_000_005 microseconds
    "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
)
VECTOR_2 = (
    "74616b6573686565742d636865636b706f696e742d32"  # takesheet-checkpoint-2
    "00000000000000000000000000000007"
    "0000000000000003"
    "1111111111111111111111111111111111111111111111111111111111111111"
    "2222222222222222222222222222222222222222222222222222222222222222"
    "0006620c0f888a05"
    "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
)
SIGNED_TEXT = """{
  "format": "takesheet-checkpoint-1",
  "log": "00000000000000000000000000000007",
  "position": 3,
  "hash": "1111111111111111111111111111111111111111111111111111111111111111",
  "at": "2026-12-07T14:30:00.000005+00:00",
  "key": "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
  "signature": "SIGNATURE"
}
"""


def test_the_signed_bytes_are_those_that_are_written_down() -> None:
    assert SIGNED.message.hex() == VECTOR
    assert PLAIN.message == SIGNED.message[:-32]
    assert BOTH.message.hex() == VECTOR_2
    assert ROOTED.message == BOTH.message[:-32]


def test_a_checkpoint_of_version_1_is_written_as_release_0_1_0_wrote_it() -> None:
    assert SIGNED.text() == SIGNED_TEXT.replace("SIGNATURE", (SIGNED.signature or b"").hex())
    assert sorted(len(checkpoint.stamp) for checkpoint in ALL.values()) == [40, 72, 104, 136]


@pytest.mark.parametrize("checkpoint", ALL.values(), ids=ALL)
def test_a_checkpoint_comes_back_from_its_file_and_from_its_stamp(checkpoint: Checkpoint) -> None:
    assert read(checkpoint.text(), name="file") == checkpoint
    assert from_stamp(checkpoint.log, checkpoint.position, checkpoint.hash, checkpoint.stamp) == checkpoint


@given(st.integers(0, 135), st.integers(1, 255), st.sampled_from(list(ALL.values())))
def test_a_stamp_with_one_bit_changed_is_none_or_is_not_signed(at: int, flip: int, checkpoint: Checkpoint) -> None:
    stamp = bytearray(checkpoint.stamp)
    stamp[at % len(stamp)] ^= flip
    found = from_stamp(checkpoint.log, checkpoint.position, checkpoint.hash, bytes(stamp))
    if found is not None:
        assert found.key is not None
        assert found.signature is not None
        assert not is_signed(found.key, found.signature, found.message)


@pytest.mark.parametrize("stamp", [b"", b"\0", b"\0" * 40, b"\xff" * 104, b"\x7f" * 40, b"\0" * 72, b"\0" * 136])
def test_bytes_that_are_no_stamp_are_none_or_are_not_signed(stamp: bytes) -> None:
    found = from_stamp(UUID(int=7), 3, b"\x11" * 32, stamp)
    assert found is None or not is_signed(found.key or b"", found.signature or b"", found.message)


FIELDS = json.loads(SIGNED.text())


@pytest.mark.parametrize(
    "text",
    [
        "", "no json", "[]", "{}", "null", "[" * 100_000, SIGNED.text() + " ", SIGNED.text().replace("\n", ""),
        *(json.dumps(FIELDS | {name: value}, indent=2) + "\n" for name, value in [
            ("format", "takesheet-checkpoint-2"), ("format", "takesheet-checkpoint-3"), ("root", "22" * 32),
            ("log", "no id"), ("log", 7), ("position", -1), ("position", 1.5),
            ("position", True), ("position", 1 << 64), ("position", "3"), ("hash", "11"), ("hash", None),
            ("at", "yesterday"), ("at", "2026-12-07T14:30:00"), ("at", "2026-12-07T15:30:00.000005+01:00"),
            ("key", None), ("signature", None), ("key", "00"), ("signature", "zz"), ("more", 1),
        ]),
        *(json.dumps(json.loads(BOTH.text()) | {name: value}, indent=2) + "\n" for name, value in [
            ("format", "takesheet-checkpoint-1"), ("root", None), ("root", "22"), ("root", 7), ("root", "2" * 63 + "A"),
        ]),
    ],
)  # fmt: skip
def test_a_file_that_is_no_checkpoint_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(Misused, match=r"checkpoint\.file"):
        read(text, name="file")


def test_only_the_holder_of_the_key_can_sign() -> None:
    assert is_signed(KEY, SIGNED.signature or b"", SIGNED.message)
    assert not is_signed(KEY, SIGNED.signature or b"", SIGNED.message + b"x")
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    assert not is_signed(other, SIGNED.signature or b"", SIGNED.message)
    assert not is_signed(KEY, b"short", SIGNED.message)
