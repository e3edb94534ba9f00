"""Review: one question at a time, each answer recorded at once, so that a killed process loses nothing.

Tests: ``tests/orchestrator/cli/commands/daily/test_review.py``.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Literal

from domain.core.address import parse_address
from domain.core.ids import number_of, part_of, record_of, song_of
from domain.core.refusal import Misused, NotFound
from domain.status.note_list import notes_of, notes_on
from domain.status.record_state import RecordState
from domain.status.review_items import QueueItem
from domain.status.verdicts import Verdict
from domain.takes.takes import TakeVerdict
from orchestrator.desk.addressing import addresses
from orchestrator.desk.mixes.mixes import judge_revision, status_of
from orchestrator.desk.record_state.note_rows import note_lines
from orchestrator.desk.record_state.record_state import RecordReading, read_record
from orchestrator.desk.review.item_facts import title_of
from orchestrator.desk.review.review_rows import held_items, questions
from orchestrator.desk.review.undo import Agree, UndoResult, undo_last
from orchestrator.desk.takes.takes import judge_takes, takes_of_pass
from orchestrator.studio import Studio

Answer = Literal["approved", "kept", "held", "rejected"]
SAID: Final[Mapping[Answer, str]] = {
    "approved": "approved",
    "kept": "keeper",
    "held": "held for later",
    "rejected": "not this one",
}


@dataclass(frozen=True, slots=True)
class Question:
    """An item of the queue as it was presented."""

    item: QueueItem
    number: int
    of: int
    title: str
    verdict: str
    """Last verdict on the presented output or take; empty if there is none."""
    head: int
    """Log position up to which the item's record was read."""
    notes: tuple[str, ...] = ()
    """The notes on the item that the caller may see, one line each."""
    open_notes: int = 0
    """Number of notes that are open for a mix."""


