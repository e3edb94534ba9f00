"""Receipts of events, on each database: what they hold, which checkpoint gives them, and damage that gives none."""

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from domain.core.refusal import NotFound, Refused
from orchestrator.desk.upkeep.receipts import make_receipt
from orchestrator.log.proof.checkpoints import Checkpoint
from orchestrator.log.proof.identity import identity_and_head
from orchestrator.log.proof.merkle_tree import root_by_path
from orchestrator.log.proof.receipts import Receipt
from orchestrator.log.proof.tree_heads import roots_at
from orchestrator.log.proof.verify import verify
from orchestrator.log.refusals import StoreDamaged
from orchestrator.log.store import Log
from tests.orchestrator.log.databases import Databases, anyone, tampering
from tests.orchestrator.log.given import book, drafted, fresh_log, spend, take

SECRET = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = SECRET.public_key().public_bytes_raw()
AT = datetime(2026, 12, 7, tzinfo=UTC)
HISTORY = [take(note='Größe "\u2028\n𝄞'), spend(), book(), take("ferry/rain", 2), spend("ferry", 7), book(day=3)]


def point(log: Log, position: int, *, signed: bool = True, root: bool = True) -> Checkpoint:
    """A checkpoint of *position*, as the program makes it."""
    with closing(log.database.connect()) as connection:
        log.database.begin_reading(connection)
        stand = identity_and_head(connection)
        assert stand is not None
        ((hash_,),) = connection.execute("SELECT hash FROM events WHERE position = ?", (position,)).fetchall()
        roots = roots_at(log.database, connection, [position])
    plain = Checkpoint(stand[0], position, hash_, AT, root=roots[position] if root else None)
    return plain.signed(KEY, SECRET.sign) if signed else plain


def keep(log: Log, checkpoint: Checkpoint) -> None:
    with anyone(log) as hand:
        row = checkpoint.position, checkpoint.hash, checkpoint.stamp
        hand.execute("INSERT INTO checkpoints (position, hash, signature) VALUES (?, ?, ?)", row)


def outside(folder: Path, checkpoint: Checkpoint) -> Path:
    file = folder / "checkpoint.json"
    file.write_text(checkpoint.text(), encoding="utf-8")
    return file


@pytest.fixture
def written(log: Log) -> Log:
    log.append(drafted(*HISTORY, why="said"))
    return log


def proves(receipt: Receipt) -> bool:
    leaf = bytes.fromhex(str(receipt.event["hash"]))
    found = root_by_path(leaf, receipt.position - 1, receipt.checkpoint.position, receipt.path)
    return found == receipt.checkpoint.root


def test_a_receipt_leads_from_the_event_as_stored_to_the_first_signed_checkpoint_that_reaches_it(written: Log) -> None:
    for position in (2, 4, 6):
        keep(written, point(written, position))
    assert verify(written).sound
    for position in range(1, 7):
        made = make_receipt(written, position, None, None)
        assert made.checkpoint == point(written, position + position % 2)
        assert made.event["position"] == position
        assert proves(made)
        assert make_receipt(written, position, None, None).text() == made.text()
    assert json.loads(str(make_receipt(written, 1, None, None).event["data"]))["note"] == HISTORY[0].note  # type: ignore[attr-defined]


def test_a_receipt_can_be_given_by_a_checkpoint_kept_outside(written: Log, tmp_path: Path) -> None:
    later = point(written, 6)
    keep(written, point(written, 3))
    made = make_receipt(written, 2, tmp_path / "receipt.json", outside(tmp_path, later))
    assert made.checkpoint == later
    assert proves(made)
    text = (tmp_path / "receipt.json").read_text(encoding="ascii")
    assert text == made.text()
    assert list(json.loads(text)) == [
        "format", "log", "position", "leaf_index", "tree_size", "path", "event", "checkpoint",
    ]  # fmt: skip
    assert json.loads(text)["checkpoint"] == json.loads(later.text())


