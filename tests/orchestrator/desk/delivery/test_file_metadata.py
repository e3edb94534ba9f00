"""Metadata in exported files, and the metadata that a take's own recorder wrote."""

import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from wavinfo import WavInfoReader

from dsp.files.sound import inspect
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note, stamped

MIDDAY = 48_000 * 3600 * 12
IXML = (
    b"<BWFXML><SCENE>12A</SCENE><TAKE>%d</TAKE><TAPE>A007</TAPE><NOTE>rain &amp; wind</NOTE>"
    b"<CIRCLED>TRUE</CIRCLED></BWFXML>"
)


def exported(label: Label, address: str, out: Path, *words: str) -> list[WavInfoReader]:
    return [WavInfoReader(file) for file in label.data("export", address, out, *words)]


def rolled(path: Path, hz: float, *, take: int = 1, reference: int = MIDDAY) -> Path:
    """Write a tone as a field recorder does: a Broadcast Wave with iXML."""
    stamped(path, hz, reference=reference)
    xml = IXML % take
    raw = path.read_bytes() + b"iXML" + struct.pack("<I", len(xml)) + xml + bytes(len(xml) % 2)
    path.write_bytes(raw[:4] + struct.pack("<I", len(raw) - 8) + raw[8:])
    return path


def test_a_take_says_whose_it_is_where_it_lies_and_what_was_said_of_it(label: Label, tmp_path: Path) -> None:
    label.does("user", "add", "pat", "--role", "producer")
    files = [rolled(tmp_path / "d1.wav", 100), rolled(tmp_path / "d2.wav", 110, take=2, reference=MIDDAY + 4800)]
    label.does("take", "ingest", f"{SONG}/drums", *files)
    label.does("take", "keep", f"{SONG}/drums/2", "--as", "pat")
    label.does("note", f"{SONG}/drums/2", "late <but> good", "--as", "pat")
    label.does("note", f"{SONG}/drums/2", "he was drunk", "--private", "--as", "pat")
    (kept,) = exported(label, f"{SONG}/drums/2", tmp_path / "out")
    assert kept.bext.description == "The Ferrymen, Night Bus: Tin Roof, drums take 2, main"
    assert (kept.bext.originator, kept.bext.time_reference) == ("takesheet", MIDDAY + 4800)
    assert (kept.bext.originator_date, kept.bext.originator_time) == ("2026-12-07", "10:21:09")
    assert (kept.ixml.project, kept.ixml.scene, kept.ixml.take, kept.ixml.tape) == (
        "Night Bus",
        "Tin Roof",
        "2",
        "A007",
    )
    (file,) = (tmp_path / "out").iterdir()
    stamp = inspect(file).stamp
    assert (stamp.circled, stamp.note) == (True, "rain & wind / late <but> good")
    assert b"drunk" not in file.read_bytes()
    assert inspect(file).pcm == inspect(files[1]).pcm
    assert inspect(Path(label.data("export", f"{SONG}/drums/1", tmp_path / "out")[0])).stamp.circled is False


def test_the_same_decisions_give_the_same_bytes_and_new_ones_never_write_over_them(
    label: Label, tmp_path: Path
) -> None:
    label.does("user", "add", "pat", "--role", "producer")
    label.does("take", "ingest", f"{SONG}/drums", note(tmp_path / "d.wav"))
    (file,) = map(Path, label.data("export", f"{SONG}/drums/1", tmp_path / "out"))
    first = file.read_bytes()
    label.does("export", f"{SONG}/drums/1", tmp_path / "out")
    label.does("take", "approve", f"{SONG}/drums/1", "--as", "pat")
    assert label.refuses(3, "export", f"{SONG}/drums/1", tmp_path / "out").rule == "export.exists"
    label.does("undo", "--as", "pat")
    label.does("export", f"{SONG}/drums/1", tmp_path / "again")
    assert file.read_bytes() == first
    assert (tmp_path / "again" / file.name).read_bytes() == first


