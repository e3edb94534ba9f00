"""Any text that a person can type is stored unchanged; text that some database would lose is refused."""

from datetime import datetime
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import field_serializer

from domain.core.event import Event
from orchestrator.log.append_condition import Draft
from orchestrator.log.database.url import Place
from orchestrator.log.proof.verify import verify
from orchestrator.log.query import Query
from orchestrator.log.refusals import Unstorable
from orchestrator.log.store import Log
from tests.orchestrator.log.databases import Databases
from tests.orchestrator.log.given import MoneySpent, drafted, fresh_log, spend, take

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
slugs = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters="/@.:"), min_size=1, max_size=9)


@given(st.lists(st.tuples(texts, texts, slugs), min_size=1, max_size=5))
def test_any_unicode_comes_back_is_found_and_verifies(databases: Databases, said: list[tuple[str, str, str]]) -> None:
    with fresh_log(databases) as log:
        for note, why, record in said:
            [recorded] = log.append(drafted(take(note=note), spend(record), why=why)[:1])
            log.append(drafted(spend(record), why=why))
            assert next(log.read_all(after=recorded.position - 1)) == recorded
            found = [one.event for one in log.read(Query.of(MoneySpent, tags={f"record:{record}"}))]
            assert found
            assert set(found) == {spend(record)}
        assert [one.why for one in log.read_all()] == [why for _, why, _ in said for _ in range(2)]
        assert verify(log).sound


@pytest.mark.parametrize("note", ["\0", "a\0b", "\\\0", "\\\\\0", "\\u0000\0"])
def test_u0000_in_an_event_is_refused(log: Log, note: str) -> None:
    with pytest.raises(Unstorable, match=r"take-made: holds U\+0000"):
        log.append(drafted(take(note=note)))
    assert log.head().position == 0


@pytest.mark.parametrize(
    "note", ["\\u0000", "\\\\u0000", "u0000", "\\", "\ufffe\uffff", "\U0010ffff", "\x01\x7f\u2028"]
)
def test_what_only_looks_like_u0000_is_taken(log: Log, note: str) -> None:
    [recorded] = log.append(drafted(take(note=note)))
    assert recorded.event == take(note=note)


@pytest.mark.parametrize("where", ["actor", "via", "why"])
@pytest.mark.parametrize("text", ["a\0", "\ud800", "x\udfff"])
def test_u0000_and_half_characters_are_refused_in_the_circumstances_too(log: Log, where: str, text: str) -> None:
    circumstances: dict[str, Any] = {"actor": "pat", "via": "pat@desk", where: text}
    with pytest.raises(Unstorable, match=where):
        log.append([Draft(event=take(), **circumstances)])
    assert log.head().position == 0


def test_half_a_character_in_an_event_is_refused(log: Log) -> None:
    smuggled = take().model_copy(update={"note": "\ud800"})
    with pytest.raises(Unstorable, match="take-made"):
        log.append(drafted(smuggled))


@pytest.mark.parametrize(
    "event",
    [
        take().model_copy(update={"number": "x"}),
        take().model_copy(update={"number": 1.0}),  # equal to 1, and another text
        spend().model_copy(update={"record": ""}),
    ],
)
def test_what_could_not_be_read_back_is_not_recorded(log: Log, event: Event) -> None:
    with pytest.raises(Unstorable):
        log.append(drafted(event))
    assert log.head().position == 0


def test_a_time_without_offset_is_refused(log: Log) -> None:
    with pytest.raises(Unstorable, match="no offset from UTC"):
        log.append(drafted(take(), occurred_at=datetime(2026, 12, 7, 14, 30)))  # noqa: DTZ001 - the very thing refused


class Rounded(Event):
    kind: Literal["rounded"] = "rounded"
    cents: int

    @field_serializer("cents")
    def _in_euros(self, cents: int) -> int:
        return cents // 100 * 100


def test_an_event_that_would_come_back_as_another_is_not_recorded(place: Place) -> None:
    with Log.create(place, kinds={"rounded": Rounded}) as log:
        log.append(drafted(Rounded(cents=700)))
        with pytest.raises(Unstorable, match="would not read back as it is"):
            log.append(drafted(Rounded(cents=750)))
        assert log.head().position == 1
