"""The upgrade of a store: the event that its tables were created or changed."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import override

from domain.core.event import Event, Traits


class StoreUpgraded(Event):
    """The store's tables were created or changed; programs with a lower writer number may only read it from then on."""

    kind: Literal["store-upgraded"] = "store-upgraded"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ()
    version: Annotated[int, Field(ge=1)]
    """Version of the tables."""
    min_writer: Annotated[int, Field(ge=1)]
    """The least writer number of a program that may append."""

    @override
    def describe(self) -> str:
        return f"tables of version {self.version}, written by programs from {self.min_writer} on"
