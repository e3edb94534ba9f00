"""Every key of every prompt that plays or judges, on a pseudo-terminal of 80 and of 200 columns."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.cli.commands.daily.review import KEYS as REVIEW_KEYS
from tests.orchestrator.key_sessions import (
    EVERY_PROMPT,
    NEW_MASTER,
    NEW_MIX,
    REVIEW,
    Begin,
    Session,
    add_items_to_judge,
    hear,
    press_keys_after_the_last_song,
    press_keys_of_a_comparison,
    press_keys_of_play,
    press_keys_of_playback,
)
from tests.orchestrator.label import Label
from tests.orchestrator.recording_player import RecordingPlayer
from tests.orchestrator.terminal import Terminal

WIDTHS = (80, 200)


def on_terminal(label: Label, columns: int) -> Begin:
    """Return the function that starts a command of *label* on a terminal of *columns*."""

    def begin(prompt: str, *words: str, then: str = "exec sleep 60") -> Session:
        player = RecordingPlayer.of(label, then)
        return Session(label, player, Terminal(label, *words, columns=columns), prompt, columns)

    return begin


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize(
    "press", [press_keys_of_play, press_keys_of_playback, press_keys_after_the_last_song, press_keys_of_a_comparison]
)
def test_every_key_of_a_player(album: Label, press: Callable[[Begin], None], columns: int) -> None:
    press(on_terminal(album, columns))


@pytest.fixture(scope="module")
def to_judge(shipped: Label, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a take, a mix and a master that wait for a verdict, beside approved ones."""
    folder = tmp_path_factory.mktemp("to-judge") / "store"
    shutil.copytree(shipped.folder, folder)
    add_items_to_judge(Label(folder))
    return folder


@pytest.fixture
def judging(to_judge: Path, tmp_path: Path) -> Label:
    shutil.copytree(to_judge, tmp_path / "judging")
    return Label(tmp_path / "judging")


def test_every_key_of_review_has_a_check() -> None:
    assert REVIEW.keys() == REVIEW_KEYS.keys()
    assert all(len(f"{prompt} ") <= min(WIDTHS) for prompt in EVERY_PROMPT)


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("key", REVIEW)
def test_a_key_of_review_does_what_is_said_of_it(judging: Label, key: str, columns: int) -> None:
    address, check = REVIEW[key]
    session = on_terminal(judging, columns)("(q)uit ?", "review", address)
    session.asks()
    check(session)


@pytest.mark.parametrize(("address", "name"), [(NEW_MIX, "_main"), (NEW_MASTER, "streaming/01_tin-roof")])
def test_a_mix_and_a_master_are_heard_as_they_are_named(judging: Label, address: str, name: str) -> None:
    hear(on_terminal(judging, 80), address, name)
