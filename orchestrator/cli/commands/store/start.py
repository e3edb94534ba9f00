"""``start``: from one WAV or a folder of stems to a first mix and master, by the commands that one would type."""

import getpass
import io
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Final, TextIO, TypeVar

import typer

from domain.core.ids import part_of, song_of
from orchestrator.cli.shell.frame import Call, NeedsInput, begin_line, command, noun

if TYPE_CHECKING:
    from orchestrator.cli.demo.stage import Stage
    from orchestrator.studio import Studio

T = TypeVar("T")

start = noun("From one WAV or a folder of stems to a first mix and master, in one guided minute.")

RECIPE: Final = "first-mix.toml"
AS_THEY_CAME: Final = "a first mix of everything as it came"
TO_MASTER: Final = "for a first master; judge it again"


@dataclass(frozen=True, slots=True)
class FirstRecord:
    """Answers to the questions of ``start``."""

    source: Path
    title: str
    artist: str
    label: str
    """Empty if there is a store already."""


@command(start, "start")
def start_record(
    call: Call,
    source: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder of stems, or one stereo file: a mix.")],
    title: Annotated[str, typer.Option(help="Title of the record and its song; else the name of FOLDER.")] = "",
    artist: Annotated[str, typer.Option(help="Who makes it; else your user name.")] = "",
    label: Annotated[str, typer.Option(help="Name of the label, if there is no store here yet.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Take every default and ask nothing.")] = False,
) -> None:
    """Make a first mix and a first master of FOLDER, step by step: each is printed as the command for it.

    Stems become the parts of a song; a stereo file becomes a mix made outside. Works in the store you are in, or makes
    one here. Takes and the mix are approved only if you say so, or with --yes; the master is left for you to judge.
    """
    from domain.core.refusal import Misused
    from orchestrator.cli.demo.stage import INTERRUPTED, Stage, Stopped, in_order
    from orchestrator.desk.intake.start_check import refuse_names, refuse_unusable

    if call.store or call.claimed:
        raise Misused("start.store", "start works in the store you are in, and as you; leave out --store and --as")
    refuse_unusable(source)
    asks = not yes and not call.no_input and sys.stdin.isatty()
    if not (yes or asks):
        raise NeedsInput(
            "input.needed", "start asks for a title, an artist and approvals", next="the same command with --yes"
        )
    given = FirstRecord(source, title or _title(source), artist or getpass.getuser(), label if not _has_store() else "")
    given = _asked(given, title, artist, label) if asks else given
    if not given.label and not _has_store():
        given = FirstRecord(source, given.title, given.artist, f"{given.artist}'s label")
    refuse_names(given.title, given.artist, _title(source) if source.is_file() else "")
    out = WithoutNextSteps(in_order(sys.stderr if call.json else sys.stdout))
    steps = Steps(Stage(out, plain=call.plain), _agreement(asks=asks), out.last_address)
    try:
        made = steps.run(given)
    except Stopped as stopped:
        call.say(str(stopped), "what was done so far stays: takesheet next")
        raise typer.Exit(stopped.code) from None
    except KeyboardInterrupt:
        begin_line()
        call.say("stopped; what was done so far stays: takesheet next")
        raise typer.Exit(INTERRUPTED) from None
    if call.json:
        call.done(made)


def _has_store() -> bool:
    from domain.core.refusal import NotFound
    from orchestrator.store.config import find

    try:
        find(None)
    except NotFound:
        return False
    return True


def _title(source: Path) -> str:
    """Return the name of a file or folder as a title."""
    from orchestrator.desk.intake.recorder_file_names import spoken

    words = spoken(source.resolve().stem if source.is_file() else source.resolve().name)
    return " ".join(words.replace("_", " ").replace("-", " ").split()).title() or "First Song"


def _asked(given: FirstRecord, title: str, artist: str, label: str) -> FirstRecord:
    """Ask for what no option says; Enter takes what is offered."""
    said_title = title or typer.prompt("title", default=given.title, err=True)
    said_artist = artist or typer.prompt("artist", default=given.artist, err=True)
    said_label = label
    if not _has_store() and not label:
        said_label = typer.prompt("label", default=f"{said_artist}'s label", err=True)
    return FirstRecord(given.source, said_title, said_artist, said_label)


def _agreement(*, asks: bool) -> Callable[[str], bool]:
    """Return the function that asks whether to go on: one key on a terminal; with ``--yes``, always."""

    def agrees(question: str) -> bool:
        from orchestrator.cli.shell.keys import one_key

        return not asks or one_key(f"{question} (y/n) ") == "y"

    return agrees


