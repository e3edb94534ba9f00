"""Review by a table: what waits is written to a file, and the answers in it are recorded in one append.

Tests: ``tests/orchestrator/cli/commands/daily/test_review_table.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.core.address import Address
from domain.core.refusal import Clash, Misused, NotFound, Refusal, Refused
from domain.status.review.verdict_table import LineFault, TableRow, read_table, write_table
from domain.status.review_items import QueueItem
from domain.takes.takes import TakeVerdict
from orchestrator.desk.addressing import addresses
from orchestrator.desk.mixes.mixes import judge_revision, notes_left_open, status_of
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.record_state.sound_ratings import rate_item
from orchestrator.desk.review.review import Question, Review
from orchestrator.desk.review.table.joint_decision import JointDecision
from orchestrator.desk.takes.takes import judge_takes
from orchestrator.new_file import new_file
from orchestrator.studio import Studio


def export_table(studio: Studio, target: str | None, file: Path) -> int:
    """Write a table of the items to judge at or under *target* into a new *file*; return their number.

    Raises:
        Refused: ``file.exists``.
        NotFound: ``file.folder``.
    """
    walk, rows = Review.of(studio, target), list[Question]()
    for number in range(1, len(walk.items) + 1):
        walk.go_to(number)
        if (question := walk.question()) is not None and question.number == number:
            rows.append(question)
    text = write_table(
        ("", "", one.item.address, one.title, one.item.why, one.verdict, one.sound, one.head) for one in rows
    )
    with new_file(file) as draft:
        draft.write_text(text, encoding="utf-8")
    return len(rows)


@dataclass(slots=True)
class _Faults:
    """Lines that cannot be followed."""

    found: list[LineFault]

    def refuse(self, refused: Sequence[tuple[int, Refusal]]) -> None:
        """Raise if there are any, here or in *refused*."""
        every = [*self.found, *(_fault(line, refusal) for line, refusal in refused)]
        if every:
            lines = ", ".join(str(one.line) for one in sorted(every, key=lambda one: one.line)[:20])
            raise _sort(every)(
                "review.lines",
                f"nothing was recorded: {len(every)} of its lines cannot be followed ({lines})",
                faults=sorted(every, key=lambda one: one.line),
                next="takesheet review --export FILE",
            )


def apply_table(studio: Studio, text: str) -> tuple[int, int]:
    """Record all answers and ratings of a table in one append; return how many rows say something, and how many events.

    Raises:
        Misused: ``review.table``.
        Misused, Refused, Clash: ``review.lines``; nothing was recorded, and its ``faults`` tell why, by line.  It is
            misused if a line is wrong in itself, refused if a rule forbids one, and else a clash: an item changed, or
            somebody judged it, since the table was written.
    """
    rows, found = read_table(text)
    joint, faults, places = JointDecision(studio), _Faults(found), dict[str, int]()
    for row in rows:
        try:
            address = _address(studio, row, places)
            joint.about(row.line, address.path[0])
            _collect(studio, joint, row, address)
        except Refusal as refusal:
            faults.found.append(_fault(row.line, refusal))
    since = min((row.read for row in rows), default=0)
    return len(rows), joint.carry_out(since, faults.refuse)


def _address(studio: Studio, row: TableRow, places: dict[str, int]) -> Address:
    """The address of a row that none of *places*, the lines before it by address, has; it is added to them."""
    address = addresses.find(studio, row.address, "take", "mix", "master")
    if (before := places.setdefault(str(address), row.line)) != row.line:
        raise Misused("review.table", f"{address} stands in line {before} already")
    if row.read > studio.head():
        raise Misused("review.table", f"the log has no position {row.read}; the table is of another store")
    return address


def _collect(studio: Studio, joint: JointDecision, row: TableRow, address: Address) -> None:
    """Add the verdict and the rating of *row* to the *joint* decision.

    Raises:
        Clash: ``review.changed``; the item sounds different from what the table was written for.
        Refused: ``mix.open_notes``; a mix with open notes is approved by hand.
        Misused: ``review.table``; a mix or master is kept, or a take approved as an alternate.
    """
    state = read_record(studio, address.path[0]).state
    if address.revision is None:
        part, number = "/".join(address.path), address.take or 0
        item = QueueItem("take", str(address), "")
        known = {state.takes_of(part).take(part, number).sound}
    else:
        item = QueueItem("mix" if address.revision[0] == "mix" else "master", str(address), "", row.output)
        status = status_of(state, address)
        known = {*status.others, *filter(None, [status.output])}
    if row.output not in known:
        raise Clash("review.changed", f"{address} sounds different now from what the table was written for")
    if row.answer is not None:
        _judge(studio, joint, row, address, item)
    if row.moved is not None:
        rate_item(joint, item, row.output, row.moved)


def _judge(studio: Studio, joint: JointDecision, row: TableRow, address: Address, item: QueueItem) -> None:
    answer = row.answer
    if item.kind == "take":
        if answer == "alternate" or answer is None:
            raise Misused("review.table", "a mix alone is approved as an alternate")
        verdict: TakeVerdict = answer
        judge_takes(joint, [item.address], verdict, since=row.read)
        return
    if answer == "kept" or answer is None:
        raise Misused("review.table", "a take alone is kept; a mix or master is approved, held or rejected")
    if item.kind == "mix" and answer in {"approved", "alternate"} and (notes := notes_left_open(studio, address)):
        raise Refused("mix.open_notes", f"{address} has {len(notes)} open notes; answer them, or approve it by hand")
    said = "approved" if answer == "alternate" else answer
    judge_revision(joint, address, said, presented=row.output, since=row.read, alternate=answer == "alternate")


def _fault(line: int, refusal: Refusal) -> LineFault:
    return LineFault(line, refusal.detail, refusal.rule, type(refusal))


def _sort(faults: Sequence[LineFault]) -> type[Refusal]:
    """The sort of refusal for *faults*: the first of these that one of them is."""
    return next((sort for sort in (Misused, NotFound, Refused) if any(one.sort is sort for one in faults)), Clash)
