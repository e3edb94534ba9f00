"""A verdict is given on what its giver saw: who comes second is told what was said meanwhile, never decided over."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.core.event import Event
from domain.core.refusal import Clash, suggest
from domain.status.undo import DecisionUndone
from orchestrator.desk.record_state.event_text import event_text
from orchestrator.studio import History


@dataclass(slots=True)
class SeenState:
    """What somebody judges by.  A decision that is taken anew after a conflict is still theirs of the first look.

    Args:
        same: whether an event says something of the very thing that is judged.
        address: the thing, for whoever has to look again.
        since: the position they looked at, or None: the first history that is shown here is what they know.
    """

    same: Callable[[Event], bool]
    address: str
    since: int | None = None

    def tell(self, history: History) -> None:
        """Let *history* pass where nothing was said of the same since the look.

        Raises:
            Clash: ``review.meanwhile``; somebody judged it, or took such a judgement back.
        """
        if self.since is None:
            self.since = history[-1].position if history else 0
            return
        judged = {recorded.id: recorded.event for recorded in history if self.same(recorded.event)}
        for recorded in history:
            event = recorded.event
            about = recorded.id if recorded.id in judged else getattr(event, "decision", None)
            if recorded.position > self.since and about in judged:
                what = f"{'took back: ' if isinstance(event, DecisionUndone) else ''}{event_text(judged[about])}"
                raise Clash(
                    "review.meanwhile",
                    f"{recorded.actor} decided in the meantime: {what}",
                    next=suggest("review", self.address),
                )
