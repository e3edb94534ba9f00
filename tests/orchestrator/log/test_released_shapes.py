"""A released shape of an event never changes: another shape gets another number, and a step that upcasts the old one.

``tests/golden/shapes.json`` holds the shape of every kind under every number that was released.  When the first test
fails, do not change the file: raise ``schema_number`` of that event, write the step into ``upcast.STEPS``, and add the
new shape and a golden file of it beside the old ones.
"""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest

from domain.core.event import Event, RecordId
from domain.status.events.event_types import KINDS
from orchestrator.log.upcast import STEPS, upcast
from tests.paths import GOLDEN

pytestmark = pytest.mark.waits

EVENTS = sorted((GOLDEN / "events").glob("*.json"))
SHAPES: dict[str, str] = json.loads((GOLDEN / "shapes.json").read_text("utf-8"))


REFERENCE = "#/$defs/"
RENAMED = {"SongBinding": "Bound", "OutsideMasterFile": "Finished", "OutsideMaster": "Outside"}
"""Classes of values within events that have another name than when their shape was released; no event stores a name."""


def shape(model: type[Event]) -> str:
    """Return the hash of an event's permitted content: fields, types, limits and defaults, not descriptions."""

    def bare(part: Any) -> Any:
        if isinstance(part, dict):
            return {
                RENAMED.get(name, name): bare(value)
                for name, value in part.items()
                if name not in {"title", "description"} or _is_field(value)
            }
        if isinstance(part, str) and part.startswith(REFERENCE):
            name = part.removeprefix(REFERENCE)
            return REFERENCE + RENAMED.get(name, name)
        return [bare(value) for value in part] if isinstance(part, list) else part

    return sha256(json.dumps(bare(model.model_json_schema()), sort_keys=True).encode()).hexdigest()[:16]


def _is_field(value: object) -> bool:
    """True for a field called ``title``, which is an object; False for a schema's own title, which is a text."""
    return isinstance(value, dict)


def released(kind: str) -> set[int]:
    return {int(name.rpartition(" ")[2]) for name in SHAPES if name.rpartition(" ")[0] == kind}


@pytest.mark.parametrize("model", KINDS.values(), ids=lambda model: model.__name__)
def test_no_shape_changes_without_a_new_number(model: type[Event]) -> None:
    kind = str(model.model_fields["kind"].default)
    assert SHAPES.get(f"{kind} {model.schema_number}") == shape(model), "a changed shape needs a new number: see above"


def test_every_number_has_its_step_and_its_golden_file() -> None:
    assert {name.rpartition(" ")[0] for name in SHAPES} == set(KINDS), "a kind is never forgotten"
    stored = {(golden["kind"], golden["schema"]) for golden in (json.loads(file.read_text("utf-8")) for file in EVENTS)}
    for kind, model in KINDS.items():
        assert released(kind) == set(range(1, model.schema_number + 1)), kind
        assert {number for name, number in stored if name == kind} == released(kind), kind
    assert set(STEPS) == {(kind, number) for kind in KINDS for number in released(kind) if number < max(released(kind))}


@pytest.mark.parametrize("file", EVENTS, ids=lambda file: file.stem)
def test_every_released_event_is_read_as_todays(file: Path) -> None:
    golden = json.loads(file.read_text("utf-8"))
    model = KINDS[golden["kind"]]
    data = json.dumps(golden["data"], ensure_ascii=False)
    assert model.model_validate_json(
        upcast(golden["kind"], golden["schema"], data, to=model.schema_number, steps=STEPS)
    )


class Paid(Event):
    schema_number: ClassVar[int] = 1
    kind: Literal["paid"] = "paid"
    record: RecordId
    minor: int


def _with_a_field() -> type[Event]:
    class Other(Paid):
        currency: str

    return Other


def _with_a_default() -> type[Event]:
    class Other(Paid):
        currency: str = "EUR"

    return Other


def _of_another_type() -> type[Event]:
    class Other(Paid):
        minor: str  # type: ignore[assignment]  # the very change

    return Other


def _told_otherwise() -> type[Event]:
    class Other(Paid):
        """A payment with another explanation."""

    return Other


@pytest.mark.parametrize("other", [_with_a_field, _with_a_default, _of_another_type])
def test_a_changed_field_is_another_shape(other: Callable[[], type[Event]]) -> None:
    assert shape(other()) != shape(Paid)


def test_other_words_for_the_same_are_the_same_shape() -> None:
    assert shape(_told_otherwise()) == shape(Paid)


def test_plans_and_revisions_of_older_shapes_await_no_first_render() -> None:
    """Stores of earlier releases owe nothing because of a later rule."""
    older = [
        json.loads(file.read_text("utf-8"))
        for file in EVENTS
        if file.stem in {"master-planned", "master-planned.2", "master-planned.3", "mix-revised", "mix-revised.2"}
    ]
    assert len(older) == 5
    for golden in older:
        event: Any = KINDS[golden["kind"]].model_validate(golden["data"])
        assert event.awaited is False, (golden["kind"], golden["schema"])
