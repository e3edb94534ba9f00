"""A recipe or a setting that would take forever to parse is refused in a sentence within a moment."""

import time

import pytest

from tests.orchestrator.label import SONG, Label

TEXTS = {
    "dots": ".".join(["a"] * 60_000) + " = 1",
    "depth": "a = " + "[" * 60_000,
    "digits": "threads = " + "1" * 60_000,
    "exponent": "threads = 1e999999999",
    "tables": "[[a]]\n" * 10_000,
}
PATIENCE_S = 30.0
"""Seconds; generous for a busy machine and the start of a process: without limits parsing takes minutes or hours."""


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("words", [("mix", "revise", SONG), ("master", "plan", "night-bus", "--recipe")])
def test_a_recipe_without_end_is_refused_at_once(label: Label, words: tuple[str, ...], text: str) -> None:
    (label.folder / "recipe.toml").write_text(text)
    began = time.monotonic()
    said = label.refuses(2, *words, "recipe.toml")
    assert said.rule.startswith("recipe.")
    assert time.monotonic() - began < PATIENCE_S


@pytest.mark.parametrize("text", [*TEXTS.values(), "#" * 70_000, "#" * 300_000], ids=[*TEXTS, "size", "bytes"])
def test_settings_without_end_are_refused_at_once(label: Label, text: str) -> None:
    with (label.folder / ".takesheet" / "config.toml").open("a") as config:
        config.write(f"\n{text}\n")
    began = time.monotonic()
    said = label.run("board")
    assert (said.code, said.rule) in {(2, "store.config"), (3, "file.size")}
    assert len(said.err.splitlines()) <= 2
    assert time.monotonic() - began < PATIENCE_S
