"""Sounds beside which an item of review is heard: the keeper of a take's part; the rough and the mix approved last.

Tests: ``tests/orchestrator/cli/commands/daily/test_review_comparison.py``.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.core.address import Address, parse_address
from domain.core.ids import number_of, part_of, record_of
from domain.core.refusal import NotFound
from domain.status.record_state import RecordState
from domain.status.review_items import QueueItem
from dsp.audio import Source
from dsp.files.excerpt import write_excerpt
from flows.vault.vault import Vault
from orchestrator.desk.listening.in_song import take_in_song
from orchestrator.desk.mixes.loudness_match import MatchedMix, matched
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.record_state.revisions import audible_print, audible_print_in, source_of
from orchestrator.studio import Studio


@contextmanager
def item_comparison(studio: Studio, item: QueueItem) -> Iterator[list[MatchedMix]]:
    """Context of the item and what it is compared with, the item last, all of one loudness and one time.

    Raises:
        NotFound: ``review.compare``; there is nothing to compare it with.
    """
    state = read_record(studio, record_of(item.address)).state
    address = parse_address(item.address)
    with TemporaryDirectory(prefix="takesheet-") as folder:
        if item.kind == "take":
            sounds = _takes(studio, state, item.address, Path(folder))
        else:
            sounds = _mixes(studio, state, address) if item.kind == "mix" else []
        if len(sounds) < 2:  # noqa: PLR2004 - the item and one more
            what = {"take": "its part has no keeper", "mix": "its song has no rough and no other approved mix"}
            detail = what.get(item.kind, "a master is compared with nothing here")
            raise NotFound("review.compare", f"nothing to compare {item.address} with: {detail}")
        yield matched(sounds)


def _takes(studio: Studio, state: RecordState, take: str, folder: Path) -> Sequence[tuple[str, Source, str]]:
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


def _mixes(studio: Studio, state: RecordState, mix: Address) -> Sequence[tuple[str, Source, str]]:
    """The song's rough and the mix approved last, where there are any, and the mix."""
    song, number = "/".join(mix.path), mix.revision[1] if mix.revision else 0
    vault = Vault(studio.config.vault)
    sounds = []
    if rough := state.roughs.get(song):
        sounds.append((f"rough ({rough.origin})", source_of(vault, rough.sound), ""))
    approved = next(state.verdicts.choices(f"{song}@mix"), None)
    own = audible_print(studio, mix)
    prints = [own]
    if approved and approved.revision != f"mix{number}":
        prints = [audible_print_in(state, song, int(approved.revision.removeprefix("mix"))), own]
    sounds += [
        (
            f"{one.address}{' (approved)' if one is not own else ''}",
            source_of(vault, one.prints["main"].sound),
            one.note,
        )
        for one in prints
        if "main" in one.prints
    ]
    return sounds
