"""A use case that a rule suggests becomes the command that a person would type."""

import shlex

import pytest

from domain.core.refusal import FreeText, Suggestion, suggest
from orchestrator.cli.shell.suggestions import command_line

COMMANDS = (
    (suggest("record list"), "takesheet record list"),
    (
        suggest("song attach", "night-bus/tin-roof", at="L3=0:12"),
        "takesheet song attach night-bus/tin-roof --at L3=0:12",
    ),
    (
        suggest("edit part", "night-bus/tin-roof/bass/1", reset=True),
        "takesheet edit part night-bus/tin-roof/bass/1 --reset",
    ),
    (suggest("edit part", "a/b/c/1", fade_in="20ms", mute=False), "takesheet edit part a/b/c/1 --fade-in 20ms"),
    (suggest("comp band", "a/b", "@pass3:SECTION", "…"), "takesheet comp band a/b @pass3:SECTION …"),
    (suggest("song list", "夜行バス"), "takesheet song list 夜行バス"),
)


@pytest.mark.parametrize(("suggestion", "command"), COMMANDS)
def test_a_suggestion_is_shown_as_its_command(suggestion: Suggestion, command: str) -> None:
    assert command_line(suggestion) == command


def test_a_name_that_somebody_typed_stays_one_word_of_the_command() -> None:
    name = "Sam O'Brien; rm *"
    words = shlex.split(command_line(suggest("user add", FreeText(name), role="producer")))
    assert words == ["takesheet", "user", "add", name, "--role", "producer"]


def test_advice_that_is_no_use_case_is_shown_as_it_is() -> None:
    assert command_line("shorten it") == "shorten it"
