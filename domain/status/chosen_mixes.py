"""Chosen mixes: the mix of each song that was approved last, whatever its number; masters are made of these."""

from collections.abc import Iterable, Iterator

from domain.core.ids import number_of_revision, slug_of, song_of
from domain.masters.masters import MasterPlanned, SongBinding
from domain.mixes.mixes import Mixes
from domain.status.record_state import RecordState, mix_status
from domain.status.verdicts import Status, VerdictGiven


def chosen_mix(state: RecordState, song: str) -> Status | None:
    """Status of the chosen mix of *song*: the mix with the latest approval in force; None without one.

    An approval belongs to an output: if its own revision has another output today, another revision with the approved
    output is chosen.  If no revision has that output any more, the approval before it counts.
    """
    known: dict[int, Status] = {}
    for given in state.verdicts.choices(f"{song}@mix"):
        for number in _candidates(state, song, given):
            if number not in known:
                known[number] = mix_status(state, song, number)
            if known[number].state == "approved" and known[number].output == given.output:
                return known[number]
    return None


def _candidates(state: RecordState, song: str, given: VerdictGiven) -> Iterator[int]:
    """Numbers of the revisions that may have the output of *given*: its own revision, then the others, newest first."""
    numbers, own = state.mixes.get(song, Mixes()).living, number_of_revision(given.revision)
    if own in numbers:
        yield own
    yield from (number for number in sorted(numbers, reverse=True) if number != own)


def mix_remark(state: RecordState, status: Status) -> str:
    """``chosen`` if the mix has the chosen mix's output, ``alternate`` if it is an approved alternate; else empty."""
    if status.state != "approved":
        return ""
    chosen = chosen_mix(state, song_of(status.address))
    if chosen and chosen.output == status.output:
        return "chosen"
    word = state.verdicts.last.get((status.subject, status.output or ""))
    return "alternate" if word and word.alternate else ""


def chosen_mixes(state: RecordState, record: str) -> dict[str, int]:
    """Number of the chosen mix of each song of *record* that has one."""
    found = ((song.id, chosen_mix(state, song.id)) for song in state.catalog.songs_of(record))
    return {song: number_of_revision(mix.address) for song, mix in found if mix}


def other_choices(state: RecordState, master: MasterPlanned) -> list[tuple[SongBinding, Status]]:
    """Bindings of *master* whose mix has another output than the song's chosen mix, each with the latter's status."""
    return [
        (bound, chosen)
        for bound in master.songs
        if (chosen := chosen_mix(state, bound.song)) and chosen.output != _output(state, bound)
    ]


def _output(state: RecordState, bound: SongBinding) -> str | None:
    return mix_status(state, bound.song, bound.revision).output


def in_words(others: Iterable[tuple[SongBinding, Status]]) -> str:
    """The mixes that a master holds instead of the chosen ones, in words; empty for *others* empty."""
    words = [
        f"mix{bound.revision} of {slug_of(bound.song)}, where mix{number_of_revision(chosen.address)} is chosen"
        for bound, chosen in others
    ]
    return f"it holds {', '.join(words)}" if words else ""
