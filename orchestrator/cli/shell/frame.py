"""The frame of every command: shared flags, output, and exit codes.

stdout is for data, stderr for messages.  Nothing here imports the studio, audio code or Prefect: help must be quick.
"""

import functools
import inspect
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.core.refusal import Refusal
from orchestrator.cli.printing.styles import STATUS_COLUMNS, is_coloured, painted, paints_of, status_style
from orchestrator.cli.printing.table import EMPTY, cell, columns_of, one_line, safe, terminal_width, wrapped_line
from orchestrator.cli.printing.words import heading, status_in_words
from orchestrator.cli.shell.helptext import HelpCommand, HelpGroup, default_verb
from orchestrator.cli.shell.next_steps import next_step
from orchestrator.cli.shell.option_groups import expand, gather

if TYPE_CHECKING:
    from domain.store.clocks import Drift
    from orchestrator.log.store import Clock
    from orchestrator.studio import Studio


class NeedsInput(Refusal):
    """A question is necessary and cannot be asked, because there is no terminal (exit 8)."""


class Pending(Refusal):
    """Items wait for a verdict (exit 7)."""


class Damaged(Refusal):
    """Audio that the log names is missing from the vault, or has other bytes (exit 9)."""


@dataclass(frozen=True, slots=True)
class Call:
    """The shared flags of one command."""

    json: bool = False
    claimed: str | None = None
    store: str | None = None
    as_of: str | None = None
    view_as: str | None = None
    no_input: bool = False
    plain: bool = False
    reads: bool = False
    clock: "Clock | None" = None
    """Clock that every command asks for the time; None for this machine's clock.  No flag and no variable sets it."""

    @contextmanager
    def studio(self) -> "Iterator[Studio]":
        """Context of the store, opened; with ``--as-of`` as of that moment, with ``--view-as`` as somebody sees it."""
        from orchestrator.log.store import utc_now
        from orchestrator.studio import Studio

        with Studio.at(self.store, self.claimed, self.say, clock=self.clock or utc_now) as studio:
            studio.only_shows = self.reads
            if (gone := studio.log.moved()) is not None:
                self.say(f"the log in {studio.log.database.place} was moved away: {gone}")
            studio.on_drift = self._ask_of_the_clock
            if self.as_of is not None:
                from orchestrator.desk.addressing.times import moment, position

                studio.upto = position(studio, self.as_of)
                if not self.as_of.isdigit():
                    studio.seen_at = moment(studio, self.as_of)
                    self.say(f"as of position {studio.upto} of the log")
            if self.view_as is not None:
                studio.view_as(self.view_as)
            yield studio
            if self.reads and (unknown := studio.not_shown | studio.log.unknown_kinds()):
                self.say(f"written by a newer takesheet; not shown: {', '.join(sorted(unknown))}")

    def _ask_of_the_clock(self, drift: "Drift") -> None:
        """Warn that this machine's clock is probably wrong; on a terminal, ask whether to record with it.

        Raises:
            Refused: ``log.clock``; the user answered no.
        """
        line = f"the clock of this machine is {drift} the last event in the log"
        hint = "a wrong clock there: takesheet log doubt FROM TO --why"
        if self.no_input or self.json or not sys.stdin.isatty():
            self.say(f"warning: {line}; {hint}")
        elif not typer.confirm(f"{line}; record with this clock?", default=False, err=True):
            from domain.core.refusal import Refused

            raise Refused("log.clock", f"{line}; nothing was recorded", next=f"set the clock; or, for {hint}")

    def say(self, *lines: str, style: str = "") -> None:
        """Print messages to stderr; on a terminal with colours, in *style* of :data:`STYLES`."""
        coloured = bool(style) and not self.json and is_coloured(sys.stderr, plain=self.plain)
        for line in lines:
            text = safe(status_in_words(line))
            print(painted(text, style) if coloured else text, file=sys.stderr)

    def wraps(self, *lines: str) -> None:
        """Print messages to stderr, wrapped at the width of the terminal."""
        width = terminal_width(plain=self.plain)
        self.say(*(piece for line in lines for piece in wrapped_line(line, width)))

    def done(self, data: object, *lines: str) -> None:
        """Print the result: *data* as JSON with ``--json``, else *lines*."""
        self._show(data, [safe(status_in_words(line)) for line in lines])

    def _show(self, data: object, lines: Sequence[str]) -> None:
        """Print *data* as JSON with ``--json``, else *lines*, in which nothing unsafe is left."""
        if self.json:
            print(_json({"ok": True, "data": data}))
        else:
            for line in lines:
                print(line)

    def paragraphs(self, data: object, *lines: str) -> None:
        """Print the result: *data* as JSON with ``--json``, else *lines*, wrapped at the width of the terminal."""
        width = terminal_width(plain=self.plain)
        self.done(data, *(piece for line in lines for piece in wrapped_line(status_in_words(line), width)))

    def facts(self, row: Mapping[str, object]) -> None:
        """Print the fields of one item: as JSON with ``--json``, else one line each."""
        told = {
            heading(name): [cell(one) for one in value] if isinstance(value, list) else [cell(value)]
            for name, value in row.items()
        }
        coloured = not self.json and is_coloured(sys.stdout, plain=self.plain)
        width, lines = terminal_width(plain=self.plain), list[str]()
        for name, value in ((name, one) for name, values in told.items() for one in values if one != EMPTY):
            pieces = wrapped_line(safe(f"{name}: {value}"), width)
            style = status_style(value) if coloured and name in STATUS_COLUMNS else ""
            lines += (painted(piece, style) for piece in pieces)
        self._show(dict(row), lines)

    def table(
        self,
        rows: Sequence[dict[str, object]],
        columns: Sequence[str],
        *,
        empty: str = "",
        spare: Sequence[str] = (),
        wrapped: Sequence[str] = (),
        statuses: Sequence[str] = (),
        mine: Sequence[str] = (),
    ) -> None:
        """Print *rows*: as JSON with ``--json``, else as columns under their headings.

        Args:
            rows: values by name of column.
            columns: names of the columns shown.
            empty: message if there are no rows.
            spare: columns that a narrow terminal may leave out, the least important first.
            wrapped: columns whose whole text is shown, over several lines if necessary.
            statuses: columns that hold statuses in this table alone, such as the sections of a song.
            mine: texts of cells that are for the user alone, such as the command of the one thing to do now.
        """
        if self.json:
            self.done(list(rows))
        elif not rows:
            self.say(empty or "nothing yet")
        else:
            words = [[heading(name) for name in columns], *([cell(row.get(name)) for name in columns] for row in rows)]
            coloured = is_coloured(sys.stdout, plain=self.plain)
            paints = paints_of(words[0], statuses=statuses, mine=mine) if coloured else ()
            width = terminal_width(plain=self.plain)
            if width is None:
                self._show(None, columns_of(words, paints=paints))
                return
            from orchestrator.cli.printing.fitting import fit_table

            wrapped_headings = [*map(heading, wrapped)]
            fitted = fit_table(words, width, spare=[*map(heading, spare)], wrapped=wrapped_headings, paints=paints)
            self._show(None, fitted.lines)
            if fitted.left_out:
                self.wraps(f"too narrow for {', '.join(fitted.left_out)}; --plain shows every column")