def test_exported_takes_come_in_again_as_the_takes_they_were(label: Label, tmp_path: Path) -> None:
    files = [note(tmp_path / f"d{hz}.wav", hz) for hz in (100, 110)]
    label.does("take", "ingest", f"{SONG}/drums", *files)
    for number in (1, 2):
        label.does("export", f"{SONG}/drums/{number}", tmp_path / "out")
    before = label.head
    label.does("take", "ingest", f"{SONG}/drums", *sorted((tmp_path / "out").iterdir()))
    assert label.head == before, "the same audio on one part is the take there is"
    label.does("take", "ingest", f"{SONG}/bass", *sorted((tmp_path / "out").iterdir()))
    assert len(label.data("take", "list", f"{SONG}/bass")) == 2, "an equal stamp alone does not make them one take"


def test_a_comp_and_a_mix_say_what_they_are_and_a_mix_how_loud_it_is(shipped: Label, tmp_path: Path) -> None:
    (comp,) = exported(shipped, f"{SONG}/lead-vocal", tmp_path / "comp")
    assert (comp.bext.description, comp.ixml.take) == (
        "The Ferrymen, Night Bus: Tin Roof, lead-vocal comp, main", "comp"
    )  # fmt: skip
    (mix,) = exported(shipped, f"{SONG}@mix1", tmp_path / "mix")
    assert (mix.ixml.take, [track.name for track in mix.ixml.track_list]) == ("mix1", ["main L", "main R"])
    (file,) = (tmp_path / "mix").iterdir()
    (told,) = shipped.data("measure", file)
    assert mix.bext.loudness_value == pytest.approx(told["integrated_lufs"], abs=0.006)
    assert mix.bext.max_true_peak == pytest.approx(told["true_peak_dbtp"], abs=0.006)
    assert mix.bext.originator_date > "2026", "the log says when it was rendered"
    plain = Path(shipped.data("path", f"{SONG}@mix1")[0]["path"])
    assert inspect(file).pcm == inspect(plain).pcm


def test_a_master_leaves_byte_for_byte_as_it_was_judged(shipped: Label, tmp_path: Path) -> None:
    made = shipped.data("export", "night-bus@master1", tmp_path / "out")
    held = [row["path"] for row in shipped.data("path", "night-bus@master1")]
    assert [Path(one).read_bytes() for one in made] == [Path(one).read_bytes() for one in held]


def test_what_the_recorder_said_is_told_of_a_take(label: Label, tmp_path: Path) -> None:
    label.does("take", "ingest", f"{SONG}/drums", rolled(tmp_path / "d.wav", 100), note(tmp_path / "e.wav", 300))
    said = ["tape A007", "scene 12A", "take 1", "note rain & wind", "circled"]
    assert label.data("take", "show", f"{SONG}/drums/1")["recorder"] == said
    assert "recorder" not in label.data("take", "show", f"{SONG}/drums/2")
    shutil.rmtree(label.folder / ".takesheet" / "vault" / "blobs")
    assert "not in the vault" in label.data("take", "show", f"{SONG}/drums/1")["recorder"]


def test_each_track_of_a_file_of_several_leaves_alone_and_comes_back_as_the_same_sound(
    label: Label, tmp_path: Path
) -> None:
    tracks = np.stack([0.1 * np.random.default_rng(seed).standard_normal(4800) for seed in range(3)], axis=1)
    soundfile.write(tmp_path / "poly.wav", tracks, 48_000, subtype="PCM_24")
    label.does("take", "ingest", f"{SONG}/drums", tmp_path / "poly.wav")
    files = [Path(file) for file in label.data("export", f"{SONG}/drums/1", tmp_path / "out")]
    assert [inspect(file).pcm for file in files] == [track.pcm for track in inspect(tmp_path / "poly.wav").tracks]
    assert [inspect(file).subtype for file in files] == ["PCM_24"] * 3
    named = [[track.name for track in WavInfoReader(file).ixml.track_list] for file in files]
    assert [len(names) for names in named] == [1, 1, 1]
    assert all(file.stem.endswith(names[0]) for file, names in zip(files, named, strict=True))
    assert label.data("export", f"{SONG}/drums/1", tmp_path / "out") == [str(file) for file in files], "the same bytes"
