"""A model that repeats texts is made anew, without a trace, once some of them were erased; other models stay."""

from pathlib import Path

import pytest

from domain.label.erasure import ErasedText, TextsErased
from domain.label.notes import NoteAdded
from domain.status.events.event_types import KINDS
from orchestrator.log.append_condition import Draft
from orchestrator.log.store import Log
from orchestrator.readmodels.models import MODELS
from orchestrator.readmodels.notes import NOTES
from orchestrator.readmodels.search import SEARCH
from tests.orchestrator.log.databases import Databases
from tests.orchestrator.readmodels.given import empty_log, held, models_of

pytestmark = pytest.mark.waits

WORD = "xylophone"


def write(log: Log, text: str) -> None:
    note = NoteAdded(record="night-bus", target="night-bus", text=text, by="kim")
    log.append([Draft(note, "kim", "kim@desk")])


def erase(log: Log, position: int) -> None:
    event = TextsErased(person="kim", texts=(ErasedText(position=position, field="text"),))
    log.erase_texts(Draft(event, "kim", "kim@desk"), {(position, "text")})


def test_the_words_of_an_erased_text_are_found_by_nobody(databases: Databases) -> None:
    with empty_log(databases) as log, models_of(log) as reader:
        write(log, f"a {WORD} in the bridge")
        write(log, "louder bridge")
        assert (WORD, 1) in held(reader.catch_up(SEARCH), SEARCH)
        erase(log, 1)
        write(log, "softer")
        rows = held(reader.catch_up(SEARCH), SEARCH)
        assert {word for word, _ in rows} >= {"louder", "bridge", "softer"}
        assert WORD not in {word for word, _ in rows}
        with models_of(log) as other:
            assert held(other.rebuild(SEARCH), SEARCH) == rows, "made anew it is the same"


def test_no_file_of_models_keeps_an_erased_word(tmp_path: Path) -> None:
    with Log.create(tmp_path / "log.db", kinds=KINDS) as log:
        for number in range(400):
            write(log, f"{WORD}q{number}q and more")
        with models_of(log) as reader:
            reader.catch_up(*MODELS)
        erase(log, 7)
        with models_of(log) as reader:
            reader.forget_erased(SEARCH)
            files = b"".join(file.read_bytes() for file in tmp_path.glob("models.db*"))
    assert [number for number in range(400) if f"{WORD}q{number}q".encode() not in files] == [6]


def test_models_without_texts_are_not_made_anew(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    with empty_log(databases) as log, models_of(log) as reader:
        write(log, "one")
        reader.catch_up(NOTES)
        erase(log, 1)
        monkeypatch.setattr(reader, "_rebuild", None)
        assert held(reader.catch_up(NOTES), NOTES)
