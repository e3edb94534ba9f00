"""Handoffs: what is given, what is recorded, what changes, and what comes back."""

import json
from errno import EIO, ENOSPC
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from dsp.audio import Source
from dsp.files.track_copy import copy_track
from orchestrator.desk.delivery import handoff_files
from orchestrator.desk.delivery.handoff_files import Names, safe_name
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import RATE

DRUMS, BASS = f"{SONG}/drums", f"{SONG}/bass"
Signal = NDArray[np.float64]
PRIVATE = "the drummer is late again"


def band(seed: int, seconds: float = 2.0) -> Signal:
    """Noise with an envelope that swells and fades, like an instrument."""
    frames = int(seconds * RATE)
    return 0.1 * np.random.default_rng(seed).standard_normal(frames) * np.hanning(frames)


def written(path: Path, signal: Signal) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, signal, RATE, subtype="PCM_24")
    return path


def stereo(path: Path, seed: int) -> Path:
    return written(path, np.repeat(band(seed)[:, None], 2, axis=1))


@pytest.fixture
def studio_day(tmp_path: Path) -> Label:
    """A song with two tracks of drums and a shorter bass, approved and rendered."""
    label = open_label(tmp_path, "drums", "bass")
    kit = [written(tmp_path / "in" / f"{name}.wav", band(seed)) for seed, name in enumerate(("kick", "snare"))]
    label.does("take", "ingest", DRUMS, *kit, "--together")
    label.does("take", "ingest", BASS, written(tmp_path / "in" / "di.wav", band(7, seconds=1.5)))
    label.does("take", "approve", f"{DRUMS}/1", f"{BASS}/1")
    label.renders()
    return label


def another_bass(label: Label) -> None:
    label.does("take", "ingest", BASS, written(label.folder / "in" / "2" / "di.wav", band(9, seconds=1.5)))
    label.does("take", "approve", f"{BASS}/2")


def given(label: Label, *, to: str = "Ann Mixer", purpose: str = "mix", target: str = SONG, out: str = "out") -> Any:
    return label.data("handoff", target, label.folder / out, "--to", to, "--for", purpose)


def audio_in(folder: str | Path) -> dict[str, tuple[int, int]]:
    """Frames and rate of each sound in *folder*."""
    found = {file.name: soundfile.info(file) for file in sorted(Path(folder).glob("*.wav"))}
    return {name: (info.frames, info.samplerate) for name, info in found.items()}


def bytes_in(folder: str | Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(Path(folder).iterdir())}


def state_of(label: Label) -> Any:
    return [(row["handoff"], row["state"], row["changes"]) for row in label.data("handoff", "list")]


def test_a_mixer_gets_every_track_from_song_zero_and_of_one_length(studio_day: Label) -> None:
    done = given(studio_day)
    assert done["handoff"] == "night-bus/H1"
    frames = (2 * RATE, RATE)
    assert audio_in(done["folder"]) == {"bass_main.wav": frames, "drums_kick.wav": frames, "drums_snare.wav": frames}
    heard, _ = soundfile.read(Path(done["folder"]) / "bass_main.wav")
    assert np.allclose(heard[: int(1.5 * RATE)], band(7, seconds=1.5), atol=1e-6)
    assert not heard[int(1.5 * RATE) :].any()


def test_the_manifest_names_every_file_with_its_hash(studio_day: Label) -> None:
    folder = Path(given(studio_day)["folder"])
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    there = {file.name for file in folder.iterdir()} - {"manifest.json", "SHA256SUMS"}
    assert {one["name"] for one in manifest["files"]} == there == set(manifest["here"])
    for one in manifest["files"]:
        assert sha256((folder / one["name"]).read_bytes()).hexdigest() == one["sha256"]
    shown = studio_day.data("handoff", "show", "night-bus/H1")
    assert shown["hashes"] == manifest["given"]
    assert shown["hashes"][DRUMS] == studio_day.does("comp", "manifest", DRUMS)
    assert shown["manifest"] == sha256((folder / "manifest.json").read_bytes()).hexdigest()


def test_the_same_again_has_the_same_number_and_the_same_bytes(studio_day: Label) -> None:
    first = given(studio_day)
    head = studio_day.head
    again = given(studio_day, out="other")
    assert (again["handoff"], studio_day.head) == (first["handoff"], head)
    assert bytes_in(again["folder"]) == bytes_in(first["folder"])
    assert given(studio_day, to="Bo")["handoff"] == "night-bus/H2"


