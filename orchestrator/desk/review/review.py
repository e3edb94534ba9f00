"""Review: one question at a time, each answer recorded at once, so that a killed process loses nothing.

Tests: ``tests/orchestrator/cli/commands/daily/test_review.py``.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Literal

from domain.core.address import clock, parse_address
from domain.core.ids import number_of, part_of, record_of, slug_of
from domain.core.refusal import NotFound
from domain.masters.masters import Masters
from domain.mixes.mixes import Mixes
from domain.status.master_status import master_files
from domain.status.note_list import notes_of, notes_on
from domain.status.record_state import RecordState, mix_prints
from domain.status.reproducibility import not_reproducible
from domain.status.review_items import QueueItem
from domain.status.verdicts import Verdict
from domain.takes.takes import TakeVerdict
from orchestrator.desk.addressing import addresses
from orchestrator.desk.mixes.mixes import judge_revision, status_of
from orchestrator.desk.record_state.note_rows import note_lines
from orchestrator.desk.record_state.record_state import RecordReading, read_record
from orchestrator.desk.review.review_rows import questions
from orchestrator.desk.review.undo import Agree, UndoResult, undo_last
from orchestrator.desk.takes.takes import judge_takes
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
    items: list[QueueItem]
    at: int = 0
    decided: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, studio: Studio, target: str | None) -> "Review":
        """A review of all items to judge now, at or under *target*."""
        return cls(studio, questions(studio, target))

    @property
    def pending(self) -> int:
        """Number of items not decided yet."""
        return len(self.items) - len(self.decided)

    def question(self) -> Question | None:
        """The current question, with the present state of its item; None after the last."""
        while self.at < len(self.items):
            item = self.items[self.at]
            read = read_record(self.studio, record_of(item.address))
            with suppress(NotFound):  # a take that was moved to another part meanwhile is passed over
                return self._presented(item, read)
            self.at += 1
        return None

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
        """Record *answer* for the item as it was presented, and move on; return the replaced stretches, in words.

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
            judge_revision(
                self.studio, parse_address(item.address), said,
                presented=item.output, since=question.head, alternate=alternate,
            )  # fmt: skip
            replaced = ()
        self.decided.add(item.address)
        self.at += 1
        return replaced

    def skip(self) -> None:
        """Leave the item undecided, and move on."""
        self.at += 1

    def back(self) -> bool:
        """Move back by one item, at most to the first; False if there are no items."""
        self.at -= self.at > 0
        return self.at > 0 or bool(self.items)

    def undo(self, target: str | None, *, agree: Agree) -> UndoResult:
        """Undo the caller's last judgement at or under *target*, and move back to its item.

        Args:
            target: address of the whole review; None for the whole label.
            agree: called with the text of a verdict on a mix or master before it is undone; may raise to refuse.
        """
        taken = undo_last(self.studio, target, agree=agree, anywhere=True)
        for number, item in enumerate(self.items):
            if item.address in taken.addresses:
                self.at = number
                self.decided.discard(item.address)
        return taken


def _stands(state: RecordState, item: QueueItem) -> tuple[str, str | None]:
    if item.kind == "take":
        take = state.takes_of(part_of(item.address)).take(part_of(item.address), number_of(item.address))
        return take.verdict or "", None
    standing = status_of(state, parse_address(item.address))
    output = item.output if item.output in standing.others else standing.output
    word = state.verdicts.last.get((standing.subject, output or ""))
    return (word.verdict if word else ""), output


def title_of(state: RecordState, item: QueueItem) -> str:
    """Title of an item: record, song, and the take or revision."""
    address = parse_address(item.address)
    record = state.catalog.record(address.path[0])
    if item.kind == "master":
        return f"{record.title} · {address.revision[0]}{address.revision[1]}" if address.revision else record.title
    song = state.catalog.song("/".join(address.path[:2]))
    if item.kind == "mix" and address.revision:
        return f"{record.title} · {song.title} · mix{address.revision[1]}"
    part = state.catalog.part("/".join(address.path))
    take = state.takes_of(part.part).takes[number_of(item.address)]
    words = [record.title, song.title, part.name, f"take {take.number}"]
    words += [f"pass {take.ingested.pass_number}"] if take.ingested.pass_number else []
    words += [part.player] if part.player else []
    return " · ".join([*words, clock(take.frames, take.rate)])


def facts_of(studio: Studio, item: QueueItem) -> list[str]:
    """Figures of an item, one line each."""
    state = read_record(studio, record_of(item.address)).state
    address = parse_address(item.address)
    if item.kind == "take":
        take = state.takes_of(part_of(item.address)).takes[number_of(item.address)]
        tracks = ", ".join(track.name for track in take.tracks)
        lines = [f"{len(take.tracks)} tracks: {tracks}", f"{take.rate} Hz, {take.ingested.bits} bits"]
        lines += [f"starts at {clock(take.start, take.rate)}"] + (
            [f"recorded {r}"] if (r := take.ingested.recorded_on) else []
        )
        lines += filter(None, [take.lossy_remark])
        return [*lines, *(f"take check: {warning}" for warning in take.ingested.warnings)]
    if item.kind == "mix" and address.revision:
        song, number = "/".join(address.path), address.revision[1]
        revision = state.mixes.get(song, Mixes()).revision(song, number)
        prints = [
            f"{one.name}: {clock(one.sound.frames, one.sound.rate)}, {one.sound.pcm[:12]}"
            for one in mix_prints(state, song, number)
        ]
        return [
            f"made {'from a recipe' if revision.made.source == 'recipe' else 'outside'}",
            *not_reproducible(state, song, number),
            *prints,
            f"output {item.output}",
        ]
    master = state.masters.get(address.path[0], Masters()).master(
        address.path[0], address.revision[1] if address.revision else 0
    )
    rows = [(file, file.measures) for file in master_files(state, master) if file.sound]
    return [
        f"{file.target} {file.number:02d} {slug_of(file.song)}: {measures.get('integrated_lufs')} LUFS, "
        f"{measures.get('true_peak_dbtp')} dBTP"
        for file, measures in rows
    ] + [f"output {item.output}"]


def note_on(studio: Studio, item: QueueItem, text: str) -> None:
    """Add *text* as a note on an item."""
    from orchestrator.desk.review.notes import add_note

    add_note(studio, addresses.find(studio, item.address), text)
