"""Optimistic concurrency for verdicts: if someone judged the same item after the caller read it, raise ``Clash``."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.core.event import Event
from domain.core.refusal import Clash, suggest
from domain.status.undo import DecisionUndone
from orchestrator.studio import History


@dataclass(slots=True)
class SeenState:
    """The state of an item on which a verdict is based; a retry after a conflict keeps the position of the first read.

    Args:
        same: True for an event that is a verdict on the item.
        address: address of the item, for the suggestion to review it again.
        since: last log position that the person had seen; None for the end of the first history given to :meth:`tell`.
    """

    same: Callable[[Event], bool]
    address: str
    since: int | None = None

    def tell(self, history: History) -> None:
        """Check that *history* has no verdict on the item after the last position that the person had seen.

        Raises:
            Clash: ``review.meanwhile``; somebody judged the item, or took such a verdict back.
        """
        if self.since is None:
            self.since = history[-1].position if history else 0
            return
        judged = {recorded.id: recorded.event for recorded in history if self.same(recorded.event)}
        for recorded in history:
            event = recorded.event
            about = recorded.id if recorded.id in judged else getattr(event, "decision", None)
            if recorded.position > self.since and about in judged:
                what = f"{'took back: ' if isinstance(event, DecisionUndone) else ''}{judged[about].describe()}"
                raise Clash(
                    "review.meanwhile",
                    f"{recorded.actor} decided in the meantime: {what}",
                    next=suggest("review", self.address),
                )
