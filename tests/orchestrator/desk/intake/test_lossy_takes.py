"""Lossy files: refused in one line, or taken by wish, decoded, kept, and told wherever the take goes."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from orchestrator.desk.review.item_facts import facts_of
from orchestrator.desk.review.review_rows import questions
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.mpeg4_files import mpeg4

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


def test_a_voice_memo_is_refused_in_one_line_and_taken_by_wish_from_its_first_sample(
    label: Label, tmp_path: Path
) -> None:
    file = mpeg4(tmp_path / "memo.m4a", form="mp4", picture=True)
    said = label.refuses(3, "take", "ingest", PART, file)
    assert "it is lossy (MPEG-4 sound, such as AAC)" in said.err
    assert "--lossy" in said.err
    said = label.run("take", "ingest", PART, file, "--lossy")
    assert (said.code, said.out) == (0, f"{PART}/1\n")
    assert "decoded from AAC, which is lossy; the file is kept" in said.err
    told = "lossy: decoded from AAC, whose file is kept"
    assert told in label.does("why", f"{PART}/1")
    assert label.data("take", "show", f"{PART}/1")["source"] == told
    assert told in label.run("export", f"{PART}/1", tmp_path / "out").err
    with Studio.at(str(label.folder)) as studio:
        assert told in [line for item in questions(studio, None) for line in facts_of(studio, item)]
    blobs = (label.folder / ".takesheet" / "vault" / "blobs").rglob("*")
    assert file.read_bytes() in [blob.read_bytes() for blob in blobs if blob.is_file()]
    (row,) = label.data("path", f"{PART}/1")
    sound, rate = soundfile.read(row["path"])
    assert (rate, abs(int(np.flatnonzero(np.abs(sound) > 0.1)[0]) - 24_012) < 48) == (48_000, True)
    assert 48_000 <= len(sound) < 49_024
    assert 0.29 < np.abs(sound).max() < 0.32
    head = label.head
    label.does("take", "ingest", PART, file, "--lossy")
    assert label.head == head
    assert label.run("log", "verify", "--audio=").code == 0


def test_a_bare_aac_stream_and_a_folder_of_memos_are_taken_by_wish(label: Label, tmp_path: Path) -> None:
    label.does("take", "ingest", PART, mpeg4(tmp_path / "memo.aac", form="adts", channels=2), "--lossy")
    mpeg4(tmp_path / "reel" / "Guitar_01.m4a")
    mpeg4(tmp_path / "reel" / "Vox_01.m4a", channels=2)
    said = label.run("take", "import", SONG, tmp_path / "reel", "--yes", "--lossy")
    assert said.out.splitlines() == [f"{SONG}/guitar/1", f"{SONG}/vox/1"]
    assert "the same audio" not in said.err


def test_mpeg4_sound_that_is_not_lossy_damaged_or_of_six_channels_is_refused_with_its_reason(
    label: Label, tmp_path: Path
) -> None:
    lossless = mpeg4(tmp_path / "lossless.m4a", codec="alac")
    said = label.refuses(3, "take", "ingest", PART, lossless, "--lossy")
    assert "Apple Lossless: `ffmpeg -i FILE FILE.wav` makes a WAV of it" in said.err
    whole = mpeg4(tmp_path / "memo.m4a").read_bytes()
    (tmp_path / "cut.m4a").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "head.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(200))
    for name in ("cut.m4a", "head.m4a"):
        said = label.refuses(3, "take", "ingest", PART, tmp_path / name, "--lossy")
        assert "MPEG-4 sound that is not decoded: it " in said.err
    said = label.refuses(3, "take", "ingest", PART, mpeg4(tmp_path / "six.m4a", channels=6), "--lossy")
    assert "6 channels" in said.err


def test_a_damaged_mp3_is_told(label: Label, tmp_path: Path) -> None:
    (tmp_path / "broken.mp3").write_bytes(b"ID3" + bytes(range(1, 200)))
    said = label.refuses(3, "take", "ingest", PART, tmp_path / "broken.mp3", "--lossy")
    assert "cannot be decoded" in said.err