def test_no_receipt_without_a_signed_checkpoint_that_has_a_root_and_reaches_the_event(written: Log) -> None:
    keep(written, point(written, 2))
    keep(written, point(written, 4, signed=False))
    keep(written, point(written, 5, root=False))
    with pytest.raises(Refused, match=r"receipt\.checkpoint.* reach position 2, not 3"):
        make_receipt(written, 3, None, None)
    with pytest.raises(NotFound, match=r"receipt\.position.* has 6 events, and none at position 7"):
        make_receipt(written, 7, None, None)


@pytest.mark.parametrize(
    "wrong", ["version 1", "not signed", "another log", "was changed", "reaches position 3, not 4"]
)
def test_a_checkpoint_outside_that_gives_no_receipt_is_refused_with_the_reason(
    written: Log, tmp_path: Path, wrong: str
) -> None:
    signed = point(written, 6)
    given = {
        "version 1": point(written, 6, root=False),
        "not signed": point(written, 6, signed=False),
        "another log": Checkpoint(UUID(int=7), 6, signed.hash, AT, root=signed.root).signed(KEY, SECRET.sign),
        "was changed": Checkpoint(signed.log, 6, signed.hash, AT, KEY, b"\1" * 64, signed.root),
        "reaches position 3, not 4": point(written, 3),
    }[wrong]
    with pytest.raises(Refused, match=rf"receipt\.checkpoint.*{wrong}"):
        make_receipt(written, 4, tmp_path / "receipt.json", outside(tmp_path, given))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["checkpoint.json"]


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("UPDATE events SET why = 'said otherwise' WHERE position = 3", 3),
        ("UPDATE events SET hash = zeroblob(32) WHERE position = 2", 6),
        ("UPDATE events SET hash = zeroblob(7) WHERE position = 2", 2),
        ("UPDATE events SET position = 9 WHERE position = 2", 2),
        ("DELETE FROM events WHERE position = 3", 3),
        ("DELETE FROM events WHERE position = 6", 6),
    ],
)
def test_a_log_that_was_changed_since_the_checkpoint_gives_no_receipt(
    written: Log, tmp_path: Path, statement: str, position: int
) -> None:
    file = outside(tmp_path, point(written, 6))
    with tampering(written) as hand:
        hand.execute(statement)
    with pytest.raises(StoreDamaged) as damaged:
        make_receipt(written, 3, None, file)
    assert damaged.value.position == position


@given(st.integers(1, 40), st.data())
def test_any_event_of_any_log_has_a_receipt_by_any_later_checkpoint(
    databases: Databases, size: int, data: st.DataObject
) -> None:
    with fresh_log(databases) as log:
        log.append(drafted(*(spend(minor=number) for number in range(size))))
        checkpoint = point(log, data.draw(st.integers(1, size)))
        keep(log, checkpoint)
        made = make_receipt(log, data.draw(st.integers(1, checkpoint.position)), None, None)
        assert proves(made)


def test_a_root_that_was_made_wrong_is_found_by_verify_in_the_store_and_outside(written: Log) -> None:
    from orchestrator.log.proof.checkpoint_audit import OutsideCheckpoints

    right = point(written, 4)
    wrong = Checkpoint(right.log, 4, right.hash, AT, root=b"\1" * 32).signed(KEY, SECRET.sign)
    assert verify(written, witnesses=OutsideCheckpoints((right, point(written, 6)), frozenset([KEY]))).sound
    (problem,) = verify(written, witnesses=OutsideCheckpoints((right, wrong))).problems
    assert (problem.position, "another Merkle root" in problem.what) == (4, True)
    keep(written, wrong)
    (problem,) = verify(written).problems
    assert (problem.position, "another Merkle root" in problem.what) == (4, True)


def test_a_checkpoint_of_an_empty_log_holds(log: Log) -> None:
    from orchestrator.log.proof.checkpoint_audit import OutsideCheckpoints

    with closing(log.database.connect()) as connection:
        log.database.begin_reading(connection)
        stand = identity_and_head(connection)
        assert stand is not None
        roots = roots_at(log.database, connection, [0, 0, 5])
    assert list(roots) == [0]
    empty = Checkpoint(stand[0], 0, stand[1].hash, AT, root=roots[0])
    assert verify(log, witnesses=OutsideCheckpoints((empty,))).sound
    log.append(drafted(take()))
    assert verify(log, witnesses=OutsideCheckpoints((empty,))).sound
