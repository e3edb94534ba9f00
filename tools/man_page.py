"""Write the manual page takesheet(1) from the command tree: ``python -m tools.man_page build/takesheet.1``.

The page is in the ``man`` macros of roff (groff_man(7)), which groff, mandoc and macOS read.
"""  # noqa: INP001 - a program by itself

import re
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import typer
from typer.main import get_command

from orchestrator.cli.main import WORDS, app, load

INTRODUCTION: Final = """\
takesheet is the production office, the tape library and the night shift of a record label. Every decision that made a
record is an event of a log; from the log, renders are derived, done and kept by their hash, and any shipped master can
be rebuilt to the bit.

Addresses name what a command is about: night-bus (a record), night-bus/tin-roof (a song), night-bus/tin-roof/drums (a
part), night-bus/tin-roof/drums/3 (a take), night-bus/tin-roof@pass3, night-bus/tin-roof@mix2, night-bus@master1. Where
takesheet at has set an address, the end of one below it is enough; titles stand for slugs.

Data goes to stdout, talk to stderr. Every command takes --json, --plain, --no-input, --as NAME and --store DIR; readers
take --as-of TIME or POSITION.
"""
EXITS: Final = (
    ("0", "done"), ("1", "a fault of the program"), ("2", "usage: words, an address or a recipe do not parse"),
    ("3", "refused by a rule or by the machine"), ("4", "not found, or ambiguous"),
    ("5", "conflict: a double booking or a concurrent change"), ("6", "a check failed"),
    ("7", "decisions are pending"), ("8", "input is needed, and --no-input was given"), ("9", "the store is damaged"),
    ("130", "interrupted"),
)  # fmt: skip
VARIABLES: Final = (
    ("TAKESHEET_STORE", "folder of the store, in place of the nearest one from the working folder upward"),
    ("TAKESHEET_AT", "the current address, in place of the one that takesheet at has set"),
    ("EDITOR", "editor of mix edit"), ("NO_COLOR", "if set, nothing is coloured"),
)  # fmt: skip
SHARED: Final = frozenset({"--json", "--as", "--store", "--no-input", "--plain", "--as-of", "--help"})


def roff(text: str) -> str:
    """Return *text* as roff shows it: backslashes, hyphens, control characters and what is not ASCII escaped."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    plain = re.sub(r"[^\x00-\x7f]", lambda found: f"\\[u{ord(found[0]):04X}]", escaped)
    return re.sub(r"^([.'])", r"\\&\1", plain, flags=re.MULTILINE)


def man_page() -> str:
    """Return the whole page."""
    return "".join(f"{line}\n" for line in _lines())


def commands() -> Iterator[tuple[str, Any]]:
    """Yield each command with the words that call it."""
    for word in WORDS:
        found = load(word)
        verbs = getattr(found, "commands", None)
        if verbs is None:
            yield word, found
        else:
            yield from ((f"{word} {name}", verb) for name, verb in verbs.items() if not verb.hidden)


def _lines() -> Iterator[str]:
    yield f'.TH TAKESHEET 1 "" "takesheet {version("takesheet")}" "User Commands"'
    yield ".SH NAME"
    yield r"takesheet \- every decision that made the record, in order"
    yield ".SH SYNOPSIS"
    yield from (".B takesheet", roff("COMMAND [VERB] [ARGUMENT]... [OPTION]..."))
    yield ".SH DESCRIPTION"
    yield from _paragraphs(INTRODUCTION)
    yield ".SH COMMANDS"
    for words, one in commands():
        yield from _command(words, one)
    yield ".SH EXIT STATUS"
    yield from _entries(EXITS)
    yield ".SH ENVIRONMENT"
    yield from _entries(VARIABLES)
    yield ".SH SEE ALSO"
    yield roff("takesheet COMMAND --help")


def _command(words: str, command: Any) -> Iterator[str]:  # noqa: ANN401 - typer's own class
    context = typer.Context(command, info_name=f"takesheet {words}", parent=None)
    usage = " ".join(command.collect_usage_pieces(context))
    yield f".SS {roff(words)}"
    yield from (f".B {roff(f'takesheet {words}')}", roff(usage), ".PP")
    yield from _paragraphs(command.help or "")
    records = [
        record for one in command.params if not SHARED & set(one.opts) and (record := one.get_help_record(context))
    ]
    yield from _entries((re.sub(r" <[^>]*>", "", name), told) for name, told in records)


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(text.strip().split("\n\n")):
        if number:
            yield ".PP"
        yield roff(" ".join(paragraph.split()))


def _entries(rows: Any) -> Iterator[str]:  # noqa: ANN401 - any pairs of texts
    for name, told in rows:
        yield from (".TP", f".B {roff(name)}", roff(" ".join(told.split())))


def main(words: list[str]) -> None:
    """Write the page into the file named by *words*, whose folder is made if necessary."""
    get_command(app)  # the command tree is whole, or nothing is written
    file = Path(words[0])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(man_page(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
