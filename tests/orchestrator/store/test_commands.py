"""The drills on hostile stores run every command: each has arguments to call it."""

from pathlib import Path

from orchestrator.cli.main import WORDS
from tests.orchestrator.store.commands import commands


def test_every_command_has_words_to_call_it_by(tmp_path: Path) -> None:
    named = dict(commands(tmp_path))
    assert {name.partition(" ")[0] for name in named} == set(WORDS)
    assert len(named) > 80
