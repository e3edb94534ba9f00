"""Old shapes, read as today's.  Stored bytes never change: an event is lifted, step by step, whenever it is read.

A step turns the raw JSON of one schema number of a kind into that of the next.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

Step = Callable[[str], str]
Steps = Mapping[tuple[str, int], Step]


def _as_it_was(data: str) -> str:
    """What the next number brought may be left out."""
    return data


STEPS: Steps = MappingProxyType(
    dict.fromkeys((("master-planned", 1), ("master-planned", 2), ("midi-played", 1), ("mix-revised", 1)), _as_it_was)
)
"""By kind and the schema number a step lifts from."""


def upcast(kind: str, schema: int, data: str, *, to: int, steps: Steps) -> str:
    """The JSON of an event stored under number *schema* as number *to* has it.

    Raises:
        KeyError: a step of the way is missing.
    """
    for number in range(schema, to):
        data = steps[kind, number](data)
    return data