def test_a_folder_that_is_there_is_not_written_over(studio_day: Label) -> None:
    before = bytes_in(given(studio_day)["folder"])
    words = ("handoff", SONG, studio_day.folder / "out", "--to", "Ann Mixer", "--for", "mix")
    assert studio_day.refuses(3, *words).rule == "file.exists"
    assert bytes_in(studio_day.folder / "out" / "night-bus_tin-roof_H1_mix") == before


def test_a_week_with_an_outside_mixer(studio_day: Label, tmp_path: Path) -> None:
    folder = Path(given(studio_day)["folder"])
    assert state_of(studio_day) == [("night-bus/H1", "current", "")]
    assert "OUTSIDE-STALE" not in studio_day.does("board")

    another_bass(studio_day)
    assert state_of(studio_day) == [("night-bus/H1", "OUTSIDE-STALE", "bass has changed")]
    (row,) = studio_day.data("board")
    assert "OUTSIDE-STALE: H1 to ann-mixer: bass has changed" in row["remark"]
    steps = [row for row in studio_day.data("next") if row["what"] == "handoff"]
    assert [row["next"] for row in steps] == ["takesheet handoff update night-bus/H1 DIR"]
    pending = studio_day.refuses(3, "handoff", "update", "night-bus/H1", tmp_path / "out")
    assert pending.rule == "handoff.pending"

    studio_day.renders()
    update = studio_day.data("handoff", "update", "night-bus/H1", tmp_path / "out")
    assert list(audio_in(update["folder"])) == ["bass_main.wav"]
    assert list(bytes_in(update["folder"])) == [
        "HANDOFF.txt",
        "SHA256SUMS",
        "bass_main.wav",
        "manifest.json",
        "recall.txt",
    ]
    assert state_of(studio_day) == [("night-bus/H1", "current", "")]
    manifest = json.loads((Path(update["folder"]) / "manifest.json").read_text("utf-8"))
    has = {**bytes_in(folder), **bytes_in(update["folder"])}
    for one in manifest["files"]:
        assert sha256(has[one["name"]]).hexdigest() == one["sha256"]

    print_ = stereo(tmp_path / "main.wav", 3)
    done = studio_day.data("mix", "submit", SONG, print_, "--by", "Ann", "--from", "H1")
    assert "it stands on H1, given to ann-mixer and updated 1 time" in done["notes"]
    assert not [note for note in done["notes"] if "STALE" in note or "does not hold" in note]
    assert studio_day.data("mix", "list", SONG)[0]["standing"] != "blocked"


def test_a_mix_of_what_was_given_before_a_change_does_not_hold(studio_day: Label, tmp_path: Path) -> None:
    given(studio_day)
    studio_day.does("note", SONG, "0:01 more room on the snare")
    another_bass(studio_day)
    done = studio_day.data("mix", "submit", SONG, stereo(tmp_path / "main.wav", 3), "--by", "Ann", "--from", "h1")
    assert "OUTSIDE-STALE: bass has changed since H1 was given" in done["notes"]
    assert "open notes that it may answer: n1" in done["notes"]
    assert any("does not hold: the bass comp has changed" in note for note in done["notes"])


def test_an_update_without_a_change_is_refused_and_a_lost_one_is_written_again(
    studio_day: Label, tmp_path: Path
) -> None:
    given(studio_day)
    assert studio_day.refuses(3, "handoff", "update", "night-bus/H1", tmp_path / "out").rule == "handoff.current"
    studio_day.does("note", SONG, "0:01 the bass is late")
    first = studio_day.data("handoff", "update", "H1", tmp_path / "out")
    assert first["files"] == ["notes.txt", "SHA256SUMS", "manifest.json"]
    head = studio_day.head
    again = studio_day.data("handoff", "update", "night-bus/H1", tmp_path / "other")
    assert (bytes_in(again["folder"]), studio_day.head) == (bytes_in(first["folder"]), head)


def test_an_edit_comes_back_as_long_as_it_was_given(studio_day: Label, tmp_path: Path) -> None:
    folder = Path(given(studio_day, purpose="edit", target=BASS)["folder"])
    assert audio_in(folder) == {"bass_main.wav": (int(1.5 * RATE), RATE)}
    whole = Path(given(studio_day, purpose="edit")["folder"])
    signal, _ = soundfile.read(whole / "bass_main.wav")
    back = written(tmp_path / "back" / "bass_main.wav", 0.5 * signal)
    notes = studio_day.data("comp", "submit", BASS, back, "--by", "Ed", "--from", "H2")["notes"]
    assert "it stands on H2, given to ann-mixer" in notes
    assert "edited by Ed" in studio_day.data("part", "show", BASS)["keeper"]
    assert [row[1] for row in state_of(studio_day)] == ["current", "current"]
    assert studio_day.refuses(3, "comp", "submit", DRUMS, back, "--by", "Ed", "--from", "H1").rule == "handoff.song"


