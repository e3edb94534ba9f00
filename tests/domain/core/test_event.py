from collections.abc import Mapping
from typing import Literal

import pytest
from pydantic import ValidationError

from domain.core.event import Event, PartId, PersonId, RecordId, SessionId, SongId, TakeId, Value, tags_of


class Place(Value):
    song: SongId
    by: PersonId | None = None


class Everything(Event):
    kind: Literal["everything"] = "everything"
    record: RecordId | None = None
    part: PartId | None = None
    take: TakeId | None = None
    session: SessionId | None = None
    place: Place | None = None
    places: tuple[Place, ...] = ()
    people: tuple[PersonId, ...] = ()
    named: Mapping[str, Place] = {}
    parts: Mapping[PartId, int] = {}
    plain: Mapping[str, int] = {}
    word: str = ""


class Named(Event):
    kind: Literal["named"] = "named"
    song: SongId | None = None
    session: SessionId | None = None
    by: PersonId


class Spoken(Event):
    kind: Literal["spoken"] = "spoken"
    person: PersonId


def test_an_id_is_found_by_what_it_lies_in() -> None:
    assert tags_of(Everything(part="a/b/c")) == ("part:a/b/c", "record:a", "song:a/b")
    assert tags_of(Everything(take="a/b/c/3")) == ("part:a/b/c", "record:a", "song:a/b")
    assert tags_of(Everything(session="a/S12")) == ("record:a", "session:a/S12")


def test_ids_are_found_wherever_they_stand() -> None:
    place, other = Place(song="a/b", by="pat"), Place(song="a/c")
    for event in (Everything(place=place), Everything(places=(place,)), Everything(named={"x": place})):
        assert tags_of(event) == ("person:pat", "record:a", "song:a/b")
    assert tags_of(Everything(places=(place, other))) == ("person:pat", "record:a", "song:a/b", "song:a/c")
    assert tags_of(Everything(people=("pat", "kim"))) == ("person:kim", "person:pat")
    assert tags_of(Everything(parts={"a/b/c": 1})) == ("part:a/b/c", "record:a", "song:a/b")


def test_a_tag_is_there_once_and_what_is_no_id_gives_none() -> None:
    assert tags_of(Everything(record="a", part="a/b/c", word="a/b", plain={"a/d": 1})) == (
        "part:a/b/c",
        "record:a",
        "song:a/b",
    )
    assert tags_of(Everything()) == ()


def test_tags_that_are_remembered_are_those_of_the_same_ids_in_the_same_fields() -> None:
    for _ in range(2):
        assert tags_of(Named(song="a/b", by="pat")) == ("person:pat", "record:a", "song:a/b")
        assert tags_of(Named(session="a/S1", by="pat")) == ("person:pat", "record:a", "session:a/S1")
        assert tags_of(Named(song="a/b", session="c/S1", by="a")) == (
            "person:a", "record:a", "record:c", "session:c/S1", "song:a/b",
        )  # fmt: skip
        assert tags_of(Spoken(person="pat")) == ("person:pat",)
        assert tags_of(Named(by="pat")) == ("person:pat",)


@pytest.mark.parametrize(
    "ids",
    [
        {"record": "a/b"}, {"record": ""}, {"record": "a b"}, {"record": "a@b"}, {"record": "a\n"}, {"part": "a/b"},
        {"take": "a/b/c/d"}, {"take": "a/b/c"}, {"session": "a/1"}, {"session": "a/b/S1"}, {"record": "a" * 121},
    ],
)  # fmt: skip
def test_what_is_no_id_is_no_event(ids: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Everything(**ids)


def test_an_event_never_changes_and_holds_nothing_unknown() -> None:
    with pytest.raises(ValidationError):
        Everything(unknown=1)
    with pytest.raises(ValidationError):
        Everything().word = "other"
