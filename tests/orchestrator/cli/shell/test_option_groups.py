"""An option that several commands share is declared once, and each of them parses and shows it like its own."""

from dataclasses import dataclass
from typing import Annotated

import typer
from typer.testing import CliRunner

from orchestrator.cli.shell.frame import Call, command, noun
from orchestrator.cli.shell.option_groups import OptionGroup


@dataclass(frozen=True, slots=True)
class MicrophoneOptions(OptionGroup):
    """Options of two commands."""

    count: Annotated[int, typer.Option("--count", help="How many.")] = 1
    name: Annotated[str | None, typer.Option(help="Which one.")] = None


def run(*words: str) -> tuple[str, int]:
    microphones = noun("Microphones.")

    @command(microphones)
    def hang(call: Call, where: str, chosen: MicrophoneOptions, why: Annotated[str, typer.Option()] = "") -> None:
        call.done(None, f"{where} {chosen} {why}".strip())

    @command(microphones)
    def strike(call: Call, chosen: MicrophoneOptions) -> None:
        call.done(None, str(chosen))

    done = CliRunner().invoke(microphones, words)
    return done.output, done.exit_code


def test_a_group_is_made_from_the_options_that_were_typed_and_the_defaults_of_the_others() -> None:
    assert run("hang", "ceiling", "--count", "3", "--why", "air") == (
        f"ceiling {MicrophoneOptions(3)} air\n", 0,
    )  # fmt: skip
    assert run("strike", "--name", "u47") == (f"{MicrophoneOptions(name='u47')}\n", 0)


def test_its_options_stand_in_help_where_the_group_stands_among_the_others() -> None:
    text, _ = run("hang", "--help")
    places = [text.index(word) for word in ("--count", "How many.", "--name", "Which one.", "--why")]
    assert places == sorted(places)
    assert "chosen" not in text.lower()
