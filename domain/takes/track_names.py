"""Track names of takes that are spliced: a track that a take lacks is silent while that take sounds.

Tests: ``tests/orchestrator/desk/takes/test_track_names.py``.
"""

from itertools import combinations

from domain.core.refusal import Refused, suggest
from domain.takes.comps import Comp
from domain.takes.takes import Takes


def refuse_other_tracks(part: str, comp: Comp, takes: Takes) -> None:
    """Check that no take of *comp* is spliced with one whose tracks have other names.

    A take that has all tracks of the other, and more, is allowed: an overdub may lack a microphone.  Layers of a stack
    are compared each by itself.

    Raises:
        Refused: ``comp.tracks``, with the names that only one of the two takes has.
    """
    for layer in comp.layers:
        used = sorted({stroke.take for stroke in layer if stroke.take})
        for first, second in combinations(used, 2):
            one, other = _names(takes, first), _names(takes, second)
            if one - other and other - one:
                raise Refused(
                    "comp.tracks",
                    f"{part}: take {first} has {_listed(one - other)} where take {second} has {_listed(other - one)}, "
                    "so each would be silent while the other take sounds; only takes with tracks of the same names are "
                    "spliced",
                    next=suggest("take approve", f"{part}/{second}"),
                )


def _names(takes: Takes, number: int) -> frozenset[str]:
    return frozenset(track.name for track in takes.takes[number].tracks)


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))
