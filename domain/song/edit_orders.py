"""Orders of a song's sections for which an edit made outside was made, and the way from one order to another.

Tests: ``tests/orchestrator/desk/song/test_song_edit.py``.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from domain.recipe import TimeStretch
from domain.song.arrangement import Arrangement, Row
from domain.takes.comps import Comp, edit_of, plan_of
from domain.takes.outside_comps import ArrangedComp, CompSubmitted, arranged_comp
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


def follow_order(submitted: CompSubmitted, comp: Comp, takes: Takes, arrangement: Arrangement) -> ArrangedComp | None:
    """Put *submitted*, made for another order of the song's sections, into the present one.

    Args:
        submitted: the edit made outside.
        comp: the present comp of its part.
        takes: the takes of its part.
        arrangement: the present form and order of the song.

    Returns:
        The arranged edit; None if other takes are in use since, the form has changed, the edit lacks sound of the
        present order, or it was recorded by a release in which edits made outside were not arranged.
    """
    if submitted.order is None:
        return None
    given = replace(arrangement, edited=submitted.order)
    if all(submitted.given != plan_of(one, takes, given.stretches) for one in (comp, comp.joined)):
        return None
    stretches = _rearranged(given, arrangement, comp.end)
    painted = edit_of(comp, takes, arrangement.stretches)
    return arranged_comp(submitted, painted, stretches) if stretches and painted else None


def _rearranged(given: Arrangement, today: Arrangement, end: int) -> tuple[TimeStretch, ...] | None:
    """Stretches of arranged time of *given* that sound as *today*; None if *given* lacks one.

    A section that sounds several times is taken from its occurrence of the same number, else from the last one.

    Args:
        given: the form in the order of the sound that is cut.
        today: the form in the present order.
        end: frame of recorded time at which the part ends.
    """
    if not today.sections or (not today.stretches and end > today.sections[-1].end):
        return None  # nothing of it lies behind the end of the form, where the song as recorded goes on
    first, places = today.sections[0].start, defaultdict[str, list[TimeStretch]](list)
    for section in given.running_order:
        places[section.name].append(TimeStretch(start=section.start, end=section.end))
    found, seen = [TimeStretch(start=0, end=first)] if first else [], Counter[str]()
    for name in today.row:
        if name not in places:
            return None
        place = places[name][min(seen[name], len(places[name]) - 1)]
        seen[name] += 1
        if found and found[-1].end == place.start:  # contiguous: no joint
            found[-1] = TimeStretch(start=found[-1].start, end=place.end)
        else:
            found.append(place)
    return tuple(found)
