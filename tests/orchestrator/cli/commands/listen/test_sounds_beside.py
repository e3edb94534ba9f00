"""Keys that change what is heard while it plays: in the song, alone, beside the keeper, the chosen mix, a reference."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from orchestrator.cli.commands.listen.steering import BESIDE_KEYS, NOTE_PROMPT, PROMPT
from tests.orchestrator.cli.commands.listen.test_spans import Keys
from tests.orchestrator.key_sessions import pitch
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.recording_player import RecordingPlayer
from tests.orchestrator.sounds import note, written
from tests.orchestrator.terminal import Terminal

RATE = 48_000
SECONDS = 20.0


def tone(path: Path, hz: float, level: float) -> Path:
    """A steady tone of SECONDS."""
    time = np.arange(round(SECONDS * RATE)) / RATE
    return written(path, level * np.sin(2 * np.pi * hz * time), channels=1)


@pytest.fixture(scope="module")
def judged(opened: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drums with a loud keeper and a soft new take, a bass, an approved mix and a second one, and a loud reference."""
    folder = tmp_path_factory.mktemp("judged") / "store"
    shutil.copytree(opened, folder)
    label = Label(folder)
    drums = [tone(folder / f"{n}.wav", hz, level) for n, hz, level in ((1, 200.0, 0.4), (2, 1000.0, 0.1))]
    label.does("take", "ingest", f"{SONG}/drums", *drums)
    label.does("take", "ingest", f"{SONG}/bass", tone(folder / "b.wav", 80.0, 0.05))
    label.does("take", "approve", f"{SONG}/drums/1", f"{SONG}/bass/1")
    label.does("mix", "revise", SONG, label.mix_recipe("drums", "bass"))
    label.renders()
    label.does("mix", "approve", f"{SONG}@mix1")
    label.does("mix", "revise", SONG, label.mix_recipe("bass"))
    label.renders()
    label.does("song", "describe", SONG, "--reference", tone(folder / "hit.wav", 3000.0, 0.5))
    return folder


@pytest.fixture
def song(judged: Path, tmp_path: Path) -> Label:
    shutil.copytree(judged, tmp_path / "song")
    return Label(tmp_path / "song")


class Heard:
    """A command whose sounds are read one by one."""

    def __init__(self, label: Label, *words: str, columns: int = 80) -> None:
        self.player = RecordingPlayer.of(label)
        self.terminal = Terminal(label, *words, columns=columns)
        self.keys, self.sounds = Keys(self.terminal, PROMPT), 0
        self.last = self.player.heard(0)

    def press(self, key: str, says: str) -> float:
        """Press *key*; return the strongest pitch of what is heard then, in Hz."""
        self.keys.press(key, says)
        self.sounds += 1
        self.last = self.player.heard(self.sounds)
        return pitch(self.last)

    def amount(self, hz: float) -> float:
        """Amplitude of the *hz* in what is heard."""
        window = self.last[:, 0] * np.hanning(len(self.last))
        return float(np.abs(np.fft.rfft(window))[round(hz * len(window) / RATE)])

    def ends(self) -> None:
        self.terminal.press("q")
        assert self.terminal.ends() == 0
        assert "\x1b" not in self.terminal.seen


def loudness(label: Label, heard: Heard) -> float:
    """Integrated loudness of what is heard, by the program's own meter."""
    pid = heard.player.rows()[heard.sounds][1]
    (row,) = label.data("measure", heard.player.notes.with_name(f"played-{pid}.wav"))
    return float(row["integrated_lufs"])


def test_x_is_the_keeper_at_one_loudness_and_time_and_x_again_goes_back(song: Label) -> None:
    heard = Heard(song, "play", f"{SONG}/drums/2", "--solo")
    full = len(heard.last)
    assert heard.press("\x1b[C", "from 0:0") == pytest.approx(1000, abs=2)
    assert heard.press("x", "drums/1 (approved), played -1") == pytest.approx(200, abs=2)
    keeper, shorter = loudness(song, heard), full - len(heard.last)
    assert 5 * RATE <= shorter < 12 * RATE, "from where it was"
    assert heard.press("x", "drums/2, played +0.0 dB") == pytest.approx(1000, abs=2)
    assert loudness(song, heard) == pytest.approx(keeper, abs=0.2)
    assert full - len(heard.last) >= shorter
    said = re.search(r"played (-\d+\.\d) dB", heard.terminal.seen)
    assert said
    assert float(said[1]) < -10, "0.4 beside 0.1"
    heard.ends()


def test_o_is_the_take_alone_and_p_the_take_in_its_song(song: Label) -> None:
    heard = Heard(song, "play", f"{SONG}/drums/2")
    assert heard.amount(80) > 100 * heard.amount(90), "the bass of the mix"
    for key, says, hz, in_song in (
        ("o", "drums/2 alone", 1000, False), ("x", "drums/1 (approved)", 200, False),
        ("p", "drums/2 with", 1000, True), ("x", "drums/1 (approved)", 200, True),
    ):  # fmt: skip
        assert heard.press(key, says) == pytest.approx(hz, abs=2), says
        assert (heard.amount(80) > 100 * heard.amount(90)) == in_song, says
    heard.ends()


