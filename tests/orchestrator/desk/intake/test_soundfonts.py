"""MIDI takes played by FluidSynth: a script stands in for it, whose sound depends on its arguments."""

import sys
from pathlib import Path

import pytest

from flows.jobs.fluidsynth import VARIABLE
from tests.dsp.midi import performances
from tests.orchestrator.label import SONG, Label

PIANO, DRUMS = f"{SONG}/piano", f"{SONG}/drums"
SAMPLER = """#!{python}
import sys
from hashlib import sha256
if sys.argv[1] == "--version":
    print("FluidSynth runtime version {version}")
    sys.exit()
import numpy, soundfile
font, midi = (open(name, "rb").read() for name in sys.argv[-2:])
tone = int(sha256(font + midi).hexdigest()[:4], 16) / 65536
sound = 0.2 * numpy.sin(numpy.arange(90000) * (0.01 + 0.05 * tone))
rate = int(sys.argv[sys.argv.index("-r") + 1])
soundfile.write(sys.argv[sys.argv.index("-F") + 1], numpy.stack([sound, sound], 1), rate, subtype="FLOAT")
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "fluidsynth"
    monkeypatch.setenv(VARIABLE, str(file))
    install(file, "2.3.1")
    return file


def install(program: Path, version: str) -> None:
    program.write_text(SAMPLER.format(python=sys.executable, version=version))
    program.chmod(0o755)


@pytest.fixture
def song(label: Label, tmp_path: Path) -> Label:
    label.does("part", "add", SONG, "Piano")
    (tmp_path / "keys.mid").write_bytes(performances.keys())
    (tmp_path / "drums.mid").write_bytes(performances.drums())
    return label


@pytest.fixture
def font(tmp_path: Path) -> Path:
    file = tmp_path / "grand.sf2"
    file.write_bytes(b"RIFF\0\0\0\0sfbk and what follows")
    return file


def played(label: Label, take: str) -> str:
    return str(label.data("take", "show", take)["played"])


@pytest.mark.usefixtures("program")
def test_a_soundfont_is_brought_once_kept_heard_and_played_again(song: Label, font: Path, tmp_path: Path) -> None:
    song.does("take", "ingest", PIANO, tmp_path / "keys.mid", "--soundfont", font)
    assert played(song, f"{PIANO}/1") == "keys of grand.sf2, patch 0, by FluidSynth 2.3.1"
    font.unlink()
    song.does("take", "ingest", DRUMS, tmp_path / "drums.mid", "--soundfont", "grand.sf2")
    assert played(song, f"{DRUMS}/1") == "drums of grand.sf2, patch 0, by FluidSynth 2.3.1"
    sound = song.data("take", "show", f"{PIANO}/1")["tracks"]
    song.does("edit", "midi", f"{PIANO}/1", "--transpose", "2", "--patch", "7")
    assert played(song, f"{PIANO}/1") == "keys of grand.sf2, patch 7, by FluidSynth 2.3.1, transposed +2"
    song.does("edit", "midi", f"{PIANO}/1", "--patch", "0")
    assert song.data("take", "show", f"{PIANO}/1")["tracks"] == sound
    song.does("edit", "midi", f"{PIANO}/1", "--voice", "keys")
    assert played(song, f"{PIANO}/1") == "keys 1"
    song.does("undo", f"{PIANO}/1")
    assert song.data("take", "show", f"{PIANO}/1")["tracks"] == sound
    song.does("log", "verify", "--audio=")


def test_a_mix_of_it_is_rebuilt_by_the_same_version_and_by_another_it_is_said(
    song: Label, font: Path, program: Path, tmp_path: Path
) -> None:
    song.does("take", "ingest", PIANO, tmp_path / "keys.mid", "--soundfont", font)
    song.does("take", "approve", f"{PIANO}/1")
    (tmp_path / "mix.toml").write_text("[strips.piano]\n")
    song.does("mix", "revise", SONG, tmp_path / "mix.toml")
    song.renders()
    assert all(row["equal"] for row in song.data("rebuild", f"{SONG}@mix1"))
    install(program, "2.4.0")
    said = song.run("rebuild", f"{SONG}@mix1")
    assert said.code == 6
    assert "it was played by FluidSynth 2.3.1, and here it is 2.4.0" in said.out + said.err
    program.unlink()
    assert "it is not installed here" in song.run("rebuild", f"{SONG}@mix1").err
    assert song.renders() == [], "what is in the vault needs no program"


def test_where_it_is_not_installed_one_refusal_says_what_to_do(
    song: Label, font: Path, program: Path, tmp_path: Path
) -> None:
    program.unlink()
    said = song.refuses(3, "take", "ingest", PIANO, tmp_path / "keys.mid", "--soundfont", font)
    assert said.rule == "midi.fluidsynth"
    assert "next: install FluidSynth" in said.err
    song.does("take", "ingest", PIANO, tmp_path / "keys.mid")
    assert song.refuses(3, "edit", "midi", f"{PIANO}/1", "--soundfont", font).rule == "midi.fluidsynth"


def test_a_soundfont_that_crashes_the_program_is_refused_and_leaves_nothing(
    song: Label, font: Path, program: Path, tmp_path: Path
) -> None:
    text = program.read_text().replace("import numpy", "import os; os.abort()\nimport numpy")
    program.write_text(text)
    said = song.refuses(3, "take", "ingest", PIANO, tmp_path / "keys.mid", "--soundfont", font)
    assert "FluidSynth crashed over it (SIGABRT)" in said.err
    assert song.data("take", "list", PIANO) == []
    assert not [one for one in (song.folder / ".takesheet/vault/incoming").rglob("*") if one.is_file()]


@pytest.mark.usefixtures("program")
def test_an_absurd_wish_for_a_soundfont_is_refused(song: Label, font: Path, tmp_path: Path) -> None:
    song.does("take", "ingest", PIANO, tmp_path / "keys.mid")
    for code, rule, wish in (
        (2, "midi.recipe", ("--patch", "3")),
        (2, "midi.recipe", ("--soundfont", font, "--patch", "128")),
        (2, "midi.recipe", ("--soundfont", font, "--patch", "-1")),
        (4, "file.missing", ("--soundfont", "nowhere.sf2")),
        (3, "audio.unsound", ("--soundfont", tmp_path / "keys.mid")),
        (3, "audio.unsound", ("--soundfont", tmp_path)),
        (3, "midi.refused", ("--soundfont", font, "--voice", "drums", "--transpose", "1")),
    ):
        assert song.refuses(code, "edit", "midi", f"{PIANO}/1", *wish).rule == rule, wish
