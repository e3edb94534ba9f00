"""Drills: every key of ``play``, ``playback`` and ``review`` in a real terminal, in tmux at 80 and at 200 columns.

After each key the screen is read: what the key did is shown, the player was given the sound that is named, every
prompt stands on a line of its own, no row is broken.  At the end of each command the terminal is as it was before.
"""

import random
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from orchestrator.cli.commands.listen.player_keys import KEYS, PROMPT
from tests.orchestrator.key_sessions import (
    NEW_MASTER,
    NEW_MIX,
    REVIEW,
    SECONDS,
    Begin,
    Session,
    add_items_to_judge,
    check_lines,
    hear,
    make_album,
    press_keys_after_the_last_song,
    press_keys_of_a_comparison,
    press_keys_of_play,
    press_keys_of_playback,
)
from tests.orchestrator.label import SONG, Label, open_label, release
from tests.orchestrator.processes import is_alive
from tests.orchestrator.recording_player import RecordingPlayer
from tests.orchestrator.terminal import PATIENCE_S
from tests.orchestrator.tmux_pane import TmuxPane

WIDTHS: Final = (80, 200)
PLAYERS: Final = (
    press_keys_of_play, press_keys_of_playback, press_keys_after_the_last_song, press_keys_of_a_comparison,
)  # fmt: skip
BURSTS: Final = (
    ("play", "night-bus@master1"), ("playback", "night-bus"), ("play", "night-bus@master1", "--compare"),
    ("review",), ("play", f"{SONG}/organ/1", "--loop", "0:01-0:03"),
)  # fmt: skip
"""Commands into which random keys are typed fast."""
BURST_KEYS: Final = [
    "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1bOA", "\x1b[5~", "\x1b[1;5C", "\x1b[15~", "\x1bOP", "\x1b", "é", "\t",
    *" ?0123abcghiklmnprstuvwzU/",
]  # fmt: skip
"""Keys of a burst: those with a meaning but ``q``, and some without; no Enter, by which a shell would run them."""
LONGEST_BURST: Final = 40
QUIET_S: Final = 2.0
"""Seconds after which a key is pressed again, if nothing was shown."""
BEHIND_PROMPT: Final = re.compile(r"shell (\d+)>[^\n.]*\Z")
"""The prompt of the shell and what was typed behind it, but not the start of the command."""
QUESTION: Final = re.compile("(note|from-to|number|words):")
"""Prompts at which a line is typed."""


@contextmanager
def in_tmux(made: Path, columns: int) -> Iterator[tuple[Begin, TmuxPane]]:
    """Context with a copy of the label in *made* and the function that starts a command of it in a pane."""
    with TemporaryDirectory(prefix="takesheet-keys-") as folder:
        label = Label(Path(folder) / "label")
        shutil.copytree(made, label.folder)
        with TmuxPane(label.folder, columns) as pane:

            def begin(prompt: str, *words: str, then: str = "exec sleep 60") -> Session:
                player = RecordingPlayer.of(label, then)
                pane.start(*words)
                return Session(label, player, pane, prompt, columns)

            yield begin, pane


def press_every_key(album: Path, to_judge: Path, columns: int, share: slice) -> None:
    """Press every key of the players, and a *share* of those of review, in panes of *columns*."""
    for press in PLAYERS:
        with in_tmux(album, columns) as (begin, _):
            press(begin)
    for address, check in list(REVIEW.values())[share]:
        with in_tmux(to_judge, columns) as (begin, _):
            session = begin("(q)uit ?", "review", address)
            session.asks()
            check(session)
    for address, name in ((NEW_MIX, "_main"), (NEW_MASTER, "streaming/01_tin-roof"))[share]:
        with in_tmux(to_judge, columns) as (begin, _):
            hear(begin, address, name)


