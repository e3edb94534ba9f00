"""The review: what waits, one question at a time; every answer is a decision at once, so that a kill loses nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from domain.core.address import clock, parse_address
from domain.core.ids import number_of, part_of, record_of, slug_of
from domain.masters.masters import Masters
from domain.mixes.mixes import Mixes
from domain.status.due_renders import master_files
from domain.status.record_state import RecordState, mix_prints
from domain.status.reproducibility import not_reproducible
from domain.status.review_queue import QueueItem
from domain.status.verdicts import Verdict
from domain.takes.takes import TakeVerdict
from orchestrator.desk.addressing import addresses
from orchestrator.desk.mixes.mixes import judge_revision, standing_of
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.review.review_queue import questions
from orchestrator.desk.review.undo import undo_last
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
    """One item as it was shown."""

    item: QueueItem
    number: int
    of: int
    title: str
    verdict: str
    """What stands of it, where it was judged before."""
    head: int
    """The position up to which the log was read for it."""


@dataclass(slots=True)
class Review:
    """A walk over what waits at or under an address."""

    studio: Studio
    items: list[QueueItem]
    at: int = 0
    decided: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, studio: Studio, target: str | None) -> "Review":
        """The review of all that waits now."""
        return cls(studio, [item for item, _ in questions(studio, target)])

    @property
    def pending(self) -> int:
        """How many were not decided."""
        return len(self.items) - len(self.decided)

    def question(self) -> Question | None:
        """The question at hand, as things are now; None after the last."""
        if self.at >= len(self.items):
            return None
        item = self.items[self.at]
        read = read_record(self.studio, record_of(item.address))
        verdict, output = _stands(read.state, item)
        shown = QueueItem(item.kind, item.address, item.why, output)
        return Question(shown, self.at + 1, len(self.items), title_of(read.state, item), verdict, read.head)

    def answer(self, question: Question, answer: Answer) -> Sequence[str]:
        """Commit *answer* to the very thing that was shown, and go on; what it replaced, in words.

        Raises:
            Clash: somebody judged it meanwhile, or it now sounds different.
            Refused: the caller may not; or a mix or master cannot be kept, only approved, held or rejected.
        """
        item = question.item
        if item.kind == "take":
            verdict: TakeVerdict = answer
            replaced = judge_takes(self.studio, [item.address], verdict, since=question.head).replaced
        else:
            said: Verdict = "held" if answer == "kept" else answer
            judge_revision(self.studio, parse_address(item.address), said, heard=item.output, since=question.head)
            replaced = ()
        self.decided.add(item.address)
        self.at += 1
        return replaced

    def skip(self) -> None:
        """Leave it, and go on."""
        self.at += 1

    def back(self) -> bool:
        """Go back by one; False at the first."""
        self.at -= self.at > 0
        return self.at > 0 or bool(self.items)

    def undo(self, target: str | None) -> str:
        """Take back the caller's last judgement, and go back to what it was about; what it was, in words."""
        said = undo_last(self.studio, target)
        for number, item in enumerate(self.items):
            if said.split(" ")[0] == item.address:
                self.at = number
                self.decided.discard(item.address)
        return said


def _stands(state: RecordState, item: QueueItem) -> tuple[str, str | None]:
    if item.kind == "take":
        take = state.takes_of(part_of(item.address)).take(part_of(item.address), number_of(item.address))
        return take.verdict or "", None
    standing = standing_of(state, parse_address(item.address))
    output = item.output if item.output in standing.others else standing.output
    word = state.verdicts.last.get((standing.subject, output or ""))
    return (word.verdict if word else ""), output


def title_of(state: RecordState, item: QueueItem) -> str:
    """What an item is, as people call it."""
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
    """The numbers behind an item, for who asks for them."""
    state = read_record(studio, record_of(item.address)).state
    address = parse_address(item.address)
    if item.kind == "take":
        take = state.takes_of(part_of(item.address)).takes[number_of(item.address)]
        tracks = ", ".join(track.name for track in take.tracks)
        lines = [f"{len(take.tracks)} tracks: {tracks}", f"{take.rate} Hz, {take.ingested.bits} bits"]
        lines += [f"starts at {clock(take.start, take.rate)}"] + (
            [f"recorded {r}"] if (r := take.ingested.recorded_on) else []
        )
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
    """Write *text* down about an item."""
    from orchestrator.desk.review.undo import add_note

    add_note(studio, addresses.find(studio, item.address), text)
