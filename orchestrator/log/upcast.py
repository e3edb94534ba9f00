"""Old shapes, read as today's.  Stored bytes never change: an event is lifted, step by step, whenever it is read.

A step turns the raw JSON of one schema number of a kind into that of the next.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

Step = Callable[[str], str]
Steps = Mapping[tuple[str, int], Step]


def _as_it_was(data: str) -> str:
    """What the next number brought may be left out, or its fields take what they took and more."""
    return data


_WIDER = (
    ("master-planned", 1), ("master-planned", 2), ("midi-played", 1), ("mix-revised", 1), ("song-formed", 1),
    ("song-arranged", 1), ("pass-marked", 1), ("basic-set", 1),
)  # fmt: skip
STEPS: Steps = MappingProxyType(dict.fromkeys(_WIDER, _as_it_was))
"""By kind and the schema number a step lifts from."""


def upcast(kind: str, schema: int, data: str, *, to: int, steps: Steps) -> str:
    """The JSON of an event stored under number *schema* as number *to* has it.

    Raises:
        KeyError: a step of the way is missing.
    """
    for number in range(schema, to):
        data = steps[kind, number](data)
    return data
