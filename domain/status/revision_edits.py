"""Titles of mixes and masters; removing, shelving and restoring them.

A removed revision leaves lists and review, new masters do not hold it, and its number is never reused.  Removing a mix
that a master holds is refused; the master has to be removed first.
"""

from domain.core.ids import IdParts, number_of_revision
from domain.core.refusal import Refused, suggest
from domain.label.catalog import restoring
from domain.label.corrections import (
    Absence,
    EntryLeft,
    EntryRenamed,
    EntryRestored,
    entry_fields,
    leave,
    noun_of_entry,
)
from domain.masters.masters import MasterPlanned, Masters
from domain.mixes.mixes import Mixes
from domain.status.record_state import RecordState


def rename_revision(state: RecordState, revision: str, *, title: str) -> list[EntryRenamed]:
    """Give the mix or master *revision* a title, such as ``vocal up``.  Its present title yields no event.

    Raises:
        NotFound: ``mix.unknown``, ``master.unknown``.
    """
    _own_absence(state, revision)
    parts = IdParts.of(revision)
    known = state.mixes[parts.song].titles if parts.song else state.masters[parts.record].titles
    if known.get(number_of_revision(parts.revision)) == title:
        return []
    return [EntryRenamed.model_validate({**entry_fields(revision), "title": title})]


def take_revision_away(state: RecordState, revision: str, *, absence: Absence) -> list[EntryLeft]:
    """Remove or shelve the mix or master *revision*.  An already removed or shelved revision yields no event.

    Raises:
        NotFound: ``mix.unknown``, ``master.unknown``.
        Refused: ``entry.bound``; a master that is not removed or shelved holds the mix.  ``entry.removed``,
            ``entry.shelved``; the song or record is removed or shelved.
    """
    if _own_absence(state, revision) == absence:
        return []
    parts = IdParts.of(revision)
    state.catalog.refuse_absent(parts.path)
    masters = state.masters.get(parts.record, Masters()).living if noun_of_entry(revision) == "mix" else {}
    for master in masters.values():
        if any(
            (bound.song, bound.revision) == (parts.song, number_of_revision(parts.revision)) for bound in master.songs
        ):
            name = f"{parts.record}@master{master.number}"
            raise Refused("entry.bound", f"{name} holds {revision}", next=suggest("master remove", name), master=name)
    return [leave(entry_fields(revision), absence)]


def restore_revision(state: RecordState, revision: str) -> list[EntryRestored]:
    """Restore the removed or shelved mix or master *revision*.  A revision that is not absent yields no event.

    Raises:
        NotFound: ``mix.unknown``, ``master.unknown``.
        Refused: ``entry.removed``, ``entry.shelved``; the song or record, or a mix that the master holds, is absent.
    """
    if _own_absence(state, revision) is None:
        return []
    parts = IdParts.of(revision)
    state.catalog.refuse_absent(parts.path)
    if parts.song is None:
        _refuse_absent_mixes(state, state.masters[parts.record].masters[number_of_revision(parts.revision)])
    return [EntryRestored.model_validate(entry_fields(revision))]


def _refuse_absent_mixes(state: RecordState, master: MasterPlanned) -> None:
    for bound in master.songs:
        mix = f"{bound.song}@mix{bound.revision}"
        if absence := _own_absence(state, mix):
            raise Refused(f"entry.{absence}", f"{mix}, which it holds, is {absence}", next=restoring(mix))


def _own_absence(state: RecordState, revision: str) -> Absence | None:
    parts, number = IdParts.of(revision), number_of_revision(IdParts.of(revision).revision)
    if parts.song:
        mixes = state.mixes.get(parts.song, Mixes())
        mixes.revision(parts.song, number)
        return mixes.absent.get(number)
    masters = state.masters.get(parts.record, Masters())
    masters.master(parts.record, number)
    return masters.absent.get(number)
