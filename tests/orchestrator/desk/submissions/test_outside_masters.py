"""Masters made elsewhere: file names, refusals and notes, and their unchanged export."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from domain.core.address import parse_address
from domain.core.refusal import Unfit
from orchestrator.cli.shell.suggestions import command_line
from orchestrator.desk.delivery.quality_check import FileJudgement, fit
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import RATE, note

RECORD = "night-bus"


@pytest.fixture
def shipment(released: Label) -> Path:
    """The exported files: each target in its folder."""
    folder = released.folder / "shipped"
    released.does("export", f"{RECORD}@master1", folder)
    return folder


def notes_of(label: Label, *words: object) -> list[str]:
    notes: list[str] = label.data("master", "submit", RECORD, *words, "--by", "Ann")["notes"]
    return notes


def standing(label: Label, number: int = 2) -> str:
    return str(
        next(row["standing"] for row in label.data("master", "list", RECORD) if f"@master{number}" in row["address"])
    )


def remastered(folder: Path, gain: float = 0.9) -> Path:
    """Copies of the files of a folder at a lower level, as if made elsewhere."""
    for file in sorted(folder.rglob("*.wav")):
        there = soundfile.info(file)
        signal, rate = soundfile.read(file, always_2d=True)
        soundfile.write(file, gain * signal, rate, subtype=there.subtype)
    return folder


def test_what_an_export_wrote_comes_back_is_checked_and_leaves_byte_for_byte(released: Label, shipment: Path) -> None:
    notes_of(released, remastered(shipment), "--why", "warmer")
    assert standing(released) == "to hear"
    assert released.renders() == []
    released.does("master", "approve", f"{RECORD}@master2", "--as", "pat")
    checked = released.data("master", "check", f"{RECORD}@master2")
    assert [(row["file"], row["fit"], row["ceiling_dbtp"]) for row in checked] == [
        ("cd/01_tin-roof", True, None), ("streaming/01_tin-roof", True, None),
    ]  # fmt: skip
    released.does("export", f"{RECORD}@master2", released.folder / "again")
    for file in shipment.rglob("*.wav"):
        assert (released.folder / "again" / file.relative_to(shipment)).read_bytes() == file.read_bytes()
    assert all("advice" in row for row in released.data("master", "advice", f"{RECORD}@master2"))


def test_why_and_rebuild_say_that_it_was_made_outside(released: Label, shipment: Path) -> None:
    notes_of(released, remastered(shipment), "--why", "warmer")
    told_why = released.does("why", f"{RECORD}@master2")
    assert "taken in from Ann" in told_why
    assert '"warmer"' in told_why
    assert "made outside, bytes kept" in told_why
    made = {row["subject"]: row["how"] for row in released.data("rebuild", f"{RECORD}@master2")}
    assert made[f"{RECORD}@master2 cd tin-roof"] == "made outside, bytes kept"
    assert made[f"{SONG}@mix1"] == "rebuilt, equal to the bit"
    assert f"{RECORD}@master2, 1 song by Ann" in released.does("log", "list")
    assert {row["made"] for row in released.data("master", "list", RECORD)} == {"recipe", "outside by Ann"}
    released.does("log", "verify", f"--audio={RECORD}@master2")


def test_the_same_folder_again_is_the_same_master_and_what_left_comes_back_approved(
    released: Label, shipment: Path
) -> None:
    notes_of(released, shipment)
    assert standing(released) == "approved", "it sounds as what was approved"
    head = released.head
    notes_of(released, shipment)
    assert released.head == head


@pytest.mark.parametrize(
    "name",
    [
        "01 Tin Roof",
        "1 - tin roof",
        "Tin Roof",
        "01",
        "The Ferrymen - Tin Roof (Master)",
        "tin-roof",
        "01_tin-roof_REF",
    ],
)
def test_a_file_is_of_the_song_that_its_name_means(released: Label, shipment: Path, name: str) -> None:
    folder = released.folder / "back"
    folder.mkdir()
    shutil.copy(shipment / "streaming" / "01_tin-roof.wav", folder / f"{name}.wav")
    notes_of(released, folder)
    (row,) = released.data("master", "show", f"{RECORD}@master2")
    assert (row["target"], row["song"]) == ("streaming", SONG)


def test_files_in_no_folder_of_a_target_are_of_the_one_that_is_named(released: Label, shipment: Path) -> None:
    notes_of(released, shipment / "cd")
    assert released.data("master", "show", f"{RECORD}@master2")[0]["target"] == "cd", "by the folder's own name"
    notes_of(released, shipment / "streaming", "--target", "vinyl")
    assert released.data("master", "show", f"{RECORD}@master3")[0]["target"] == "vinyl"


def test_names_of_no_song_or_of_several_are_refused_with_what_there_is(released: Label, shipment: Path) -> None:
    words = ("master", "submit", RECORD, shipment, "--by", "Ann")
    file = shipment / "cd" / "01_tin-roof.wav"
    odd = file.rename(shipment / "cd" / "Hey Joe.wav")
    assert "names no song; the songs are 01 Tin Roof" in released.refuses(2, *words).err
    odd.rename(file)
    shutil.copy(file, shipment / "cd" / "Tin Roof (final).wav")
    assert "are both Tin Roof for cd" in released.refuses(2, *words).err


def test_a_target_that_lacks_a_song_and_an_empty_folder_are_refused(released: Label, shipment: Path) -> None:
    (shipment / "cd" / "01_tin-roof.wav").rename(shipment / "cd" / "01_tin-roof.txt")
    assert any("cd/01_tin-roof.txt was not taken" in note_ for note_ in notes_of(released, shipment))
    shutil.rmtree(shipment / "streaming")
    said = released.refuses(3, "master", "submit", RECORD, shipment, "--by", "Ann")
    assert "there is no sound" in said.err
    assert released.refuses(4, "master", "submit", RECORD, shipment / "gone", "--by", "Ann").rule == "file.missing"
    assert released.refuses(2, "master", "submit", RECORD, shipment, "--by", "").rule == "master.submit"


def test_a_song_that_waits_for_a_mix_does_not_keep_a_master_from_its_record(released: Label, shipment: Path) -> None:
    given = released.data("master", "manifest", RECORD)["given"]
    released.does("song", "add", RECORD, "Tin Rooof")
    assert released.data("master", "manifest", RECORD)["given"] == given
    released.does("master", "submit", RECORD, shipment, "--by", "Ann")


def test_a_record_without_an_approved_mix_takes_no_master(released: Label, shipment: Path) -> None:
    released.does("record", "new", "Low Tide", "--artist", "The Ferrymen")
    released.does("song", "add", "low-tide", "Anchor")
    assert released.refuses(3, "master", "submit", "low-tide", shipment, "--by", "Ann").rule == "master.source"
    assert released.refuses(3, "master", "manifest", "low-tide").rule == "master.source"


def test_what_is_no_file_of_its_target_is_refused(released: Label, shipment: Path) -> None:
    file = shipment / "cd" / "01_tin-roof.wav"
    words = ("master", "submit", RECORD, shipment, "--by", "Ann")
    note(file, 100, seconds=2.0, channels=2)
    assert released.refuses(3, *words).rule == "rate.match"
    note(file, 100, seconds=2.0, channels=2, rate=44_100)
    assert "cd has 16 bits, 01_tin-roof.wav has 24" in released.refuses(3, *words).err
    note(file, 100, seconds=2.0, rate=44_100, subtype="PCM_16")
    assert "a master is stereo" in released.refuses(3, *words).err
    soundfile.write(file, np.zeros((RATE, 2)), 44_100, subtype="PCM_16")
    assert released.refuses(6, *words).rule == "master.files"
    file.write_text("no sound")
    assert "01_tin-roof.wav: it is text" in released.refuses(3, *words).err


def test_what_an_engineer_would_mention_is_mentioned_and_taken(released: Label, shipment: Path) -> None:
    file = shipment / "streaming" / "01_tin-roof.wav"
    signal, rate = soundfile.read(file, always_2d=True)
    loud = np.concatenate([np.zeros((480, 2)), np.clip(20 * signal, -1, 1)])
    soundfile.write(file, np.concatenate([loud, np.zeros((rate, 2))]), rate, subtype="PCM_16")
    notes = [one.removeprefix("streaming/01_tin-roof.wav: ") for one in notes_of(released, shipment)]
    assert "16 bits; 24 are asked for" in notes
    assert any(one.startswith("clips: ") for one in notes)
    assert any("the house asks for -1 at most" in one for one in notes)
    assert "1.01 s longer than the mix that was given" in notes


def test_it_stands_on_the_mixes_its_maker_was_given_and_lapses_with_them(released: Label, shipment: Path) -> None:
    given = released.does("master", "manifest", RECORD)
    notes_of(released, remastered(shipment), "--from", given[:12])
    released.does("master", "approve", f"{RECORD}@master2", "--as", "pat")
    released.does("take", "approve", f"{SONG}/drums/1", "--as", "pat")
    assert standing(released).startswith("lapsed, blocked")
    released.renders()
    released.does("mix", "approve", f"{SONG}@mix1", "--as", "pat")
    assert standing(released) == "lapsed, blocked (the mixes have changed since Ann got them)"
    assert "the mixes have changed since" in released.refuses(3, "rebuild", f"{RECORD}@master2").err
    for words in (("master", "check"), ("master", "advice"), ("show",)):
        said = released.refuses(3, *words, f"{RECORD}@master2")
        assert "no longer holds: what Ann worked from has changed" in said.err, "no render would bring it"
    assert released.does("master", "manifest", RECORD) != given
    said = released.run("master", "submit", RECORD, remastered(shipment, 0.8), "--by", "Ann", "--from", given)
    assert "does not hold" in said.err
    released.does("take", "reject", f"{SONG}/drums/1", "--as", "pat")
    released.does("take", "approve", f"{SONG}/drums/2", "--as", "pat")
    assert released.does("master", "manifest", RECORD) == given
    assert standing(released) == "approved"
    assert standing(released, 3) == "to hear"


def test_a_hash_that_never_was_or_is_none_is_refused(released: Label, shipment: Path) -> None:
    words = ("master", "submit", RECORD, shipment, "--by", "Ann", "--from")
    assert released.refuses(4, *words, "0123456789").rule == "master.from"
    assert released.refuses(2, *words, "the one of Tuesday").rule == "master.from"


def test_a_file_that_other_meters_dispute_is_asked_for_again_where_it_was_made() -> None:
    disputed = [FileJudgement("cd/01_tin-roof", {}, ("it is another",), made_here=here) for here in (False, True)]
    for one, asked in zip(disputed, ("master submit night-bus DIR --by NAME", "render night-bus@master2"), strict=True):
        with pytest.raises(Unfit) as refused:
            fit(parse_address(f"{RECORD}@master2"), [one])
        assert asked in command_line(refused.value.next)
