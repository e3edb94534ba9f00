"""Takes of lossy sources in what is delivered: whoever gets it is told.

Tests: ``tests/orchestrator/desk/intake/test_lossy_takes.py``.
"""

from collections.abc import Iterator

from domain.core.address import Address
from domain.masters.masters import Masters
from domain.mixes.mixes import Mixes
from domain.status.record_state import RecordState, parts_of


def lossy_sources(state: RecordState, address: Address) -> list[str]:
    """One line for each take of a lossy source that sounds at *address*, a take, a part, a mix or a master."""
    named = "/".join(address.path)
    if address.take:
        return list(_takes(state, named, [address.take]))
    if address.revision is None:
        return list(_part(state, named))
    kind, number = address.revision
    if kind == "mix":
        return list(dict.fromkeys(_mix(state, named, number)))
    songs = state.masters.get(named, Masters()).master(named, number).songs
    return list(dict.fromkeys(line for bound in songs for line in _mix(state, bound.song, bound.revision)))


def _mix(state: RecordState, song: str, number: int) -> Iterator[str]:
    revision = state.mixes.get(song, Mixes()).revision(song, number)
    for part in parts_of(state, revision):
        yield from _part(state, f"{song}/{part}")


def _part(state: RecordState, part: str) -> Iterator[str]:
    yield from _takes(state, part, [number for number in state.comp(part).used if number])


def _takes(state: RecordState, part: str, numbers: list[int]) -> Iterator[str]:
    for number in numbers:
        remark = state.takes_of(part).take(part, number).lossy_remark
        if remark:
            yield f"{part}/{number} is {remark}"
