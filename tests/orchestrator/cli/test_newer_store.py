"""A store written by a newer Takesheet: known events are shown, decisions that unknown ones may affect are refused."""

from pathlib import Path
from typing import ClassVar, Literal

import pytest

from domain.core.event import Event, RecordId, SongId
from domain.status.events.event_types import KINDS
from orchestrator.log.append_condition import Draft
from orchestrator.log.store import Log
from tests.orchestrator.label import Label
from tests.orchestrator.written import house

SONG = "night-bus/tin-roof"


class SongRemixed(Event):
    """A kind that this release does not know."""

    kind: Literal["song-remixed"] = "song-remixed"
    song: SongId


class SpentAnew(Event):
    """A schema number that this release does not know."""

    schema_number: ClassVar[int] = 99
    kind: Literal["money-spent"] = "money-spent"
    record: RecordId
    cents: int


@pytest.fixture
def label(tmp_path: Path) -> Label:
    label = house(tmp_path)
    label.does("record", "new", "Night Bus", "--artist", "The Ferrymen")
    label.does("record", "new", "Other", "--artist", "The Ferrymen")
    label.does("song", "add", "night-bus", "Tin Roof")
    label.does("budget", "set", "night-bus", "studio=700")
    kinds = {**KINDS, "song-remixed": SongRemixed, "money-spent": SpentAnew}
    with Log.open(tmp_path / ".takesheet" / "log.db", kinds=kinds) as log:
        for event in (SongRemixed(song=SONG), SpentAnew(record="night-bus", cents=7)):
            log.append([Draft(event, "lea", "lea@desk")])
    return label


@pytest.mark.parametrize(
    "words",
    [
        ("board",),
        ("record", "show", "night-bus"),
        ("song", "list", "night-bus"),
        ("budget", "show", "night-bus"),
        ("next",),
    ],
)
def test_what_is_understood_is_shown_and_what_is_not_is_said(label: Label, words: tuple[str, ...]) -> None:
    said = label.run(*words)
    assert said.code == 0
    assert said.out or words == ("next",)
    assert "written by a newer takesheet; not shown: " in said.err
    assert "song-remixed" in said.err


def test_a_shape_that_is_not_understood_is_said_too(label: Label) -> None:
    assert "not shown: money-spent, song-remixed" in label.run("budget", "show", "night-bus").err


def test_every_event_is_listed(label: Label) -> None:
    assert [row["kind"] for row in label.data("log", "show")][-2:] == ["song-remixed", "money-spent"]


@pytest.mark.parametrize(
    "words",
    [("part", "add", SONG, "Drums"), ("budget", "spend", "night-bus", "studio", "5", "--invoice", "7", "--payee", "a")],
)
def test_nothing_is_decided_that_it_may_concern(label: Label, words: tuple[str, ...]) -> None:
    assert label.refuses(3, *words).rule == "store.newer"


def test_what_it_does_not_concern_is_decided(label: Label) -> None:
    label.does("song", "add", "other", "Rain")
    assert label.run("log", "verify").code == 0
