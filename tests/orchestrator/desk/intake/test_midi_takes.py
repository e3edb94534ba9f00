"""MIDI takes: ingest, playing, changes and rebuild; a change makes stale only the renders that hear it."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import soundfile

from tests.dsp.midi import performances
from tests.dsp.midi.performances import performance, raw
from tests.orchestrator.chunked_files import chunk, riff
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note

PIANO, DRUMS, BASS = f"{SONG}/piano", f"{SONG}/drums", f"{SONG}/bass"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    found = {}
    for name in ("drums", "bass", "keys"):
        found[name] = tmp_path / f"{name}.mid"
        found[name].write_bytes(getattr(performances, name)())
    return found


@pytest.fixture
def song(label: Label) -> Label:
    label.does("part", "add", SONG, "Piano")
    return label


def take(label: Label, address: str) -> Any:
    return label.data("take", "show", address)


def test_a_midi_file_is_a_take_that_its_parts_instrument_plays(song: Label, files: dict[str, Path]) -> None:
    before = sha256(files["drums"].read_bytes())
    for part, name in ((DRUMS, "drums"), (BASS, "bass"), (PIANO, "keys")):
        assert song.does("take", "ingest", part, files[name]) == f"{part}/1"
        assert take(song, f"{part}/1")["played"] == f"{name} 1"
    (row,) = song.data("take", "list", DRUMS)
    assert (row["notes"], row["tracks"], row["rate"], row["length"]) == (24, 1, 48_000, "0:04.006")
    assert sha256(files["drums"].read_bytes()).digest() == before.digest()


def test_the_same_file_again_is_the_take_there_is_also_when_it_was_changed_since(
    song: Label, files: dict[str, Path]
) -> None:
    song.does("take", "ingest", PIANO, files["keys"])
    song.does("edit", "midi", f"{PIANO}/1", "--transpose", "+2")
    head = song.head
    assert song.does("take", "ingest", PIANO, files["keys"]) == f"{PIANO}/1"
    assert song.head == head


def test_it_takes_the_rate_that_audio_gave_the_song_and_else_gives_one(
    song: Label, files: dict[str, Path], tmp_path: Path
) -> None:
    said = song.run("take", "ingest", PIANO, files["keys"], "--rate", "96000")
    assert "runs at 96000 Hz from now on" in said.err
    assert take(song, f"{PIANO}/1")["rate"] == 96_000
    assert song.run("take", "ingest", BASS, note(tmp_path / "bass.wav")).rule == "audio.refused"
    other = song.run("take", "ingest", BASS, files["bass"], "--rate", "48000")
    assert "leave out --rate 48000" in other.err
    song.does("take", "ingest", BASS, files["bass"])
    assert take(song, f"{BASS}/1")["rate"] == 96_000


def test_audio_and_midi_come_in_by_one_command_and_what_is_broken_is_refused_alone(
    song: Label, files: dict[str, Path], tmp_path: Path
) -> None:
    cut = tmp_path / "cut.mid"
    cut.write_bytes(files["keys"].read_bytes()[:-9])
    said = song.run("take", "ingest", PIANO, cut, files["keys"], note(tmp_path / "piano.wav"))
    assert said.code == 3
    assert "cut.mid: it is truncated" in said.err
    assert len(song.data("take", "list", PIANO)) == 2


def test_a_midi_file_inside_a_riff_and_one_with_chunks_of_other_programs_are_takes(song: Label, tmp_path: Path) -> None:
    whole = performances.bass()
    alien = b"XFIH" + (4).to_bytes(4, "big") + b"abcd"
    (tmp_path / "a.rmi").write_bytes(riff(chunk(b"data", whole)).replace(b"WAVE", b"RMID", 1))
    (tmp_path / "b.mid").write_bytes(whole[:14] + alien + whole[14:])
    rows = song.data("take", "ingest", f"{SONG}/bass", tmp_path / "a.rmi", tmp_path / "b.mid", "--voice", "bass")
    assert [row["taken"] for row in rows] == [True, True]


def test_what_cannot_be_played_is_told_when_it_comes_in(song: Label, tmp_path: Path) -> None:
    file = tmp_path / "high.mid"
    file.write_bytes(performance([(0, 1, 100, 90), (1, 1, 40, 90)]))
    song.does("take", "ingest", BASS, file)
    assert take(song, f"{BASS}/1")["warnings"] == ["1 notes are outside the range of bass (23 to 67): key 100"]
    (tmp_path / "none.mid").write_bytes(raw(b""))
    assert "there are no notes in it" in song.refuses(3, "take", "ingest", BASS, tmp_path / "none.mid").err
    assert song.refuses(2, "take", "ingest", BASS, file, "--voice", "tuba").rule == "midi.recipe"


def test_a_midi_file_among_the_microphones_of_a_folder_is_not_half_a_take(
    song: Label, files: dict[str, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "kit"
    folder.mkdir()
    note(folder / "kick.wav")
    (folder / "trigger.mid").write_bytes(files["drums"].read_bytes())
    assert "named by itself" in song.refuses(3, "take", "ingest", DRUMS, folder).err


def test_an_edit_counts_from_the_file_and_the_same_edit_again_is_nothing_new(
    song: Label, files: dict[str, Path]
) -> None:
    song.does("take", "ingest", PIANO, files["keys"])
    sound = take(song, f"{PIANO}/1")["tracks"]
    wished = ("--quantise", "1/8", "--strength", "80", "--swing", "58", "--transpose", "+2", "--velocity", "x0.9")
    song.does("edit", "midi", f"{PIANO}/1", *wished, "--why", "lazier")
    assert take(song, f"{PIANO}/1")["tracks"] != sound
    head = song.head
    assert song.data("edit", "midi", f"{PIANO}/1", *wished)["again"] is True
    assert song.head == head
    song.does("edit", "midi", f"{PIANO}/1", "--velocity", "+10", "--velocity", "x1.1")
    assert take(song, f"{PIANO}/1")["played"] == "keys 1, velocity times 1.1, velocity +10"
    song.does("edit", "midi", f"{PIANO}/1")
    assert take(song, f"{PIANO}/1")["tracks"] == sound
    assert "lazier" in song.does("why", f"{PIANO}/1")
    assert song.data("search", "lazier")


def test_undoing_an_edit_gives_the_sound_before_it_without_a_render_and_never_takes_the_take_back(
    song: Label, files: dict[str, Path], tmp_path: Path
) -> None:
    song.does("take", "ingest", PIANO, files["keys"])
    song.does("take", "approve", f"{PIANO}/1")
    recipe = tmp_path / "mix.toml"
    recipe.write_text("[strips.piano]\n")
    song.does("mix", "revise", SONG, recipe)
    song.renders()
    before = take(song, f"{PIANO}/1")["tracks"]
    song.does("edit", "midi", f"{PIANO}/1", "--transpose", "3")
    assert song.data("undo", f"{PIANO}/1")["undone"] == f"{PIANO}/1, played by keys 1, transposed +3"
    assert take(song, f"{PIANO}/1")["tracks"] == before
    assert "transposed" not in song.does("why", f"{PIANO}/1")
    assert song.renders() == []
    assert song.data("undo", f"{PIANO}/1")["undone"] == f"{PIANO}/1 approved"
    assert song.refuses(4, "undo", f"{PIANO}/1").rule == "undo.nothing"
    assert take(song, f"{PIANO}/1")["played"] == "keys 1"


@pytest.mark.parametrize(
    ("code", "rule", "wish"),
    [
        (2, "midi.recipe", ("--quantise", "1/7")),
        (2, "midi.recipe", ("--swing", "55")),
        (2, "midi.recipe", ("--quantise", "1/8", "--swing", "nan")),
        (2, "midi.recipe", ("--transpose", "900")),
        (2, "midi.recipe", ("--velocity", "loud")),
        (2, "midi.recipe", ("--velocity", "x1e99999999999")),
        (2, "midi.recipe", ("--voice", "tuba")),
        (3, "midi.refused", ("--voice", "drums", "--transpose", "1")),
    ],
)
def test_an_absurd_edit_is_refused_and_nothing_is_recorded(
    song: Label, files: dict[str, Path], code: int, rule: str, wish: tuple[str, ...]
) -> None:
    song.does("take", "ingest", PIANO, files["keys"])
    assert song.refuses(code, "edit", "midi", f"{PIANO}/1", *wish).rule == rule


def test_audio_has_no_notes_to_edit(song: Label, tmp_path: Path) -> None:
    song.does("take", "ingest", PIANO, note(tmp_path / "piano.wav"))
    assert song.refuses(2, "edit", "midi", f"{PIANO}/1", "--transpose", "1").rule == "midi.audio"


def test_a_change_lapses_what_hears_it_alone_and_taken_back_it_stands_again_without_a_render(
    song: Label, files: dict[str, Path], tmp_path: Path
) -> None:
    for part, name in ((BASS, "bass"), (PIANO, "keys")):
        song.does("take", "ingest", part, files[name])
        song.does("take", "approve", f"{part}/1")
    recipe = tmp_path / "mix.toml"
    recipe.write_text("[strips.bass]\n[strips.piano]\n")
    song.does("mix", "revise", SONG, recipe)
    song.renders()
    song.does("mix", "approve", f"{SONG}@mix1")
    assert {row["kind"] for row in song.data("rebuild", f"{SONG}@mix1")} == {"midi", "edit", "mix"}
    song.does("edit", "midi", f"{PIANO}/1", "--transpose", "1")
    head = song.head
    song.renders()
    made = [row["what"].partition(" in ")[0] for row in song.data("log", "show") if row["position"] > head]
    assert [what for what in made if what.startswith("edit ")] == [f"edit {PIANO}"]
    song.does("edit", "midi", f"{PIANO}/1")
    head = song.head
    song.renders()
    assert song.head == head
    out = tmp_path / "out"
    song.does("export", f"{SONG}@mix1", out)
    (file,) = out.rglob("*.wav")
    assert soundfile.info(file).duration > 4


def test_a_take_that_grew_shorter_is_still_cut_where_it_was_approved(song: Label, tmp_path: Path) -> None:
    file = tmp_path / "long.mid"
    file.write_bytes(performance([(0, 1, 60, 90), (7.9, 0.1, 30, 90)]))
    song.does("take", "ingest", PIANO, file)
    frames = take(song, f"{PIANO}/1")["length"]
    song.does("take", "approve", f"{PIANO}/1", "--from", "0:00.5", "--to", frames)
    song.does("edit", "midi", f"{PIANO}/1", "--voice", "bass", "--transpose", "30")
    assert take(song, f"{PIANO}/1")["length"] < frames
    song.renders()


def test_every_blob_of_a_midi_take_is_proved_and_named(song: Label, files: dict[str, Path]) -> None:
    song.does("take", "ingest", PIANO, files["keys"])
    song.does("edit", "midi", f"{PIANO}/1", "--transpose", "2")
    song.does("log", "verify", "--audio=")
    vault = song.folder / ".takesheet" / "vault"
    hash_ = sha256(files["keys"].read_bytes()).hexdigest()
    blob = next(path for path in vault.rglob("*") if path.is_file() and f"{path.parent.name}{path.name}" == hash_)
    blob.chmod(0o644)
    blob.write_bytes(b"MThd")
    said = song.run("log", "verify", "--audio=")
    assert said.code == 9
    assert f"{PIANO}/1" in said.out + said.err
