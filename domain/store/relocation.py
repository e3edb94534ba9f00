"""Relocation of a log: the event that ends the log in its old place, and that its copy contains, too."""

from typing import Annotated, Literal

from pydantic import StringConstraints
from typing_extensions import override

from domain.core.event import Event, Traits


class LogMoved(Event):
    """The log was moved to another place and continues there.

    The address names no role and holds no secret; of a file only the name is kept, because events are never erased.
    """

    kind: Literal["log-moved"] = "log-moved"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ()
    medium: Literal["file", "postgresql"]
    to: Annotated[str, StringConstraints(min_length=1, max_length=2000)]

    @override
    def describe(self) -> str:
        return f"the log moves to {self.to}"
