"""Editing takes from the command line, and the places of splices."""

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note

VOCAL = f"{SONG}/lead-vocal"


@pytest.fixture
def band(label: Label) -> Label:
    """A label with two takes of a singer, one second each."""
    for number in (1, 2):
        label.does("take", "ingest", VOCAL, note(label.folder / f"voice_{number}.wav", 440 + number, seconds=1.0))
    label.does("user", "add", "Pat", "--role", "producer")
    return label


def test_an_edit_is_told_listed_explained_and_undone(band: Label) -> None:
    band.does("take", "approve", f"{VOCAL}/1")
    said = band.data(
        "edit", "part", f"{VOCAL}/1@0:00.25-0:00.5", "--nudge", "-12ms", "--gain", "-3", "--why", "late", "--as", "pat"
    )
    assert said["edits"] == ["12 ms earlier", "-3 dB"]
    assert band.data("edit", "list", VOCAL) == [
        {"take": f"{VOCAL}/1", "span": "0:00.25-0:00.5", "edits": "12 ms earlier, -3 dB"}
    ]
    assert "edited 0:00.25-0:00.5: 12 ms earlier, -3 dB by pat" in band.does("why", VOCAL)
    assert '"late"' in band.does("why", VOCAL)
    assert "nudge" in band.does("undo", "--as", "pat")
    assert band.data("edit", "list", VOCAL) == []


def test_a_pitch_says_in_every_place_what_happens_to_the_formants(band: Label) -> None:
    band.does("take", "approve", f"{VOCAL}/1")
    kept, moved = "+3 semitones, formants stay", "+3 semitones, formants move"
    assert band.data("edit", "part", f"{VOCAL}/1", "--pitch", "3")["edits"] == [kept]
    assert kept in band.does("why", VOCAL)
    assert band.data("edit", "part", f"{VOCAL}/1", "--formants", "move")["edits"] == [moved]
    assert [row["edits"] for row in band.data("edit", "list", VOCAL)] == [moved]
    assert moved in band.does("why", VOCAL)
    assert band.data("edit", "part", f"{VOCAL}/1", "--pitch", "3", "--formants", "Move")["again"] is True


@pytest.mark.slow
def test_formants_that_move_are_another_sound_and_kept_ones_that_of_no_option(band: Label) -> None:
    def sound(*words: str) -> str:
        band.does("edit", "part", f"{VOCAL}/1", *words)
        band.renders()
        return str(band.data("comp", "manifest", VOCAL)["manifest"])

    band.does("take", "approve", f"{VOCAL}/1")
    plain, moved = sound("--pitch", "3"), sound("--formants", "move")
    assert plain != moved
    assert sound("--formants", "keep") == plain
    assert band.renders() == []


def test_an_edit_said_twice_is_recorded_once(band: Label) -> None:
    band.does("edit", "part", f"{VOCAL}/1", "--mute")
    head = band.head
    assert band.data("edit", "part", f"{VOCAL}/1", "--mute")["again"] is True
    assert band.head == head


def test_an_edited_part_is_owed_and_one_that_is_as_it_was_is_not(band: Label) -> None:
    band.does("take", "approve", f"{VOCAL}/1")
    assert band.renders() == [VOCAL]
    assert band.renders() == []
    band.does("edit", "part", f"{VOCAL}/1", "--fade-in", "0.1s")
    assert band.renders() == [VOCAL]
    band.does("edit", "part", f"{VOCAL}/1", "--reset")
    assert band.renders() == []


def test_a_comp_tells_where_a_render_put_its_splices(band: Label) -> None:
    band.does("comp", "set", VOCAL, "0:00=1", "0:00.5=2")
    assert [row["spliced"] for row in band.data("comp", "show", VOCAL)] == ["", ""]
    band.renders()
    first, second = band.data("comp", "show", VOCAL)
    assert first["spliced"] == ""
    assert second["spliced"].endswith(" ms")
    splice = second["splice"]
    assert abs(splice["at"] - splice["decided"]) <= 480
    assert (splice["left"], splice["right"]) == (1, 2)


@pytest.mark.parametrize(
    ("code", "rule", "words"),
    [
        (2, "edit.number", ("--nudge", "soon")),
        (2, "edit.number", ("--nudge", "0.5f")),
        (2, "edit.number", ("--gain", "NaN")),
        (2, "edit.number", ("--gain", "loud")),
        (2, "edit.number", ("--stretch", "0")),
        (2, "edit.number", ("--pitch", "1e400")),
        (2, "edit.number", ("--nudge", "999999999s")),
        (2, "edit.nothing", ()),
        (2, "edit.trim", ("--trim",)),
        (2, "edit.reset", ("--reset", "--mute")),
        (3, "edit.fade", ("--fade-out", "600s")),
        (3, "edit.formants", ("--formants", "move")),
        (2, "edit.number", ("--pitch", "3", "--formants", "sing")),
    ],
)
def test_edits_that_make_no_sense_change_nothing(band: Label, code: int, rule: str, words: tuple[str, ...]) -> None:
    head = band.head
    assert band.refuses(code, "edit", "part", f"{VOCAL}/1", *words).rule == rule
    assert band.head == head


def test_an_edit_names_a_take_that_is_there_and_all_its_tracks(band: Label) -> None:
    assert band.refuses(4, "edit", "part", f"{VOCAL}/99", "--mute").rule == "take.unknown"
    assert band.refuses(2, "edit", "part", VOCAL, "--mute").rule == "address"
    assert band.refuses(2, "edit", "part", f"{VOCAL}/1@0:50-0:51", "--mute").rule == "edit.span"


def test_who_may_not_edit_is_told_who_may(band: Label) -> None:
    band.does("user", "add", "Kim", "--role", "finance")
    assert band.refuses(3, "edit", "part", f"{VOCAL}/1", "--mute", "--as", "kim").rule == "person.role"


def test_a_length_that_is_too_long_is_refused_in_the_seconds_it_was_typed_in(band: Label) -> None:
    said = band.refuses(2, "edit", "part", f"{VOCAL}/1", "--nudge", "999999s")
    assert "nudge: at most 480 s either way, not 999999s" in said.err
    assert "fade-in: 0 s or more, not -1s" in band.refuses(2, "edit", "part", f"{VOCAL}/1", "--fade-in=-1s").err
