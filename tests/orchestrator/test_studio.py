"""Cached reading in a studio: nothing is read twice, and nothing new is missed."""

from domain.label.notes import NoteAdded
from orchestrator.log.query import Query
from orchestrator.studio import REMEMBERED, Studio
from tests.orchestrator.label import SONG, Label

NOTES = Query.of(NoteAdded, tags=[f"song:{SONG}"])


def words(studio: Studio, *, upto: int | None = None) -> list[str]:
    read = studio.read(NOTES, upto=upto)
    return [one.event.text for one in read if isinstance(one.event, NoteAdded)]


def test_what_others_recorded_since_the_last_reading_is_read_with_it(label: Label) -> None:
    with Studio.at(str(label.folder)) as studio:
        assert words(studio) == []
        for text in ("late", "later"):
            label.does("note", SONG, text)
            assert words(studio)[-1] == text
        assert words(studio) == ["late", "later"]


def test_an_earlier_moment_is_told_as_it_was_whatever_was_read_before(label: Label) -> None:
    with Studio.at(str(label.folder)) as studio:
        label.does("note", SONG, "early")
        early = studio.head()
        label.does("note", SONG, "late")
        assert words(studio) == ["early", "late"]
        assert words(studio, upto=early) == ["early"]
        assert words(studio, upto=early - 1) == []
        assert words(studio) == ["early", "late"]


def test_what_is_done_to_an_answer_is_not_done_to_the_next(label: Label) -> None:
    label.does("note", SONG, "once")
    with Studio.at(str(label.folder)) as studio:
        studio.read(NOTES).clear()
        assert words(studio) == ["once"]


def test_only_a_few_answers_are_kept(label: Label) -> None:
    with Studio.at(str(label.folder)) as studio:
        for number in range(3 * REMEMBERED):
            studio.read(Query.of(NoteAdded, tags=[f"song:{SONG}-{number}"]))
        assert len(studio._remembered) == REMEMBERED
