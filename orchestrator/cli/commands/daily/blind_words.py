"""Words of a review: all of them, or in a blind one none that would name what is heard.

Tests: ``tests/orchestrator/cli/commands/daily/test_review_blind.py``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from domain.core.refusal import Clash, Refusal

if TYPE_CHECKING:
    from orchestrator.desk.listening.audition import AuditionFile
    from orchestrator.desk.review.review import Question


@dataclass(slots=True)
class BlindWords:
    """Everything that a review prints about what is heard.

    Args:
        seed: seed of the order of a blind review; None if nothing is hidden.
    """

    seed: int | None
    _heard: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    """Number and what was recorded, by the address of each item."""

    @property
    def hides(self) -> bool:
        """True if the review is blind."""
        return self.seed is not None

    def result(self, question: "Question", said: Sequence[str]) -> Sequence[str]:
        """The lines about what was recorded for an item; blind, the first, without what it replaced."""
        if not said:  # nothing was recorded, and why has been told
            return said
        self._heard.setdefault(question.item.address, (question.number, []))[1].append(said[0])
        return said[:1] if self.hides else said

    def refused(self, refusal: Refusal) -> str:
        """The line about a refusal."""
        detail = "its reason names what you hear; without --blind it is told" if self.hides else refusal.detail
        return f"refused ({refusal.rule}): {detail}"

    def clash(self, clash: Clash) -> str:
        """The line about a verdict that somebody gave meanwhile."""
        detail = "somebody decided in the meantime" if self.hides else clash.detail
        return f"{detail}; nothing was recorded over it ({clash.rule}); (b)ack asks again"

    def of(self, said: str) -> str:
        """The words *said* about decisions behind a colon; empty in a blind review."""
        return "" if self.hides else f": {said}"

    def forget(self, addresses: Iterable[str]) -> None:
        """Leave out of the end what was recorded last for *addresses*, and was taken back."""
        for address in addresses:
            if address in self._heard and (said := self._heard[address][1]):
                said.pop()

    def files(self, files: "Sequence[AuditionFile]", question: "Question") -> "Sequence[AuditionFile]":
        """The files that are played, without a name in a blind review."""
        if not self.hides:
            return files
        return [replace(file, words=(f"item {question.number}",)) for file in files]

    def end(self) -> list[str]:
        """The lines that end a blind review: the seed, and what was heard under each number; empty for another one."""
        if not self.hides:
            return []
        heard = sorted((number, address, said) for address, (number, said) in self._heard.items() if said)
        return [
            f"heard blind, in the order of seed {self.seed}; --blind --seed {self.seed} repeats it",
            *(f"  {number}  {address}: {', '.join(said)}" for number, address, said in heard),
        ]
