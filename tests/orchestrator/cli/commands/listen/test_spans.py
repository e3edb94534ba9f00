"""Spans, sections and loops while a sound plays: keys in song time, in ``play`` and ``review``."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from domain.song.arrangement import Arrangement
from domain.song.form import Section
from orchestrator.cli.commands.listen.span_marks import Mark, SpanMarks
from orchestrator.cli.commands.listen.steering import NOTE_PROMPT, PROMPT
from orchestrator.desk.listening.song_place import SongPlace
from tests.orchestrator.key_sessions import check_lines
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.recording_player import RecordingPlayer
from tests.orchestrator.sounds import note
from tests.orchestrator.terminal import Terminal

TAKE = f"{SONG}/drums/2"
RATE = 48_000


@pytest.fixture(scope="module")
def formed(opened: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A song with a form of four sections, and two takes of 40 s, of which the first is approved."""
    folder = tmp_path_factory.mktemp("formed") / "store"
    shutil.copytree(opened, folder)
    label = Label(folder)
    files = [note(folder / f"{n}.wav", 100.0 * n, seconds=40.0) for n in (1, 2)]
    label.does("take", "ingest", f"{SONG}/drums", *files)
    label.data("song", "form", SONG, "intro=0:00", "verse=0:10", "chorus=0:22", "tag=0:39", "end=0:40")
    label.does("take", "approve", f"{SONG}/drums/1")
    return folder


@pytest.fixture
def song(formed: Path, tmp_path: Path) -> Label:
    shutil.copytree(formed, tmp_path / "song")
    return Label(tmp_path / "song")


class Keys:
    """Presses keys one by one, and waits for what each says and for the prompt behind it."""

    def __init__(self, terminal: Terminal, prompt: str) -> None:
        self.terminal, self._prompt, self._prompts = terminal, prompt, 1
        terminal.sees(prompt)

    def press(self, key: str, says: str) -> None:
        before = self.terminal.seen.count(says)
        self.terminal.press(key)
        self.terminal.sees(says, times=before + 1)
        self._prompts += 1
        self.terminal.sees(self._prompt, times=self._prompts)


def in_review(label: Label, columns: int = 80) -> tuple[Terminal, Keys, RecordingPlayer]:
    """Play the take that waits in review."""
    player = RecordingPlayer.of(label)
    terminal = Terminal(label, "review", columns=columns)
    terminal.sees("(q)uit ?")
    terminal.press("p")
    return terminal, Keys(terminal, NOTE_PROMPT), player


def mark_verse(keys: Keys) -> None:
    keys.press("2", "verse from 0:10")
    keys.press("[", "span from 0:10")
    keys.press("3", "chorus from 0:22")
    keys.press("]", "; 0 forgets it")


def seconds(time: str) -> float:
    minutes, _, rest = time.partition(":")
    return 60 * int(minutes) + float(rest)


def painted(label: Label) -> list[tuple[float, float, str]]:
    rows = label.data("comp", "show", f"{SONG}/drums")
    return [(seconds(row["from"]), seconds(row["to"]), row["take"]) for row in rows]


@pytest.mark.parametrize("columns", [80, 200])
def test_a_verdict_after_two_marks_is_of_that_span_alone(song: Label, columns: int) -> None:
    terminal, keys, _ = in_review(song, columns)
    mark_verse(keys)
    terminal.press("a")
    terminal.sees("approved over 0:1")
    assert terminal.ends() == 0
    first, second, third = painted(song)
    assert [row[2] for row in (first, second, third)] == ["1", "2", "1"]
    assert 10 <= second[0] < 12
    assert 22 <= second[1] < 24
    assert "\x1b" not in terminal.seen
    check_lines(terminal.seen, columns)


def test_a_note_after_two_marks_carries_the_span_and_without_any_the_time(song: Label) -> None:
    terminal, keys, _ = in_review(song)
    mark_verse(keys)
    terminal.press("n")
    terminal.sees("note: ")
    terminal.press("lazier\n")
    terminal.sees("noted")
    keys.press("0", "no span any more")
    terminal.press("n")
    terminal.sees("note: ", times=2)
    terminal.press("that fill\n")
    terminal.sees("noted", times=2)
    terminal.press("q")
    terminal.sees("(q)uit ?", times=2)
    terminal.press("q")
    assert terminal.ends() == 0
    spanned, timed = song.data("note", "list", SONG)
    assert spanned["text"].startswith("to 0:2")
    assert spanned["text"].endswith(": lazier")
    assert 10 <= seconds(spanned["at"]) < 12
    assert (timed["text"], 22 <= seconds(timed["at"]) < 26) == ("that fill", True)


