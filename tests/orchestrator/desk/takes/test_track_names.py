"""Takes whose tracks have other names are not spliced: each track would be silent where the other take sounds."""

from pathlib import Path

import pytest

from domain.takes.takes import CompSet, CompSpan
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note
from tests.orchestrator.written import record

DRUMS = f"{SONG}/drums"


@pytest.fixture
def kits(tmp_path: Path) -> Label:
    """Three takes of drums: kick and snare, the same under other names, and both with a room microphone."""
    label = open_label(tmp_path, "drums")
    for take, names in enumerate((("kick", "snare"), ("BD", "SN"), ("kick", "snare", "room")), start=1):
        files = [
            note(tmp_path / f"in{take}" / f"{name}.wav", 60.0 * take + 10 * track, seconds=1.0)
            for track, name in enumerate(names)
        ]
        label.does("take", "ingest", DRUMS, *files, "--together")
    return label


def test_a_splice_of_tracks_of_other_names_is_refused_and_names_them(kits: Label) -> None:
    for words in (("comp", "set", DRUMS, "0:00=1", "0:00.5=2"), ("take", "approve", f"{DRUMS}/2", "--from", "0:00.5")):
        kits.does("take", "approve", f"{DRUMS}/1")
        said = kits.refuses(3, *words)
        assert said.rule == "comp.tracks"
        assert "take 1 has kick, snare where take 2 has bd, sn" in said.err
    kits.does("take", "approve", f"{DRUMS}/2")
    assert [row["take"] for row in kits.data("comp", "show", DRUMS)] == ["2"], "the whole take needs no splice"
    kits.does("comp", "set", DRUMS, "0:00=1", "0:00.5=3")


@pytest.mark.slow
def test_a_comp_of_other_names_from_an_earlier_release_is_still_shown(kits: Label) -> None:
    spans = (CompSpan(start=0, take=1), CompSpan(start=24_000, take=2))
    record(kits.folder, [CompSet(part=DRUMS, spans=spans, by="pat", role="producer")])
    kits.renders()
    assert [row["correlation"] for row in kits.data("comp", "show", DRUMS)] == ["", ""]
