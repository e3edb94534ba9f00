"""Wanted renders: the mixes and masters that are kept up to date, or are still to be rendered for the first time.

A mix is kept up to date if it is the newest of its song, the chosen one, the last chosen one even if its approval has
lapsed, or held by the newest master; a master if it is the newest.  Any other revision is wanted until its first
output, if its event has ``awaited`` set: two revisions made before a render are both rendered.  A revision that a
person named for a render is wanted until that render's output.
"""

from domain.core.ids import IdParts, number_of_revision, slug_of
from domain.label.catalog import Song
from domain.masters.masters import MasterPlanned, Masters
from domain.mixes.mixes import Mixes, MixRevised
from domain.status.chosen_mixes import chosen_mix
from domain.status.master_status import master_files
from domain.status.record_state import RecordState, mix_report


def newest_master(state: RecordState, record: str) -> MasterPlanned | None:
    """The newest master of *record* that is neither removed nor shelved; None if the record itself is."""
    return None if state.catalog.own_absence(record) else state.masters.get(record, Masters()).latest


def rendered_songs(state: RecordState, record: str) -> list[Song]:
    """The songs of *record* whose renders are kept up to date, in order.

    A removed or shelved song is included as long as the newest master holds it, so that no delivered master changes.
    """
    songs, master = state.catalog.songs_of(record), newest_master(state, record)
    bound = {one.song for one in master.songs} - {song.id for song in songs} if master else set()
    if not bound:
        return songs
    kept = bound | {song.id for song in songs}
    return [song for song in state.catalog.all_songs_of(record) if song.id in kept]


def kept_mixes(state: RecordState, record: str, song: str) -> list[MixRevised]:
    """The revisions of *song* that are kept up to date, oldest first.

    Of removed or shelved songs and revisions, only the revisions that the newest master holds are included.
    """
    mixes, numbers = state.mixes.get(song, Mixes()), _bound(state, record, song)
    if not state.catalog.absent_entry(song):
        chosen, last = chosen_mix(state, song), next(state.verdicts.choices(f"{song}@mix"), None)
        own = {mixes.latest.number if mixes.latest else 0}
        own |= {number_of_revision(chosen.address)} if chosen else set()
        own |= {number_of_revision(last.revision)} if last else set()
        numbers |= own & mixes.living.keys()
    return [mixes.revisions[number] for number in sorted(numbers) if number in mixes.revisions]


def _bound(state: RecordState, record: str, song: str) -> set[int]:
    """Numbers of the mixes of *song* that the newest master holds, and of those that a person named for a render."""
    newest = newest_master(state, record)
    masters = state.masters.get(record, Masters()).masters.values()
    binding = (one for one in masters if one == newest or _is_named(state, _master_address(one)))
    return {bound.revision for master in binding for bound in master.songs if bound.song == song}


def wanted_mixes(state: RecordState, record: str, song: str) -> list[MixRevised]:
    """The revisions of *song* that are kept up to date or not rendered for the first time yet, oldest first."""
    kept = {revision.number: revision for revision in kept_mixes(state, record, song)}
    if not state.catalog.absent_entry(song):
        for number, revision in state.mixes.get(song, Mixes()).living.items():
            if number not in kept and (_is_awaited(state, revision) or _is_named(state, _address(revision))):
                kept[number] = revision
    return [kept[number] for number in sorted(kept)]


def _address(revision: MixRevised) -> str:
    return f"{revision.song}@mix{revision.number}"


def _is_awaited(state: RecordState, revision: MixRevised) -> bool:
    return revision.awaited and _address(revision) not in state.subjects and mix_report(state, revision) is None


def _is_named(state: RecordState, address: str) -> bool:
    return address in state.named and state.renders_of(address) == state.named[address]


def wanted_masters(state: RecordState, record: str) -> list[MasterPlanned]:
    """The newest master of *record*, and other masters that are not rendered for the first time yet, oldest first."""
    newest = newest_master(state, record)
    if newest is None:
        return []
    return [
        master
        for _, master in sorted(state.masters.get(record, Masters()).living.items())
        if master == newest
        or (master.awaited and not _was_completed(state, master))
        or _is_named(state, _master_address(master))
    ]


def is_wanted(state: RecordState, address: str) -> bool:
    """True if the mix or master at *address* is wanted."""
    place = IdParts.of(address)
    if place.song is not None:
        return address in map(_address, wanted_mixes(state, place.record, place.song))
    return address in map(_master_address, wanted_masters(state, place.record))


def _master_address(master: MasterPlanned) -> str:
    return f"{master.record}@master{master.number}"


def _was_completed(state: RecordState, master: MasterPlanned) -> bool:
    """True if every file of *master* was rendered at least once, from current or earlier outputs of its mixes."""
    if master.outside:
        return True
    subjects = (
        f"{master.record}@master{master.number} {target} {slug_of(bound.song)}"
        for target in master.targets
        for bound in master.songs
    )
    files = list(master_files(state, master))
    return all(subject in state.subjects for subject in subjects) or bool(files and all(file.sound for file in files))
