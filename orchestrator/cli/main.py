"""The command ``takesheet``: subcommands, imported only when they are called, and the report of every error."""

import atexit
import io
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import typer
from typer import _click
from typer.main import get_command

from domain.core.refusal import OperationalError, Refusal
from orchestrator.cli.printing.table import one_line
from orchestrator.cli.printing.words import with_new_name
from orchestrator.cli.shell.frame import leave
from orchestrator.cli.shell.helptext import HelpGroup

if TYPE_CHECKING:
    from orchestrator.log.store import Clock

WORDS: Final = {
    "at": ("daily.position", "Set where you are, so that the end of an address is enough."),
    "next": ("daily.next", "What to do next: verdicts to give, renders to do, gaps to fill."),
    "review": ("daily.review", "Listen to what is ready and judge it, one key an item."),
    "undo": ("daily.undo", "Take back your last judgement or note."),
    "redo": ("daily.undo", "Bring back what undo took back last."),
    "why": ("daily.why", "Why a master, mix, comp or take sounds as it does, and who decided it."),
    "play": ("listen.play", "Play the audio of an address."),
    "playback": ("listen.playback", "Play a record in sequence, and sign its master with one key."),
    "show": ("daily.show", "What a sound looks like: waveform and loudness over time."),
    "search": ("daily.search", "Find records, songs, parts, notes and reasons by words."),
    "note": ("daily.note", "Write one line down about anything; list notes and answer them."),
    "send": (
        "correspondence.send",
        "Make a file for somebody outside, with the message to paste, and keep who holds what.",
    ),
    "answer": (
        "correspondence.answer",
        "Keep what somebody outside answered about a sound, as notes in song time and a verdict.",
    ),
    "signoff": ("correspondence.signoff", "Sign-offs: who accepts the mixes and the master of a record, by hash."),
    "board": ("daily.board", "Every record at a glance."),
    "start": ("store.start", "From one WAV or a folder of stems to a first mix and master, in one guided minute."),
    "init": ("label.init", "Make a store for a label."),
    "user": ("label.user", "People and their roles."),
    "rule": ("label.rule", "House rules of the label: set, list."),
    "label": ("label.label", "The label as a whole: a month's report of its money."),
    "record": ("label.record", "Records: new, edit, list, show."),
    "brief": ("label.brief", "The brief of a record: its intent and its audience."),
    "idea": ("song.idea", "Ideas: what comes before a song."),
    "song": ("song.song", "Songs of a record."),
    "split": ("song.split", "Splits: the writers' shares of a song."),
    "part": ("song.part", "Parts of a song: who plays what."),
    "setup": ("song.setup", "Setups: how a part was recorded, to be set up again."),
    "resource": ("label.resource", "Rooms, people and gear that can be booked."),
    "room": ("label.room", "Rooms that can be booked, and their terms."),
    "person": ("label.room", "People who can be booked, and their terms."),
    "gear": ("label.room", "Gear that can be booked, and its terms."),
    "budget": ("money.budget", "A record's money: its budget, invoices, payments and overruns."),
    "deal": ("money.deal", "Deals: what people get for their work on a record."),
    "plan": ("label.plan", "The plan of all records: what must happen when, conflicts, free times, calendar files."),
    "session": (
        "session.session",
        "Sessions: plan, hold, book, ask, ready, goal, run, move, cancel, worked, list, show.",
    ),
    "take": ("song.take", "Takes: ingest, import, watch, list, show and judge."),
    "pass": ("song.passes", "Passes: where the sections are in one played without a click."),
    "comp": ("song.comp", "Comps: which take sounds where in a part, and the band's from passes."),
    "edit": ("song.edit", "Edits: one performance, or the entire arrangement."),
    "mix": ("sound.mix", "Mixes: draft, revise, edit, submit, approve."),
    "master": ("sound.master", "Masters: plan, fields, submit, list, show, check, advice, approve."),
    "render": ("store.render", "Render everything that is not rendered yet."),
    "nightly": ("store.nightly", "Bring every record up to date, and print the digest."),
    "up": ("store.up", "Stay up: render new decisions at once, and the rest by night."),
    "prefect": ("store.prefect", "Prefect's pages: open them, signed in."),
    "path": ("sound.path", "Where the audio files of an address are."),
    "export": ("sound.export", "Copy approved audio into a folder."),
    "handoff": ("sound.handoff", "Handoffs: what outside mixers, editors and mastering engineers are given."),
    "rebuild": ("sound.rebuild", "Render again what was made, and compare it bit for bit."),
    "log": ("store.log", "The log of every decision: show, verify, doubt, checkpoint, receipt, export."),
    "store": ("store.store", "The store as a whole: backup, restore, move, grant."),
    "trust": ("store.trust", "Allow a store to start and reach what its settings say."),
    "vault": ("store.vault", "The vault of all audio: mirror, usage."),
    "doctor": ("store.doctor", "The health of a store: versions, file system, vault, disk space."),
    "measure": ("sound.measure", "Loudness and peaks of files."),
    "demo": ("store.demo", "A small production from an empty store to a rebuilt release."),
}
"""Module (in ``orchestrator.cli.commands``) and help of each command; a test compares these with the modules."""


