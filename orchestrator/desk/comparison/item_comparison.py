"""Sounds beside which an item of review is heard, all of one loudness.

A take is heard beside the keeper of its part; a mix beside the song's rough and the mix approved last; a master song by
song beside the master approved last and the mix that it was made from.

Tests: ``tests/orchestrator/cli/commands/daily/test_review_comparison.py``.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from domain.core.address import Address, parse_address
from domain.core.ids import number_of, part_of, record_of
from domain.core.refusal import NotFound
from domain.masters.masters import Masters
from domain.status.master_status import MasterFile, master_files, master_status
from domain.status.record_state import RecordState
from domain.status.review_items import QueueItem
from dsp.audio import Source
from dsp.files.excerpt import write_excerpt
from flows.vault.vault import Vault
from orchestrator.desk.comparison.approved_sounds import ApprovedMaster, approved_master, approved_print
from orchestrator.desk.listening.audio_files import pending
from orchestrator.desk.listening.in_song import take_in_song
from orchestrator.desk.mixes.loudness_match import MatchedMix, matched
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.record_state.revisions import audible_print, source_of
from orchestrator.new_file import temporary_folder
from orchestrator.studio import Studio

Sounds = Sequence[tuple[str, Source, str]]
"""Name, source and note of each sound."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Sounds of one loudness to switch between, the item last."""

    title: str
    """Title of the song of a master; empty for a take or a mix."""
    sounds: list[MatchedMix]
    last: bool
    """True if no other song follows."""


@contextmanager
def item_comparisons(studio: Studio, item: QueueItem) -> Iterator[Iterator[Comparison]]:
    """Context of what *item* is compared with: one comparison, or one a song of a master, each measured when it is due.

    Raises:
        NotFound: ``review.compare``; there is nothing to compare it with.
        Refused: ``audio.pending``; it is not rendered.
    """
    state = read_record(studio, record_of(item.address)).state
    address = parse_address(item.address)
    with temporary_folder() as folder:
        if item.kind == "master":
            yield _songs(studio, state, address)
            return
        sounds = _takes(studio, state, item.address, folder) if item.kind == "take" else None
        sounds = _mixes(studio, state, address) if sounds is None else sounds
        if len(sounds) < 2:  # noqa: PLR2004 - the item and one more
            what = {"take": "its part has no keeper", "mix": "its song has no rough and no other approved mix"}
            raise NotFound("review.compare", f"nothing to compare {item.address} with: {what[item.kind]}")
        yield iter([Comparison("", matched(sounds), last=True)])


def _songs(studio: Studio, state: RecordState, address: Address) -> Iterator[Comparison]:
    """The songs of a master for its first target, in order.  Raises: Refused ``audio.pending``."""
    record, number = address.path[0], address.revision[1] if address.revision else 0
    master = state.masters.get(record, Masters()).master(record, number)
    every = list(master_files(state, master))
    files = [file for file in every if file.target == every[0].target]
    if not all(file.sound for file in every) or not files:
        raise pending(state, address)
    mixes = {bound.song: f"{bound.song}@mix{bound.revision}" for bound in master.songs}
    before, vault = approved_master(state, record), Vault(studio.config.vault)
    if before and before.output == master_status(state, record, number).output:
        before = None
    for file in files:
        sounds = _song(vault, file, mixes[file.song], before)
        sounds.append((str(address), source_of(vault, file.sound or file.mix), ""))
        yield Comparison(state.catalog.song(file.song).title, matched(sounds), last=file is files[-1])


def _song(vault: Vault, file: MasterFile, mix: str, before: ApprovedMaster | None) -> list[tuple[str, Source, str]]:
    """One song of the master approved before, if there is one, and its mix."""
    sounds = [(f"{mix} (its mix)", source_of(vault, file.mix), "")]
    if before and (earlier := before.sound(file.target, file.song)):
        sounds.insert(0, (f"{before.address} (approved)", source_of(vault, earlier), ""))
    return sounds


def _takes(studio: Studio, state: RecordState, take: str, folder: Path) -> Sounds:
    """The keeper and the take, each alone, over the stretch of song time in which either sounds."""
    part = part_of(take)
    others = [other for other in state.takes_of(part).takes.values() if other.number != number_of(take)]
    keepers = [other for word in ("approved", "kept") for other in reversed(others) if other.verdict == word]
    if not keepers:
        return []
    names = {keepers[0].ingested.take: f"{keepers[0].ingested.take} ({keepers[0].verdict})", take: take}
    passages = {name: take_in_song(studio, parse_address(name), solo=True) for name in names}
    start = min(passage.start for passage in passages.values())
    end = max(passage.end or passage.start for passage in passages.values())
    sounds = []
    for number, (name, passage) in enumerate(passages.items()):
        file = folder / f"{number}.wav"
        made = write_excerpt(passage.layers, file, start=start, end=end)
        sounds.append((names[name], Source(made.path), ""))
    return sounds


def _mixes(studio: Studio, state: RecordState, mix: Address) -> Sounds:
    """The song's rough and the mix approved last, where there are any, and the mix."""
    song, number = "/".join(mix.path), mix.revision[1] if mix.revision else 0
    vault = Vault(studio.config.vault)
    sounds = []
    if rough := state.roughs.get(song):
        sounds.append((f"rough ({rough.origin})", source_of(vault, rough.sound), ""))
    own = audible_print(studio, mix)
    approved = approved_print(state, song)
    if approved and ("main" not in own.prints or approved[1].pcm != own.prints["main"].sound.pcm):
        given, sound = approved
        changed = "" if given.revision != f"mix{number}" else ", before it changed"
        sounds.append((f"{song}@{given.revision} (approved{changed})", source_of(vault, sound), ""))
    if "main" in own.prints:
        sounds.append((own.address, source_of(vault, own.prints["main"].sound), own.note))
    return sounds
