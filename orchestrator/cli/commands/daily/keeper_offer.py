"""The key of ``review`` that approves the keepers of a day, once one line has listed them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from orchestrator.cli.shell.frame import Call

if TYPE_CHECKING:
    from domain.session.take_marks import DayKeepers
    from orchestrator.desk.review.review import Review


class KeeperOffer:
    """The keepers that were listed last; only those are approved by the key."""

    def __init__(self, call: Call, walk: "Review") -> None:
        self._call, self._walk = call, walk
        self._shown: DayKeepers | None = None
        self._head = 0

    def show(self) -> None:
        """List the keepers of the next day to confirm in one line, if they are others than were listed last.

        In a blind review nothing is listed.
        """
        from orchestrator.desk.review.session_keepers import keepers_of

        head = self._walk.studio.head()
        if head == self._head or self._walk.seed is not None:
            return
        keepers, self._head = keepers_of(self._walk.studio, self._walk.items), head
        if keepers and keepers != self._shown:
            self._call.say(_line(keepers))
        self._shown = keepers

    def confirm(self) -> Sequence[str]:
        """Approve what was listed; return what that did, in words.

        Where the keepers have changed since, they are listed anew, and nothing is approved.

        Raises:
            Refusal: as :func:`orchestrator.desk.review.session_keepers.confirm_keepers`.
        """
        from orchestrator.desk.review.session_keepers import confirm_keepers

        listed, since = self._shown, self._head
        self.show()
        if self._walk.seed is not None:
            return ["no day is confirmed in a blind review: its list would name what you hear"]
        if self._shown is None:
            return ["no day to confirm: no session marked a keeper here that is not judged yet"]
        if listed != self._shown:
            return ["the keepers have changed since they were listed; d approves those of the new list"]
        done = confirm_keepers(self._walk.studio, listed, since=since)
        self._walk.leave(listed.takes)
        return done


def _line(keepers: "DayKeepers") -> str:
    beside = f"; kept, since a later one is approved: {', '.join(keepers.kept)}" if keepers.kept else ""
    return f"keepers of {keepers.session}, which d approves together: {', '.join(keepers.approved)}{beside}"
