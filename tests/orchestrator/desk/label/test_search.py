"""Search by words and filters, the newest first."""

import pytest

from tests.orchestrator.label import SONG, Label, open_label


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory) -> Label:
    label = open_label(tmp_path_factory.mktemp("noted"), "Drums", "Bass")
    label.does("user", "add", "sam", "--role", "producer")
    label.does("user", "add", "Lea Müller", "--role", "engineer")
    label.does("note", f"{SONG}/drums", "the snare is warm", "--as", "sam")
    label.does("note", f"{SONG}/bass", "too wärm in the chorus", "--as", "sam")
    label.does("note", SONG, "only for me: warm", "--private", "--as", "sam")
    return label


def whats(label: Label, *words: str) -> list[str]:
    return [row["what"] for row in label.data("search", *words)]


def test_words_are_found_by_their_beginning_the_newest_first(noted: Label) -> None:
    assert [what.partition(": ")[2] for what in whats(noted, "warm", "--as", "lea-muller")] == [
        "too wärm in the chorus",
        "the snare is warm",
    ]
    assert len(whats(noted, "war", "sna")) == 1
    assert whats(noted, "arm") == []


def test_a_private_note_is_found_by_its_writer_alone(noted: Label) -> None:
    assert len(whats(noted, "warm", "--as", "sam")) == 3
    assert len(whats(noted, "warm", "--as", "lea-muller", "--limit", "5")) == 2


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("note:warm", "--as", "lea-muller"), 2),
        (("kind:note-added", "who:sam", "--as", "lea-muller"), 2),
        (("who:sam", "snare"), 1),
        (("who:nobody", "snare"), 0),
        ((f"song:{SONG}", "warm", "--as", "lea-muller"), 2),
        (("warm", "after:2020-01-01", "--as", "lea-muller"), 2),
        (("warm", "before:2020-01-01"), 0),
        (("muller",), 1),
        (("Müller",), 1),
    ],
)
def test_filters_narrow_a_search(noted: Label, words: tuple[str, ...], count: int) -> None:
    assert len(whats(noted, *words)) == count


@pytest.mark.parametrize(
    ("code", "rule", "words"),
    [
        (2, "search.words", ("--", "-")),
        (2, "search.kind", ("kind:nonsense",)),
        (2, "when", ("after:yesterday",)),
        (4, "address", ("song:nowhere/at-all",)),
    ],
)
def test_a_search_that_cannot_be_read_is_refused(noted: Label, code: int, rule: str, words: tuple[str, ...]) -> None:
    assert noted.refuses(code, "search", *words).rule == rule


def test_no_more_than_the_limit_is_listed(noted: Label) -> None:
    assert len(whats(noted, "warm", "--as", "sam", "--limit", "1")) == 1


def test_the_log_is_shown_by_kind_person_and_time_page_by_page(noted: Label) -> None:
    notes = noted.data("log", "show", "--kind", "note-added")
    assert [row["kind"] for row in notes] == ["note-added"] * 3
    assert noted.data("log", "show", "--by", "sam", SONG) == notes
    last = noted.data("log", "show", "--kind", "note-added", "--limit", "1")
    assert last == notes[-1:]
    before = str(last[0]["position"])
    assert noted.data("log", "show", "--kind", "note-added", "--before", before) == notes[:-1]
    assert noted.data("log", "show", "--since", "2999-01-01") == []
    assert len(noted.data("log", "show", "--until", "2999-01-01")) == noted.head
    assert noted.refuses(2, "log", "show", "--kind", "nonsense").rule == "log.kind"
    whole = noted.data("log", "show")
    page = noted.run("log", "show", "--limit", "2")
    assert page.code == 0
    assert f"--before {whole[-2]['position']}" in page.err