class WithoutNextSteps(io.TextIOBase):
    """A stream without the next steps that commands print: here the next command follows by itself."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._rest, self._lines = out, "", list[str]()

    def last_address(self, revision: str) -> str:
        """Return the address that a command printed last with *revision*, such as ``night-bus@master``."""
        wanted = re.compile(rf"({re.escape(revision)}\d+)\b")
        return next(found[1] for line in reversed(self._lines) if (found := wanted.match(line)))

    def isatty(self) -> bool:
        """Return True if what is written is shown on a terminal."""
        return self._out.isatty()

    def write(self, text: str) -> int:
        """Pass on the lines that *text* completes."""
        *lines, self._rest = (self._rest + text).split("\n")
        self._lines += lines
        self._out.writelines(f"{line}\n" for line in lines if not line.startswith("next: ") and "· next: " not in line)
        return len(text)

    def flush(self) -> None:
        """Pass on what was written."""
        self._out.flush()


class Steps:
    """The steps from files to a master; each is a command that is printed and run.

    Args:
        stage: prints and runs a command.
        agrees: asks a question; True for yes.
        last_address: returns the address with a revision that a command printed last: a second start makes a ``@mix2``.
    """

    def __init__(self, stage: "Stage", agrees: Callable[[str], bool], last_address: Callable[[str], str]) -> None:
        self._stage, self._agrees, self._last_address = stage, agrees, last_address

    def run(self, given: FirstRecord) -> dict[str, object]:
        """Run all steps; return the addresses that were made.  Raises: Stopped; a command failed."""
        from orchestrator.desk.intake.start_check import is_mix

        if given.label:
            self._stage.type(f"takesheet init . --label {quote(given.label)}")
        record = self._new(given)
        song = self._song(record, given.title)
        mix = self._outside_mix(song, given.source) if is_mix(given.source) else self._own_mix(song, given.source)
        master = self._master(record, mix) if mix else ""
        self._tell(mix, master)
        return {"record": record, "song": song, "mix": mix, "master": master}

    def _new(self, given: FirstRecord) -> str:
        """Open the record; return its address, also if it is open already."""
        from orchestrator.desk.label.records import new_record

        self._stage.type(f"takesheet record new --artist {quote(given.artist)} {_words(given.title)}")
        return _read(lambda studio: new_record(studio, title=given.title, artist=given.artist, due=None))

    def _song(self, record: str, title: str) -> str:
        from orchestrator.desk.label.records import add_songs

        self._stage.type(f"takesheet song add {record} {_words(title)}")
        return _read(lambda studio: add_songs(studio, record, [title], like=None))[0]

    def _own_mix(self, song: str, source: Path) -> str:
        """Take the stems in, and mix them; return the mix's address, or an empty text if the user stopped there."""
        from orchestrator.cli.demo.stage import Stopped
        from orchestrator.desk.label.records import add_parts

        try:
            if source.is_dir():
                self._stage.type(f"takesheet take import {song} {_file(source)} --yes")
            else:
                part = _title(source)
                self._stage.type(f"takesheet part add {song} {_words(part)}")
                (address,) = _read(lambda studio: add_parts(studio, song, [part])).addresses
                self._stage.type(f"takesheet take ingest {address} {_file(source)}")
        except Stopped:
            if not _newest_takes(song):
                raise  # else some files were refused, which is said; the others are mixed
        takes = _newest_takes(song)
        if not self._agrees(f"approve {len(takes)} take{'s' * (len(takes) != 1)} for a first mix?"):
            return ""
        self._stage.type(f"takesheet take approve {' '.join(takes)} --why {quote(AS_THEY_CAME)}", most=4)
        recipe = _free(Path(RECIPE))
        self._stage.type(f"takesheet mix draft {song} > {recipe}")
        self._stage.type(f"takesheet mix revise {song} {recipe} --why {quote(AS_THEY_CAME)}")
        mix = self._last_address(f"{song}@mix")
        self._stage.type(f"takesheet render {song}", most=0)
        return mix

    def _outside_mix(self, song: str, source: Path) -> str:
        name = quote(getpass.getuser())
        self._stage.type(f"takesheet mix submit {song} {_file(source)} --by {name} --why {quote('made outside')}")
        return self._last_address(f"{song}@mix")

    def _master(self, record: str, mix: str) -> str:
        """Approve the mix if the user says so, and make a master of it; return its address, or an empty text."""
        self._stage.show("", f"  hear it: takesheet play {mix}", "")
        if not self._agrees(f"approve {mix}, so that a first master can be made of it?"):
            return ""
        self._stage.type(f"takesheet mix approve {mix} --why {quote(TO_MASTER)}")
        self._stage.type(f"takesheet master plan {record} --target streaming")
        master = self._last_address(f"{record}@master")
        self._stage.type(f"takesheet render {record}", most=0)
        return master

    def _tell(self, mix: str, master: str) -> None:
        heard = [f"  takesheet play {one}" for one in (mix, master) if one]
        steps = ["  takesheet review      # judge it, one key an item", "  takesheet next        # what there is to do"]
        edits = [f"  takesheet mix edit {song_of(mix)}"] if mix and Path(RECIPE).exists() else []
        self._stage.show("", "Go on from here:", *heard, *edits, *steps)


def _free(path: Path) -> Path:
    """Return *path*, or the first numbered name beside it that nothing has, no link without a target either."""
    names = (path.with_stem(f"{path.stem}-{number}") for number in range(2, 1000))
    return path if not os.path.lexists(path) else next(name for name in names if not os.path.lexists(name))


def _words(text: str) -> str:
    """Return *text* as an argument of a command line, also where it begins like an option."""
    return f"-- {quote(text)}" if text.startswith("-") else quote(text)


def _file(path: Path) -> str:
    """Return *path* as an argument of a command line, also where it begins like an option."""
    return quote(f"./{path}" if str(path).startswith("-") else str(path))


def _read(read: "Callable[[Studio], T]") -> T:
    from orchestrator.studio import Studio

    with Studio.at(None) as studio:
        return read(studio)


def _newest_takes(song: str) -> list[str]:
    """Return the newest take of each part of *song*."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.takes.take_rows import take_rows

    rows = _read(lambda studio: take_rows(studio, addresses.find(studio, song, "song")))
    newest = {part_of(str(row["take"])): str(row["take"]) for row in rows}
    return list(newest.values())