def test_an_edit_that_sounds_behind_the_end_of_its_part_is_refused(studio_day: Label, tmp_path: Path) -> None:
    given(studio_day, purpose="edit")
    back = written(tmp_path / "back" / "bass_main.wav", band(7))
    assert studio_day.refuses(6, "comp", "submit", BASS, back, "--by", "Ed", "--from", "H1").rule == "comp.tracks"


def test_a_master_is_given_the_chosen_mixes_with_their_sequence(studio_day: Label, tmp_path: Path) -> None:
    words = ("handoff", "night-bus", tmp_path / "out", "--to", "Max", "--for", "master")
    assert studio_day.refuses(3, *words).rule == "handoff.empty"
    studio_day.does("mix", "submit", SONG, stereo(tmp_path / "main.wav", 3), "--by", "Ann")
    studio_day.does("mix", "approve", f"{SONG}@mix1")
    done = studio_day.data(*words)
    assert list(audio_in(done["folder"])) == ["01_tin-roof_main.wav"]
    sheet = (Path(done["folder"]) / "sequence.txt").read_text("utf-8")
    assert sheet.splitlines()[1].split() == ["01", "Tin", "Roof", "mix1", "0:02", "____________", "____"]
    masters = tmp_path / "masters"
    stereo(masters / "streaming" / "01_tin-roof.wav", 3)
    notes = studio_day.data("master", "submit", "night-bus", masters, "--by", "Max", "--from", "H1")["notes"]
    assert "it stands on H1, given to max" in notes
    studio_day.does("mix", "submit", SONG, stereo(tmp_path / "main2.wav", 4), "--by", "Ann")
    studio_day.does("mix", "approve", f"{SONG}@mix2")
    assert state_of(studio_day) == [("night-bus/H1", "OUTSIDE-STALE", "tin-roof has changed")]


def test_papers_hold_the_form_the_tempo_and_open_notes_but_no_private_one(studio_day: Label, tmp_path: Path) -> None:
    studio_day.does("song", "form", SONG, "verse=1", "chorus=1.3", "end=2", "--tempo", "120", "--meter", "4/4")
    (tmp_path / "words.txt").write_text("rain on the roof\n")
    studio_day.does("song", "attach", SONG, "--lyrics", tmp_path / "words.txt")
    studio_day.does("note", SONG, "0:01 more room on the snare")
    studio_day.does("note", SONG, PRIVATE, "--private")
    folder = Path(given(studio_day)["folder"])
    assert not any(PRIVATE.encode() in data for data in bytes_in(folder).values())
    assert "more room on the snare" in (folder / "notes.txt").read_text("utf-8")
    assert (folder / "lyrics.txt").read_text("utf-8") == "rain on the roof\n"
    assert (folder / "form.txt").read_text("utf-8").splitlines()[1].split() == ["verse", "0:00", "0:01"]
    studio_day.does("song", "form", SONG, "verse=1", "end=2", "--tempo-midi", folder / "tempo.mid")
    assert [row["to"] for row in studio_day.data("song", "form", SONG)] == ["0:02"]


@pytest.mark.parametrize(
    ("code", "rule", "words"),
    [
        (2, "handoff.purpose", (SONG, "out", "--to", "Ann", "--for", "fun")),
        (2, "handoff.target", ("night-bus", "out", "--to", "Ann", "--for", "mix")),
        (2, "handoff.target", (SONG, "out", "--to", "Ann", "--for", "master")),
        (2, "handoff.target", (DRUMS, "out", "--to", "Ann", "--for", "mix")),
        (2, "person.name", (SONG, "out", "--to", "ann@mail.example", "--for", "mix")),
        (2, "text.long", (SONG, "out", "--to", "a" * 5000, "--for", "mix")),
        (2, "handoff.id", ("update", "night-bus/X1", "out")),
        (2, "handoff.id", ("show", "H0")),
        (4, "handoff.unknown", ("show", "night-bus/H7")),
    ],
)  # fmt: skip
def test_what_cannot_be_given_is_refused_in_one_line(
    studio_day: Label, code: int, rule: str, words: tuple[str, ...]
) -> None:
    assert studio_day.refuses(code, "handoff", *words).rule == rule
    assert not (studio_day.folder / "out").exists()


