"""A/B: a take beside the keeper, a mix or a master's song beside the one approved last; in review and play."""

import numpy as np
import pytest
import soundfile

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.recording_player import RecordingPlayer
from tests.orchestrator.sounds import note
from tests.orchestrator.terminal import Terminal


def test_a_take_is_heard_beside_the_keeper_at_one_time_and_one_loudness(label: Label) -> None:
    files = [note(label.folder / f"{n}.wav", 100.0 * n, seconds=20.0) for n in (1, 2)]
    label.does("take", "ingest", f"{SONG}/drums", *files)
    label.does("take", "approve", f"{SONG}/drums/1")
    player = RecordingPlayer.of(label)
    terminal = Terminal(label, "review")
    terminal.sees("(q)uit ?")
    terminal.press("c")
    terminal.sees("hear that one")
    assert f"{SONG}/drums/1 (approved)" in terminal.seen
    for number in (1, 2):
        terminal.press(str(number))
        player.waits_for(number)
        terminal.sees("hear that one", times=number + 1)
    terminal.press("q")
    terminal.sees("(q)uit ?", times=5)
    terminal.press("q")
    assert terminal.ends() == 0
    first, second = (size for size, _, _ in player.rows())
    assert 0 < second < first, "the second goes on where the first was"


def test_a_mix_is_heard_beside_the_one_approved_last(released: Label) -> None:
    released.does("mix", "revise", SONG, released.mix_recipe("drums", "bass"))
    released.renders()
    terminal = Terminal(released, "review", f"{SONG}@mix2")
    terminal.sees("(q)uit ?")
    terminal.press("c")
    terminal.sees(f"{SONG}@mix1 (approved)")
    terminal.process.terminate()
    terminal.ends()


def test_a_take_without_a_keeper_has_nothing_to_be_compared_with(label: Label) -> None:
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "1.wav", 100))
    terminal = Terminal(label, "review")
    terminal.sees("(q)uit ?")
    terminal.press("c")
    terminal.sees("its part has no keeper")
    terminal.sees("(q)uit ?", times=2)
    terminal.press("q")
    assert terminal.ends() == 0


def loudness(label: Label, path: object) -> float:
    """Integrated loudness of a file in LUFS."""
    (row,) = label.data("measure", path)
    return float(row["integrated_lufs"])


def test_a_mix_whose_approval_lapsed_is_heard_beside_the_output_that_was_approved(released: Label) -> None:
    (approved,) = (row["path"] for row in released.data("path", f"{SONG}@mix1"))
    released.does("take", "approve", f"{SONG}/drums/1")
    released.renders()
    player = RecordingPlayer.of(released)
    terminal = Terminal(released, "review", f"{SONG}@mix1")
    terminal.sees("(q)uit ?")
    terminal.press("c")
    terminal.sees(f"{SONG}@mix1 (approved, before it changed)")
    terminal.sees("hear that one")
    terminal.press("1")
    heard, was = player.heard(0), soundfile.read(approved, always_2d=True)[0]
    factor = float(np.max(np.abs(heard)) / np.max(np.abs(was)))
    assert factor <= 1
    assert np.allclose(heard, factor * was, atol=2**-20)
    terminal.process.terminate()
    terminal.ends()


def test_a_master_is_heard_song_by_song_beside_the_approved_one_and_its_mix(released: Label) -> None:
    (before,) = (row["path"] for row in released.data("path", "night-bus@master1") if "streaming" in row["name"])
    (mix,) = (row["path"] for row in released.data("path", f"{SONG}@mix1"))
    released.does("master", "plan", "night-bus", "--target", "streaming", "--lufs", "-20")
    released.renders()
    (own,) = (row["path"] for row in released.data("path", "night-bus@master2"))
    player = RecordingPlayer.of(released)
    for words in (("review", "night-bus@master2"), ("play", "night-bus@master2", "--compare")):
        began = len(player.rows())
        terminal = Terminal(released, *words)
        if words[0] == "review":
            terminal.sees("(q)uit ?")
            terminal.press("c")
        terminal.sees("hear that one (0) from the start (space) stop (q)uit ? ")
        assert "  Tin Roof" in terminal.seen
        names = ("night-bus@master1 (approved)", f"{SONG}@mix1 (its mix)", "night-bus@master2")
        for number, (name, path) in enumerate(zip(names, (before, mix, own), strict=True), start=1):
            assert f"  {number}  {name}: " in terminal.seen
            terminal.press("0")
            terminal.sees("hear that one", times=2 * number)
            terminal.press(str(number))
            heard, whole = player.heard(began + number - 1), soundfile.read(path, always_2d=True)[0]
            assert np.corrcoef(heard[:, 0], whole[: len(heard), 0])[0, 1] > 0.999, name
            terminal.sees("hear that one", times=2 * number + 1)
        terminal.process.terminate()
        terminal.ends()
    levels = [loudness(released, player.notes.with_name(f"played-{pid}.wav")) for _, pid, _ in player.rows()]
    assert levels == pytest.approx([levels[0]] * 6, abs=0.1)


