"""Track names of takes that are spliced: a track that a take lacks is silent while that take sounds.

Tests: ``tests/orchestrator/desk/takes/test_track_names.py``.
"""

from dataclasses import replace
from itertools import combinations

from domain.core.refusal import FreeText, Refused, Suggestion, suggest
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
                    f"spliced: ingest take {second} again with the names of take {first}, or approve it whole",
                    next=_mapped(part, takes, first, second),
                )


def _mapped(part: str, takes: Takes, first: int, second: int) -> Suggestion:
    """Suggest to ingest take *second* again with the track names of take *first*; pairs are guessed by their order."""
    one, other = _names(takes, first), _names(takes, second)
    old = [track.name for track in takes.takes[first].tracks if track.name not in other]
    new = [track for track in takes.takes[second].tracks if track.name not in one]
    files = [track.file for track in takes.takes[second].tracks]
    pairs = [
        ("track", FreeText(f"{name}={track.file if files.count(track.file) == 1 else track.name}"))
        for name, track in zip(old, new, strict=False)
    ]
    hint = suggest("take ingest", part, *map(FreeText, dict.fromkeys(files)), together=True)
    return replace(hint, options=(*hint.options, *pairs))


def _names(takes: Takes, number: int) -> frozenset[str]:
    return frozenset(track.name for track in takes.takes[number].tracks)


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))
