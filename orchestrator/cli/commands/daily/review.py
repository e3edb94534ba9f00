"""``review``: listen to the items without a verdict and judge each with one key."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from domain.core.refusal import Clash, NotFound, Refusal, Refused
from orchestrator.cli.commands.listen.span_marks import SpanMarks
from orchestrator.cli.shell.frame import Call, NeedsInput, Pending, begin_line, command, noun
from orchestrator.cli.shell.keys import Keyboard, one_key, quiet_terminal

if TYPE_CHECKING:
    from orchestrator.cli.commands.listen.steering import Steering
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
    "v": "approve a mix as an alternate: the chosen mix stays",
    "u": "undo your last judgement",
    "n": "write a note",
    "p": "play it; a take in its song",
    "c": "compare a take with the keeper, a mix or master with the last approved",
    "x": "the same as c; while it plays, A/B at that time",
    "0": "forget the span that was marked while it played",
    "i": "info: the numbers",
    "q": "quit; what is undecided stays so",
}
WHILE_IT_PLAYS: Final = {key: meaning for key, meaning in KEYS.items() if key not in "npqx0"}
"""Keys that stop what plays and are carried out; the others are the player's then."""
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
) -> None:
    """Go through the takes, mixes and masters that are ready to judge.  Each key records its verdict at once.

    With --as-of, what was ready then is listed.
    """
    from orchestrator.desk.listening.player import player_note
    from orchestrator.desk.review.review import SAID, Review

    with call.studio() as studio:
        walk = Review.of(studio, target)
        rows = [
            {"kind": item.kind, "address": item.address, "why": item.why, "output": item.output} for item in walk.items
        ]
        if call.json or (rows and (call.no_input or call.as_of is not None)):
            call.done(rows, *(f"{row['kind']} {row['address']} ({row['why']})" for row in rows))
            if call.no_input and rows:
                raise NeedsInput("input.needed", f"waiting for a verdict: {len(rows)}", next="takesheet review")
            return
        call.say(*player_note(studio.config))
        Prompt(call, walk, SAID).run()
        decided, pending = len(walk.decided), walk.pending
    call.say(f"{decided} decided · {pending} pending" if walk.items else "nothing is waiting for a verdict")
    if pending and fail_on_pending:
        raise Pending("decisions.pending", f"waiting for a verdict: {pending}", next="takesheet review")


class Prompt:
    """Asks for verdicts: by single keys on a terminal, else (or with ``--plain``) line by line."""

    def __init__(self, call: Call, walk: "Review", said: "Mapping[Answer, str]") -> None:
        self._call, self._walk, self._said = call, walk, said
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
            self._introduce(question)
            self._marks.forget()
            stands = f"   [{question.verdict}]" if question.verdict else ""
            notes = f" · {_counted(len(question.notes))}" if question.notes else ""
            self._call.say(
                f"[{question.number}/{question.of}] {question.title}{notes}{stands}", f"  {question.item.why}"
            )
            self._call.say(*(f"  note {line}" for line in question.notes))
            while True:
                key, rest = self._key(question)
                if key == "p":
                    key = self._play(question, rest)
                if key == "q":
                    return
                if key and self._press(question, key, rest):
                    break

    def _press(self, question: "Question", key: str, rest: str) -> bool:
        """Carry out *key*; return True if the next question is due."""
        if key in ANSWERS:
            return self._answer(question, ANSWERS[key])
        if key == "v":
            return self._answer(question, "approved", alternate=True)
        if key in {"s", "b"}:
            self._walk.skip() if key == "s" else self._walk.back()
            return True
        if key in {"t", "w"}:
            return self._span(question, rest) if key == "t" else self._decide(lambda: self._walk.approve_pass(question))
        if key == "u":
            return self._undo()
        stays = {
            "n": self._note,
            "c": self._compare,
            "x": self._compare,
            "0": self._forget,
            "i": self._tell,
            "?": self._help,
        }
        stays.get(key, self._unknown)(question, rest)
        return False

    def _tell(self, question: "Question", _: str) -> None:
        from orchestrator.desk.review.item_facts import facts_of

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
        return self._decide(lambda: [said, *self._walk.answer(question, answer, alternate=alternate)])

    def _span(self, question: "Question", text: str) -> bool:
        """Approve the take over the stretch *text*, or over one that is asked for."""
        from domain.core.address import span_of

        words = text or self._marks.words or (self._line("from-to: ") or "").strip()
        if (span := span_of(words)) is None:
            self._call.say(f"  {words!r} is no stretch; write it like 0:48-1:20, chorus1, verse1-chorus1 or L1-4")
            return False
        return self._decide(lambda: [f"approved over {words}", *self._walk.approve_span(question, span)])

    def _decide(self, decision: "Callable[[], Sequence[str]]") -> bool:
        """Carry out *decision* and print what it did; return True if the next question is due.

        Where somebody judged the item meanwhile, their verdict is printed, nothing is recorded over it, and the
        review goes on with the next item.
        """
        try:
            said = decision()
        except Clash as clash:
            self._call.say(f"  {clash.detail}; nothing was recorded over it ({clash.rule}); (b)ack asks again")
            self._walk.skip()
            return True
        except Refusal as refusal:
            self._call.say(f"  refused ({refusal.rule}): {refusal.detail}", style="bad")
            return False
        self._call.say(*(f"  {line}" for line in said))
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
        following = [f"  the next undo takes back: {taken.following}"] if taken.following else []
        self._call.say(f"  taken back: {taken.said}", *following)
        return True

    def _ask_about(self, said: str) -> None:
        """Ask before a verdict on a mix or master is undone.  Raises: Refused ``undo.signature``; the answer was no."""
        if not self._asked(f"  take back the signature: {said}?"):
            raise Refused("undo.signature", f"kept: {said}")

    def _asked(self, question: str) -> bool:
        """Ask a question; True if the answer is yes: one key on a terminal, else a line."""
        if self._lines:
            return (self._line(f"{question} (y/n) ") or "").strip() in {"y", "yes"}
        return one_key(f"{question} (y/n) ") == "y"

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
            with audition(studio, address, Choice(), keep=not player) as files, sounds_beside(studio) as beside:
                if player:
                    ended = play_files(self._call, player, files, steering=self._steering(question, beside))
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
            beside_kept(self._call, self._walk.studio, question.item)
        except Refusal as refusal:
            self._call.say(f"  {refusal.detail}")

    def _key(self, question: "Question") -> tuple[str, str]:
        """Return the next key and the rest of its line; the end of the input means quit, Enter alone is skipped."""
        if self._lines:
            self._call.say(PROMPTS[question.item.kind])
            while (line := self._line("")) == "":
                pass
            word, _, rest = ("q" if line is None else line.strip()).partition(" ")
            return word, rest
        key = one_key(f"{PROMPTS[question.item.kind]} ")
        return ("q" if key in {"", "\x04"} else key), ""

    def _line(self, prompt: str) -> str | None:
        line = Keyboard.line(prompt)
        return line.rstrip("\n") if line else None


def _counted(notes: int) -> str:
    return f"{notes} note{'s' if notes > 1 else ''}"
