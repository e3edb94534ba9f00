"""``take check``: the findings on takes, by command."""

from pathlib import Path

import numpy as np
import soundfile

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import RATE, note


def test_a_fault_is_told_with_its_time_size_and_confidence(label: Label, tmp_path: Path) -> None:
    file = note(tmp_path / "d.wav", 60, seconds=2.0)
    signal, _ = soundfile.read(file)
    signal[RATE] += 0.5
    soundfile.write(file, signal, RATE, subtype="PCM_24")
    label.does("take", "ingest", f"{SONG}/drums", file)
    (row,) = label.data("take", "check", f"{SONG}/drums/1")
    assert (row["kind"], row["track"], row["count"]) == ("click", "main", 1)
    assert np.isclose(row["at_s"], 1.0, atol=0.001)
    assert 0 < row["confidence"] <= 1
    assert "a click at 0:01.000" in label.does("take", "check", f"{SONG}/drums/1")
    (unkept,) = label.data("take", "check", file)
    assert unkept == row | {"take": "d.wav", "track": "d", "what": "d: a click at 0:01.000"}, (
        "a file is told the same before it is ingested"
    )


def test_a_take_much_shorter_than_its_siblings_is_told(label: Label, tmp_path: Path) -> None:
    for number, seconds in enumerate((3.0, 3.1, 1.0, 2.9), start=1):
        label.does("take", "ingest", f"{SONG}/bass", note(tmp_path / f"{number}.wav", 50 + number, seconds=seconds))
    (row,) = label.data("take", "check", f"{SONG}/bass/3", f"{SONG}/bass/1")
    assert (row["kind"], row["take"]) == ("length", f"{SONG}/bass/3")
    assert row["what"] == "0:01 long; the other 3 are about 0:03"


def test_a_clean_take_has_nothing_to_notice_and_an_unknown_one_is_refused(label: Label, tmp_path: Path) -> None:
    label.does("take", "ingest", f"{SONG}/bass", note(tmp_path / "b.wav", 80, seconds=2.0))
    said = label.run("take", "check", f"{SONG}/bass/1")
    assert (said.code, said.out, said.err) == (0, "", "no warnings\n")
    assert label.refuses(4, "take", "check", f"{SONG}/bass/7").rule == "take.unknown"
    assert label.refuses(2, "take", "check", f"{SONG}/bass").rule == "address"
    nothing = tmp_path / "no sound.wav"
    nothing.write_bytes(b"RIFF")
    assert label.refuses(3, "take", "check", nothing).rule == "audio.unsound"
