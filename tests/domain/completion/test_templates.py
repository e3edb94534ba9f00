"""Templates: the built-in ones open a record whole, and one of the label's own is checked field by field."""

import pytest

from domain.completion.templates import BUILT_IN, open_from_template, read_template, song_titles, template_named
from domain.core.fold import fold_events
from domain.core.refusal import Misused
from domain.label import catalog
from domain.label.catalog import Catalog, CatalogEvent
from domain.label.stage_durations import StageDurationsSet

OWN = """
songs = 2
budget = ["studio"]
[durations]
recording = 4
[[parts]]
name = "Voice"
sections = ["verse1"]
"""


@pytest.mark.parametrize(("name", "songs"), [("single", 1), ("ep", 5), ("album", 10)])
def test_a_built_in_template_opens_a_record_with_all_its_songs_and_parts(name: str, songs: int) -> None:
    template = read_template(BUILT_IN[name], name)
    events = open_from_template(Catalog(), template, title="Tide", artist="Ann", currency="EUR")
    state = fold_events(catalog.evolve, Catalog(), [one for one in events if isinstance(one, CatalogEvent)])
    found = state.songs_of("tide")
    assert [song.title for song in found] == [f"Song {number}" for number in range(1, songs + 1)]
    assert all(len(song.parts) == len(template.parts) == 7 for song in found)
    assert found[0].parts["click"].guide
    assert open_from_template(state, template, title="Tide", artist="Ann", currency="EUR") == []


def test_a_template_of_the_label_sets_parts_sections_and_durations() -> None:
    template = read_template(OWN, "own.toml")
    events = open_from_template(Catalog(), template, title="Tide", artist="Ann", currency="EUR", titles=["High Water"])
    assert [event.kind for event in events] == [
        "record-opened", "song-added", "part-added", "song-added", "part-added", "stage-durations-set",
    ]  # fmt: skip
    assert song_titles(template, ["High Water"]) == ["High Water", "Song 2"]
    assert song_titles(template, ["A", "B", "C"]) == ["A", "B", "C"]
    last = events[-1]
    assert isinstance(last, StageDurationsSet)
    assert (last.record, dict(last.days)) == ("tide", {"recording": 4})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("songs = ", "own.toml: "), ("songs = 101", "songs: must be at most 100"), ("song = 1", "song: no such field"),
        ("songs = -1", "songs: must be at least 0"), ('songs = "4"', "songs: must be a whole number"),
        ("[[parts]]\nguide = true", "parts.0.name: required"),
        ("[durations]\ndelivered = 2", "delivered takes no days"),
        ("[durations]\nrehearsal = 2", "durations"), ('budget = ["a b"]', "budget.0"),
        ('[[parts]]\nname = "V"\nsections = ["2nd"]', "parts.0.sections.0"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(text: str, words: str) -> None:
    with pytest.raises(Misused, match=r"template\.text") as refusal:
        read_template(text, "own.toml")
    assert words in refusal.value.detail


def test_no_other_template_is_built_in() -> None:
    assert template_named("double-album") is None
    assert template_named("ep") == read_template(BUILT_IN["ep"], "ep")


def test_a_title_is_given_once() -> None:
    with pytest.raises(Misused, match=r"template\.title"):
        open_from_template(
            Catalog(), read_template(OWN, "own"), title="T", artist="A", currency="EUR", titles=["One", "One"]
        )
