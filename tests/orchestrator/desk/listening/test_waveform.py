"""``show``: waveform and loudness, from an address or a file."""

from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note


@pytest.fixture
def tracked(label: Label) -> Label:
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "d.wav", 60, seconds=2.0))
    return label


def test_a_take_and_its_file_look_alike(tracked: Label) -> None:
    take = tracked.does("show", f"{SONG}/drums/1").splitlines()
    file = tracked.does("show", "d.wav").splitlines()
    assert take[1:] == file[1:]
    assert take[0].startswith("tin-roof_drums_1_main  2.0 s  48000 Hz  -")
    (row,) = tracked.data("show", f"{SONG}/drums/1")
    assert len(row["columns"]) == 100
    assert max(column["high"][0] for column in row["columns"]) == pytest.approx(0.25, abs=0.01)


def test_a_file_is_shown_where_there_is_no_store(tmp_path: Path) -> None:
    note(tmp_path / "d.wav", 60, seconds=1.0)
    assert Label(tmp_path).does("show", "d.wav").startswith("d.wav  1.0 s")


def kept_peaks(label: Label) -> list[Path]:
    return [file for file in (label.folder / ".takesheet/vault/peaks").rglob("*") if file.is_file()]


def test_peaks_are_taken_at_ingest_and_measured_again_where_they_are_damaged(tracked: Label) -> None:
    (kept,) = kept_peaks(tracked)
    at_ingest, before = kept.read_bytes(), kept.stat().st_mtime_ns
    first = tracked.does("show", f"{SONG}/drums/1")
    assert kept.stat().st_mtime_ns == before
    assert tracked.does("show", f"{SONG}/drums/1") == first
    assert kept.stat().st_mtime_ns == before
    kept.chmod(0o644)
    kept.write_bytes(b"nothing")
    assert tracked.does("show", f"{SONG}/drums/1") == first
    kept.unlink()
    assert tracked.does("show", f"{SONG}/drums/1") == first
    assert kept.read_bytes() == at_ingest, "taken beside the take check they are what a measuring of their own gives"
    assert tracked.run("log", "verify").code == 0, "and they are no part of what is proved"


def test_each_microphone_and_each_render_has_its_peaks_before_anybody_asks(label: Label) -> None:
    folder = label.folder / "takes"
    folder.mkdir()
    for microphone, pitch in (("kick", 36), ("snare", 62)):
        note(folder / f"{microphone}.wav", pitch, seconds=2.0)
    label.does("take", "ingest", f"{SONG}/drums", folder)
    assert len(kept_peaks(label)) == 2
    label.does("take", "approve", f"{SONG}/drums/1")
    label.does("mix", "revise", SONG, label.mix_recipe("drums"))
    label.renders()
    drawn = len(kept_peaks(label))
    assert drawn == 3, "the edit of a whole take sounds as the take; the mix has its own"
    assert f"are the peaks of {drawn} sounds" in label.run("vault", "usage").err
    label.does("vault", "mirror", label.folder / "mirror")
    assert not (label.folder / "mirror" / "peaks").exists(), "they are a cache, and stay where they are"


def test_a_picture_is_written_whole(tracked: Label) -> None:
    assert tracked.does("show", f"{SONG}/drums/1", "--png", "d.png") == "d.png"
    assert (tracked.folder / "d.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "code", "rule"),
    [
        (("show", f"{SONG}/drums/9"), 4, "take.unknown"),
        (("show", "gone.wav"), 4, "address"),
        (("show", f"{SONG}@mix1"), 4, "address"),
        (("show", ".takesheet/config.toml"), 3, "audio.unsound"),
        (("show", "d.wav", "--png", "gone/d.png"), 2, "show.png"),
        (("show", "d.wav", "--png", "."), 2, "show.png"),
    ],
)
def test_what_is_no_sound_is_refused(tracked: Label, words: tuple[str, ...], code: int, rule: str) -> None:
    assert tracked.refuses(code, *words).rule == rule
