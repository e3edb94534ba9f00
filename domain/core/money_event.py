"""Events that state amounts of money, which only those who see the money of a record read."""

from typing import Literal

from typing_extensions import override

from domain.core.event import Event


class MoneyEvent(Event):
    """Base of the events whose text and fields are secret because of the amounts in them."""

    @property
    @override
    def secret(self) -> Literal["money"]:
        return "money"
