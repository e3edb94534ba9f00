"""Help of nouns and commands: placeholders as users type them, and whole sentences."""

import re
from typing import Final

from typer import _click
from typer.core import TyperCommand, TyperGroup, TyperOption

from orchestrator.cli.shell.limits import LARGEST

TYPED: Final = {"str": "TEXT", "int": "N", "int range": "N", "path": "FILE", "Path": "FILE"}
"""Placeholder by type, for options without a metavar of their own."""
_TYPE: Final = re.compile(r" <(?:list\[)?([^\]>]+)\]?>")
_RANGE: Final = re.compile(r"\[(?:x>=(\d+)|(\d+)<=x<=(\d+))\]")
_UNBOUNDED: Final = re.compile(rf"(\d+)<=x<={LARGEST}")
"""A range whose upper bound is that of the database, which help leaves out."""


EXAMPLES: Final = {
    "ADDRESS": "night-bus/tin-roof/drums", "ADDRESS|FILE": "night-bus/tin-roof/drums/1", "AMOUNT": "600",
    "DATE": "2026-12-18", "DEAL": "night-bus/D1", "DIR": "copy", "FEE": "400/song",
    "FILE": "drums.wav", "FOLDER": "recorder", "FROM": "120", "IDEA": "I3",
    "HANDOFF": "night-bus/H1", "SIGNOFF": "night-bus/G1", "ROLE,ROLE": "artist,label", "mix|edit|master": "mix",
    "FROM_LINE": "contingency", "TO_LINE": "studio", "INVOICE": "2026-17", "LINE": "studio",
    "LINE=AMOUNT": "studio=7200", "MASTER": "night-bus@master1", "MIX": "night-bus/tin-roof@mix1",
    "MONTH": "2026-12", "VERSION": "instrumental", "NAME": "ann", "NAME=PERCENT": "ann=50 lou=50",
    "NAME=TIME": "verse1=0:12 end=3:20", "NOTE": "n1", "OUT": "copy.wav",
    "PART": "night-bus/tin-roof/drums",
    "PASS": "night-bus/tin-roof@pass3", "PIECE": "@pass3:intro-chorus1", "PLACE": "night-bus/tin-roof",
    "PLACE=TAKE": "0:00=1 0:48=3", "POSITION": "120", "RECIPE": "mix.toml", "RECORD": "night-bus",
    "RECORD|SONG|PART": "night-bus/tin-roof",
    "RECORD|SONG": "night-bus", "ROLE": "editor", "RULE": "approve.quorum.master", "VALUE": "producer,label",
    "SESSION": "S1", "STAGE": "recording", "SONG": "night-bus/tin-roof", "TAKE": "night-bus/tin-roof/drums/1",
    "TAKE|FILE": "night-bus/tin-roof/drums/1", "TARGET": "night-bus/tin-roof", "TEXT": '"less reverb"',
    "DIR,DIR": "disk-a,disk-b",
    "TITLE": '"Tin Roof"', "TO": "124", "URL": "postgresql://studio@host/label", "WORD": "bright",
    "RECORD/S1": "night-bus/S1", "RECORDING": "R1",
    "artist": '"The Ferrymen"', "invoice": "2026-17", "role": "producer", "why": '"too bright"',
}  # fmt: skip
"""Value of each required argument and option in the example of a command, by its placeholder or name."""


class HelpCommand(TyperCommand):
    """A command whose help shows arguments and options as users type them, without Python's type names."""

    def format_epilog(self, ctx: _click.Context, formatter: _click.HelpFormatter) -> None:
        """Show the shortest call of the command as an example."""
        words = (_example(one) for one in self.params if one.required)
        with formatter.section("Example"):
            formatter.write_text(" ".join([ctx.command_path, *words]))

    def format_options(self, ctx: _click.Context, formatter: _click.HelpFormatter) -> None:
        """List the arguments, then the options."""
        shown = [(one.param_type_name, one.get_help_record(ctx)) for one in self.get_params(ctx)]
        for title, kind in (("Arguments", "argument"), ("Options", "option")):
            found = [record for own, record in shown if own == kind and record]
            if found:
                with formatter.section(title):
                    formatter.write_dl([(_as_typed(word), _without_type_names(told)) for word, told in found])


def _example(parameter: _click.Parameter) -> str:
    """Return a required parameter as the example shows it."""
    name = getattr(parameter, "metavar", None) or parameter.name or ""
    value = EXAMPLES.get(name, name)
    return value if parameter.param_type_name == "argument" else f"{parameter.opts[0]} {value}"


def _as_typed(word: str) -> str:
    """Replace the type of an option (``--why <str>`` by ``--why TEXT``), and drop the type of an argument."""
    return _TYPE.sub((lambda kind: f" {TYPED[kind[1]]}") if word.startswith("-") else "", word)


def _without_type_names(told: str) -> str:
    """Return the help of a parameter with its range in words."""
    return _RANGE.sub(_in_words, _UNBOUNDED.sub(r"\1 or more", told))


def _in_words(bounds: re.Match[str]) -> str:
    """Return the range ``[x>=1]`` as ``[1 or more]``."""
    return f"[{bounds[1]} or more]" if bounds[1] else f"[{bounds[2]} to {bounds[3]}]"


class HelpGroup(TyperGroup):
    """A noun whose help shows each command's whole first paragraph; its ``--help`` has the explicit default False.

    Without the default, typer imports pydantic, which takes 0.13 s in every command.
    """

    def get_help_option(self, ctx: _click.Context) -> TyperOption | None:
        """Return the help option with its default set."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.default = False
        return option

    def format_commands(self, ctx: _click.Context, formatter: _click.HelpFormatter) -> None:
        """List the commands."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, _first_paragraph(one.help or "")) for name, one in found if one and not one.hidden]
            )


def default_verb(verb: str) -> type[HelpGroup]:
    """Return the class of a noun whose *verb* may be left out, as in ``note ADDRESS TEXT`` for ``note add``."""

    class DefaultVerbGroup(HelpGroup):
        """A noun with a verb that may be left out."""

        def parse_args(self, ctx: _click.Context, args: list[str]) -> list[str]:
            """Insert the default verb if the first argument is neither a verb nor a request for help."""
            named = not args or args[0] in {*self.list_commands(ctx), "--help"}
            return super().parse_args(ctx, args if named else [verb, *args])

    return DefaultVerbGroup


def _first_paragraph(text: str) -> str:
    return " ".join(text.partition("\n\n")[0].split())
