"""Completion of addresses, people, what can be booked, sessions and recipe tables in a shell.

A shell asks at each press of Tab: the answer is quick (no event is parsed but those of one song), writes nothing and
prints nothing but suggestions.  A store that its user has not trusted, or that lies on a server, suggests nothing, and
so does any error.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

import typer
from typer.models import ParameterInfo

from domain.core.ids import record_of, slug_of
from orchestrator.cli.shell.arguments import Completes

if TYPE_CHECKING:
    from orchestrator.log.sqlite.id_lookup import IdLookup
    from orchestrator.store.config import Settings

SHELLS: Final = ("bash", "zsh", "fish")
PERSON: Final = "PERSON"
TABLE: Final = "TABLE"
NOUNS: Final[Mapping[str, tuple[str, ...]]] = {
    PERSON: ("person",), "RESOURCE|RECORD": ("resource", "record"), "SESSION": ("session",), "S1": ("number",),
}  # fmt: skip
"""Nouns of the ids that an argument takes, by its placeholder."""
ADDRESSES: Final = ("record", "song", "part", "target")
"""Parameters that name the record whose sessions are numbered."""
MOST: Final = 100
"""Most suggestions; a shell shows no more usefully."""
SAFE: Final = re.compile(r"[\w./@-]+")
"""A word that a shell takes as one and a terminal shows as it is; ids of other characters are not suggested."""
LEVELS: Final = ("record", "song", "part")
DEEPEST: Final[Mapping[str, int]] = {
    **dict.fromkeys(("RECORD", "MASTER"), 0),
    **dict.fromkeys(("SONG", "MIX", "PASS"), 1),
    "PART": 2,
    **dict.fromkeys(("TAKE", "TAKE|FILE", "ADDRESS", "[ADDRESS]", "ADDRESS|FILE", "TARGET", "PLACE"), 3),
}
"""Levels below a record at which the value of an argument lies, by its placeholder."""
REVISIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "MIX": ("mix",), "MASTER": ("master",), "PASS": ("pass",),
    **dict.fromkeys(("ADDRESS", "[ADDRESS]", "ADDRESS|FILE", "TARGET"), ("mix", "master")),
}  # fmt: skip
"""Revisions that may follow ``@`` in the value of an argument, by its placeholder."""
_KINDS: Final[Mapping[str, tuple[str, str]]] = {"mix": ("song", "mix-revised"), "master": ("record", "master-planned")}


def set_up_completion(option: str, name: str) -> None:
    """Install completion, or print what would be installed, and say where it lies.

    Args:
        option: ``--install-completion`` or ``--show-completion``.
        name: a shell; empty for the one from which this process was started.

    Raises:
        Misused: ``usage``; there is no completion for it, or no shell is found.
    """
    from typer._completion_classes import completion_init
    from typer._completion_shared import get_completion_script, install

    completion_init()
    shell = _shell_named(name)
    if option == "--show-completion":
        print(get_completion_script(prog_name="takesheet", complete_var="_TAKESHEET_COMPLETE", shell=shell))
        return
    _, path = install(shell=shell, prog_name="takesheet", complete_var="_TAKESHEET_COMPLETE")
    print(f"completion for {shell} lies in {path}; it begins with the next {shell} you open", file=sys.stderr)


def _shell_named(name: str) -> str:
    """Return the shell that *name* names, or, if it is empty, the one from which this process was started.

    Raises:
        Misused: ``usage``; there is no completion for it, or no shell is found.
    """
    from typer._completion_shared import _get_shell_name

    shell = name or _get_shell_name() or ""
    if shell not in SHELLS:
        from domain.core.refusal import Misused

        found = f"there is no completion for {shell!r}" if shell else "the shell was not recognised"
        raise Misused(
            "usage", f"{found}; there is one for {', '.join(SHELLS)}", next="takesheet --show-completion bash"
        )
    return shell


def complete_parameters(annotations: Sequence[object]) -> None:
    """Let the parameters with *annotations* complete, if their placeholder says what they take."""
    for annotation in annotations:
        marks = [mark for mark in get_args(annotation)[1:] if isinstance(mark, Completes) and mark.nouns]
        for info in get_args(annotation)[1:]:
            if isinstance(info, ParameterInfo) and info.autocompletion is None:
                metavar = PERSON if "--as" in _flags(info) else info.metavar or ""
                if marks or metavar in DEEPEST or metavar in NOUNS or metavar == TABLE:
                    info.autocompletion = suggestions_for(metavar, marks[0].nouns if marks else NOUNS.get(metavar, ()))


def _flags(info: ParameterInfo) -> Sequence[str]:
    return [str(flag) for flag in (info.default, *(info.param_decls or ()))]  # the first flag of an Annotated option


def suggestions_for(metavar: str, nouns: Sequence[str] = ()) -> Callable[[typer.Context, str], list[str]]:
    """Return the function that suggests ids of *nouns*, or values of an argument with the placeholder *metavar*."""

    def suggestions(ctx: typer.Context, incomplete: str) -> list[str]:
        """Return the values that begin with *incomplete*; none after any error."""
        try:
            found = list(_suggested(ctx, metavar, nouns, incomplete))
        except Exception:  # noqa: BLE001 - a shell shows what is printed in the middle of the line that is being typed
            return []
        return [one for one in dict.fromkeys(found) if one.startswith(incomplete) and SAFE.fullmatch(one)][:MOST]

    return suggestions


def answer_shells(command_length: Callable[[Sequence[str]], int]) -> None:
    """Register typer's answers to shells, with one for Bash if it split a word at ``@``.

    Args:
        command_length: number of words, the program's name included, that call the command in a list of words.
    """
    from typer._click.shell_completion import CompletionItem, add_completion_class
    from typer._completion_classes import BashComplete, completion_init

    completion_init()
    if not _join_split_words(command_length):
        return

    class SplitBashComplete(BashComplete):
        """Suggestions without what stands before the ``@``: Bash replaces only the ``@`` and what follows it."""

        def format_completion(self, item: CompletionItem) -> str:
            """Return what replaces the word that Bash sees."""
            return "@" + str(item.value).rpartition("@")[2]

    add_completion_class(SplitBashComplete, "bash")


def _join_split_words(command_length: Callable[[Sequence[str]], int]) -> bool:
    """Join the words in ``COMP_WORDS`` that Bash split at ``@``, one of its ``COMP_WORDBREAKS``.

    Returns:
        True if the word that is being typed was split.
    """
    line, place = os.environ.get("COMP_WORDS", ""), os.environ.get("COMP_CWORD", "")
    gap = "\n" if "\n" in line else " "
    words = line.split(gap)
    if "@" not in words or not place.isdecimal():
        return False
    least, joined, at = command_length(words), [words[0]], 0
    for number, word in enumerate(words[1:], start=1):
        if joined[-1].endswith("@") or (word == "@" and number > least and not joined[-1].startswith("-")):
            joined[-1] += word
        else:
            joined.append(word)
        at = len(joined) - 1 if number <= int(place) else at
    os.environ |= {"COMP_WORDS": gap.join(joined), "COMP_CWORD": str(at)}
    return "@" in joined[at]


def _suggested(ctx: typer.Context, metavar: str, nouns: Sequence[str], incomplete: str) -> Iterator[str]:
    if metavar == TABLE:
        yield from _tables(ctx, whole="." in incomplete)
        return
    from orchestrator.log.sqlite.id_lookup import id_lookup

    settings = _trusted_settings(ctx)
    if not isinstance(settings.log, Path):
        return
    with id_lookup(settings.log) as lookup:
        if nouns:
            for noun in nouns:
                if noun == "number":
                    yield from _numbers(ctx, lookup, settings, incomplete)
                else:
                    yield from lookup.ids(noun, incomplete, MOST)
            return
        found = list(_below(lookup, metavar, incomplete))
        for above in () if found else _places(settings):
            mark = "" if incomplete.startswith("@") else "/"
            found += (
                one.removeprefix(f"{above}{mark}") for one in _below(lookup, metavar, f"{above}{mark}{incomplete}")
            )
        yield from found


def _numbers(ctx: typer.Context, lookup: "IdLookup", settings: "Settings", incomplete: str) -> Iterator[str]:
    """Yield the numbers of the sessions of the record that the words before name, or else of the current one."""
    named = [str(ctx.params[name]) for name in ADDRESSES if ctx.params.get(name)]
    if not named:  # the arguments before an option without its value are not parsed
        words = (os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")).split()
        named = [word for word in words if lookup.ids("record", record_of(word), 1) == [record_of(word)]][:1]
    for place in named or list(_places(settings))[-1:]:
        yield from (slug_of(one) for one in lookup.ids("session", f"{record_of(place)}/{incomplete}", MOST))


def _below(lookup: "IdLookup", metavar: str, incomplete: str) -> Iterator[str]:
    owner, at, _ = incomplete.partition("@")
    if at:
        yield from _revisions(lookup, owner, REVISIONS.get(metavar, ()))
    else:
        yield from _addresses(lookup, metavar, incomplete)


def _places(settings: "Settings") -> Iterator[str]:
    """Yield the current address of this terminal and the addresses that contain it, the innermost first."""
    from orchestrator.desk.addressing.current_place import path_in

    path = path_in(settings)
    yield from ("/".join(path[:length]) for length in range(len(path), 0, -1))


def _trusted_settings(ctx: typer.Context) -> "Settings":
    """Return the settings of the store.  Raises: as :func:`orchestrator.store.trust.admit`."""
    from orchestrator.store import config, trust

    return trust.admit(config.find(ctx.params.get("store")), tightens=False)


def _addresses(lookup: "IdLookup", metavar: str, incomplete: str) -> Iterator[str]:
    """Yield the ids at the level that is being typed, and those below if there is one alone."""
    level, deepest = incomplete.count("/"), DEEPEST[metavar]
    exact = deepest < len(LEVELS)
    found = _at_level(lookup, level, incomplete)
    while len(found) == 1 and level < deepest:
        if not exact:
            yield from found
        yield from _revisions(lookup, found[0], REVISIONS.get(metavar, ()))
        level += 1
        found = _at_level(lookup, level, f"{found[0]}/") or found * exact
        if level == deepest or len(found) != 1:
            break
    yield from found
    if len(found) == 1:
        yield from _revisions(lookup, found[0], REVISIONS.get(metavar, ()))


def _at_level(lookup: "IdLookup", level: int, beginning: str) -> list[str]:
    if level < len(LEVELS):
        return lookup.ids(LEVELS[level], beginning, MOST)
    part = beginning.rpartition("/")[0]
    takes = (str(fields.get("take")) for fields in lookup.events("part", part, ("take-ingested", "midi-played"), MOST))
    return sorted((take for take in takes if take.startswith(f"{part}/")), key=lambda take: (len(take), take))


def _revisions(lookup: "IdLookup", owner: str, kinds: Sequence[str]) -> Iterator[str]:
    """Yield the mixes or passes of a song, or the masters of a record, the newest first."""
    for kind in kinds:
        if kind == "pass":
            found = {_number(lookup_fields, "pass_number") for lookup_fields in _takes_of(lookup, owner)}
        else:
            noun, event = _KINDS[kind]
            found = {_number(fields, "number") for fields in lookup.events(noun, owner, (event,), MOST)}
        yield from (f"{owner}@{kind}{number}" for number in sorted(found - {0}, reverse=True))


def _takes_of(lookup: "IdLookup", song: str) -> Iterator[dict[str, object]]:
    return lookup.events("song", song, ("take-ingested",), MOST)


def _number(fields: Mapping[str, object], name: str) -> int:
    number = fields.get(name)
    return number if isinstance(number, int) else 0


def _tables(ctx: typer.Context, *, whole: bool) -> Iterator[str]:
    """Yield the names of the tables of the recipe that the command lists; with *whole*, their places in the recipe."""
    from domain.recipe.master import MasterRecipe
    from domain.recipe.mix import MixRecipe
    from domain.recipe.text.fields import table_names, table_places

    recipe = MasterRecipe if "master" in ctx.command_path.split() else MixRecipe
    yield from table_places(recipe) if whole else table_names(recipe)
