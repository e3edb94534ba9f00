"""A take approved again where it sounds already changes no sound, and nothing made outside lapses by it."""

from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note

DRUMS, MIX = f"{SONG}/drums", f"{SONG}@mix1"


@pytest.fixture
def made_outside(label: Label, tmp_path: Path) -> Label:
    """A comp of two takes, and an approved mix that was made outside from it."""
    for number in (1, 2):
        label.does("take", "ingest", DRUMS, note(tmp_path / f"{number}.wav", 60.0 * number, seconds=0.4))
    label.does("take", "approve", f"{DRUMS}/1")
    label.does("mix", "submit", SONG, note(tmp_path / "mix.wav", 200.0, seconds=0.4, channels=2), "--by", "Ann")
    label.does("mix", "approve", MIX)
    return label


def standing(label: Label) -> str:
    (row,) = label.data("mix", "list", SONG)
    assert label.data("board")[0]["mixes"] == 1
    label.does("log", "verify", "--views")
    return str(row["standing"])


def test_an_outside_mix_stays_approved_when_its_take_is_approved_in_a_span_once_more(made_outside: Label) -> None:
    given = made_outside.data("comp", "manifest", DRUMS)["manifest"]
    made_outside.does("take", "approve", f"{DRUMS}/1", "--from", "0:00.1", "--to", "0:00.3")
    assert len(made_outside.data("comp", "show", DRUMS)) == 3, "it is a decision of its own, which undo takes back"
    assert (standing(made_outside), made_outside.data("comp", "manifest", DRUMS)["manifest"]) == ("approved", given)
    assert made_outside.does("master", "plan", "night-bus") == "night-bus@master1"
    made_outside.does("take", "approve", f"{DRUMS}/2", "--from", "0:00.1", "--to", "0:00.3")
    assert standing(made_outside).startswith("lapsed, blocked (the drums comp has changed")
    made_outside.does("undo")
    made_outside.does("undo")
    assert standing(made_outside) == "approved"


def test_an_outside_comp_stays_in_its_place(made_outside: Label, tmp_path: Path) -> None:
    made_outside.does("comp", "submit", DRUMS, note(tmp_path / "edit.wav", 61.0, seconds=0.4), "--by", "Ed")
    assert "edited by Ed" in made_outside.data("part", "list", SONG)[0]["keeper"]
    made_outside.does("take", "approve", f"{DRUMS}/1", "--from", "0:00.1", "--to", "0:00.3")
    assert "edited by Ed" in made_outside.data("part", "list", SONG)[0]["keeper"]
    made_outside.does("take", "approve", f"{DRUMS}/2", "--from", "0:00.1", "--to", "0:00.3")
    assert "edited by Ed" not in made_outside.data("part", "list", SONG)[0]["keeper"]


def test_an_edit_returned_with_the_very_audio_that_was_given_lapses_no_mix(label: Label, tmp_path: Path) -> None:
    label.does("take", "ingest", DRUMS, note(tmp_path / "1.wav", 60.0, seconds=0.4))
    label.does("take", "approve", f"{DRUMS}/1")
    label.does("mix", "submit", SONG, note(tmp_path / "mix.wav", 200.0, seconds=0.4, channels=2), "--by", "Ann")
    label.does("mix", "approve", MIX)
    label.renders()
    label.does("export", DRUMS, tmp_path / "out")
    (edit,) = (tmp_path / "out").iterdir()
    label.does("comp", "submit", DRUMS, edit, "--by", "Ed")
    assert "edited by Ed" in label.data("part", "list", SONG)[0]["keeper"]
    assert standing(label) == "approved"


def test_a_comp_written_in_other_spans_is_the_same_comp(made_outside: Label) -> None:
    made_outside.does("comp", "set", DRUMS, "0:00=1", "0:00.2=1")
    assert standing(made_outside) == "approved"
    made_outside.does("comp", "set", DRUMS, "0:00=1", "0:00.1=1", "0:00.3=1")
    assert standing(made_outside) == "approved"
    made_outside.does("comp", "set", DRUMS, "0:00=1", "0:00.2=2")
    assert standing(made_outside).startswith("lapsed, blocked (the drums comp has changed")
