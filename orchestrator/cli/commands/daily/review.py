"""``review``: listen to the items without a verdict and judge each with one key."""

import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, cast

import typer

from domain.core.refusal import Clash, Misused, NotFound, Refusal, Refused
from orchestrator.cli.commands.daily.blind_words import BlindWords
from orchestrator.cli.commands.daily.keeper_offer import KeeperOffer
from orchestrator.cli.commands.listen.span_marks import SpanMarks
from orchestrator.cli.shell.frame import Call, NeedsInput, Pending, begin_line, command, noun
from orchestrator.cli.shell.keys import Keyboard, forget_typed_ahead, one_key, quiet_terminal

if TYPE_CHECKING:
    from domain.status.review.verdict_table import LineFault
    from orchestrator.cli.commands.listen.steering import Steering
    from orchestrator.desk.addressing.rows import Row
    from orchestrator.desk.comparison.sounds_beside import SoundsBeside
    from orchestrator.desk.listening.audition import AuditionFile
    from orchestrator.desk.review.review import Answer, Question, Review

review = noun("Listen to what is ready and judge it, one key an item.")

ANSWERS: "Final[dict[str, Answer]]" = {"a": "approved", "k": "kept", "h": "held", "r": "rejected"}
KEYS: Final = {
    "a": "approve: this is what it is",
    "k": "keep: circle it as a keeper, displacing nothing",
    "h": "hold: leave it for later",
    "r": "not this one",
    "s": "skip, undecided",
    "b": "back to the one before",
    "t": "approve a take over a stretch: 0:48-1:20, chorus1, L1-4",
    "w": "approve the whole pass of a take",
    "d": "the day: approve the keepers of a session, as they are listed",
    "v": "approve a mix as an alternate: the chosen mix stays",
    "m": "how much it moves you, before you see its numbers: m, then 0 to 3",
    "u": "undo your last judgement",
    "U": "redo: bring back what u took back",
    "g": "go to the item with a number: g, then 12",
    "/": "only what fits words: a part, a player, a kind or a song; without words, all",
    "n": "write a note",
    "p": "play it; a take in its song",
    "c": "compare a take with the keeper, a mix or master with the last approved",
    "x": "the same as c; while it plays, A/B at that time",
    "0": "forget the span that was marked while it played",
    "i": "info: the numbers",
    "q": "quit; what is undecided stays so",
}
WHILE_IT_PLAYS: Final = {key: meaning for key, meaning in KEYS.items() if key not in "npqg/x0"}
"""Keys that stop what plays and are carried out; the others are the player's then."""
MOVES: Final = ("u", "U", "g", "/")
"""Keys that take back, bring back, or go to another item."""
MOST_SEEDS: Final = 1_000_000
"""Seeds among which the one of a blind review is drawn; they are short to type."""
LONGEST_NUMBER: Final = 9
"""Digits of the number of an item."""
PROMPTS: Final = {
    "take": "(a)pprove (k)eep (h)old (r)eject (s)kip (u)ndo (n)ote (p)lay (i)nfo (q)uit ?",
    "mix": "(a)pprove (h)old (r)eject (s)kip (u)ndo (n)ote (p)lay (c)ompare (i)nfo (q)uit ?",
    "master": "(a)pprove (h)old (r)eject (s)kip (u)ndo (n)ote (p)lay (c)ompare (i)nfo (q)uit ?",
}
"""The keys that go with each kind of item, in one line of eighty cells; ``?`` lists all."""


