"""A record of three songs with a master that waits for its verdict."""

import shutil
from pathlib import Path

import pytest

from tests.orchestrator.label import Label, open_label
from tests.orchestrator.sounds import note

TITLES = {"Tin Roof": 220.0, "Ferry": 330.0, "Last Bus": 440.0}
"""Titles of the songs in order, and the pitch in Hz that each has."""
SECONDS = 14.0


@pytest.fixture(scope="session")
def mastered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store to be copied: three songs, each with an approved mix, and a rendered master without a verdict."""
    folder = tmp_path_factory.mktemp("mastered")
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
    return folder


@pytest.fixture
def album(mastered: Path, tmp_path: Path) -> Label:
    """A copy of a label with a record of three songs, whose master waits for its verdict."""
    shutil.copytree(mastered, tmp_path / "album")
    return Label(tmp_path / "album")
