"""A record is played as a record: its songs in sequence, without figures, and one key signs its master."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from domain.core.address import parse_address
from domain.core.refusal import Clash
from orchestrator.cli.commands.listen.playback import AT_END, KEYS_AT_END, PROMPT
from orchestrator.desk.review.playback import playback_of, sign
from orchestrator.studio import Studio
from tests.orchestrator.disks import LimitedFiles
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.recording_player import RecordingPlayer
from tests.orchestrator.sounds import Signal
from tests.orchestrator.terminal import Terminal

MASTER = "night-bus@master1"
PITCHES = {"Tin Roof": 220.0, "Ferry": 330.0, "Last Bus": 440.0}
TITLES = list(PITCHES)


def paths(label: Label, target: str) -> list[str]:
    """Paths of the files of the master for *target*, in order."""
    return [file["path"] for file in label.data("path", MASTER) if file["name"].startswith(f"{target}/")]


def pitch(heard: Signal, rate: int = 48_000) -> float:
    """Strongest frequency of *heard* in Hz."""
    mono = heard[:, 0]
    return float(np.argmax(np.abs(np.fft.rfft(mono)))) * rate / len(mono)


def verdict(label: Label) -> str:
    return str(label.data("master", "list", "night-bus")[0]["standing"])


def test_the_newest_master_is_played_in_sequence_and_only_titles_are_told(album: Label) -> None:
    player = RecordingPlayer.of(album, "exit 0")
    said = album.run("playback", "night-bus")
    assert said.code == 0
    assert [path for _, _, path in player.rows()] == paths(album, "streaming")
    told = [line for line in said.err.splitlines() if "ended with exit code" not in line]
    assert told == ["Night Bus · The Ferrymen", *TITLES]
    assert said.out == ""
    for number, title in enumerate(TITLES):
        assert pitch(player.heard(number)) == pytest.approx(PITCHES[title], abs=2), title


def test_a_target_is_named_and_an_unknown_one_is_refused(album: Label) -> None:
    player = RecordingPlayer.of(album, "exit 0")
    album.does("playback", "night-bus", "--target", "cd")
    assert [path for _, _, path in player.rows()] == paths(album, "cd")
    assert album.refuses(4, "playback", "night-bus", "--target", "vinyl").rule == "play.target"
    assert album.refuses(4, "playback", "night-bus@master7").rule in {"address", "master.unknown"}
    assert album.refuses(2, "playback", SONG).rule == "address"


def test_one_key_signs_the_master_while_it_plays_with_the_hash_that_was_presented(album: Label) -> None:
    player = RecordingPlayer.of(album)
    output = next(row["output"] for row in album.data("review", "night-bus") if row["kind"] == "master")
    terminal = Terminal(album, "playback", "night-bus")
    terminal.sees(PROMPT)
    player.waits_for(1)
    terminal.press("a")
    terminal.sees(f"{MASTER} approved")
    terminal.sees(PROMPT, times=2)
    terminal.press("q")
    assert terminal.ends() == 0
    assert not re.search(r"\d", terminal.seen.replace(MASTER, "")), "no figures"
    assert verdict(album) == "approved"
    assert len(player.rows()) == 1, "the sound went on"
    (signed,) = album.data("log", "show", "--limit", "1")
    assert output[:12] in signed["what"]


def test_a_master_that_was_judged_meanwhile_is_not_signed(album: Label) -> None:
    RecordingPlayer.of(album)
    terminal = Terminal(album, "playback", "night-bus")
    terminal.sees(PROMPT)
    album.does("master", "reject", MASTER)
    terminal.press("a")
    terminal.sees("refused (review.meanwhile)")
    terminal.sees(PROMPT, times=2)
    terminal.press("q")
    assert terminal.ends() == 0
    assert verdict(album) == "rejected"


def test_another_output_than_the_one_that_was_presented_is_not_signed(album: Label) -> None:
    with Studio.at(str(album.folder)) as studio:
        heard = playback_of(studio, parse_address(MASTER), None)
        with pytest.raises(Clash) as refused:
            sign(studio, replace(heard, output="ab" * 32))
    assert refused.value.rule == "approve.changed"
    assert verdict(album) == "to hear"


def test_up_and_down_change_the_song_and_a_note_has_the_time_in_its_song(album: Label) -> None:
    player = RecordingPlayer.of(album)
    terminal = Terminal(album, "playback", "night-bus")
    streaming = paths(album, "streaming")
    for number, (key, song) in enumerate((("", 0), ("\x1b[B", 1), ("\x1b[B", 2), ("\x1b[A", 1)), start=1):
        terminal.press(key) if key else None
        terminal.sees(PROMPT, times=number)
        assert player.waits_for(number)[-1][2] == streaming[song]
    terminal.press("\x1b[C")
    terminal.sees("plays on")
    terminal.sees(PROMPT, times=5)
    player.waits_for(5)
    terminal.press("n")
    terminal.sees("note: ")
    terminal.press("the organ drags\n")
    terminal.sees("noted on Ferry")
    terminal.sees(PROMPT, times=6)
    player.waits_for(6)
    terminal.press("n")
    terminal.sees("note: ", times=2)
    terminal.press("\n")
    terminal.sees("no note")
    terminal.sees(PROMPT, times=7)
    terminal.press("q")
    assert terminal.ends() == 0
    (noted,) = album.data("note", "list", "night-bus")
    assert (noted["about"], noted["text"]) == ("night-bus/ferry@mix1", "the organ drags")
    assert noted["at"].startswith("0:05") or noted["at"].startswith("0:06"), noted


def test_after_the_last_song_it_is_asked_and_played_again(album: Label) -> None:
    player = RecordingPlayer.of(album, "exit 0")
    terminal = Terminal(album, "playback", "night-bus")
    terminal.sees(AT_END)
    assert len(player.waits_for(3)) == 3
    terminal.press("?")
    terminal.sees(KEYS_AT_END["p"])
    terminal.sees(AT_END, times=2)
    terminal.press("z")
    terminal.sees("there is no such key here")
    terminal.sees(AT_END, times=3)
    terminal.press("p")
    terminal.sees(AT_END, times=4)
    assert len(player.waits_for(6)) == 6
    terminal.press("a")
    terminal.sees(f"{MASTER} approved")
    terminal.sees(AT_END, times=5)
    terminal.press("n")
    terminal.sees("note: ")
    terminal.press("ship it\n")
    terminal.sees("noted on Last Bus")
    terminal.sees(AT_END, times=6)
    terminal.press("q")
    assert terminal.ends() == 0
    assert verdict(album) == "approved"


def test_joins_play_ten_seconds_around_each_boundary_without_a_gap(album: Label) -> None:
    player = RecordingPlayer.of(album, "exit 0")
    said = album.run("playback", "night-bus", "--joins")
    assert said.code == 0
    assert [line for line in said.err.splitlines() if ", then " in line] == [
        "Tin Roof, then Ferry", "Ferry, then Last Bus"
    ]  # fmt: skip
    songs = [soundfile.read(path, always_2d=True)[0] for path in paths(album, "streaming")]
    rate = soundfile.info(paths(album, "streaming")[0]).samplerate
    assert len(player.rows()) == 2
    for number in (0, 1):
        expected = np.concatenate([songs[number][-10 * rate :], songs[number + 1][: 10 * rate]])
        heard = player.heard(number)
        assert heard.shape == expected.shape
        assert np.max(np.abs(heard - expected)) < 2**-22
    assert not any(Path(path).exists() for _, _, path in player.rows()), "excerpts are deleted"


def test_a_note_behind_a_boundary_is_on_the_song_that_sounds(album: Label) -> None:
    player = RecordingPlayer.of(album)
    terminal = Terminal(album, "playback", "night-bus", "--joins")
    for number, key in enumerate(("", "\x1b[C", "\x1b[C", "\x1b[C"), start=1):
        terminal.press(key) if key else None
        terminal.sees(PROMPT, times=number)
        player.waits_for(number)
    terminal.press("n")
    terminal.sees("note: ")
    terminal.press("comes too early\n")
    terminal.sees("noted on Ferry")
    terminal.sees(PROMPT, times=5)
    terminal.press("q")
    assert terminal.ends() == 0
    (noted,) = album.data("note", "list", "night-bus")
    assert noted["at"].startswith("0:05") or noted["at"].startswith("0:06"), noted


def test_before_there_is_a_master_the_chosen_mixes_are_played_and_cannot_be_signed(album: Label) -> None:
    album.does("master", "remove", MASTER)
    album.does("mix", "reject", "night-bus/ferry@mix1")
    player = RecordingPlayer.of(album)
    terminal = Terminal(album, "playback", "night-bus")
    head = album.head
    terminal.sees("there is no master yet: the chosen mixes are played")
    terminal.sees("without Ferry: none of its mixes is approved")
    terminal.sees(PROMPT)
    player.waits_for(1)
    terminal.press("a")
    terminal.sees("refused (playback.mixes): night-bus has no master yet to approve")
    terminal.sees(PROMPT, times=2)
    terminal.press("\x1b[B")
    terminal.sees("  Last Bus")
    terminal.sees(PROMPT, times=3)
    played = [path for _, _, path in player.waits_for(2)]
    assert album.head == head, "nothing was signed"
    terminal.press("q")
    assert terminal.ends() == 0
    mixes = [album.data("path", f"night-bus/{song}@mix1")[0]["path"] for song in ("tin-roof", "last-bus")]
    assert played == mixes
    assert album.refuses(4, "playback", "night-bus", "--target", "cd").rule == "play.target"


def test_what_cannot_be_played_is_refused_with_its_next_step(label: Label, released: Label) -> None:
    nothing = label.refuses(4, "playback", "night-bus")
    assert nothing.rule == "playback.none"
    assert "next: takesheet next night-bus" in nothing.err
    assert released.refuses(3, "playback", "night-bus", "--joins").rule == "playback.joins"
    released.does("master", "plan", "night-bus", "--target", "streaming", "--lufs", "-20")
    assert released.refuses(3, "playback", "night-bus").rule == "audio.pending"


def test_titles_without_a_chosen_mix_are_told_without_a_terminal_too(album: Label) -> None:
    album.does("master", "remove", MASTER)
    album.does("mix", "reject", "night-bus/ferry@mix1")
    RecordingPlayer.of(album, "exit 0")
    said = album.run("playback", "night-bus", "--json")
    assert said.json["data"]["left_out"] == ["Ferry"]
    assert "without Ferry: none of its mixes is approved" in said.err
    assert said.json["data"]["master"] is None
    for song in ("tin-roof", "last-bus"):
        album.does("mix", "reject", f"night-bus/{song}@mix1")
    assert album.refuses(4, "playback", "night-bus").rule == "playback.none"


def test_without_a_player_the_paths_are_printed_in_sequence(album: Label) -> None:
    config = album.folder / ".takesheet" / "config.toml"
    text = config.read_text()
    config.write_text("\n".join(line for line in text.splitlines() if not line.startswith("player")))
    said = album.apart("playback", "night-bus", env={"PATH": "/nowhere"})
    assert said.code == 0
    assert said.out.splitlines() == paths(album, "streaming")
    joined = album.apart("playback", "night-bus", "--joins", env={"PATH": "/nowhere"})
    excerpts = [Path(path) for path in joined.out.splitlines()]
    assert [file.is_file() for file in excerpts] == [True, True]
    shutil.rmtree(excerpts[0].parent)


def test_joins_that_find_no_room_leave_no_file(album: Label, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("orchestrator.desk.listening.player.PLAYERS", ())
    config = album.folder / ".takesheet" / "config.toml"
    lines = config.read_text().splitlines()
    config.write_text("\n".join(line for line in lines if not line.startswith("player")))
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(room))
    with LimitedFiles(tmp_path).full(but=100_000):
        said = album.run("playback", "night-bus", "--joins")
    assert (said.code, said.out) == (3, ""), said
    assert list(room.iterdir()) == []