def _json(envelope: dict[str, object]) -> str:
    """Return ASCII-only JSON: readable in every locale, and without control characters for a terminal."""
    return json.dumps(envelope, default=_in_json)


def _in_json(value: object) -> object:
    """Convert a value for JSON: money to its fields, others to text."""
    from domain.core.money import Money

    return value.model_dump() if isinstance(value, Money) else str(value)


JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
AsFlag = Annotated[str | None, typer.Option("--as", metavar="NAME", help="Speak as NAME; nobody checks it.")]
StoreFlag = Annotated[str | None, typer.Option("--store", metavar="DIR", help="The store, instead of looking upward.")]
AsOfFlag = Annotated[
    str | None, typer.Option("--as-of", metavar="WHEN", help="As of an earlier time or position of the log.")
]
ViewAsFlag = Annotated[
    str | None, typer.Option("--view-as", metavar="NAME", help="Show what NAME sees, and never more than you see.")
]
NoInputFlag = Annotated[
    bool, typer.Option("--no-input", envvar="TAKESHEET_NO_INPUT", help="Never ask; exit 8 where a question is needed.")
]
PlainFlag = Annotated[bool, typer.Option("--plain", help="Line by line, without colours or bars.")]

SHARED = {"json": JsonFlag, "as_": AsFlag, "store": StoreFlag, "no_input": NoInputFlag, "plain": PlainFlag}
READING = {"as_of": AsOfFlag, "view_as": ViewAsFlag}
DEFAULTS = {
    "json": False,
    "as_": None,
    "store": None,
    "no_input": False,
    "plain": False,
    "as_of": None,
    "view_as": None,
}

CONTEXT = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
"""Parameter in which typer hands over the context of a call, whose object is the clock."""

Command = Callable[..., None]