def interrupt_and_suspend(album: Path, columns: int) -> None:
    """Ctrl-C stops the sound, a second one ends; Ctrl-Z gives the shell the terminal, and fg goes on; resize between.

    At the end the line that tells of the interruption stands on a line of its own.
    """
    with in_tmux(album, columns) as (begin, pane):
        session = begin(PROMPT, "play", "night-bus@master1")
        session.asks()
        session.plays()
        pane.resize(min(WIDTHS))
        session.columns = min(WIDTHS)
        pane.press("\x1a")
        pane.waits_for_shell()
        pane.check_modes()
        pane.press("fg\n")
        session.asks()
        pane.press("?")
        pane.sees(KEYS["left"])
        session.asks()
        pane.press("\x03")
        pane.sees("\n  stopped at 0:")
        session.asks()
        assert not is_alive(session.player.rows()[0][1])
        pane.press("\x03")
        pane.sees("\ninterrupted\n")
        assert pane.ends() == 130
        check_lines(pane.seen, session.columns)


def type_fast(album: Path, columns: int, drawn: random.Random, share: slice) -> None:
    """Type random bursts of keys into a *share* of the commands; whatever they do, screen and terminal stay whole."""
    for words in BURSTS[share]:
        keys = "".join(drawn.choices(BURST_KEYS, k=drawn.randint(2, LONGEST_BURST)))
        with in_tmux(album, columns) as (begin, pane):
            session = begin("? ", *words, then=f"exec sleep {SECONDS if drawn.random() < 0.5 else 0.2}")
            pane.sees(" ?")
            for burst in (keys, keys[::-1].replace("\x1b", "").replace("[", "")):
                pane.press(burst)
                time.sleep(drawn.choice((0.0, 0.3)))
            end(pane, f"{words}: {keys!r}")
            try:
                check_lines(pane.seen, session.columns)
            except AssertionError as wrong:
                raise AssertionError(f"{words}: {keys!r}: {wrong}: {pane.seen}") from wrong


def end(pane: TmuxPane, tried: str) -> None:
    """End the command in *pane*, whatever it asks; assert that it ends well, and leaves the terminal as it was."""
    until = time.monotonic() + PATIENCE_S
    while (ended := BEHIND_PROMPT.search(seen := pane.seen.rstrip())) is None:
        assert time.monotonic() < until, f"{tried}: {seen}"
        if seen.endswith(("?", "(y/n)")):
            pane.press("q")  # which is no yes
        elif QUESTION.match(seen.rsplit("\n", 1)[1]):
            pane.press("\n")
        waited = time.monotonic() + QUIET_S
        while pane.seen.rstrip() == seen and time.monotonic() < waited:
            time.sleep(0.05)
    assert ended[1] == "0", f"{tried}: {seen}"
    pane.press("\x03")  # a key that came too late for the command is left for the shell
    pane.waits_for_shell()
    pane.check_modes()


def drill(rounds: int) -> None:
    """Press every key at both widths, and type bursts; one round presses each key of review at one of them.

    Raises:
        FileNotFoundError: tmux is not installed.
        AssertionError: a key, a sound, a line or the terminal is not as it should be.
    """
    if shutil.which("tmux") is None:
        raise FileNotFoundError("tmux is not installed; this drill has no terminal without it")
    with TemporaryDirectory(prefix="takesheet-keys-") as folder:
        album, to_judge = Path(folder) / "album", Path(folder) / "to-judge"
        album.mkdir()
        to_judge.mkdir()
        make_album(album)
        judged = open_label(to_judge, "Drums", "Bass", "Guitar", "Lead Vocal")
        release(judged)
        add_items_to_judge(judged)
        for number in range(rounds):
            for half, columns in enumerate(WIDTHS):
                share = slice(None) if rounds > 1 else slice(half, None, len(WIDTHS))
                press_every_key(album, to_judge, columns, share)
                interrupt_and_suspend(album, columns)
                type_fast(album, columns, random.Random(1000 * number + columns), share)  # noqa: S311 - keys, no secrets


DRILLS = [("terminal keys", drill, 2, 1)]