@command(review, "review", shows=True)
def judge_waiting(
    call: Call,
    target: Annotated[str | None, typer.Argument(metavar="TARGET", help="A record, song, part, mix or master.")] = None,
    fail_on_pending: Annotated[bool, typer.Option("--fail-on-pending", help="Exit 7 where something is left.")] = False,
    blind: Annotated[bool, typer.Option("--blind", help="Hide players, numbers, times and earlier verdicts.")] = False,
    seed: Annotated[int | None, typer.Option("--seed", help="The order of an earlier blind review.")] = None,
    export: Annotated[
        Path | None, typer.Option("--export", metavar="FILE", help="Write what is ready into a new table.")
    ] = None,
    apply: Annotated[
        Path | None, typer.Option("--apply", metavar="FILE", help="Record the answers of a table; - is stdin.")
    ] = None,
) -> None:
    """Go through the takes, mixes and masters that are ready to judge.  Each key records its verdict at once.

    Without a terminal nothing is asked: what is ready is listed, with exit code 8, or 7 with --fail-on-pending.  With
    --plain an item is one line, and answers are lines.  With --as-of, what was ready then is listed.
    """
    from orchestrator.desk.listening.player import player_note
    from orchestrator.desk.review.review import SAID, Review

    if export is not None or apply is not None:
        if blind or seed is not None or (export is not None and (apply is not None or fail_on_pending)):
            raise Misused("review.table", "a table is written or applied, and names its items: leave an option out")
        _by_table(call, target, export, apply, fail_on_pending=fail_on_pending)
        return
    seed = _seed_of(call, blind=blind, seed=seed)
    with call.studio() as studio:
        walk = Review.of(studio, target, seed=seed)
        rows: list[Row] = [
            {"kind": item.kind, "address": item.address, "why": item.why, "output": item.output}
            for item in walk.items
            if item.address not in (walk.held or ())
        ]
        unasked = call.no_input or not (call.json or sys.stdin.isatty())
        if call.json or (rows and (unasked or call.as_of is not None)):
            _list(call, rows, unasked=unasked, fail_on_pending=fail_on_pending, blind=blind)
            return
        call.say(*player_note(studio.config))
        prompt = Prompt(call, walk, SAID)
        prompt.run()
        call.say(*prompt.words.end())
        decided, pending = len(walk.decided), walk.pending
    call.say(f"{decided} decided · {pending} pending" if walk.items else "nothing is waiting for a verdict")
    if pending and fail_on_pending:
        raise Pending("decisions.pending", f"waiting for a verdict: {pending}", next="takesheet review")


def _by_table(
    call: Call, target: str | None, export: Path | None, apply: Path | None, *, fail_on_pending: bool
) -> None:
    """Write a table of the items to judge, or record the answers in one.

    Raises:
        Pending: *fail_on_pending*, and there are items without a verdict after the answers.
    """
    from orchestrator.cli.shell.editor import read_text
    from orchestrator.desk.review.review_rows import questions
    from orchestrator.desk.review.table.review_table import apply_table, export_table

    with call.studio() as studio:
        if export is not None:
            rows = export_table(studio, target, export)
            call.done({"file": str(export), "items": rows}, str(export))
            call.say(f"{rows} to judge; write an answer into the first column of each, then: review --apply {export}")
            return
        if target is not None:
            raise Misused("review.table", "--apply follows all lines of its table; leave the target out")
        try:
            answered, recorded = apply_table(studio, read_text(Path(apply or "-")))
        except Refusal as refusal:
            faults = cast("Sequence[LineFault]", refusal.values.get("faults", ()))
            if call.json and faults:
                refusal.values["data"] = [{"line": one.line, "rule": one.rule, "reason": one.reason} for one in faults]
            elif faults:
                call.say(*(f"  {one}" for one in faults))
            raise
        left = len(questions(studio, None)) if fail_on_pending else 0
    call.done({"answered": answered, "recorded": recorded}, f"{answered} answered · {recorded} recorded")
    if left:
        raise Pending("decisions.pending", f"waiting for a verdict: {left}", next="takesheet review")


def _seed_of(call: Call, *, blind: bool, seed: int | None) -> int | None:
    """The seed of a blind review, drawn if none is given; None if the review is not blind.

    Raises:
        Misused: ``review.seed``; a seed without ``--blind``.  ``review.blind``; the items would be listed.
    """
    if not blind:
        if seed is not None:
            raise Misused("review.seed", "--seed is the order of a blind review; add --blind")
        return None
    if call.json or call.as_of is not None:
        raise Misused("review.blind", "--blind hides what --json and --as-of list; leave one of them out")
    return secrets.randbelow(MOST_SEEDS) if seed is None else seed


def _list(call: Call, rows: "Sequence[Row]", *, unasked: bool, fail_on_pending: bool, blind: bool) -> None:
    """Print the items to judge; in a *blind* review only how many they are.

    Raises:
        Pending: *fail_on_pending*, and there are some.
        NeedsInput: *unasked*, and there are some.
    """
    waiting, step = f"waiting for a verdict: {len(rows)}", "takesheet review"
    values = {"data": list(rows)} if call.json else {}
    refusal: Refusal | None = None
    if rows and fail_on_pending:
        refusal = Pending("decisions.pending", waiting, next=step, **values)
    elif rows and unasked:
        refusal = NeedsInput("input.needed", f"{waiting}; nobody can be asked here", next=step, **values)
    if not blind and (refusal is None or not call.json):
        call.done(list(rows), *(f"{row['kind']} {row['address']} ({row['why']})" for row in rows))
    if refusal is not None:
        raise refusal


