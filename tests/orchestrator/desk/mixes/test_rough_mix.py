"""A rough is pinned and compared with mixes; a take is played in its song."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import RATE, note

TAKE = f"{SONG}/drums/1"


def level(path: Path, value: float, *, seconds: float = 4.0, channels: int = 2, rate: int = RATE) -> Path:
    soundfile.write(path, np.full((round(seconds * rate), channels), value), rate, subtype="PCM_24")
    return path


@pytest.fixture
def song(label: Label) -> Label:
    """A song with a rough of 4 s and a take of drums that starts at 3 s; its player keeps its input."""
    (label.folder / "played").mkdir()
    player = f"cp --target-directory '{label.folder / 'played'}'".replace("label's", "label'\\\\''s")
    config = label.folder / ".takesheet" / "config.toml"
    config.write_text(config.read_text().replace('player = ""', f'player = "{player}"'))
    label.does("trust", "--yes")
    take = level(label.folder / "take.wav", 0.25, seconds=2.0, channels=1)
    label.does("take", "ingest", f"{SONG}/drums", take, "--at", "0:03")
    label.does("mix", "rough", SONG, level(label.folder / "rough.wav", 0.5))
    return label


def played(label: Label) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    (file,) = (label.folder / "played").iterdir()
    signal, rate = soundfile.read(file, always_2d=True)
    assert rate == RATE
    return signal


def test_a_take_is_heard_in_its_song_from_a_little_before_it_comes_in(song: Label) -> None:
    said = song.run("play", TAKE)
    assert said.out == "", "what was written for this alone is gone"
    assert "drums/1 with the rough (rough.wav), 0:01-0:05" in said.err
    signal = played(song)
    own = 0.25 * 0.5**0.5
    assert len(signal) == 4 * RATE
    assert signal[RATE, 0] == pytest.approx(0.5, abs=1e-6)
    assert signal[2 * RATE + 10, 0] == pytest.approx(0.5 + own, abs=1e-6)
    assert signal[3 * RATE + 10, 0] == pytest.approx(own, abs=1e-6)


def test_a_sum_that_no_player_can_play_is_turned_down_and_it_is_said(song: Label) -> None:
    song.does("mix", "rough", SONG, level(song.folder / "louder.wav", 0.95))
    assert "turned down by 1.0 dB, for its sum goes beyond full scale" in song.run("play", TAKE).err
    assert np.abs(played(song)).max() < 1


def test_a_take_alone_is_the_take_alone(song: Label) -> None:
    assert f"{TAKE} alone, 0:03-0:05" in song.run("play", TAKE, "--solo").err
    assert len(played(song)) == 2 * RATE


def test_a_stretch_is_as_long_as_was_typed_and_lies_at_song_time(song: Label) -> None:
    song.does("play", TAKE, "--loop", "0:02.5-0:03.5")
    signal = played(song)
    assert len(signal) == RATE
    assert signal[RATE // 2 + 5, 0] - signal[RATE // 2 - 5, 0] == pytest.approx(0.25 * 0.5**0.5, abs=1e-5)


def test_where_nobody_can_play_it_a_passage_is_left_where_it_can_be_found(song: Label) -> None:
    config = song.folder / ".takesheet" / "config.toml"
    text = config.read_text()
    config.write_text("\n".join(line for line in text.splitlines() if not line.startswith("player")))
    said = song.apart("play", TAKE, env={"PATH": "/nowhere"})
    file = Path(said.out.strip())
    try:
        assert soundfile.info(file).frames == 4 * RATE
        assert "no player" in said.err
    finally:
        file.unlink()
        file.parent.rmdir()


def test_a_rough_beside_a_mix_is_measured_and_matched_where_nobody_can_switch(song: Label) -> None:
    song.does("mix", "submit", SONG, note(song.folder / "mix.wav", 200, seconds=4.0, channels=2), "--by", "Ann")
    song.does("mix", "rough", SONG, note(song.folder / "other.wav", 300, seconds=4.0, channels=2))
    rows = song.data("play", f"{SONG}@mix1", "--rough")
    assert [row["mix"] for row in rows] == ["rough (other.wav)", f"{SONG}@mix1"]
    assert max(row["gain_db"] for row in rows) == 0
    matched = [row["integrated_lufs"] + row["gain_db"] for row in rows]
    assert matched[0] == pytest.approx(matched[1])


def test_a_rough_can_become_a_mix_and_is_one_made_outside(song: Label) -> None:
    assert song.does("mix", "rough", SONG, "--promote") == f"{SONG}@mix1"
    assert song.does("mix", "rough", SONG, "--promote") == f"{SONG}@mix1", "once"
    assert song.data("mix", "show", f"{SONG}@mix1")["made"] == "outside"
    assert "made outside" in song.does("why", f"{SONG}@mix1")
    assert song.data("rebuild", f"{SONG}@mix1")[0]["how"] == "made outside, bytes kept"
    assert song.does("mix", "rough", SONG) == f"{SONG}: rough.wav", "the newest mix sounds like it: nothing new"


def test_the_vault_is_asked_for_a_rough_by_verify(song: Label) -> None:
    (blob,) = {row["pcm"] for row in [song.data("mix", "rough", SONG, song.folder / "rough.wav")]}
    assert blob
    vault = song.folder / ".takesheet" / "vault" / "blobs"
    largest = max((file for file in vault.rglob("*") if file.is_file()), key=lambda file: file.stat().st_size)
    largest.unlink()
    said = song.run("log", "verify")
    assert said.code == 9
    assert "rough" in said.out + said.err


@pytest.mark.parametrize(
    ("words", "code", "rule"),
    [
        (("mix", "rough", f"{SONG}", "gone.wav"), 4, "file.missing"),
        (("mix", "rough", SONG, "mono.wav"), 3, "mix.rough"),
        (("mix", "rough", SONG, "fast.wav"), 3, "rate.match"),
        (("mix", "rough", SONG, "rough.wav", "--promote"), 2, "mix.rough"),
        (("mix", "rough", SONG), 4, "mix.unknown"),
        (("play", TAKE, "--loop", "0:02-0:01"), 2, "take.span"),
        (("play", TAKE, "--loop", "0:01"), 2, "play.loop"),
        (("play", TAKE, "--loop", "a-b"), 4, "section.unknown"),
        (("play", TAKE, "--loop", "2 bars"), 2, "play.loop"),
        (("play", TAKE, "--loop", "9:00-9:01"), 3, "audio.unsound"),
        (("play", TAKE, "--rough"), 2, "play.rough"),
        (("play", f"{SONG}@mix1", "--rough"), 4, "mix.unknown"),
    ],
)
def test_what_cannot_be_pinned_or_played_is_refused(song: Label, words: tuple[str, ...], code: int, rule: str) -> None:
    level(song.folder / "mono.wav", 0.1, channels=1)
    level(song.folder / "fast.wav", 0.1, rate=96_000)
    assert song.refuses(code, *words).rule == rule


def test_a_section_is_looped_by_its_name(song: Label) -> None:
    song.does("song", "form", SONG, "intro=0:00", "verse1=0:01", "chorus1=0:03", "end=0:04")
    assert f"{TAKE} alone, 0:03-0:04" in song.run("play", TAKE, "--solo", "--loop", "chorus1").err
    assert len(played(song)) == RATE
    assert "0:01-0:04" in song.run("play", TAKE, "--loop", "verse1-chorus1").err


def test_in_an_arranged_song_a_take_is_heard_where_its_section_sounds(song: Label) -> None:
    song.does("song", "form", SONG, "intro=0:00", "verse1=0:01", "chorus1=0:03", "end=0:04")
    song.does("edit", "song", SONG, "--cut", "verse1")
    said = song.run("play", TAKE).err
    assert "0:00-0:02" in said, "the chorus now follows the intro, and the take ends with the song"
    signal = played(song)
    own = 0.25 * 0.5**0.5
    assert signal[RATE - 10, 0] == pytest.approx(0.5, abs=1e-6)
    assert signal[RATE + 10, 0] == pytest.approx(0.5 + own, abs=1e-6)
    assert "0:01-0:02" in song.run("play", TAKE, "--loop", "chorus1").err
    assert "0:03-0:04" in song.run("play", TAKE, "--loop", "chorus1", "--solo").err, "alone it lies where it was played"
    song.does("edit", "song", SONG, "--cut", "chorus1")
    assert "whose section was cut from the song alone" in song.run("play", TAKE).err
