"""A master matched to a reference: planned, rendered, shown, rebuilt, and the reference stored."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.orchestrator.label import Label
from tests.orchestrator.sounds import RATE, silence

pytestmark = pytest.mark.slow

MASTER = "night-bus@master2"


def reference(path: Path) -> Path:
    """Write noise with the spectrum of no record; a third of it is silence."""
    noise = 0.1 * np.random.default_rng(1).standard_normal((3 * RATE, 2))
    noise[RATE : 2 * RATE] = 0
    soundfile.write(path, noise, RATE, subtype="PCM_24")
    return path


def test_a_master_towards_a_reference_is_planned_rendered_told_and_rebuilt(released: Label, tmp_path: Path) -> None:
    file = reference(tmp_path / "hiss.wav")
    asked = ("master", "plan", "night-bus", "--match", file, "--match-amount")
    assert released.does(*asked, "0.5", "--as", "pat") == MASTER
    assert released.does(*asked, "0.50", "--as", "pat") == MASTER, "the same again is nothing new"
    file.unlink()
    released.renders()
    (row,) = released.data("master", "show", MASTER)
    assert row["matched"].startswith("hiss.wav, to 50%: ")
    assert float(row["integrated_lufs"]) == pytest.approx(-14, abs=0.05)
    (before, *_) = released.data("master", "show", "night-bus@master1")
    assert "matched" not in before
    assert before["pcm"] != row["pcm"]
    assert "matched to hiss.wav, to 50%: " in released.does("why", MASTER)
    assert "towards hiss.wav" in released.does("log", "show")
    assert all(row["equal"] for row in released.data("rebuild", MASTER))
    assert not released.run("log", "verify").code


def test_the_loudness_of_a_reference_may_be_taken_too(released: Label, tmp_path: Path) -> None:
    file = reference(tmp_path / "hiss.wav")
    released.does("master", "plan", "night-bus", "--match", file, "--match-amount", "0", "--match-loudness")
    released.renders()
    (theirs,) = released.data("measure", file)
    (row,) = released.data("master", "show", MASTER)
    assert float(row["integrated_lufs"]) == pytest.approx(float(theirs["integrated_lufs"]), abs=0.1)


def test_a_reference_louder_than_a_master_may_be_is_followed_as_far_as_it_goes_and_it_is_said(
    released: Label, tmp_path: Path
) -> None:
    file = tmp_path / "square.wav"
    soundfile.write(
        file, np.sign(np.sin(np.arange(3 * RATE) * 0.13))[:, None].repeat(2, axis=1), RATE, subtype="PCM_24"
    )
    said = released.run("master", "plan", "night-bus", "--match", file, "--match-amount", "0", "--match-loudness")
    assert said.out.strip() == MASTER
    assert "square.wav has " in said.err
    assert "and a master -40 to -5: it is made for -5 LUFS" in said.err


def test_what_is_no_reference_is_refused_and_plans_nothing(released: Label, tmp_path: Path) -> None:
    (tmp_path / "words.wav").write_text("no sound")
    soundfile.write(tmp_path / "poly.wav", np.zeros((RATE, 6)), RATE)
    for code, file, rule in (
        (4, tmp_path / "nowhere.wav", "file.missing"),
        (3, tmp_path, "audio.unsound"),
        (3, tmp_path / "words.wav", "audio.unsound"),
        (3, tmp_path / "poly.wav", "master.match"),
        (6, silence(tmp_path / "quiet.wav", seconds=2), "master.match"),
    ):
        assert released.refuses(code, "master", "plan", "night-bus", "--match", file).rule == rule, file
