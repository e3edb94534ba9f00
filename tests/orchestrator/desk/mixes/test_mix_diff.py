"""Two mixes of a song, compared in words and by ear."""

import shutil
import stat
import time
from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note
from tests.orchestrator.terminal import PATIENCE_S, Terminal

FIRST = "[strips.drums]\ngain_db = -6.0\n[strips.bass]\ngain_db = -6\n"
DIP = (
    "[[strips.bass.automation]]\nat_s = 1.0\ngain_db = 0\n[[strips.bass.automation]]\nat_s = 1.01\ngain_db = -3\n"
    "[[strips.bass.automation]]\nat_s = 1.5\ngain_db = -3\n[[strips.bass.automation]]\nat_s = 1.51\ngain_db = 0\n"
)
QUIETER = FIRST.replace("-6", "-12")


@pytest.fixture(scope="module")
def mixed(opened: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A song with three mixes: the second dips the bass for half a second, the third is softer by 6 dB."""
    folder = tmp_path_factory.mktemp("mixed") / "store"
    shutil.copytree(opened, folder)
    label = Label(folder)
    for part, hz in (("drums", 60), ("bass", 110)):
        label.does("take", "ingest", f"{SONG}/{part}", note(folder / f"{part}.wav", hz, seconds=3.0))
        label.does("take", "approve", f"{SONG}/{part}/1")
    for text in (FIRST, FIRST + DIP, QUIETER):
        (folder / "mix.toml").write_text(text)
        label.does("mix", "revise", SONG, folder / "mix.toml")
        label.renders()
    return folder


@pytest.fixture
def song(mixed: Path, tmp_path: Path) -> Label:
    shutil.copytree(mixed, tmp_path / "mixed")
    return Label(tmp_path / "mixed")


def test_what_changed_is_told_with_where_it_is_heard_and_how_much(song: Label) -> None:
    *changes, heard = song.does("mix", "diff", f"{SONG}@mix1", "@mix2").splitlines()
    assert changes[1] == "bass: automation 2 new: at 1.01 s, gain -3 dB"
    assert heard.startswith("main: only 0:01-0:01.55 differ, -")
    assert heard.endswith("dB peak, bass")
    found = song.data("mix", "diff", f"{SONG}@mix1", "@mix2")
    (stretch,) = found["prints"]["main"]["stretches"]
    assert (stretch["from_s"], stretch["to_s"]) == pytest.approx((1.0, 1.55))
    assert stretch["rms_dbfs"] < stretch["peak_dbfs"] < -20


def test_a_print_is_explained_by_the_strips_and_buses_it_hears_alone(song: Label) -> None:
    first = (
        "[strips.drums]\ngain_db = -6\nsends.hall = -12\n[strips.bass]\nsends.room = -12\n"
        "[buses.hall]\nreverb.size = 0.5\n[buses.room]\nreverb.size = 0.5\n[versions.bass-only]\nonly = ['bass']\n"
    )
    changed = first.replace("gain_db = -6", "gain_db = -9").replace("[buses.room]", "[buses.room]\ngain_db = -3")
    for text in (first, changed.replace("[buses.hall]", "[buses.hall]\ngain_db = -2")):
        (song.folder / "mix.toml").write_text(text)
        song.does("mix", "revise", SONG, song.folder / "mix.toml")
        song.renders()
    lines = song.does("mix", "diff", f"{SONG}@mix4", "@mix5").splitlines()
    main, alone = (next(line for line in lines if line.startswith(f"{name}: ")) for name in ("main", "bass-only"))
    assert main.endswith("dB peak, drums, bus hall, bus room")
    assert alone.endswith("dB peak, bus room")


def test_a_mix_alone_is_held_against_the_one_before_it(song: Label) -> None:
    assert song.data("mix", "diff", f"{SONG}@mix2") == song.data("mix", "diff", f"{SONG}@mix1", f"{SONG}@mix2")
    assert song.refuses(2, "mix", "diff", f"{SONG}@mix1").rule == "mix.compare"


def test_a_mix_from_outside_has_prints_to_compare_and_no_recipe(song: Label) -> None:
    song.does("export", f"{SONG}@mix1", song.folder / "out", "--preview")
    (file,) = (song.folder / "out").iterdir()
    song.does("mix", "submit", SONG, file, "--by", "Lou")
    said = song.run("mix", "diff", f"{SONG}@mix1", "@mix4")
    assert said.out == "main: equal to the bit\n"
    assert f"no recipe to compare: {SONG}@mix4 made outside" in said.err


def test_a_mix_whose_takes_changed_is_compared_as_it_last_was_and_says_so(song: Label) -> None:
    song.does("take", "ingest", f"{SONG}/bass", note(song.folder / "b.wav", 130, seconds=3.0))
    song.does("take", "approve", f"{SONG}/bass/2")
    said = song.run("mix", "diff", f"{SONG}@mix1", "@mix2")
    assert said.code == 0
    assert f"{SONG}@mix1 as it was last rendered" in said.err


def test_mixes_are_matched_to_the_softest(song: Label) -> None:
    rows = song.data("mix", "compare", f"{SONG}@mix1", "@mix3")
    assert [row["gain_db"] for row in rows] == pytest.approx([-6.0, 0.0], abs=0.01)
    assert rows[0]["integrated_lufs"] + rows[0]["gain_db"] == pytest.approx(rows[1]["integrated_lufs"])
    assert "-6.0" in song.does("mix", "compare", f"{SONG}@mix1", "@mix3"), "and to a person, nobody at a terminal"


@pytest.mark.parametrize(
    ("mixes", "code", "rule"),
    [
        (("@mix1", "@mix1"), 2, "mix.compare"), (("@mix1", "@mix9"), 4, "mix.unknown"),
        (("@mix1", "night-bus@master1"), 2, "address"), (("@mix1", "@nothing"), 2, "address"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused(song: Label, mixes: tuple[str, str], code: int, rule: str) -> None:
    for verb in ("diff", "compare"):
        assert song.refuses(code, "mix", verb, f"{SONG}{mixes[0]}", mixes[1]).rule == rule


def recording_player(label: Label) -> Path:
    """Set a player that logs the size of its file and runs until it is stopped; return the path of its log."""
    script, notes = label.folder / "player.sh", label.folder / "played.txt"
    script.write_text(f"#!/bin/sh\nwc -c < \"$1\" >> '{notes}'\nexec sleep 30\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    config = label.folder / ".takesheet" / "config.toml"
    config.write_text(config.read_text().replace('player = ""', f'player = "{script}"'))
    label.does("trust", "--yes")
    return notes


def test_on_a_terminal_one_key_switches_and_goes_on_where_the_other_was(song: Label) -> None:
    notes = recording_player(song)
    terminal = Terminal(song, "mix", "compare", f"{SONG}@mix1", "@mix3")
    terminal.sees("(q)uit ?")
    for number, key in enumerate("12", start=1):
        terminal.press(key)
        until = time.monotonic() + PATIENCE_S
        while not notes.exists() or len(notes.read_text().split()) < number:
            assert time.monotonic() < until, terminal.seen
            time.sleep(0.02)
        terminal.sees("(q)uit ?", times=number + 1)
    terminal.press("q")
    assert terminal.ends() == 0
    first, second = map(int, notes.read_text().split())
    assert 0 < second < first, "the second one is what is left of the song"
