"""Every key of every prompt that plays or judges: its effect, and that the sound heard is the one named.

The keys are read from the program's own tables, so that a new key without a check here is found.  A pseudo-terminal
and a pane of tmux are pressed alike.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
import soundfile

from orchestrator.cli.commands.daily.review import PROMPTS
from orchestrator.cli.commands.listen.comparison_player import comparison_keys
from orchestrator.cli.commands.listen.playback import ACTS, AT_END, KEYS_AT_END
from orchestrator.cli.commands.listen.playback import PROMPT as PLAYBACK_PROMPT
from orchestrator.cli.commands.listen.steering import BESIDE_KEYS, KEYS, NOTE_PROMPT, PROMPT, SPAN_KEYS
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.recording_player import RecordingPlayer
from tests.orchestrator.sounds import Signal, note

EVERY_PROMPT = [prompt.strip() for prompt in (*PROMPTS.values(), PROMPT, NOTE_PROMPT, PLAYBACK_PROMPT, AT_END)]
COMPARISON = "hear that one (0)"
TITLES = {"Tin Roof": 220.0, "Ferry": 330.0, "Last Bus": 440.0}
"""Titles of the songs of an album in order, and the pitch in Hz that each has."""
SECONDS = 14.0
TYPED = {"space": " ", "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D"}
"""Characters that are sent by a key whose name is not its character."""
NEW_TAKE, NEW_MIX, NEW_MASTER = f"{SONG}/drums/3", f"{SONG}@mix2", "night-bus@master2"
OTHER_SOUND = -1
"""Instead of the number of a song: a key after which another sound than a song of the master is played."""
KEEPER_HZ, NEW_HZ = 65.0, 1234.0
"""Pitches of the keeper of the drums and of the new take."""


class Screen(Protocol):
    """A terminal on which a command runs."""

    @property
    def seen(self) -> str:
        """All that was shown."""

    def press(self, keys: str) -> None:
        """Send *keys*."""

    def sees(self, words: str, *, times: int = 1) -> None:
        """Wait until *words* were shown *times* times."""

    def ends(self) -> int:
        """Wait for the end of the command; return its exit code."""


@dataclass(slots=True)
class Session:
    """A command on a terminal with a recording player; its prompts and sounds are counted."""

    label: Label
    player: RecordingPlayer
    terminal: Screen
    prompt: str
    columns: int
    prompts: int = 0
    sounds: int = 0

    def asks(self, prompt: str = "") -> None:
        """Wait until the prompt has come once more, or the other *prompt* has come."""
        if prompt:
            self.terminal.sees(prompt)
            return
        self.prompts += 1
        self.terminal.sees(self.prompt, times=self.prompts)

    def plays(self) -> Signal:
        """Wait for one more sound; return it."""
        self.sounds += 1
        return self.player.heard(self.sounds - 1)

    def press(self, key: str) -> None:
        """Press the key called *key*."""
        self.terminal.press(TYPED.get(key, key))

    def ends(self) -> None:
        """Wait for the end, and see that every line and prompt was whole."""
        assert self.terminal.ends() == 0, self.terminal.seen
        check_lines(self.terminal.seen, self.columns)


def check_lines(seen: str, columns: int) -> None:
    """Assert that no line is wider than the terminal, and that nothing stands before or behind a prompt."""
    folders = ("exit code", "/blobs/")  # a player's and the vault's; a path is never broken
    lines = [line.strip() for line in seen.splitlines() if not any(word in line for word in folders)]
    assert [line for line in lines if len(line) > columns] == []
    assert [line for line in lines if any(prompt in line and prompt != line for prompt in EVERY_PROMPT)] == []
    assert [line for line in lines if COMPARISON in line and not (line.startswith("(1-") and line.endswith("?"))] == []
    typed = (
        "note:",
        "from-to:",
        "number:",
        "words:",
        "shell ",
    )  # where a line is typed, keys are echoed as they are everywhere
    assert [line for line in lines if "^[" in line and not any(word in line for word in typed)] == []


class Begin(Protocol):
    """Starts a command on a terminal, with a recording player."""

    def __call__(self, prompt: str, *words: str, then: str = "exec sleep 60") -> Session:
        """Start *words*, whose prompt is *prompt*; the player does *then* after it has kept its file."""


def is_rest_of(heard: Signal, path: str, *, least_s: float = 0.0) -> bool:
    """True if *heard* is the end of the file at *path*, from *least_s* seconds or later on."""
    whole, rate = soundfile.read(path, always_2d=True)
    begins = len(whole) - len(heard)
    return begins >= least_s * rate and bool(np.allclose(heard, whole[begins:], atol=2**-15))


def pitch(heard: Signal, *, rate: int = 48_000, above_hz: float = 0.0) -> float:
    """Strongest frequency of *heard* above *above_hz*, in Hz."""
    levels = np.abs(np.fft.rfft(heard[:, 0]))
    lowest = int(above_hz * len(heard) / rate)
    return float(lowest + np.argmax(levels[lowest:])) * rate / len(heard)


def songs_of(label: Label) -> list[str]:
    files = label.data("path", "night-bus@master1")
    return [file["path"] for file in files if file["name"].startswith("streaming/")]


def press_keys_of_play(begin: Begin) -> None:
    session = begin(PROMPT, "play", "night-bus@master1")
    songs = songs_of(session.label)
    session.asks()
    assert is_rest_of(session.plays(), songs[0])
    steps = [
        ("?", KEYS["left"], None, 0.0), ("right", "from 0:0", 0, 5.0), ("left", "from 0:0", 0, 0.0),
        ("space", "paused at 0:0", None, 0.0), ("space", "from 0:0", 0, 0.0), ("l", "loop on", None, 0.0),
        ("l", "loop off", None, 0.0), ("[", "span from 0:0", None, 0.0), ("right", "from 0:0", 0, 5.0),
        ("]", "; 0 forgets it", None, 0.0), ("0", "no span any more", None, 0.0), ("1", "no form here", None, 0.0),
        ("p", "is no take", None, 0.0), ("o", "is no take", None, 0.0), ("R", "has no reference", None, 0.0),
        ("x", "tin-roof@mix1 (chosen), played", OTHER_SOUND, 0.0), ("B", "has no approved master", None, 0.0),
        ("down", "ferry", 1, 0.0), ("n", "last-bus", 2, 0.0), ("up", "ferry", 1, 0.0),
    ]  # fmt: skip
    for key, told, song, least_s in steps:
        told_before = session.terminal.seen.count(told)
        session.press(key)
        session.terminal.sees(told, times=told_before + 1)
        session.asks()
        if song == OTHER_SOUND:
            session.plays()
        elif song is not None:
            assert is_rest_of(session.plays(), songs[song], least_s=least_s), key
    session.press("q")
    session.ends()
    assert len(session.player.rows()) == session.sounds
    pressed = {"1-9" if key == "1" else key for key, *_ in steps} | {"q"}
    assert pressed == KEYS.keys() | SPAN_KEYS.keys() | BESIDE_KEYS.keys() | {"?"}


def press_keys_of_playback(begin: Begin) -> None:
    session = begin(PLAYBACK_PROMPT, "playback", "night-bus")
    songs = songs_of(session.label)
    session.asks()
    assert is_rest_of(session.plays(), songs[0])
    steps = [
        ("?", ACTS["n"], None), ("right", "plays on", 0), ("left", "plays on", 0), ("space", "paused", None),
        ("space", "plays on", 0), ("l", "loop on", None), ("l", "loop off", None), ("down", "Ferry", 1),
        ("up", "Tin Roof", 0), ("a", "night-bus@master1 approved", None), ("n", "note: ", 0),
    ]  # fmt: skip
    for key, told, song in steps:
        told_before = session.terminal.seen.count(told)
        session.press(key)
        session.terminal.sees(told, times=told_before + 1)
        if key == "n":
            session.press("less hall\n")
            session.terminal.sees("noted on Tin Roof")
        session.asks()
        if song is not None:
            assert is_rest_of(session.plays(), songs[song]), key
    session.press("q")
    session.ends()
    assert {key for key, *_ in steps} | {"q"} == KEYS.keys() | ACTS.keys() | {"?"}
    assert session.label.data("master", "list", "night-bus")[0]["standing"] == "approved"
    assert [row["text"] for row in session.label.data("note", "list", "night-bus")] == ["less hall"]


def press_keys_after_the_last_song(begin: Begin) -> None:
    session = begin(AT_END, "playback", "night-bus", then="exit 0")
    session.asks()
    steps = [("?", KEYS_AT_END["a"]), ("a", "approved"), ("n", "noted on Last Bus"), ("p", "Tin Roof")]
    for key, told in steps:
        told_before = session.terminal.seen.count(told)
        session.press(key)
        if key == "n":
            session.terminal.sees("note: ")
            session.press("ship it\n")
        session.terminal.sees(told, times=told_before + 1)
        session.asks()
    session.press("q")
    session.ends()
    assert len(session.player.waits_for(6)) == 6
    assert {key for key, _ in steps} | {"q"} == KEYS_AT_END.keys() | {"?"}


def press_keys_of_a_comparison(begin: Begin) -> None:
    session = begin("(q)uit ? ", "play", "night-bus@master1", "--compare")
    session.asks()
    steps = [("?", "the next song", 0), ("1", "tin-roof@mix1", 220), ("2", "night-bus@master1", 220), ("space", "", 0),
             ("0", "", 0), ("n", "Ferry", 0), ("1", "ferry@mix1", 330)]  # fmt: skip
    for key, told, hz in steps:
        session.press(key)
        session.terminal.sees(told)
        session.asks()
        if hz:
            assert pitch(session.plays()) == pytest.approx(hz, abs=2), key
    session.press("q")
    session.ends()
    assert {key for key, *_ in steps} | {"q"} == comparison_keys(2, more=True).keys() | {"?"}


def verdict(label: Label, take: str = NEW_TAKE) -> str:
    rows = label.data("take", "list", f"{SONG}/drums")
    return next(str(row["verdict"]) for row in rows if row["take"] == take)


def standing(label: Label, address: str) -> tuple[str, str]:
    rows = label.data(*(("mix", "list", SONG) if "@mix" in address else ("master", "list", "night-bus")))
    return next((row["standing"], row["remark"]) for row in rows if row["address"] == address)


def judged(key: str, word: str) -> Callable[[Session], None]:
    def check(session: Session) -> None:
        session.press(key)
        session.ends()
        assert verdict(session.label) == word

    return check


def skipped(session: Session) -> None:
    session.press("s")
    session.ends()
    assert verdict(session.label) == ""


def went_back(session: Session) -> None:
    session.press("s")
    session.asks("[2/2]")
    session.asks()
    session.press("b")
    session.terminal.sees("[1/2]", times=2)
    session.asks()
    session.press("q")
    session.ends()


def approved_over_a_stretch(session: Session) -> None:
    session.press("t")
    session.asks("from-to: ")
    session.press("0:00-0:01\n")
    session.ends()
    first, *_ = session.label.data("comp", "show", f"{SONG}/drums")
    assert (first["take"], first["from"]) == ("3", "0:00")


def approved_with_its_pass(session: Session) -> None:
    session.press("w")
    session.terminal.sees(f"{NEW_TAKE} approved")
    session.ends()
    assert verdict(session.label) == "approved"


def approved_as_an_alternate(session: Session) -> None:
    session.press("v")
    session.ends()
    assert standing(session.label, NEW_MIX) == ("approved", "alternate")


def undone(session: Session) -> None:
    session.press("k")
    session.asks("[2/2]")
    session.asks()
    session.press("u")
    session.asks("taken back: ")
    session.terminal.sees("[1/2]", times=2)
    session.asks()
    session.press("q")
    session.ends()
    assert verdict(session.label, f"{SONG}/drums/1") == ""


def redone(session: Session) -> None:
    session.press("k")
    session.asks("[2/2]")
    session.asks()
    session.press("u")
    session.asks("taken back: ")
    session.asks()
    session.press("U")
    session.asks("brought back: ")
    session.terminal.sees("[2/2]", times=2)
    session.asks()
    session.press("q")
    session.ends()
    assert verdict(session.label, f"{SONG}/drums/1") == "kept"


def went_to_a_number(session: Session) -> None:
    for typed, said in (("9", "they have the numbers 1 to 2"), ("2", "[2/2]")):
        session.press("g")
        session.asks("number: ")
        session.press(f"{typed}\n")
        session.terminal.sees(said)
        session.asks()
    session.press("q")
    session.ends()


def limited_to_words(session: Session) -> None:
    for typed, said in (("tuba", "nothing fits 'tuba'"), ("DRUMS 3", "[1/1; only DRUMS 3]")):
        session.press("/")
        session.asks("words: ")
        session.press(f"{typed}\n")
        session.terminal.sees(said)
        session.asks()
    session.press("q")
    session.ends()
    assert "1 pending" not in session.terminal.seen, "what does not fit is still pending"


def rated(session: Session) -> None:
    for time, (key, said) in enumerate((("x", "not rated"), ("2", "moved 2")), start=1):
        session.press("m")
        session.terminal.sees("moved, from 0 to 3? ", times=time)
        session.press(key)
        session.asks(said)
        session.asks()
    session.press("q")
    session.ends()
    rows = session.label.data("take", "list", f"{SONG}/drums")
    assert [row["moved"][:4] for row in rows] == ["", "", "2 by"]


def noted(session: Session) -> None:
    session.press("n")
    session.asks("note: ")
    session.press("more snare\n")
    session.asks("noted")
    session.asks()
    session.press("q")
    session.ends()
    (row,) = session.label.data("note", "list", "night-bus")
    assert (row["about"], row["text"]) == (NEW_TAKE, "more snare")


def played(session: Session) -> None:
    session.press("p")
    session.asks(NOTE_PROMPT)
    assert f"{NEW_TAKE} with" in session.terminal.seen
    assert pitch(session.plays(), above_hz=900) == pytest.approx(NEW_HZ, abs=2)
    session.press("q")
    session.asks()
    session.press("q")
    session.ends()


def compared(session: Session, opened_by: str = "c") -> None:
    session.press(opened_by)
    session.asks("hear that one")
    for key, name, hz in (("1", f"{SONG}/drums/2", KEEPER_HZ), ("0", "", 0.0), ("2", NEW_TAKE, NEW_HZ)):
        session.asks()
        session.press(key)
        if name:
            session.terminal.sees(f"  {name}", times=2)
            assert pitch(session.plays()) == pytest.approx(hz, abs=2), name
    session.asks()
    session.press("q")
    session.asks()
    session.press("q")
    session.ends()


def informed(session: Session) -> None:
    session.press("i")
    session.asks(" LUFS, ")
    session.asks()
    session.press("q")
    session.ends()


def found_no_keepers_of_the_day(session: Session) -> None:
    before = session.label.head
    session.press("d")
    session.asks()
    assert session.label.head == before
    session.press("q")
    session.ends()


def forgot_the_span(session: Session) -> None:
    session.press("0")
    session.asks("no span is marked")
    session.asks()
    session.press("q")
    session.ends()


def quit_(session: Session) -> None:
    before = session.label.head
    session.press("q")
    session.ends()
    assert session.label.head == before


REVIEW: Mapping[str, tuple[str, Callable[[Session], None]]] = {
    "a": (NEW_TAKE, judged("a", "approved")), "k": (NEW_TAKE, judged("k", "kept")),
    "h": (NEW_TAKE, judged("h", "held")), "r": (NEW_TAKE, judged("r", "rejected")), "s": (NEW_TAKE, skipped),
    "b": (f"{SONG}/drums", went_back), "t": (NEW_TAKE, approved_over_a_stretch),
    "w": (NEW_TAKE, approved_with_its_pass),
    "v": (NEW_MIX, approved_as_an_alternate), "u": (f"{SONG}/drums", undone), "m": (NEW_TAKE, rated),
    "n": (NEW_TAKE, noted),
    "U": (f"{SONG}/drums", redone), "g": (f"{SONG}/drums", went_to_a_number),
    "/": (f"{SONG}/drums", limited_to_words),
    "p": (NEW_TAKE, played), "c": (NEW_TAKE, compared), "x": (NEW_TAKE, lambda session: compared(session, "x")),
    "d": (NEW_TAKE, found_no_keepers_of_the_day),
    "0": (NEW_TAKE, forgot_the_span), "i": (NEW_TAKE, informed), "q": (NEW_TAKE, quit_),
}  # fmt: skip
"""For each key of review, the address that is reviewed and the check."""


def hear(begin: Begin, address: str, name: str) -> None:
    session = begin("(q)uit ?", "review", address)
    (path,) = (row["path"] for row in session.label.data("path", address) if row["name"].endswith(name))
    session.asks()
    session.press("p")
    session.asks(NOTE_PROMPT if "@mix" in address else PROMPT)
    assert address in session.terminal.seen
    assert is_rest_of(session.plays(), path)
    session.press("q")
    session.asks()
    session.press("i")
    session.asks()
    session.press("q")
    session.ends()


def make_album(folder: Path) -> None:
    """Make a label with a record of three songs, each with an approved mix, and a master without a verdict."""
    label = open_label(folder)
    for title, hz in TITLES.items():
        song = label.does("song", "add", "night-bus", title)
        label.does("part", "add", song, "Organ")
        label.does("take", "ingest", f"{song}/organ", note(folder / f"{hz}.wav", hz, seconds=SECONDS))
        label.does("take", "approve", f"{song}/organ/1")
        label.does("mix", "revise", song, label.mix_recipe("organ"))
    label.renders()
    for title in TITLES:
        label.does("mix", "approve", f"night-bus/{title.lower().replace(' ', '-')}@mix1")
    label.does("master", "plan", "night-bus", "--target", "streaming", "--target", "cd")
    label.renders()


def add_items_to_judge(label: Label) -> None:
    """Add a take, a mix and a master that wait for a verdict to a label whose record is approved."""
    label.does("mix", "revise", SONG, label.mix_recipe("drums", "bass"))
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "3.wav", NEW_HZ, seconds=2.0), "--pass", "7")
    label.does("master", "plan", "night-bus", "--target", "streaming", "--lufs", "-20")
    label.renders()
