"""Each kind of event answers for itself: its text, its address, its blobs, and how it is treated.

``tests/golden/event_descriptions.json`` holds what the log shows of each golden event, and the blobs that are verified
for it.  People read and search these texts; they change only on purpose.
"""

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import pytest

from domain.booking.commitments import SpendingDecision
from domain.booking.session_events import CalendarEvent
from domain.core.event import Event, Traits
from domain.core.money_event import MoneyEvent
from domain.correspondence.handoffs import HandoffGiven
from domain.status.events.event_types import EVENTS, KINDS
from domain.takes.takes import BasicCut
from tests.paths import GOLDEN

FILES: Final = sorted((GOLDEN / "events").glob("*.json"))
DESCRIBED: Final[dict[str, Any]] = json.loads((GOLDEN / "event_descriptions.json").read_text("utf-8"))
NEVER_STORED: Final = {BasicCut, CalendarEvent, MoneyEvent, SpendingDecision}
"""Parts of what another event means, and bases of events."""


def golden(file: Path) -> Event:
    stored = json.loads(file.read_text("utf-8"))
    return KINDS[stored["kind"]].model_validate(stored["data"])


def classes(base: type[Event] = Event) -> Iterator[type[Event]]:
    for event in base.__subclasses__():
        yield event
        yield from classes(event)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_event_is_described_as_the_log_has_always_shown_it(file: Path) -> None:
    event, expected = golden(file), DESCRIBED[file.stem]
    assert (event.describe(), event.address) == (expected["text"], expected["address"])
    assert [[blob.role, blob.address, blob.blob, blob.size] for blob in event.blobs()] == expected["blobs"]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_every_class_answers_each_question_itself(event: type[Event]) -> None:
    assert {"describe", "traits", "address_fields"} <= set(vars(event)), "no answer is inherited"
    assert isinstance(event.traits, Traits)
    assert {type(getattr(event.traits, trait.name)) for trait in fields(Traits)} == {bool}
    assert set(event.address_fields) <= set(event.model_fields)
    assert not {"traits", "address_fields"} & set(event.model_fields), "a fact of the class is never stored"


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_every_class_that_holds_sound_or_a_file_names_its_blobs(event: type[Event]) -> None:
    schema = event.model_json_schema()
    holds = schema.get("$defs", {}).keys() & {"Sound", "SongFile"} or schema["properties"].keys() & {
        "blob",
        "evidence",
        "photo",
    }
    holds = holds or event is HandoffGiven  # its manifest
    assert bool(holds) == ("blobs" in vars(event))


def test_every_class_of_the_domain_is_in_the_list() -> None:
    known = {event for event in classes() if event.__module__.startswith("domain.")}
    assert known - NEVER_STORED == set(EVENTS)


def test_a_decision_that_a_spending_limit_bounds_states_its_amount() -> None:
    with pytest.raises(TypeError, match="bound_amount"):
        type("MoneyPromised", (SpendingDecision,), {"__module__": __name__})(kind="money-promised")


def test_an_event_of_a_newer_program_says_its_kind_and_nothing_else() -> None:
    unknown = Event(kind="tape-baked")
    assert (unknown.describe(), unknown.address, list(unknown.blobs()), unknown.judged_takes()) == (
        "tape-baked", "", [], frozenset(),
    )  # fmt: skip


def test_what_is_undone_may_have_moved_a_sound_and_what_the_driver_records_is_never_undone() -> None:
    undone = KINDS["decision-undone"].traits
    for event in EVENTS:
        assert not (event.traits.undoable and event.traits.by_driver), event
        assert undone.moves_sound or not (event.traits.undoable and event.traits.moves_sound), event