class Prompt:
    """Asks for verdicts: by single keys on a terminal, else (or with ``--plain``) line by line."""

    def __init__(self, call: Call, walk: "Review", said: "Mapping[Answer, str]") -> None:
        self._call, self._walk, self._said = call, walk, said
        self._keepers = KeeperOffer(call, walk)
        self.words = BlindWords(walk.seed)
        self._background: Sequence[str] = ()
        """The lines about record and song that were printed last."""
        self._lines = call.plain or not (sys.stdin.isatty() and sys.stderr.isatty())
        self._marks = SpanMarks()
        """The span of the item that was marked while it played."""

    def _introduce(self, question: "Question") -> None:
        """Print the brief of the item's record, and the facts of its song, where they are others than before."""
        from orchestrator.desk.review.item_background import background_of

        lines = background_of(self._walk.studio, question.item.address)
        self._call.say(*(line for line in lines if line not in self._background))
        self._background = lines

    def run(self) -> None:
        """Ask until every item is answered or the user quits."""
        with quiet_terminal(has_keys=not self._lines):
            self._walk_through()

    def _walk_through(self) -> None:
        while question := self._walk.question():
            self._marks.forget()
            self._present(question)
            while True:
                key, rest = self._key(question)
                if key == "p":
                    key = self._play(question, rest)
                if key == "q":
                    return
                if key and self._press(question, key, rest):
                    break

    def _present(self, question: "Question") -> None:
        """Print the item with its notes and what is known about its song; in plain mode, one line."""
        self._keepers.show()
        stands = f"   [{question.verdict}]" if question.verdict else ""
        notes = f" · {_counted(len(question.notes))}" if question.notes else ""
        within = f"; only {self._walk.words}" if self._walk.words else ""
        moved = f" · moved {question.moved}" if question.moved else ""
        head = f"[{question.number}/{question.of}{within}] {question.title}{notes}{moved}"
        why = "" if self.words.hides else question.item.why
        if self._call.plain:
            self._call.say(f"{head}{f' · {why}' if why else ''}{stands}")
            return
        self._introduce(question)
        self._call.say(f"{head}{stands}", *([f"  {why}"] if why else []))
        self._call.say(*(f"  note {line}" for line in question.notes))

    def _press(self, question: "Question", key: str, rest: str) -> bool:
        """Carry out *key*; return True if the next question is due."""
        if key in ANSWERS:
            return self._answer(question, ANSWERS[key])
        if key == "v":
            return self._answer(question, "approved", alternate=True)
        if key in {"s", "b"}:
            self._walk.skip() if key == "s" else self._walk.back()
            return True
        if key in {"t", "w", "d"}:
            return self._span(question, rest) if key == "t" else self._approve_several(question, key)
        if key in MOVES:
            return self._move(key, rest)
        stays = {
            "m": self._rate, "n": self._note, "c": self._compare, "x": self._compare, "0": self._forget,
            "i": self._tell, "?": self._help,
        }  # fmt: skip
        stays.get(key, self._unknown)(question, rest)
        return False

    def _move(self, key: str, rest: str) -> bool:
        """Carry out a key of :data:`MOVES`; return True if the next question is due."""
        if key == "u":
            return self._undo()
        if key == "U":
            return self._redo()
        return self._go(rest) if key == "g" else self._limit(rest)

    def _tell(self, question: "Question", _: str) -> None:
        from orchestrator.desk.review.item_facts import facts_of

        if self.words.hides:
            self._call.say("  the numbers are hidden in a blind review")
            return
        self._walk.measured.add(question.item.address)
        if self._call.plain:
            self._background = ()
            self._introduce(question)
            self._call.say(*(f"  note {line}" for line in question.notes))
        self._call.say(*(f"  {line}" for line in facts_of(self._walk.studio, question.item)))

    def _help(self, _: "Question", __: str) -> None:
        self._call.say(*(f"  {letter}  {meaning}" for letter, meaning in KEYS.items()))

    def _unknown(self, _: "Question", __: str) -> None:
        self._call.say("  there is no such key; ? lists them all")

    def _answer(self, question: "Question", answer: "Answer", *, alternate: bool = False) -> bool:
        if answer == "kept" and question.item.kind != "take":
            self._call.say("  takes are kept; a mix or master is approved, held or rejected")
            return False
        if answer == "approved" and self._marks.start and (refused := self._refused_span(question)):
            self._call.say(f"  {refused}")
            return False
        if answer == "approved" and self._marks.words:
            return self._span(question, self._marks.words)
        if answer == "approved" and question.open_notes and not self._agrees(question):
            return False
        if alternate and question.item.kind != "mix":
            self._call.say("  only a mix is approved as an alternate")
            return False
        said = "approved as an alternate" if alternate else self._said[answer]
        return self._decide(question, lambda: [said, *self._walk.answer(question, answer, alternate=alternate)])

    def _span(self, question: "Question", text: str) -> bool:
        """Approve the take over the stretch *text*, or over one that is asked for."""
        from domain.core.address import span_of

        words = text or self._marks.words or (self._line("from-to: ") or "").strip()
        if (span := span_of(words)) is None:
            self._call.say(f"  {words!r} is no stretch; write it like 0:48-1:20, chorus1, verse1-chorus1 or L1-4")
            return False
        return self._decide(question, lambda: [f"approved over {words}", *self._walk.approve_span(question, span)])

    def _approve_several(self, question: "Question", key: str) -> bool:
        """Approve the whole pass of the take or, with the key ``d``, the keepers of the day that were listed."""
        if key == "d":
            return self._decide(question, self._keepers.confirm)
        lead = ["approved with its whole pass"] if self.words.hides else []
        return self._decide(question, lambda: [*lead, *self._walk.approve_pass(question)])

    def _decide(self, question: "Question", decision: "Callable[[], Sequence[str]]") -> bool:
        """Carry out *decision* and print what it did; return True if the next question is due.

        Where somebody judged the item meanwhile, their verdict is printed, nothing is recorded over it, and the
        review goes on with the next item.
        """
        try:
            said = decision()
        except Clash as clash:
            self._call.say(f"  {self.words.clash(clash)}")
            self._walk.skip()
            return True
        except Refusal as refusal:
            self._call.say(f"  {self.words.refused(refusal)}", style="bad")
            return False
        self._call.say(*(f"  {line}" for line in self.words.result(question, said)))
        return True

    def _agrees(self, question: "Question") -> bool:
        """Ask for the approval of a mix that has open notes; True if it is to be approved."""
        if self._asked(f"  {_counted(question.open_notes)} open (mix.open_notes); approve all the same?"):
            return True
        self._call.say("  not approved; note done, note decline answer a note")
        return False

    def _undo(self) -> bool:
        try:
            taken = self._walk.undo(agree=self._ask_about)
        except (NotFound, Refused) as refusal:
            self._call.say(f"  {refusal.detail}")
            return False
        told = taken.following and not self.words.hides
        following = [f"  the next undo takes back: {taken.following}"] if told else []
        self._call.say(f"  taken back{self.words.of(taken.said)}", *following)
        self.words.forget(taken.addresses)
        return True

    def _redo(self) -> bool:
        try:
            brought = self._walk.redo()
        except Refusal as refusal:
            self._call.say(f"  {refusal.detail}")
            return False
        self._call.say(f"  brought back{self.words.of(brought.said)}")
        return True

    def _go(self, text: str) -> bool:
        """Go to the item with the number *text*, or to one that is asked for."""
        word = text or (self._line("number: ") or "").strip()
        if word.isascii() and word.isdecimal() and len(word) <= LONGEST_NUMBER and self._walk.go_to(int(word)):
            return True
        if word:
            self._call.say(f"  there is no item {word[:40]!r}: they have the numbers 1 to {len(self._walk.items)}")
        return False

    def _limit(self, text: str) -> bool:
        """Go on among the items that fit the words *text*, or words that are asked for; all without words."""
        words = " ".join((text or self._line("words: ") or "").split())
        if self._walk.limit(words):
            return True
        self._call.say(f"  nothing fits {words[:40]!r}; the list is as it was")
        return False

    def _ask_about(self, said: str) -> None:
        """Ask before a verdict on a mix or master is undone.  Raises: Refused ``undo.signature``; the answer was no."""
        if not self._asked(f"  take back the signature{self.words.of(said)}?"):
            raise Refused("undo.signature", f"kept{self.words.of(said)}")

    def _asked(self, question: str) -> bool:
        """Ask a question; True if the answer is yes: one key on a terminal, else a line."""
        if self._lines:
            return (self._line(f"{question} (y/n) ") or "").strip() in {"y", "yes"}
        return one_key(f"{question} (y/n) ") == "y"

    def _rate(self, question: "Question", text: str) -> None:
        """Record how much the item moves the caller: the number *text*, or the key that is asked for."""
        if text or self._lines:
            word = text or (self._line("moved 0-3: ") or "").strip()
        else:
            word = one_key("moved, from 0 to 3? ")
        if word not in {"0", "1", "2", "3"}:
            self._call.say("  not rated: how much it moves you is a number from 0, not at all, to 3")
            return
        try:
            self._walk.rate(question, int(word))
        except Refusal as refusal:
            self._call.say(f"  {self.words.refused(refusal)}", style="bad")
            return
        self._call.say(*(f"  {line}" for line in self.words.result(question, [f"moved {word}"])))

    def _note(self, question: "Question", text: str) -> None:
        from orchestrator.desk.review.review import note_on

        words = text or (self._line("note: ") or "").strip()
        if words:
            said, at = self._marks.noted(words)
            note_on(self._walk.studio, question.item, said, at=at)
            self._call.say("  noted")

    def _forget(self, _: "Question", __: str) -> None:
        self._call.say(f"  {self._marks.forget()}")

    def _refused_span(self, question: "Question") -> str:
        """Why the marked span cannot be approved, in one line; empty if it can."""
        if question.item.kind != "take":
            return "a take alone is approved over a span: 0 forgets the span, and (a) approves the whole"
        return "" if self._marks.end else "the span that was begun has no end: 0 forgets it, and (a) approves the whole"

    def _steering(self, question: "Question", beside: "SoundsBeside") -> "Steering":
        """Keys while the item plays; n writes a note on its span or at its time, but goes on in a master's songs."""
        from orchestrator.cli.commands.listen.steering import NOTE_PROMPT, PROMPT, Act, Steering
        from orchestrator.desk.review.review import note_on

        def note(file: "AuditionFile", position_s: float) -> None:
            words = (self._line("note: ") or "").strip()
            if words and file.place:
                said, at = self._marks.noted(words)
                note_on(self._walk.studio, question.item, said, at=at or file.place.words(position_s))
                self._call.say("  noted")

        one_song = question.item.kind != "master"
        acts = {"n": Act("write a note on the span, or at this time", note, asks=True)} if one_song else {}
        prompt = NOTE_PROMPT if one_song else PROMPT
        return Steering(prompt, acts, WHILE_IT_PLAYS, marks=self._marks, beside=beside)

    def _play(self, question: "Question", _: str) -> str:
        """Play the item; return the key of the review that ended it, or an empty text."""
        from orchestrator.cli.commands.listen.player_keys import play_files
        from orchestrator.desk.addressing import addresses
        from orchestrator.desk.comparison.sounds_beside import sounds_beside
        from orchestrator.desk.listening.audition import Choice, audition
        from orchestrator.desk.listening.player import player_of

        studio = self._walk.studio
        player = player_of(studio)
        try:
            address = addresses.find(studio, question.item.address)
            with (
                audition(studio, address, Choice(), keep=not player) as files,
                sounds_beside(studio, blind=self.words.hides) as beside,
            ):
                if player:
                    heard = self.words.files(files, question)
                    ended = play_files(self._call, player, heard, steering=self._steering(question, beside))
                    return "" if ended == "q" else ended
        except Refusal as refusal:
            self._call.say(f"  {refusal.detail}")
            return ""
        except KeyboardInterrupt:
            if not self._lines:  # with keys the sound was stopped before
                raise
            begin_line()
            self._call.say("  stopped")
            return ""
        self._call.say("  no player found; the file is here:", *(f"  {file.path}" for file in files))
        return ""

    def _compare(self, question: "Question", _: str) -> None:
        """Switch between the item and what it is compared with."""
        from orchestrator.cli.commands.listen.comparison_player import beside_kept

        try:
            beside_kept(self._call, self._walk.studio, question.item, blind=self.words.hides)
        except Refusal as refusal:
            self._call.say(f"  {self.words.refused(refusal) if self.words.hides else refusal.detail}")

    def _key(self, question: "Question") -> tuple[str, str]:
        """Return the next key and the rest of its line; the end of the input means quit, Enter alone is skipped."""
        if self._lines:
            forget_typed_ahead()
            self._call.say(PROMPTS[question.item.kind])
            while (line := self._line("")) is not None and not line.strip():
                pass
            word = "q" if line is None else line.strip()
            key, _, rest = (word[0], "", word[1:]) if word.startswith("/") else word.partition(" ")
            return key, rest.strip()
        key = one_key(f"{PROMPTS[question.item.kind]} ")
        return ("q" if key in {"", "\x04"} else key), ""

    def _line(self, prompt: str) -> str | None:
        line = Keyboard.line(prompt)
        return line.rstrip("\n") if line else None


def _counted(notes: int) -> str:
    return f"{notes} note{'s' if notes > 1 else ''}"