def test_r_is_the_reference_then_back_and_b_what_was_approved_last(song: Label) -> None:
    heard = Heard(song, "play", f"{SONG}@mix2")
    assert pitch(heard.last) == pytest.approx(80, abs=2)
    assert heard.press("R", "reference hit.wav, played -") == pytest.approx(3000, abs=2)
    reference = loudness(song, heard)
    assert heard.press("R", "mix2, played +0.0 dB") == pytest.approx(80, abs=2)
    assert loudness(song, heard) == pytest.approx(reference, abs=0.2)
    assert heard.press("B", "@mix1 (approved), played -") == pytest.approx(200, abs=2)
    assert loudness(song, heard) == pytest.approx(reference, abs=0.2)
    assert heard.press("x", "@mix1 (chosen), played -") == pytest.approx(200, abs=2)
    assert heard.press("R", "reference hit.wav, played -") == pytest.approx(3000, abs=2)
    heard.ends()


def test_a_second_reference_follows_the_first(song: Label) -> None:
    song.does("song", "describe", SONG, "--reference", tone(song.folder / "two.wav", 5000.0, 0.2))
    heard = Heard(song, "play", f"{SONG}@mix2")
    assert heard.press("R", "(1 of 2)") == pytest.approx(3000, abs=2)
    assert heard.press("R", "(2 of 2)") == pytest.approx(5000, abs=2)
    assert heard.press("R", "mix2, played") == pytest.approx(80, abs=2)
    heard.ends()


def test_a_reference_shorter_than_the_position_is_heard_from_its_beginning(song: Label) -> None:
    song.does("song", "describe", SONG, "--without", "hit.wav")
    song.does("song", "describe", SONG, "--reference", note(song.folder / "short.wav", 3000.0, seconds=2.0))
    heard = Heard(song, "play", f"{SONG}@mix2")
    heard.press("\x1b[C", "from 0:0")
    heard.press("R", "from its beginning")
    assert len(heard.last) == pytest.approx(2 * RATE, abs=2)
    heard.ends()


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("x", "has not another keeper: takesheet take list"),
        ("B", "has not another approved take: takesheet take list"),
        ("R", "has no reference recording: takesheet song describe"),
    ],
)
def test_what_is_missing_is_one_line_with_the_way_to_get_it(label: Label, key: str, says: str) -> None:
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "1.wav", 100, seconds=2.0))
    RecordingPlayer.of(label)
    terminal = Terminal(label, "play", f"{SONG}/drums/1", columns=200)
    keys = Keys(terminal, PROMPT)
    keys.press(key, says)
    terminal.press("q")
    assert terminal.ends() == 0


def test_what_is_heard_beside_leaves_nothing_in_the_log_nor_among_the_temporary_files(
    song: Label, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setenv("TMPDIR", str(room))
    head = song.head
    heard = Heard(song, "play", f"{SONG}/drums/2")
    for key, says in (("x", "(approved)"), ("R", "reference"), ("o", "alone")):
        heard.press(key, says)
    heard.ends()
    assert song.head == head
    assert list(room.iterdir()) == []


def test_in_a_blind_review_no_sound_beside_is_named(song: Label) -> None:
    player = RecordingPlayer.of(song)
    terminal = Terminal(song, "review", f"{SONG}/drums/2", "--blind", columns=200)
    terminal.sees("(q)uit ?")
    terminal.press("p")
    keys = Keys(terminal, NOTE_PROMPT)
    player.heard(0)
    for number, (key, says) in enumerate(
        (("x", "another one, played -"), ("x", "this one, played"), ("o", "alone")), 1
    ):
        keys.press(key, says)
        player.heard(number)
    keys.press("B", "another one, played")
    song.does("song", "describe", SONG, "--without", "hit.wav")
    keys.press("R", "there is nothing to hear beside it")
    terminal.press("q")
    terminal.sees("(q)uit ?", times=2)
    assert [line for line in terminal.seen.splitlines() if "drums/1" in line or "drums/2" in line] == []
    terminal.press("q")
    assert terminal.ends() == 0


def test_help_lists_each_of_these_keys_at_both_widths(song: Label) -> None:
    RecordingPlayer.of(song)
    for columns in (80, 200):
        terminal = Terminal(song, "play", f"{SONG}@mix2", columns=columns)
        keys = Keys(terminal, PROMPT)
        keys.press("?", "1-9    jump to this section")
        assert all(f"  {key:5}  {meaning}" in terminal.seen for key, meaning in BESIDE_KEYS.items())
        assert max(map(len, terminal.seen.splitlines())) <= columns
        terminal.press("q")
        assert terminal.ends() == 0
