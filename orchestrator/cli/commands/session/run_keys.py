"""The keys of a session that runs, for the full screen and for the line mode alike.

Tests: ``tests/orchestrator/cli/commands/session/test_run.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from domain.core.refusal import OperationalError, Refusal

if TYPE_CHECKING:
    from domain.core.money import Money
    from domain.session.day_events import Mark
    from orchestrator.desk.session.session_day import SessionKeys
    from orchestrator.desk.session.session_views import ProducerView
    from orchestrator.studio import Studio

MARKS: "Final[dict[str, tuple[Mark, str]]]" = {
    "k": ("keeper", "keeper"),
    "h": ("hold", "hold"),
    "r": ("not-this-one", "not this one"),
    "f": ("false-start", "false start"),
}
KEYS: Final = {
    "space": "roll or stop the tape",
    "k": "keeper",
    "h": "hold: maybe",
    "r": "not this one",
    "f": "false start; the tape stops",
    "m": "a moment worth keeping, at once; its words and Enter may follow",
    "n": "write a note of your own, which nobody else reads",
    ">": "go on to the next part",
    "p": "park: put the running parts aside, and go on",
    "s": "choose song and parts",
    "g": "say the day's goal, which the room sees",
    "u": "take your last key back",
    "$": "money and overtime, shown or hidden",
    "c": "the curtain: show what the room may see, and nothing else",
    "?": "list the keys",
    "q": "leave; the session goes on",
}
ROLL: Final = frozenset({" ", "space", "."})
"""Ways to type the key that rolls and stops the tape; in the line mode a blank line decides nothing."""
PROMPT: Final = "(space) roll (k)eeper (h)old (r) not this (f)alse (m)oment (n)ote (>) next ?"
"""The usual keys in one line of eighty cells; ``?`` lists all."""
TEXTS: Final = {"n": "note: ", "s": "parts: ", "g": "goal: "}
"""Question after each key that needs words."""
WORDS: Final = {"m": "moment kept; in words, then Enter: "}
"""Question after each key that has decided already, and may be followed by words."""


@dataclass
class KeyConsole:
    """The keys of one terminal: they decide, and say in words how it went."""

    studio: "Studio"
    keys: "SessionKeys"
    is_curtained: bool = False
    """Only what the room may see is shown."""
    shows_money: bool = False
    shows_keys: bool = False
    message: str = ""
    """Result of the last key, in words."""
    moment_at: datetime | None = None
    """Time of the moment that the last key marked, which words may follow; None after any other key."""
    _head: int = field(default=-1)
    _view: "ProducerView | None" = None
    _money: tuple[object, list[str]] = (None, [])

    def view(self) -> "ProducerView":
        """The session as it is now; read again only when the log has grown."""
        from orchestrator.desk.session.session_views import session_view

        head = self.studio.head()
        if self._view is None or head != self._head:
            self._view = session_view(self.studio, self.keys.record, self.keys.session)
            self._head = head
        return self._view

    def asks(self, key: str) -> str:
        """The question that *key* asks before it decides; empty for a key that decides at once.

        Behind the curtain nothing is asked, since whoever stands there would read along.
        """
        return "" if self.is_curtained else TEXTS.get(key, "")

    def may_say(self, key: str) -> str:
        """The question for the words of what *key* has just marked; empty if none may follow."""
        return "" if self.is_curtained or self.moment_at is None else WORDS.get(key, "")

    def press(self, key: str) -> None:
        """Carry out *key*; an unknown one, and Enter, decide nothing."""
        self.moment_at = None
        if key in MARKS:
            mark, words = MARKS[key]
            self._decides(lambda: self.keys.mark(mark), words)
        elif key in ROLL:
            self._decides(self.keys.roll, "")
        elif key == "m":
            at = self.studio.now()
            self.moment_at = at if self._decides(lambda: self.keys.moment(at=at), "moment kept") else None
        elif key == "u":
            self._decides(self.keys.undo, "taken back")
        elif key in {">", "p"}:
            self._go_on(parks=key == "p")
        elif key == "c":
            self.is_curtained = not self.is_curtained
        elif not self.is_curtained:
            self.shows_money ^= key == "$"
            self.shows_keys ^= key == "?"

    def carry_out(self, key: str, words: str) -> None:
        """Carry out a line: *key*, and the *words* behind it for a key that takes some."""
        if self.asks(key):
            self.answer(key, words)
        elif key in KEYS or key in ROLL:
            self.press(key)
            if words and key in WORDS:
                self.answer(key, words)
        elif key and not self.is_curtained:
            self.message = "there is no such key; ? lists them all"

    def answer(self, key: str, text: str) -> None:
        """Carry out *key* with the words *text*; without words it decides nothing."""
        if key == "m" and self.moment_at is not None:
            at = self.moment_at
            if text.strip():
                self._decides(lambda: self.keys.name_moment(at, text), "moment kept, with its words")
        elif not text.strip() or self.is_curtained:
            self.message = ""
        elif key == "n":
            self._decides(lambda: self._note(text), "noted, for you alone")
        elif key == "s":
            self._decides(lambda: self.keys.start_parts(self._parts(text)), "")
        elif key == "g":
            self._decides(lambda: self._goal(text), "")

    def money_lines(self) -> list[str]:
        """The price of the session, now and later, and the rest of its line; for those without money, the refusal."""
        now = self.studio.now()
        known_by = (self.studio.head(), now.replace(second=0, microsecond=0))
        if self._money[0] != known_by:
            self._money = known_by, self._money_lines(now)
        return self._money[1]

    def _money_lines(self, now: datetime) -> list[str]:
        from orchestrator.desk.addressing.times import shown_exactly
        from orchestrator.desk.booking.session_overtime import session_overtime

        try:
            told = session_overtime(self.studio, self.keys.record, self.keys.session, at=now)
        except Refusal as refusal:
            return [refusal.detail]
        over = told.preview.over_minutes
        left = f" · {told.left} left in {told.line}" if told.left is not None else ""
        steps = [
            f"  until {shown_exactly(self.studio, step.until)[11:]}  {step.cost}{_more(step.more)}"
            for step in told.preview.steps
        ]
        return [f"booked {told.booked}{left}" + (f" · overtime {over} min" if over else ""), *steps]

    def _go_on(self, *, parks: bool) -> None:
        """Go on to the part that comes next; with *parks*, put the running ones aside."""
        view = self.view()
        if parks and view.day.song is not None:
            self._decides(lambda: self.keys.park(view.following), "parked; it comes back at the end")
        elif view.following:
            self._decides(lambda: self.keys.start_parts(view.following), "")
        else:
            self.message = "no other part is left; s chooses one"

    def _decides(self, decide: Callable[[], bool], words: str) -> bool:
        """Record a decision at once, and return True; a refusal or a fault is said, and the session goes on."""
        try:
            is_new = decide()
        except (Refusal, OperationalError, OSError) as error:
            refusal = _refusal(error)
            self.message = f"not recorded ({refusal.rule}): {refusal.detail}"
            return False
        self.message = words if is_new else "so it is already"
        return is_new

    def _note(self, text: str) -> bool:
        from orchestrator.desk.addressing import addresses
        from orchestrator.desk.review.notes import add_note

        song = self.view().day.song
        about = addresses.find(self.studio, song or self.keys.record)
        add_note(self.studio, about, text.strip(), visibility="private")
        return True

    def _goal(self, text: str) -> bool:
        from orchestrator.desk.session.goals import change_goal

        return change_goal(self.studio, self.keys.record, self.keys.session, text)

    def _parts(self, text: str) -> tuple[str, ...]:
        """Ids of the parts named in *text*, with commas between them; short names are those of the running song."""
        from orchestrator.desk.addressing import addresses

        song, found = self.view().day.song, list[str]()
        for word in filter(None, (piece.strip() for piece in text.split(","))):
            name = f"{song}/{word}" if song and "/" not in word else word
            found.append(str(addresses.find(self.studio, name, "part")))
        return tuple(found)


def _refusal(error: Refusal | OperationalError | OSError) -> Refusal:
    """*error* as the refusal that says it, such as a full disk."""
    if isinstance(error, Refusal):
        return error
    from orchestrator.cli.shell.machine_faults import machine_refusal, operational_refusal

    return machine_refusal(error) if isinstance(error, OSError) else operational_refusal(error)


def _more(amount: "Money") -> str:
    """The price of going on, such as ``  +40.00 EUR``; empty where it costs nothing."""
    return f"  +{amount}" if amount.minor else ""
