"""Tracks of other names in a later take are mapped to those of the part, before anything is recorded."""

from pathlib import Path
from typing import Any

import pytest

from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note

DRUMS = f"{SONG}/drums"


@pytest.fixture
def kit(tmp_path: Path) -> Label:
    """Drums with a take of kick and snare, and in the folder ``in`` two files of a take under other names."""
    label = open_label(tmp_path, "drums")
    first = [note(tmp_path / "first" / f"{name}.wav", hz, seconds=1.0) for name, hz in (("kick", 60), ("snare", 70))]
    label.does("take", "ingest", DRUMS, *first, "--together")
    for name, hz in (("KIK", 80), ("SN top", 90)):
        note(tmp_path / "in" / f"{name}.wav", hz, seconds=1.0)
    return label


def tracks(label: Label, number: int) -> list[str]:
    shown: Any = label.data("take", "show", f"{DRUMS}/{number}")
    return sorted(str(line).split(" ")[0] for line in shown["tracks"])


def ingest(*words: object) -> list[object]:
    return ["take", "ingest", DRUMS, "in/KIK.wav", "in/SN top.wav", "--together", *words]


def test_a_map_names_the_tracks_of_a_take_as_the_part_has_them_so_that_it_is_spliced(kit: Label) -> None:
    kit.does(*ingest("--track", "kick=KIK.wav", "--track", "snare=in/SN top.wav"))
    assert tracks(kit, 2) == ["kick", "snare"]
    kit.does("comp", "set", DRUMS, "0:00=1", "0:00.5=2")


def test_without_a_map_the_ingest_says_it_and_the_splice_is_refused_with_the_command_that_maps(kit: Label) -> None:
    said = kit.run(*ingest())
    assert "take 1 has kick, snare where this one has kik, sn-top, so the two cannot be spliced" in said.err
    kit.does("take", "approve", f"{DRUMS}/1")
    refused = kit.refuses(3, "comp", "set", DRUMS, "0:00=1", "0:00.5=2")
    assert refused.rule == "comp.tracks"
    command = (
        f"takesheet take ingest {DRUMS} KIK.wav 'SN top.wav' --together --track kick=KIK.wav --track 'snare=SN top.wav'"
    )
    assert f"next: {command}" in refused.err


def test_a_take_ingested_again_with_a_map_is_a_new_take_and_repeated_it_is_the_same(kit: Label) -> None:
    kit.does(*ingest())
    mapped = ingest("--track", "kick=kik", "--track", "snare=SN top")
    said = kit.run(*mapped)
    assert said.out.strip() == f"{DRUMS}/3"
    assert "the same audio as take 2, under other track names; reject the one that is wrong" in said.err
    head = kit.head
    assert kit.does(*mapped) == f"{DRUMS}/3"
    assert kit.does(*ingest()) == f"{DRUMS}/2"
    assert kit.head == head


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--track", "kick=BD.wav"), "no file or track is called BD.wav; the tracks are kik (KIK.wav), sn-top (SN"),
        (("--track", "kick"), "'kick' is no track and file; write it like kick-in=KIK.wav"),
        (("--track", "!=KIK.wav"), "'!=KIK.wav' is no track and file"),
        (("--track", "kick=KIK.wav", "--track", "Kick=SN top.wav"), "two files for the track kick"),
    ],
)  # fmt: skip
def test_a_map_that_names_nothing_is_refused_before_anything_is_recorded(
    kit: Label, words: tuple[str, ...], told: str
) -> None:
    refused = kit.refuses(2, *ingest(*words))
    assert refused.rule == "take.track"
    assert told in refused.err


def test_two_tracks_of_one_name_are_refused(kit: Label) -> None:
    said = kit.run(*ingest("--track", "sn-top=KIK.wav"))
    assert (said.code, said.rule) == (3, "audio.refused")
    assert "take.tracks: two tracks share a name: sn-top, sn-top" in said.err
    assert len(kit.data("take", "list", DRUMS)) == 1


def test_a_file_of_many_channels_is_mapped_by_its_tracks(kit: Label) -> None:
    note(kit.folder / "poly.wav", seconds=1.0, channels=4)
    kit.does("take", "ingest", DRUMS, "poly.wav", "--track", "kick=channel 1", "--track", "snare=channel-2")
    assert tracks(kit, 2) == ["channel-3", "channel-4", "kick", "snare"]


def test_the_map_of_an_import_names_tracks_too(kit: Label) -> None:
    note(kit.folder / "in" / "poly.wav", seconds=1.0, channels=3)
    lines = "file,part,take,track\nKIK.wav,drums,1,kick\nSN top.wav,drums,1,snare\n"
    lines += "poly.wav,drums,2,kick=channel-1 snare=channel-2\n"
    (kit.folder / "plan.csv").write_text(lines, encoding="utf-8")
    kit.does("take", "import", SONG, "in", "--map", "plan.csv", "--yes")
    assert (tracks(kit, 2), tracks(kit, 3)) == (["kick", "snare"], ["channel-3", "kick", "snare"])


def test_a_line_of_the_map_that_names_no_track_stops_no_other(kit: Label) -> None:
    note(kit.folder / "in" / "poly.wav", seconds=1.0, channels=3)
    lines = "file,part,take,track\nKIK.wav,drums,1,kick\npoly.wav,drums,2,kick\nSN top.wav,drums,3,snare=nothing\n"
    (kit.folder / "plan.csv").write_text(lines, encoding="utf-8")
    said = kit.run("take", "import", SONG, "in", "--map", "plan.csv", "--yes")
    assert (said.code, said.rule) == (3, "audio.refused")
    assert (
        "not taken: poly.wav: the map's track: the file has 3 tracks; write NAME=channel-1 NAME=channel-2" in said.err
    )
    assert "not taken: SN top.wav: the map's track: snare=nothing: no file or track is called nothing" in said.err
    assert tracks(kit, 2) == ["kick"]