def test_a_handoff_of_another_song_is_no_base_of_a_mix(studio_day: Label, tmp_path: Path) -> None:
    given(studio_day)
    studio_day.does("song", "add", "night-bus", "Low Water")
    main = stereo(tmp_path / "main.wav", 3)
    said = studio_day.refuses(3, "mix", "submit", "night-bus/low-water", main, "--by", "Ann", "--from", "H1")
    assert said.rule == "handoff.song"
    assert studio_day.refuses(4, "mix", "submit", SONG, main, "--by", "Ann", "--from", "H9").rule == "handoff.unknown"


def test_a_disk_that_is_full_half_way_leaves_no_folder_and_records_nothing(
    studio_day: Label, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, written_files = studio_day.head, list[str]()

    def write(source: Source, path: Path, *, length: int | None = None) -> None:
        written_files.append(path.name)
        if len(written_files) > 1:
            raise OSError(ENOSPC, "No space left on device")
        copy_track(source, path, length=length)

    with monkeypatch.context() as patched:
        patched.setattr(handoff_files, "copy_track", write)
        said = studio_day.run("handoff", SONG, studio_day.folder / "out", "--to", "Ann Mixer", "--for", "mix")
    assert (said.code, said.rule, len(written_files)) == (3, "machine", 2)
    assert (list((studio_day.folder / "out").iterdir()), studio_day.head) == ([], head)


@pytest.mark.parametrize("verb", ["give", "update"])
def test_a_folder_that_did_not_get_its_name_is_written_by_the_same_command_again(
    studio_day: Label, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    words = ["handoff", SONG, studio_day.folder / "out", "--to", "Ann Mixer", "--for", "mix"]
    if verb == "update":
        studio_day.does(*words)
        studio_day.does("note", SONG, "0:01 the bass is late")
        words = ["handoff", "update", "H1", studio_day.folder / "updates"]
    out = Path(str(words[3] if verb == "update" else words[2]))

    def fail(*_: object) -> None:
        raise OSError(EIO, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr("orchestrator.new_file._name", fail)
        assert studio_day.run(*words).rule == "machine"
    head = studio_day.head
    assert list(out.iterdir()) == []
    done = studio_day.data(*words)
    assert (done["handoff"], studio_day.head) == ("night-bus/H1", head)
    assert [folder.name for folder in out.iterdir()] == [Path(done["folder"]).name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "etc-passwd"), ("..", "unnamed"), ("", "unnamed"), ("a\0b\nc", "a-b-c"), ("CON", "CON-"),
        ("C:\\Windows", "C--Windows"), ("-rf", "rf"), ("ü" * 300, "ü" * 100), ("Überton_1", "Überton_1"),
    ],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_two_sounds_never_have_one_file_even_where_cases_are_one() -> None:
    names = Names()
    assert [names.free(text, ".wav") for text in ("Kick", "kick", "kick!")] == ["Kick.wav", "kick-2.wav", "kick-3.wav"]


def test_a_guide_and_a_part_without_a_keeper_are_not_given_and_the_latter_is_said(studio_day: Label) -> None:
    studio_day.does("part", "add", SONG, "Horn")
    studio_day.does("part", "add", SONG, "Click", "--guide")
    said = studio_day.run("handoff", SONG, studio_day.folder / "out", "--to", "Ann", "--for", "mix")
    assert "not given, for lack of a keeper: horn" in said.err
    assert "click" not in said.err + said.out


def test_a_mix_is_compared_with_what_was_given_and_with_the_rough_and_not_with_what_came_later(
    studio_day: Label, tmp_path: Path
) -> None:
    studio_day.does("mix", "rough", SONG, stereo(tmp_path / "rough.wav", 5))
    given(studio_day)
    longer = written(tmp_path / "in" / "2" / "di.wav", band(9, seconds=4.0))
    studio_day.does("take", "ingest", BASS, longer)
    studio_day.does("take", "approve", f"{BASS}/2")
    studio_day.renders()
    sound = 0.5 * band(0) + 0.5 * band(1) + 0.2 * np.pad(band(7, seconds=1.5), (0, RATE // 2))
    late = np.roll(sound, 480)
    print_ = written(tmp_path / "main.wav", np.repeat(late[:, None], 2, axis=1))
    notes = studio_day.data("mix", "submit", SONG, print_, "--by", "Ann", "--from", "H1")["notes"]
    assert any(note.startswith("main: lies 480 frames (10.0 ms) behind the tracks that were given") for note in notes)
    assert any("LU softer than the rough mix" in note for note in notes)
    assert not any("shorter than bass" in note for note in notes)
    again = studio_day.data("mix", "submit", SONG, print_, "--by", "Ann")["notes"]
    assert any("shorter than bass" in note for note in again)
