"""Outages: while something that every job needs is unavailable, the engine waits and no job fails.

The events concern no record and so carry no tag: no record's follower is notified, and no plan becomes stale.
"""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from typing_extensions import override

from domain.core.event import Event, Traits

Cause: TypeAlias = Literal["database", "vault", "disk", "prefect"]

OUTAGES: Final[Mapping[Cause, str]] = {
    "database": "the log cannot be reached",
    "vault": "the vault cannot be reached",
    "disk": "no disk space",
    "prefect": "Prefect's server cannot be used",
}
"""Text for each cause of a pause."""


class EnginePaused(Event):
    """An outage began: the engine retries by itself, at growing intervals."""

    kind: Literal["engine-paused"] = "engine-paused"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=True)
    address_fields = ()
    cause: Cause

    @override
    def describe(self) -> str:
        return f"the engine waits: {OUTAGES[self.cause]}"


class EngineResumed(Event):
    """The outage is over: the engine renders again."""

    kind: Literal["engine-resumed"] = "engine-resumed"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=True)
    address_fields = ()

    @override
    def describe(self) -> str:
        return "the engine renders again"