Shadow: TypeAlias = Callable[[], str | None]

INTERRUPTED: Final = 130
COMPLETION_OPTIONS: Final = ("--install-completion", "--show-completion")


class CommandGroup(HelpGroup):
    """The subcommands; the module of one is imported when it is called."""

    def list_commands(self, ctx: _click.Context) -> list[str]:
        """Return the names of all subcommands, the daily ones first."""
        del ctx
        return list(WORDS)

    def get_command(self, ctx: _click.Context, cmd_name: str) -> _click.Command | None:
        """Return the command called *cmd_name*; None if there is none."""
        del ctx
        return load(cmd_name) if cmd_name in WORDS else None

    def format_commands(self, ctx: _click.Context, formatter: _click.HelpFormatter) -> None:
        """List the subcommands from the table, without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(word, help_) for word, (_, help_) in WORDS.items()])

    def resolve_command(
        self, ctx: _click.Context, args: list[str]
    ) -> tuple[str | None, _click.Command | None, list[str]]:
        """Find the command; an unknown word fails with the closest known one."""
        if args and args[0] not in WORDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], WORDS, n=1)
            ctx.fail(f"there is no command {args[0]!r}" + (f"; {close[0]!r} is one" if close else ""))
        return super().resolve_command(ctx, args)


def name_of(word: str) -> str:
    """Return the name of *word* in its module; a Python keyword such as ``pass`` gets an underscore."""
    name = word.replace("-", "_")
    return f"{name}_" if iskeyword(name) else name


def load(word: str) -> _click.Command:
    """Return the command of *word*: a noun with its verbs, or a single command."""
    module = import_module(f"orchestrator.cli.commands.{WORDS[word][0]}")
    found = get_command(getattr(module, name_of(word)))
    found.name = word
    return found


def help_of(words: Sequence[str]) -> str:
    """Return the command that shows the help of the command that *words* call."""
    noun, *rest = [*(word for word in words if not word.startswith("-")), ""]
    path = ["takesheet"]
    if noun in WORDS:
        path += [noun, *([rest[0]] if rest[0] in getattr(load(noun), "commands", {}) else [])]
    return " ".join([*path, "--help"])


def _command_length(words: Sequence[str]) -> int:
    """Return how many of *words* call a command: the program, a noun, and a verb if the noun has any."""
    return 3 if len(words) > 1 and words[1] in WORDS and hasattr(load(words[1]), "commands") else 2


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        print(f"takesheet {version('takesheet')}")
        raise typer.Exit


def _completion(parameter: typer.CallbackParam, value: bool) -> None:
    if value:
        from orchestrator.cli.shell.completion import set_up_completion

        set_up_completion(parameter.opts[0], "")


app = typer.Typer(
    name="takesheet",
    cls=CommandGroup,
    add_completion=False,  # typer's own completion options would load pydantic before any help is printed
    help="Every decision that made the record, in order; and the record can be rebuilt from it.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
    install_completion: bool = typer.Option(
        False,
        "--install-completion",
        callback=_completion,
        help="Complete words and options in this shell from now on, or in the one named next: bash, zsh or fish.",
    ),
    show_completion: bool = typer.Option(
        False, "--show-completion", callback=_completion, help="Print what would be installed for it."
    ),
) -> None:
    del version, install_completion, show_completion


def main(args: Sequence[str] | None = None, *, shadow: Shadow = lambda: None, clock: "Clock | None" = None) -> None:
    """Run a command line and exit with its code.

    Args:
        args: the words after the command; None for the command line of this process.
        shadow: called when a module is missing; returns a sentence about a package that hides one of ours, or None.
        clock: as for ``run``.
    """
    if sys.platform not in {"linux", "darwin"}:
        print("takesheet runs on Linux and macOS; on Windows, use it under WSL.", file=sys.stderr)
        sys.exit(1)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # characters that the terminal cannot show become question marks
    if "_TAKESHEET_COMPLETE" in os.environ:
        from orchestrator.cli.shell.completion import answer_shells

        answer_shells(_command_length)
    code = run(sys.argv[1:] if args is None else args, shadow=shadow, clock=clock)
    _write_no_reset()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader of our output is gone
    sys.exit(code)


def run(words: Sequence[str], *, shadow: Shadow = lambda: None, clock: "Clock | None" = None) -> int:
    """Run a command line; return its exit code.  Every error that a user can cause becomes one line.

    Args:
        words: the words after the command.
        shadow: as for ``main``.
        clock: tells the time to the command, and dates what it records; None for this machine's clock.
    """
    as_json, plain = "--json" in words, "--plain" in words
    words = _with_new_name(words)
    try:
        code = _command(words, clock)
    except Refusal as refusal:
        return leave(refusal, as_json=as_json, help_line=help_of(words), plain=plain)
    except _click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except _click.exceptions.UsageError as error:
        where = error.ctx.command_path if error.ctx else "takesheet"
        misused = _misused(one_line(error.format_message()), f"{where} --help")
        return leave(misused, as_json=as_json, plain=plain)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        code = 0
    except Exception as error:  # noqa: BLE001 - the last door: whatever it is, a user is told in one line
        code = _fault(error, as_json=as_json, words=words, shadow=shadow)
    if code == INTERRUPTED:  # typer has caught the interrupt
        print("interrupted", file=sys.stderr)
    return code if isinstance(code, int) else 0


def _command(words: Sequence[str], clock: "Clock | None") -> object:
    """Run the command that *words* call; return its exit code, or None.

    Options for completion take a shell, which typer does not see: it imports pydantic for an option with a value.
    """
    if len(words) > 1 and words[0] in COMPLETION_OPTIONS:
        from orchestrator.cli.shell.completion import set_up_completion

        set_up_completion(words[0], words[1])
        return 0
    return get_command(app)(_with_values(words), prog_name="takesheet", standalone_mode=False, obj=clock)


def _with_new_name(words: Sequence[str]) -> list[str]:
    """Return *words* with a former command replaced by its new name, which is printed to stderr."""
    named, line = with_new_name(words)
    if line:
        print(line, file=sys.stderr)
    return named


def _with_values(words: Sequence[str]) -> list[str]:
    """Return *words* with an empty value after a bare ``--audio``, whose value click would take from the next word."""
    return ["--audio=" if word == "--audio" else word for word in words]


def _write_no_reset() -> None:
    """Keep colorama, which numba imports, from writing a colour reset at the end, also to a dumb terminal."""
    if "colorama.initialise" in sys.modules:
        atexit.unregister(sys.modules["colorama.initialise"].reset_all)


def _no_text(words: Sequence[str]) -> str | None:
    """Return the first of *words* that is not UTF-8; such a word can only be the name of a file."""
    return next((word for word in words if word.encode(errors="replace").decode() != word), None)


def _misused(detail: str, hint: str) -> Refusal:
    from domain.core.refusal import Misused

    return Misused("usage", detail, next=hint)


def _fault(error: Exception, *, as_json: bool, words: Sequence[str] = (), shadow: Shadow = lambda: None) -> int:
    """Report an error that is no refusal: those of audio, vault, engine and machine by rule, others as faults."""
    from orchestrator.cli.shell.machine_faults import machine_refusal, operational_refusal

    report = partial(leave, as_json=as_json, plain="--plain" in words)
    if isinstance(error, ImportError) and (said := shadow()):
        return report(Refusal("install", said.removeprefix("error (install): ")))
    if isinstance(error, OperationalError):
        return report(operational_refusal(error))
    if isinstance(error, UnicodeEncodeError) and (word := _no_text(words)):
        return report(_misused(f"{word!r} is not UTF-8 text", "rename the file, or write the word anew"))
    if isinstance(error, OSError | MemoryError):
        return report(machine_refusal(error))
    detail = f"{type(error).__name__}: {one_line(str(error))[:200]}"
    return report(Refusal("fault", f"{detail}; the trace is in {_trace()}"))


def _trace() -> Path:
    """Write the traceback of the current error to a temporary file; return its path."""
    import tempfile
    import traceback

    from flows.vault.redaction import redacted_text

    with tempfile.NamedTemporaryFile("w", prefix="takesheet-fault-", suffix=".txt", delete=False) as file:
        file.write(redacted_text(traceback.format_exc()))
    return Path(file.name)


if __name__ == "__main__":
    main()
