"""Outages: while something that every job needs is unavailable, the engine waits and no job fails.

Neither event carries a tag: both concern no record, wake no follower of one and make no plan stale.
"""

from typing import Literal, TypeAlias

from domain.core.event import Event

Cause: TypeAlias = Literal["database", "vault", "disk", "prefect"]


class EnginePaused(Event):
    """An outage began: the engine retries by itself, at growing intervals."""

    kind: Literal["engine-paused"] = "engine-paused"
    cause: Cause


class EngineResumed(Event):
    """The outage is over: the engine renders again."""

    kind: Literal["engine-resumed"] = "engine-resumed"
