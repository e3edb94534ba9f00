"""Lossy files: refused in one line, or taken by wish, decoded, kept, and told wherever the take goes."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from orchestrator.desk.review.item_facts import facts_of
from orchestrator.desk.review.review_rows import questions
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label

PART = f"{SONG}/bass"
TOLD = "lossy: decoded from MP3, whose file is kept"


def tone(path: Path, *, rate: int = 48_000, kind: str = "MP3", subtype: str = "MPEG_LAYER_III") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    wave = 0.3 * np.sin(2 * np.pi * 220 * np.arange(rate) / rate)
    soundfile.write(path, wave, rate, format=kind, subtype=subtype)
    return path


@pytest.mark.parametrize(
    ("kind", "subtype", "codec"),
    [("MP3", "MPEG_LAYER_III", "MP3"), ("OGG", "VORBIS", "OGG VORBIS"), ("WAV", "ALAW", "WAV ALAW")],
)
def test_a_lossy_file_is_refused_in_one_line_and_taken_by_wish(
    label: Label, tmp_path: Path, kind: str, subtype: str, codec: str
) -> None:
    file = tone(tmp_path / "memo.bin", kind=kind, subtype=subtype)
    said = label.refuses(3, "take", "ingest", PART, file)
    assert f"it is lossy ({codec})" in said.err
    assert "--lossy" in said.err
    content = file.read_bytes()
    said = label.run("take", "ingest", PART, file, "--lossy")
    assert (said.code, said.out) == (0, f"{PART}/1\n")
    assert f"decoded from {codec}, which is lossy; the file is kept" in said.err
    assert file.read_bytes() == content
    blobs = (label.folder / ".takesheet" / "vault" / "blobs").rglob("*")
    assert content in [blob.read_bytes() for blob in blobs if blob.is_file()]
    head = label.head
    label.does("take", "ingest", PART, file, "--lossy")
    assert label.head == head
    assert label.run("log", "verify", "--audio=").code == 0


@pytest.fixture
def memo(label: Label, tmp_path: Path) -> Label:
    """A label whose bass is a voice memo, beside lossless drums."""
    label.does("take", "ingest", PART, tone(tmp_path / "memo.mp3"), "--lossy")
    label.does("take", "ingest", f"{SONG}/drums", tone(tmp_path / "a.wav", kind="WAV", subtype="PCM_24"))
    return label


def test_review_why_and_the_take_itself_say_so(memo: Label) -> None:
    with Studio.at(str(memo.folder)) as studio:
        lines = {item.address: facts_of(studio, item) for item in questions(studio, None)}
    assert TOLD in lines[f"{PART}/1"]
    assert TOLD not in lines[f"{SONG}/drums/1"]
    assert TOLD in memo.does("why", f"{PART}/1")
    assert memo.data("take", "show", f"{PART}/1")["source"] == TOLD
    assert "lossy" not in memo.does("why", f"{SONG}/drums/1")


def test_a_moved_take_stays_lossy(memo: Label) -> None:
    memo.does("take", "move", f"{PART}/1", f"{SONG}/guitar")
    assert TOLD in memo.does("why", f"{SONG}/guitar/1")


def test_whoever_gets_it_is_told(memo: Label, tmp_path: Path) -> None:
    said = memo.run("export", f"{PART}/1", tmp_path / "out")
    assert (said.code, f"{PART}/1 is {TOLD}" in said.err) == (0, True)
    memo.does("take", "approve", f"{PART}/1", f"{SONG}/drums/1")
    memo.does("mix", "revise", SONG, memo.mix_recipe("drums", "bass"))
    memo.renders()
    said = memo.run("export", f"{SONG}@mix1", tmp_path / "mix", "--preview")
    assert (said.code, said.err.count(TOLD)) == (0, 1)
    memo.does("mix", "revise", SONG, memo.mix_recipe("drums"))
    memo.renders()
    assert TOLD not in memo.run("export", f"{SONG}@mix2", tmp_path / "mix2", "--preview").err


def test_it_is_not_resampled_unasked(memo: Label, tmp_path: Path) -> None:
    other = tone(tmp_path / "other.mp3", rate=44_100)
    assert "rate.match" in memo.refuses(3, "take", "ingest", PART, other, "--lossy").err
    memo.does("take", "ingest", PART, other, "--lossy", "--convert")
    facts = memo.data("take", "show", f"{PART}/2")
    assert (facts["rate"], facts["source"]) == (48_000, TOLD)


def test_a_folder_with_lossy_files_is_imported_by_wish(label: Label, tmp_path: Path) -> None:
    tone(tmp_path / "reel" / "Bass_01.mp3")
    assert label.run("take", "import", SONG, tmp_path / "reel", "--yes").code == 3
    assert label.does("take", "import", SONG, tmp_path / "reel", "--yes", "--lossy") == f"{PART}/1"


def test_what_no_decoder_reads_is_told_with_the_program_that_does(label: Label, tmp_path: Path) -> None:
    (tmp_path / "memo.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(200))
    (tmp_path / "broken.mp3").write_bytes(b"ID3" + bytes(range(1, 200)))
    said = label.refuses(3, "take", "ingest", PART, tmp_path / "memo.m4a", "--lossy")
    assert "MPEG-4 sound" in said.err
    assert "`ffmpeg -i FILE FILE.wav`" in said.err
    assert "--lossy" in said.err
    said = label.refuses(3, "take", "ingest", PART, tmp_path / "broken.mp3", "--lossy")
    assert "cannot be decoded" in said.err
