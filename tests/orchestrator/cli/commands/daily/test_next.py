"""The command next: one row a part, and a word where a record stands still."""

from pathlib import Path

from domain.core.ids import record_of
from domain.render.jobs import RenderFailed
from domain.status.due_renders import RenderNeed, due_renders
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note
from tests.orchestrator.written import production

RECORD = record_of(SONG)
DRUMS, BASS = f"{SONG}/drums", f"{SONG}/bass"


def rows(label: Label, *words: str) -> list[tuple[str, str, str]]:
    return [(row["what"], row["address"], row["next"]) for row in label.data("next", *words)]


def ingest(label: Label, part: str, *frequencies: int) -> None:
    for hz in frequencies:
        label.does("take", "ingest", part, note(label.folder / f"{hz}.wav", hz, seconds=1.0))


def test_the_takes_of_a_part_are_one_row(tmp_path: Path) -> None:
    label = open_label(tmp_path, "Drums", "Bass")
    ingest(label, DRUMS, 100, 110, 120)
    ingest(label, BASS, 200)
    assert rows(label) == [
        ("take", DRUMS, f"takesheet review {DRUMS}"),
        ("take", f"{BASS}/1", f"takesheet review {BASS}/1"),
    ]
    assert "3 new takes, drums has none" in label.does("next")
    assert rows(label, BASS) == rows(label)[1:]


def test_an_empty_record_a_song_without_parts_takes_or_mix_is_told(tmp_path: Path) -> None:
    label = Label(tmp_path)
    label.does("init", ".", "--label", "Harbour Records", "--currency", "EUR", "--timezone", "Europe/Berlin")
    label.does("record", "new", "Night Bus", "--artist", "The Ferrymen")
    assert rows(label) == [("begin", RECORD, f"takesheet song add {RECORD} TITLE")]
    label.does("song", "add", RECORD, "Tin Roof")
    assert rows(label) == [("begin", SONG, f"takesheet part add {SONG} PART")]
    label.does("part", "add", SONG, "Drums")
    assert rows(label) == [("begin", SONG, f"takesheet take import {SONG} FOLDER")]
    ingest(label, DRUMS, 100)
    label.does("take", "approve", f"{DRUMS}/1")
    assert ("mix", SONG, f"takesheet mix draft {SONG}") in rows(label)


def test_an_approved_record_without_a_plan_is_told(tmp_path: Path) -> None:
    label, *_ = production(tmp_path)
    assert "plan" not in [what for what, *_ in rows(label)]
    label.does("master", "remove", f"{RECORD}@master1", "--why", "another order", "--as", "pat")
    assert ("plan", RECORD, f"takesheet master plan {RECORD}") in rows(label)


def test_a_failed_render_is_told_with_its_reason(tmp_path: Path) -> None:
    label = open_label(tmp_path, "Drums")
    ingest(label, DRUMS, 100)
    label.does("take", "approve", f"{DRUMS}/1")
    label.does("mix", "revise", SONG, label.mix_recipe("drums"))
    assert ("render", RECORD, f"takesheet render {RECORD}") in rows(label)
    with Studio.at(str(label.folder)) as studio:
        need = RenderNeed(read_record(studio, RECORD).state)
        ((edit,),) = (song.edits for song in due_renders(need, RECORD).songs)
        key = need.key("edit", edit.plan)
        assert key is not None
        failure = RenderFailed(
            record=RECORD, song=SONG, job="edit", key=key, subject=edit.part, failure="input", reason="it is corrupt"
        )
        studio.record_work([failure])
    assert rows(label)[0] == ("failed", DRUMS, f"takesheet render {DRUMS}")
    assert label.data("next")[0]["why"] == "rendering failed: it is corrupt"
