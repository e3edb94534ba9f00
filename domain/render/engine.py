"""Outages: the engine waits while something that every job needs is away; no job fails by it.

Neither event carries a tag: they concern no record, wake none and make nothing stale.
"""

from typing import Literal, TypeAlias

from domain.core.event import Event

Cause: TypeAlias = Literal["database", "vault", "disk", "prefect"]


class EnginePaused(Event):
    """An outage was met: the engine tries again by itself, at growing intervals."""

    kind: Literal["engine-paused"] = "engine-paused"
    cause: Cause


class EngineResumed(Event):
    """The outage is over: the engine renders again."""

    kind: Literal["engine-resumed"] = "engine-resumed"