@dataclass(slots=True)
class Review:
    """A walk through the items to judge at or under an address."""

    studio: Studio
    target: str | None
    """Address of the whole review; None for the whole label."""
    items: list[QueueItem]
    at: int = 0
    decided: set[str] = field(default_factory=set)
    held: set[str] | None = None
    """Addresses of the items that were held in an earlier review; None before they were asked for."""
    together: set[str] = field(default_factory=set)
    """Takes that were approved with their whole pass, about which is not asked one by one."""

    @classmethod
    def of(cls, studio: Studio, target: str | None) -> "Review":
        """A review of all items to judge now, at or under *target*."""
        return cls(studio, target, questions(studio, target))

    @property
    def pending(self) -> int:
        """Number of items not decided yet, without those that were held before."""
        return len(self.items) - len(self.decided | (self.held or set()))

    def question(self) -> Question | None:
        """The current question, with the present state of its item; None after the last.

        Items that were held in an earlier review come after all others.
        """
        while self._has_item():
            item = self.items[self.at]
            read = read_record(self.studio, record_of(item.address))
            with suppress(NotFound):  # a take that was moved to another part meanwhile is passed over
                return self._presented(item, read)
            self.at += 1
        return None

    def _has_item(self) -> bool:
        """True if there is a current item; at the end of the others, add what was held before."""
        if self.at >= len(self.items) and self.held is None:
            known = self.decided | {item.address for item in self.items}
            again = [item for item in held_items(self.studio, self.target) if item.address not in known]
            self.held = {item.address for item in again}
            self.items += again
        return self.at < len(self.items)

    def _presented(self, item: QueueItem, read: RecordReading) -> Question:
        verdict, output = _stands(read.state, item)
        shown = QueueItem(item.kind, item.address, item.why, output)
        notes = notes_on(notes_of(read.history, self.studio.reader), item.address)
        left = sum(note.state == "open" for note in notes) if item.kind == "mix" else 0
        return Question(
            shown, self.at + 1, len(self.items), title_of(read.state, item), verdict, read.head,
            notes=tuple(note_lines(read.state, notes)), open_notes=left,
        )  # fmt: skip

    def answer(self, question: Question, answer: Answer, *, alternate: bool = False) -> Sequence[str]:
        """Record *answer* for the item as it was presented, and move on; return what is replaced or missing, in words.

        With *alternate* a mix is approved as a variant, and the chosen mix stays.  The answer ``kept`` is recorded as
        ``held`` for a mix or master.

        Raises:
            Clash: somebody judged the item since it was presented, or its output changed.
            Refused: the caller's roles do not permit it.
        """
        item = question.item
        if item.kind == "take":
            verdict: TakeVerdict = answer
            replaced = judge_takes(self.studio, [item.address], verdict, since=question.head).replaced
        else:
            said: Verdict = "held" if answer == "kept" else answer
            judged = judge_revision(
                self.studio, parse_address(item.address), said,
                presented=item.output, since=question.head, alternate=alternate,
            )  # fmt: skip
            replaced = (f"not approved yet: {judged.lack}",) if judged.lack else ()
        self.decided.add(item.address)
        self.skip()
        return replaced

    def approve_span(self, question: Question, span: tuple[str, str]) -> Sequence[str]:
        """Approve the take over *span*, two song times as typed, and move on; return the replaced stretches, in words.

        Raises:
            Clash, Refused: as :meth:`answer`.
            Misused: ``take.span``; the span is empty or outside the take.  ``review.take``; the item is no take.
        """
        _refuse_other_than_take(question.item)
        judged = judge_takes(self.studio, [question.item.address], "approved", span=span, since=question.head)
        self.decided.add(question.item.address)
        self.skip()
        return judged.replaced

    def approve_pass(self, question: Question) -> Sequence[str]:
        """Approve every take of the pass, and move on past them; return what was approved and replaced, in words.

        Raises:
            Clash, Refused: as :meth:`answer`.
            NotFound: ``pass.unknown``; the take belongs to no pass.
            Misused: ``review.take``; the item is no take.
        """
        _refuse_other_than_take(question.item)
        own = question.item.address
        state = read_record(self.studio, record_of(own)).state
        number = state.takes_of(part_of(own)).take(part_of(own), number_of(own)).ingested.pass_number
        if number is None:
            raise NotFound("pass.unknown", f"{own} belongs to no pass")
        takes = takes_of_pass(self.studio, parse_address(f"{song_of(own)}@pass{number}"))
        judged = judge_takes(self.studio, takes, "approved", since=question.head)
        self.decided |= {item.address for item in self.items if item.address in takes}
        self.together |= set(takes)
        self.skip()
        return [*(f"{take} approved" for take in takes), *judged.replaced]

    def skip(self) -> None:
        """Leave the item as it is, and move on."""
        self.at += 1
        while self.at < len(self.items) and self.items[self.at].address in self.together:
            self.at += 1

    def back(self) -> bool:
        """Move back by one item, at most to the first; False if there are no items."""
        self.at -= self.at > 0
        return self.at > 0 or bool(self.items)

    def undo(self, *, agree: Agree) -> UndoResult:
        """Undo the caller's last judgement within the review, and move back to its item.

        Args:
            agree: called with the text of a verdict on a mix or master before it is undone; may raise to refuse.
        """
        taken = undo_last(self.studio, self.target, agree=agree, anywhere=True)
        self.together -= set(taken.addresses)
        for number, item in enumerate(self.items):
            if item.address in taken.addresses:
                self.at = number
                self.decided.discard(item.address)
        return taken


def _refuse_other_than_take(item: QueueItem) -> None:
    if item.kind != "take":
        raise Misused("review.take", f"{item.address} is no take; a mix or master is approved as a whole")


def _stands(state: RecordState, item: QueueItem) -> tuple[str, str | None]:
    if item.kind == "take":
        take = state.takes_of(part_of(item.address)).take(part_of(item.address), number_of(item.address))
        return take.verdict or "", None
    standing = status_of(state, parse_address(item.address))
    output = item.output if item.output in standing.others else standing.output
    word = state.verdicts.last.get((standing.subject, output or ""))
    return (word.verdict if word else ""), output


def note_on(studio: Studio, item: QueueItem, text: str, *, at: str | None = None) -> None:
    """Add *text* as a note on an item, at the song time *at* if one is given."""
    from orchestrator.desk.review.notes import add_note

    add_note(studio, addresses.find(studio, item.address), text, at=at)
