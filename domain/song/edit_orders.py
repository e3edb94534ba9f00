"""Orders of a song's sections for which an edit made outside was made.

Tests: ``tests/orchestrator/desk/song/test_song_edit.py``.
"""

from collections.abc import Iterable
from dataclasses import replace

from domain.song.arrangement import Arrangement, Row
from domain.takes.comps import Comp, plan_of
from domain.takes.outside_comps import CompSubmitted
from domain.takes.takes import Takes


def is_of_another_order(
    submitted: CompSubmitted, comp: Comp, takes: Takes, arrangement: Arrangement, rows: Iterable[Row]
) -> bool:
    """True if *submitted* was made from the present *comp* in one of *rows*, or in the order as recorded.

    Args:
        submitted: the edit made outside.
        comp: the present comp of its part.
        takes: the takes of its part.
        arrangement: the present form of the song.
        rows: the orders that the song had.
    """
    orders = [replace(arrangement, edited=row).stretches for row in ((), *rows)]
    return any(submitted.given == plan_of(one, takes, order) for order in orders for one in (comp, comp.joined))