def test_play_compares_takes_and_mixes_as_review_does_and_nothing_else(released: Label) -> None:
    said = released.run("play", f"{SONG}/drums/1", "--compare")
    assert said.code == 0
    assert f"  1  {SONG}/drums/2 (approved): " in said.err
    assert f"  2  {SONG}/drums/1: " in said.err
    assert released.refuses(4, "play", f"{SONG}@mix1", "--compare").rule == "review.compare"
    assert released.refuses(2, "play", f"{SONG}/drums", "--compare").rule == "play.compare"


def test_a_master_that_sounds_as_the_approved_one_is_heard_beside_its_mix_alone_once_a_song(released: Label) -> None:
    said = released.run("play", "night-bus@master1", "--compare")
    assert said.code == 0
    assert "(approved)" not in said.err
    assert said.err.count("  Tin Roof\n") == 1, "its first target alone, of two"
    assert f"  1  {SONG}@mix1 (its mix): " in said.err
    assert "  2  night-bus@master1: " in said.err


def test_a_master_of_one_target_is_heard_beside_the_approved_one_for_this_target(released: Label) -> None:
    (before,) = (row["path"] for row in released.data("path", "night-bus@master1") if "cd" in row["name"])
    released.does("master", "plan", "night-bus", "--target", "cd", "--lufs", "-20")
    released.renders()
    assert_first_heard(released, "night-bus@master2", "night-bus@master1 (approved)", before)


def test_masters_made_outside_are_heard_from_their_own_files(released: Label) -> None:
    folder = released.folder / "shipped"
    released.does("export", "night-bus@master1", folder)
    for file in sorted(folder.rglob("*.wav")):
        signal, rate = soundfile.read(file, always_2d=True)
        soundfile.write(file, signal[::-1], rate, subtype=soundfile.info(file).subtype)
    released.does("master", "submit", "night-bus", folder, "--by", "Ann", "--why", "backwards")
    cd, streaming = (row["path"] for row in released.data("path", "night-bus@master2"))
    assert_last_heard(released, "night-bus@master2", cd, number=3)
    released.does("master", "approve", "night-bus@master2", "--as", "pat")
    assert_first_heard(released, "night-bus@master1", "night-bus@master2 (approved)", streaming)


def assert_first_heard(label: Label, master: str, name: str, path: str) -> None:
    """Check that *master* is compared with *name* first, and that this is the sound of the file at *path*."""
    assert f"  1  {name}: " in assert_heard(label, master, 1, path)


def assert_last_heard(label: Label, master: str, path: str, *, number: int) -> None:
    """Check that *master* itself has the *number*, and that it is the sound of the file at *path*."""
    assert f"  {number}  {master}: " in assert_heard(label, master, number, path)


def assert_heard(label: Label, master: str, number: int, path: str) -> str:
    """Check that key *number* plays the file at *path*, at some level; return what the terminal showed."""
    player = RecordingPlayer.of(label)
    began = len(player.rows())
    terminal = Terminal(label, "play", master, "--compare")
    terminal.sees("hear that one")
    terminal.press(str(number))
    heard, whole = player.heard(began), soundfile.read(path, always_2d=True)[0]
    terminal.sees("hear that one", times=2)
    terminal.press("q")
    assert terminal.ends() == 0
    assert heard.shape == whole.shape
    factor = float(np.max(np.abs(heard)) / np.max(np.abs(whole)))
    assert np.allclose(heard, factor * whole, atol=2**-20)
    return terminal.seen