def test_a_span_without_an_end_approves_nothing_until_it_is_forgotten(song: Label) -> None:
    terminal, keys, _ = in_review(song)
    keys.press("]", "no span has begun")
    keys.press("2", "verse from 0:10")
    keys.press("[", "span from 0:10")
    keys.press("1", "intro from 0:00")
    keys.press("]", "] comes after it")
    before = song.head
    terminal.press("a")
    terminal.sees("has no end")
    terminal.sees("(q)uit ?", times=2)
    assert song.head == before
    terminal.press("0")
    terminal.sees("no span any more")
    terminal.sees("(q)uit ?", times=3)
    terminal.press("a")
    assert terminal.ends() == 0
    assert painted(song) == [(0, 40, "2")]


def test_a_span_of_one_item_is_not_one_of_the_next(song: Label) -> None:
    song.does("take", "ingest", f"{SONG}/drums", note(song.folder / "3.wav", 300.0, seconds=40.0))
    terminal, keys, _ = in_review(song)
    mark_verse(keys)
    terminal.press("s")
    terminal.sees("[2/2]")
    terminal.sees("(q)uit ?", times=2)
    terminal.press("a")
    assert terminal.ends() == 0
    assert painted(song) == [(0, 40, "3")]


def test_l_loops_the_section_and_then_the_span_exactly(song: Label) -> None:
    player = RecordingPlayer.of(song)
    terminal = Terminal(song, "play", TAKE)
    keys = Keys(terminal, PROMPT)
    lengths = [len(player.heard(0)) / RATE]
    for key, says in (("2", "verse from 0:10"), ("l", "loop on: verse"), ("\x1b[D", "from 0:10"),
                      ("3", "chorus from 0:22"), ("l", "loop off")):  # fmt: skip
        keys.press(key, says)
        lengths.append(len(player.heard(len(lengths))) / RATE)
    assert lengths == pytest.approx([40, 30, 12, 12, 18, 18], abs=2)
    assert lengths[3] == 12, "an arrow does not leave the loop"
    keys.press("2", "verse from 0:10")
    player.heard(6)
    keys.press("[", "span from 0:1")
    keys.press("\x1b[C", "from 0:1")
    player.heard(7)
    keys.press("]", "; 0 forgets it")
    keys.press("l", "loop on: 0:1")
    assert 4.9 * RATE < len(player.heard(8)) < 7 * RATE
    terminal.press("q")
    assert terminal.ends() == 0


def test_a_section_that_is_not_there_and_a_song_without_a_form_are_told(song: Label, label: Label) -> None:
    RecordingPlayer.of(song)
    terminal = Terminal(song, "play", TAKE, columns=200)
    keys = Keys(terminal, PROMPT)
    keys.press("5", "there are 4 sections here")
    terminal.press("q")
    assert terminal.ends() == 0
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "1.wav", 100, seconds=2.0))
    RecordingPlayer.of(label)
    terminal = Terminal(label, "play", f"{SONG}/drums/1")
    keys = Keys(terminal, PROMPT)
    keys.press("1", f"there is no form here: takesheet song form {SONG}")
    terminal.press("q")
    assert terminal.ends() == 0


def test_times_of_a_take_in_an_edited_song_are_told_as_they_are_typed() -> None:
    sections = tuple(Section(name=n, start=a * RATE, end=b * RATE) for n, a, b in (("a", 0, 10), ("b", 10, 30)))
    arrangement = Arrangement(sections=sections, edited=("b", "a"))
    heard = SongPlace(TAKE, SONG, 5.0, RATE, arrangement, arranged=True, typed_recorded=True)
    assert [heard.words(at) for at in (0.0, 14.0, 15.0, 24.9, 30.0)] == ["0:15", "0:29", "0:00", "0:09.9", "0:10"]
    assert [one.name for one in heard.sections(12.0)] == ["b"]
    assert [(one.name, one.start_s) for one in heard.sections(20.0)] == [("b", -5.0), ("a", 15.0)]
    mix = SongPlace(f"{SONG}@mix1", SONG, 5.0, RATE, arrangement)
    assert mix.words(14.0) == "0:19"


def test_a_second_begin_moves_it_and_forgets_an_end_before_it() -> None:
    marks = SpanMarks()
    assert marks.begin(Mark(3, "0:03")) == "span from 0:03; ] ends it"
    assert marks.finish(Mark(9, "0:09")) == "span 0:03-0:09; 0 forgets it"
    assert marks.begin(Mark(5, "0:05")) == "span 0:05-0:09"
    assert marks.begin(Mark(9, "0:09")) == "span from 0:09; ] ends it"
    assert marks.words == ""
    assert marks.noted("late") == ("late", "0:09")


def test_the_looped_stretch_is_played_again_from_its_beginning(song: Label) -> None:
    player = RecordingPlayer.of(song, "exec sleep 0.8")
    terminal = Terminal(song, "play", f"{SONG}/drums/1")
    keys = Keys(terminal, PROMPT)
    keys.press("4", "tag from 0:39")
    keys.press("l", "loop on: tag")
    again, once_more = (player.heard(len(player.rows()) + more) for more in (1, 1))
    assert len(again) == len(once_more) == RATE
    assert np.array_equal(again, once_more)
    terminal.press("q")
    assert terminal.ends() == 0
