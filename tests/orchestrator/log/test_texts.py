"""Notes, reasons and names: committed to by the log, kept beside it, and erased for good."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from domain.core.erasable_text import ALTERED, ERASED, REASON
from domain.label.erasure import ErasedText, TextsErased
from domain.label.notes import NoteAdded
from domain.label.people import PersonAdded
from domain.status.events.event_types import KINDS
from orchestrator.log.append_condition import Draft
from orchestrator.log.backup import copy_log, proved
from orchestrator.log.database.connection import Connection
from orchestrator.log.move import move
from orchestrator.log.proof.verify import verify
from orchestrator.log.refusals import IdTaken
from orchestrator.log.store import Log
from tests.orchestrator.log.databases import Databases

TEXT = "the singer has a cold; Größe ½ 🥁"
WHY = "she asked for another day"


def note(text: str = TEXT) -> NoteAdded:
    return NoteAdded(record="night-bus", target="night-bus", text=text, visibility="private", by="kim")


def draft(event: NoteAdded | PersonAdded | TextsErased, **how: Any) -> Draft:
    return Draft(event, "kim", "kim@desk", **how)


def erased(*texts: tuple[int, str]) -> TextsErased:
    return TextsErased(person="kim", texts=tuple(ErasedText(position=at, field=field) for at, field in texts))


@pytest.fixture
def spoken(databases: Databases) -> Iterator[Log]:
    """A log with a note and its reason, and a name."""
    with Log.create(databases.place(), kinds=KINDS) as log:
        log.append([draft(note(), why=WHY)])
        log.append([draft(PersonAdded(person="kim", name="Kimberly Doe"))])
        yield log


@contextmanager
def by_hand(log: Log) -> Iterator[Connection]:
    with log._opened_writer().transaction() as connection:
        yield connection


def stored(log: Log) -> str:
    return str(log._reader.rows("SELECT data, why FROM events ORDER BY position"))


def test_the_log_holds_commitments_and_a_reader_the_words(spoken: Log) -> None:
    assert not [word for word in (TEXT, WHY, "Kimberly") if word in stored(spoken)]
    first, second = spoken.read_all()
    assert (first.event, first.why) == (note(), WHY)
    assert second.event == PersonAdded(person="kim", name="Kimberly Doe")
    found = spoken.find(first.id)
    assert found == first == spoken.events_at([1])[0]


def test_what_an_append_returns_is_what_is_read(spoken: Log) -> None:
    [recorded] = spoken.append([draft(note("louder"), why="because")])
    assert recorded == list(spoken.read_all())[-1]


def test_equal_texts_have_different_commitments(spoken: Log) -> None:
    spoken.append([draft(note(), why=WHY)])
    (first,), _, (third,) = spoken._reader.rows("SELECT data FROM events ORDER BY position")
    assert first != third, "nobody finds a text by comparing"


def test_an_erased_text_is_gone_and_the_log_verifies(spoken: Log) -> None:
    before = spoken.hash_at(2)
    spoken.erase_texts(draft(erased((1, "text"))), {(1, "text")})
    first, second, third = spoken.read_all()
    assert (first.event, first.why) == (note(ERASED), WHY)
    assert second.event == PersonAdded(person="kim", name="Kimberly Doe")
    assert third.event == erased((1, "text"))
    assert spoken.hash_at(2) == before
    found = verify(spoken)
    assert found.sound
    assert not [line for line in found.not_checked if "texts" in line]


def test_no_file_keeps_an_erased_text(tmp_path: Path) -> None:
    with Log.create(tmp_path / "log.sqlite", kinds=KINDS) as log:
        log.append([draft(note(f"<{number}> {TEXT}")) for number in range(3000)])
        log.erase_texts(draft(erased((1, "text"))), {(at, "text") for at in range(1, 3001, 2)})
        files = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    gone = [number for number in range(3000) if f"<{number}> {TEXT}".encode() not in files]
    assert gone == list(range(0, 3000, 2))


def test_an_altered_text_is_found_and_not_believed(spoken: Log) -> None:
    with by_hand(spoken) as connection:
        connection.execute("UPDATE texts SET text = 'all is well' WHERE field = 'text'")
    assert next(spoken.read_all()).event == note(ALTERED)
    [problem] = verify(spoken).problems
    assert (problem.position, problem.what) == (1, "its text beside the log is not the text that was recorded")


def test_a_text_without_an_event_is_found(spoken: Log) -> None:
    with by_hand(spoken) as connection:
        connection.execute("INSERT INTO texts (position, field, salt, text) VALUES (9, 'text', ?, 'x')", (b"s" * 32,))
    [problem] = verify(spoken).problems
    assert problem.what == "a text lies beside position 9, where no event is"


def test_an_erased_text_that_is_there_again_is_found(spoken: Log) -> None:
    ((salt, text),) = spoken._reader.rows("SELECT salt, text FROM texts WHERE field = 'text'")
    spoken.erase_texts(draft(erased((1, "text"))), {(1, "text")})
    with by_hand(spoken) as connection:
        connection.execute("INSERT INTO texts VALUES (1, 'text', ?, ?)", (salt, text))
    [problem] = verify(spoken).problems
    assert (problem.position, problem.what) == (1, "its text was erased, and is there again")


def test_a_text_that_nobody_erased_and_that_is_missing_is_told(spoken: Log) -> None:
    with by_hand(spoken) as connection:
        connection.execute("DELETE FROM texts WHERE field IN ('text', 'why')")
    found = verify(spoken)
    assert found.sound, "the log is as it was recorded"
    assert [line for line in found.not_checked if line.startswith("2 texts that are not beside the log")]


def test_the_same_words_under_the_same_id_are_the_same_event(spoken: Log) -> None:
    id_ = uuid4()
    [first] = spoken.append([draft(note("warm"), why="said", id=id_)])
    assert spoken.append([draft(note("warm"), why="said", id=id_)]) == [first]
    for other in (draft(note("cold"), why="said", id=id_), draft(note("warm"), why="no", id=id_),
                  draft(note("warm"), id=id_)):  # fmt: skip
        with pytest.raises(IdTaken):
            spoken.append([other])
    spoken.erase_texts(draft(erased((3, "text"))), {(3, "text")})
    assert spoken.append([draft(note("warm"), why="said", id=id_)])[0].event == note(ERASED)
    with pytest.raises(IdTaken):
        spoken.append([draft(note("warm"), why="no", id=id_)])


def test_texts_move_with_the_log_and_leave_the_old_place(spoken: Log, tmp_path: Path) -> None:
    move(spoken, tmp_path / "moved.sqlite")
    with Log.open(tmp_path / "moved.sqlite", kinds=KINDS) as moved:
        first = next(moved.read_all())
        assert (first.event, first.why) == (note(), WHY)
        assert verify(moved).sound
    assert spoken._reader.rows("SELECT count(*) FROM texts") == [(0,)]


def test_a_backup_has_the_texts_but_no_erased_one(spoken: Log, tmp_path: Path) -> None:
    spoken.erase_texts(draft(erased((1, REASON))), {(1, REASON)})
    copy_log(spoken, tmp_path / "copy.sqlite")
    assert proved(tmp_path / "copy.sqlite", KINDS).sound
    assert WHY.encode() not in (tmp_path / "copy.sqlite").read_bytes()
    with Log.open(tmp_path / "copy.sqlite", kinds=KINDS, readonly=True) as copy:
        first = next(copy.read_all())
        assert (first.event, first.why) == (note(), ERASED)


def test_a_reason_that_looks_like_a_commitment_is_one_like_any_other(spoken: Log) -> None:
    words = f"c1:{'0' * 64}"
    spoken.append([draft(note(words), why=words)])
    last = list(spoken.read_all())[-1]
    assert (last.event, last.why) == (note(words), words)
