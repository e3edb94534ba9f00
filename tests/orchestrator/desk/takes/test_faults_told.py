"""Faults of a recording as the command line tells them: cut peaks below full scale, and holes that fade."""

from pathlib import Path

import numpy as np
import soundfile

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import RATE, note


def string(path: Path, *, ceiling: float = 1.0, hole_at_s: float | None = None) -> Path:
    """A string of three seconds over a noise floor, cut at *ceiling*; with a hole of 30 ms and fades of half of one."""
    at = np.arange(3 * RATE) / RATE
    wave = sum(np.sin(2 * np.pi * 196 * k * at) / k for k in range(1, 8)) * np.exp(-0.4 * at)
    wave = wave / np.abs(wave).max() + 3e-4 * np.random.default_rng(2).standard_normal(len(at))
    if hole_at_s is not None:
        edges = np.array([0, 0.0005, 0.0305, 0.031]) + hole_at_s
        wave *= np.interp(at, edges, [1, 0, 0, 1])
    soundfile.write(path, np.clip(0.9 * wave, -ceiling, ceiling), RATE, subtype="PCM_24")
    return path


def test_peaks_that_were_cut_below_full_scale_are_told(label: Label, tmp_path: Path) -> None:
    assert label.data("take", "check", string(tmp_path / "whole.wav")) == []
    rows = label.data("take", "check", string(tmp_path / "cut.wav", ceiling=0.6))
    assert [row["kind"] for row in rows] == ["clipping"]


def test_a_hole_that_fades_is_told_with_its_place(label: Label, tmp_path: Path) -> None:
    file = string(tmp_path / "hole.wav", hole_at_s=1.2)
    (row,) = label.data("take", "check", file)
    assert (row["kind"], round(row["at_s"], 2)) == ("dropout", 1.2)
    said = label.run("take", "ingest", f"{SONG}/guitar", file)
    assert "drops out for 30" in said.err


def test_the_draft_of_a_mix_mutes_the_click(label: Label, tmp_path: Path) -> None:
    label.does("part", "add", SONG, "Click")
    for part in ("click", "bass"):
        label.does("take", "ingest", f"{SONG}/{part}", note(tmp_path / f"{part}.wav", 200.0 + len(part), seconds=1.0))
        label.does("take", "approve", f"{SONG}/{part}/1")
    draft = label.does("mix", "draft", SONG)
    assert "# cue: for the musicians alone, never mixed\n[strips.click]\ngain_db = 0\nmute = true" in draft
    assert draft.count("mute") == 1


def test_a_smooth_peak_of_eight_bits_is_not_cut(label: Label, tmp_path: Path) -> None:
    wave = 0.7 * np.sin(2 * np.pi * 220 * np.arange(RATE) / RATE)
    for subtype in ("PCM_U8", "PCM_16"):
        soundfile.write(tmp_path / "a.wav", wave, RATE, subtype=subtype)
        assert label.data("take", "check", tmp_path / "a.wav") == []


def test_a_hole_between_the_pulses_of_a_bass_is_told_with_its_place(label: Label, tmp_path: Path) -> None:
    at = np.arange(2 * RATE) / RATE
    phase = at * 43 % 1 / 43
    drone = sum(np.sin(2 * np.pi * 314 * k * at + k * k) for k in (1, 2, 3, 5))
    wave = np.exp(-450 * phase) * np.sin(2 * np.pi * 900 * phase) + 0.05 * drone
    wave += 1e-3 * np.random.default_rng(3).standard_normal(len(at))
    for seconds in (0.005, 0.01, 0.03):
        edges = np.array([0, 0.0005, seconds + 0.0005, seconds + 0.001]) + 1.01
        soundfile.write(tmp_path / "bass.wav", 0.5 * wave * np.interp(at, edges, [1, 0, 0, 1]), RATE, subtype="PCM_24")
        (row,) = [row for row in label.data("take", "check", tmp_path / "bass.wav") if row["kind"] == "dropout"]
        assert abs(row["at_s"] - 1.01) < 0.002
    soundfile.write(tmp_path / "bass.wav", 0.5 * wave, RATE, subtype="PCM_24")
    assert "dropout" not in {row["kind"] for row in label.data("take", "check", tmp_path / "bass.wav")}
