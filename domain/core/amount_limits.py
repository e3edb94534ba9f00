"""The amounts that an event may hold: none below zero, since a credit and a refund are events of their own."""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from domain.core.event import Event
from domain.core.money import Money
from domain.core.refusal import Misused


def refuse_negative_amounts(event: Event) -> None:
    """Refuse an *event* with an amount below zero, which would make a line richer by what it pays.

    Raises:
        Misused: ``money.amount``.
    """
    for amount in _amounts(event):
        if amount.minor < 0:
            raise Misused("money.amount", f"{event.kind} holds {amount}; no amount is below zero")


def _amounts(value: object) -> Iterator[Money]:
    """Every amount in *value*, at any depth."""
    if isinstance(value, Money):
        yield value
    elif isinstance(value, BaseModel):
        for _, inner in value:
            yield from _amounts(inner)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _amounts(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _amounts(inner)
