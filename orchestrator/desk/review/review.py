"""Review: one question at a time, each answer recorded at once, so that a killed process loses nothing.

Tests: ``tests/orchestrator/cli/commands/daily/test_review.py``.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Literal

from domain.core.address import parse_address
from domain.core.ids import number_of, part_of, record_of, song_of
from domain.core.refusal import Misused, NotFound, Refused
from domain.status.note_list import notes_of, notes_on
from domain.status.record_state import RecordState
from domain.status.review.blind_order import blind_item, shuffled
from domain.status.review.item_filter import fits
from domain.status.review.ratings import ratings_in_words
from domain.status.review_items import QueueItem
from domain.status.verdicts import Verdict
from domain.takes.takes import TakeVerdict
from orchestrator.desk.addressing import addresses
from orchestrator.desk.mixes.mixes import judge_revision, status_of
from orchestrator.desk.record_state.note_rows import note_lines
from orchestrator.desk.record_state.record_state import RecordReading, read_record
from orchestrator.desk.record_state.sound_ratings import rate_item, ratings_read
from orchestrator.desk.review.item_facts import blind_title_of, title_of
from orchestrator.desk.review.review_rows import held_items, questions
from orchestrator.desk.review.session_keepers import marked_first
from orchestrator.desk.review.undo import Agree, UndoResult, redo_last, undo_last
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
    sound: str = ""
    """Hash of what is heard: of the tracks of a take, or the output."""
    moved: str = ""
    """How much it moved people, in words; empty where nobody rated it."""


@dataclass(slots=True)
class Review:
    """A walk through the items to judge at or under an address."""

    studio: Studio
    target: str | None
    """Address of the whole review; None for the whole label."""
    items: list[QueueItem]
    """The items that are walked through: all, or those that fit the words of the filter."""
    at: int = 0
    decided: set[str] = field(default_factory=set)
    held: set[str] | None = None
    """Addresses of the items that were held in an earlier review; None before they were asked for."""
    together: set[str] = field(default_factory=set)
    """Takes that were approved with their whole pass, about which is not asked one by one."""
    everything: list[QueueItem] = field(default_factory=list)
    """All items, whether they fit the filter or not."""
    words: str = ""
    """Words of the filter; empty without one."""
    seed: int | None = None
    """Seed of the order of a blind review; None if nothing is hidden."""
    measured: set[str] = field(default_factory=set)
    """Addresses of the items whose numbers were shown."""

    @classmethod
    def of(cls, studio: Studio, target: str | None, *, seed: int | None = None) -> "Review":
        """A review of all items to judge now, at or under *target*; with *seed* a blind one, in an order of its own.

        Takes that a session marked come first, but in a blind review, which hides marks: there, what was held before
        stands among the others.

        Raises:
            Misused: ``review.seed``.
        """
        items = questions(studio, target)
        if seed is None:
            items = marked_first(studio, items)
            return cls(studio, target, items, everything=list(items))
        held = [item for item in held_items(studio, target) if item.address not in {one.address for one in items}]
        items = shuffled([*items, *held], seed)
        return cls(studio, target, items, held={item.address for item in held}, everything=list(items), seed=seed)

    @property
    def pending(self) -> int:
        """Number of items not decided yet, without those that were held before."""
        return len(self.everything) - len(self.decided | (self.held or set()))

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
            known = self.decided | {item.address for item in self.everything}
            again = [item for item in held_items(self.studio, self.target) if item.address not in known]
            self.held = {item.address for item in again}
            self.everything += again
            self.items += self._fitting(again, self.words)
        return self.at < len(self.items)

    def _presented(self, item: QueueItem, read: RecordReading) -> Question:
        verdict, output = _stands(read.state, item)
        shown, sound = QueueItem(item.kind, item.address, item.why, output), _sound(read.state, item, output)
        if self.seed is not None:
            title = blind_title_of(read.state, item)
            return Question(shown, self.at + 1, len(self.items), title, "", read.head, sound=sound)
        notes = notes_on(notes_of(read.history, self.studio.reader), item.address)
        left = sum(note.state == "open" for note in notes) if item.kind == "mix" else 0
        return Question(
            shown, self.at + 1, len(self.items), title_of(read.state, item), verdict, read.head,
            notes=tuple(note_lines(read.state, notes)), open_notes=left, sound=sound,
            moved=ratings_in_words(ratings_read(self.studio, record_of(item.address)), item.address, sound),
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
        self.leave(takes)
        return [*(f"{take} approved" for take in takes), *judged.replaced]

    def leave(self, takes: Sequence[str]) -> None:
        """Count *takes*, which were judged together, as decided, and move on past them."""
        self.decided |= {item.address for item in self.everything if item.address in takes}
        self.together |= set(takes)
        if self.at < len(self.items) and self.items[self.at].address in self.together:
            self.skip()

    def rate(self, question: Question, moved: int) -> None:
        """Record that the item, as it was presented, moves the caller by *moved*, from 0 to 3; the question stays.

        Raises:
            Refused: ``rating.numbers``; the numbers of the item were shown.  The caller's roles do not permit it.
            Misused: ``rating.moved``.
        """
        if question.item.address in self.measured:
            raise Refused("rating.numbers", "its numbers were shown; how much it moves you is said before them")
        rate_item(self.studio, question.item, question.sound, moved, seed=self.seed)

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
        self._count_again(taken.addresses)
        self.at = next((n for n, item in enumerate(self.items) if item.address in taken.addresses), self.at)
        return taken

    def redo(self) -> UndoResult:
        """Bring back what the caller's last undo within the review took back, and move on past its item.

        Raises:
            NotFound: ``redo.nothing``.
        """
        brought = redo_last(self.studio, self.target, anywhere=True)
        self._count_again(brought.addresses)
        again = self.decided & set(brought.addresses)
        numbers = [number for number, item in enumerate(self.items) if item.address in again]
        self.at = numbers[-1] + 1 if numbers else self.at
        return brought

    def _count_again(self, addresses: Sequence[str]) -> None:
        """Count the items at *addresses* as decided if they have a verdict that they did not have at the beginning."""
        for item in (one for one in self.everything if one.address in addresses):
            verdict, _ = _stands(read_record(self.studio, record_of(item.address)).state, item)
            before = "held" if item.address in (self.held or ()) else ""
            (self.decided.discard if verdict in {"", before} else self.decided.add)(item.address)

    def go_to(self, number: int) -> bool:
        """Move to the item with *number*, counted from 1; False if there is none."""
        there = 0 < number <= len(self.items)
        self.at = number - 1 if there else self.at
        return there

    def limit(self, words: str) -> int:
        """Walk through the items that fit *words* alone, from the first undecided one; without words through all.

        Returns:
            Number of items that fit; for 0, the walk stays as it was.
        """
        items = self._fitting(self.everything, words)
        if items:
            self.items, self.words = items, words
            self.at = next((n for n, item in enumerate(items) if item.address not in self.decided), 0)
        return len(items)

    def _fitting(self, items: Sequence[QueueItem], words: str) -> list[QueueItem]:
        if not words:
            return list(items)
        if self.seed is not None:
            return [item for item in items if fits(blind_item(item), self._title(item), words)]
        return [item for item in items if fits(item, self._title(item), words)]

    def _title(self, item: QueueItem) -> str:
        """Title of an item; empty if the take was moved to another part meanwhile."""
        with suppress(NotFound):
            state = read_record(self.studio, record_of(item.address)).state
            return title_of(state, item) if self.seed is None else blind_title_of(state, item)
        return ""


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


def _sound(state: RecordState, item: QueueItem, output: str | None) -> str:
    """Hash of what is heard of *item*, whose output is *output*."""
    if item.kind == "take":
        return state.takes_of(part_of(item.address)).take(part_of(item.address), number_of(item.address)).sound
    return output or ""


def note_on(studio: Studio, item: QueueItem, text: str, *, at: str | None = None) -> None:
    """Add *text* as a note on an item, at the song time *at* if one is given."""
    from orchestrator.desk.review.notes import add_note

    add_note(studio, addresses.find(studio, item.address), text, at=at)