def command(
    app: typer.Typer, name: str | None = None, *, reads: bool = False, shows: bool = False, hidden: bool = False
) -> Callable[[Command], Command]:
    """Register a function whose first parameter is its :class:`Call`; the shared flags are added to its own.

    A parameter of an :class:`OptionGroup` stands for all options of that group.

    Args:
        app: the noun to which it belongs.
        name: name of the command; by default that of the function.
        reads: the command only reads, and takes ``--as-of`` and ``--view-as``.
        shows: the command takes them too, since it reads unless it is told what to decide.
        hidden: leave the command out of help and completion.
    """

    def register(function: Command) -> Command:
        own = inspect.signature(function, eval_str=True)
        shared = SHARED | (READING if reads or shows else {})
        flags = [
            inspect.Parameter(flag, inspect.Parameter.KEYWORD_ONLY, default=DEFAULTS[flag], annotation=annotation)
            for flag, annotation in shared.items()
        ]
        declared = [parameter for word, parameter in own.parameters.items() if word != "call"]
        parameters = list(expand(declared))
        if "_TAKESHEET_COMPLETE" in os.environ:  # a shell asks
            from orchestrator.cli.shell.completion import complete_parameters

            complete_parameters([parameter.annotation for parameter in (*parameters, *flags)])

        @functools.wraps(function)
        def run(context: typer.Context, **given: Any) -> None:  # noqa: ANN401 - whatever the command declares
            flags = {flag: given.pop(flag) for flag in shared}
            _refuse_long(given.get("why"))
            call = Call(claimed=flags.pop("as_"), reads=reads, clock=context.obj, **flags)
            try:
                function(call, **gather(declared, given))
            except (KeyboardInterrupt, typer.Abort):
                begin_line()
                raise

        keyed = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in parameters]
        run.__signature__ = inspect.Signature([CONTEXT, *keyed, *flags])  # type: ignore[attr-defined]  # what typer reads
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in [CONTEXT, *keyed, *flags]}
        app.command(name, cls=HelpCommand, hidden=hidden)(run)
        return function

    return register


def begin_line() -> None:
    """Begin a line on a terminal after Ctrl-C or Ctrl-D: the cursor is behind a prompt, or behind an echoed ``^C``."""
    if sys.stderr.isatty():
        print(file=sys.stderr, flush=True)


def _refuse_long(why: object) -> None:
    """Refuse a reason that is too long, before anything is read, copied or recorded."""
    if isinstance(why, str):
        from domain.core.text_limits import REASON, refuse_long

        refuse_long("--why", why, REASON)


def noun(help_: str, *, default: str = "") -> typer.Typer:
    """Return a noun of the command line, to which verbs are added; users may leave out the verb *default*."""
    return typer.Typer(
        cls=default_verb(default) if default else HelpGroup,
        help=help_,
        no_args_is_help=True,
        add_completion=False,  # the root command has it
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )


def leave(refusal: Refusal, *, as_json: bool, help_line: str = "takesheet --help", plain: bool = False) -> int:
    """Print a refusal and return its exit code.  Secrets in URLs, which messages of libraries repeat, are removed.

    Args:
        refusal: what was refused.
        as_json: print one JSON object on stdout, instead of lines on stderr.
        help_line: the command that shows the help of the refused one; the next step if there is no better one.
        plain: without colours, and in lines of any length.
    """
    from flows.vault.redaction import redacted_text

    detail, next_ = redacted_text(refusal.detail), redacted_text(next_step(refusal, help_line))
    if as_json:
        envelope: dict[str, object] = {
            "ok": False,
            "rule": refusal.rule,
            "detail": detail,
            "next": next_,
        }
        if "data" in refusal.values:
            envelope["data"] = refusal.values["data"]
        print(_json(envelope))
    else:
        by_rule = code_of(refusal) in {3, 5} and refusal.rule not in {*NOT_OURS, "machine", "vault"}
        word = "refused" if by_rule else "error"
        name = safe(f"{word} ({refusal.rule}):")
        line = safe(f"{name} {_shortened(status_in_words(one_line(detail)))}")
        first, *others = wrapped_line(line, terminal_width(plain=plain, stream=sys.stderr))
        if is_coloured(sys.stderr, plain=plain):
            first = first.replace(name, painted(name, "refusal"), 1)
        print(first, *others, sep="\n", file=sys.stderr)
        print(safe(f"  next: {_shortened(one_line(next_))}"), file=sys.stderr)
    return code_of(refusal)


LONGEST_LINE = 800
"""Characters of a refusal that are shown to people; a longer one contains a pasted file."""


def _shortened(line: str) -> str:
    half = LONGEST_LINE // 2
    return line if len(line) <= LONGEST_LINE else f"{line[:half]} … {line[-half:]}"


NOT_OURS: Mapping[str, int] = {
    **dict.fromkeys(("store.full", "store.unreachable", "store.uncertain"), 3),
    **dict.fromkeys(("outage.disk", "outage.vault", "outage.database"), 3),
    "store.unwell": 6,
}
"""Exit code by rule, for refusals of the machine that belong to no family: none is a fault of the program."""


def code_of(refusal: Refusal) -> int:
    """Return the exit code of a refusal."""
    from domain.core import refusal as family

    if refusal.rule.startswith("store.damaged"):
        return 9
    if refusal.rule in NOT_OURS:
        return NOT_OURS[refusal.rule]
    codes: Iterable[tuple[type[Refusal], int]] = (
        (family.Misused, 2), (family.Refused, 3), (family.NotFound, 4), (family.Clash, 5), (family.Unfit, 6),
        (Pending, 7), (NeedsInput, 8), (Damaged, 9),
    )  # fmt: skip
    return next((code for kind, code in codes if isinstance(refusal, kind)), 1)
