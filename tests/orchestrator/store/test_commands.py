"""The drills on hostile stores run every command there is: one without words to call it by would stop them."""

from pathlib import Path

from orchestrator.cli.main import WORDS
from tests.orchestrator.store.commands import commands


def test_every_command_has_words_to_call_it_by(tmp_path: Path) -> None:
    named = dict(commands(tmp_path))
    assert {name.partition(" ")[0] for name in named} == set(WORDS)
    assert len(named) > 80
