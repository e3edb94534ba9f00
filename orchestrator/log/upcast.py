"""Upcasting: old schema numbers of events, converted to the current one whenever they are read.

Stored bytes never change.  A step turns the raw JSON of one schema number of a kind into that of the next.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

Step = Callable[[str], str]
Steps = Mapping[tuple[str, int], Step]


def _as_it_was(data: str) -> str:
    """Return *data* unchanged, for a schema number that only added optional fields or widened existing ones."""
    return data


_WIDER = (
    ("master-planned", 1), ("master-planned", 2), ("midi-played", 1), ("mix-revised", 1), ("song-formed", 1),
    ("song-arranged", 1), ("pass-marked", 1), ("basic-set", 1), ("mix-revised", 2), ("master-planned", 3),
    ("verdict-given", 1), ("render-asked", 1), ("money-spent", 1), ("roles-granted", 1), ("roles-revoked", 1),
    ("note-added", 1), ("person-added", 1), ("entry-renamed", 1),
    ("take-ingested", 1), ("take-edited", 1), ("comp-submitted", 1),
    ("part-added", 1), ("part-edited", 1), ("verdict-given", 2), ("splits-agreed", 1), ("deal-agreed", 1),
)  # fmt: skip
STEPS: Steps = MappingProxyType(dict.fromkeys(_WIDER, _as_it_was))
"""Steps by kind and the schema number from which each converts."""


def upcast(kind: str, schema: int, data: str, *, to: int, steps: Steps) -> str:
    """Convert the JSON of an event from number *schema* to number *to*.

    Raises:
        KeyError: a step is missing.
    """
    for number in range(schema, to):
        data = steps[kind, number](data)
    return data
