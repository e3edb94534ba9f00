"""Remarks on a submitted mix beside its song: another song's name, length, place, polarity, and what is heard in it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from domain.core.address import slug
from domain.core.ids import record_of, slug_of
from domain.label.catalog import Song
from domain.status.record_state import RecordState
from dsp.audio import Source
from dsp.check.prints import PrintFacts
from dsp.check.sync import ALIKE, WHITE, Offset, flatness, offsets, steady_offset, stretches
from dsp.files.sound import FileFacts
from flows.vault.vault import Vault
from orchestrator.desk.record_state.revisions import source_of

LEAST_LAG_S: Final = 0.001
"""Smallest distance in seconds of a mix from its tracks that is told; equalisers shift by less."""
SAME_LENGTH_S: Final = 0.05
LONGEST_TAIL_S: Final = 10.0
"""Longest tail in seconds of a mix behind the end of its tracks that is not remarked on."""


def name_remarks(file: Path, song: Song, songs: Sequence[Song]) -> Iterator[str]:
    """Yield a remark if the name of *file* holds the title of another of *songs*, and not that of *song*."""
    if _is_named(file, song):
        return
    others = [one.title for one in songs if one.id != song.id and _is_named(file, one)]
    if others:
        yield f"{file.name} is named like {', '.join(others)}, not like {song.title}"


def length_remarks(state: RecordState, song: str, facts: FileFacts) -> Iterator[str]:
    """Yield a remark if a mix ends before the tracks of *song* that were given, or long after them."""
    edits = {part: edit for part in state.catalog.song(song).mixable if (edit := state.edit(f"{song}/{part}"))}
    if not edits:
        return
    longest = max(edits, key=lambda part: edits[part].result_frames / edits[part].rate)
    given_s = edits[longest].result_frames / edits[longest].rate
    length_s = facts.frames / facts.rate
    if not -SAME_LENGTH_S <= length_s - given_s <= LONGEST_TAIL_S:
        side = "shorter" if length_s < given_s else "longer"
        yield f"{length_s:.2f} s long, {abs(length_s - given_s):.2f} s {side} than {longest} ({given_s:.2f} s)"


def audio_remarks(vault: Vault, state: RecordState, song: str, file: Source, facts: PrintFacts) -> Iterator[str]:
    """Yield remarks on place, polarity and content of a mix beside the rendered comps of *song*.

    Args:
        vault: the vault of the store.
        state: the record.
        song: its id.
        file: the main print, which is not silent.
        facts: its measurements.
    """
    starts = stretches(facts.first, facts.last)
    given = _tracks(vault, state, song, facts.rate)
    found = offsets(given, file, starts) if given else []
    if found:
        steady = steady_offset(found)
        if steady and (not steady.frames or abs(steady.frames) >= LEAST_LAG_S * facts.rate):
            yield from describe_offset(steady, facts.rate, "the tracks that were given")
        return
    for other in state.catalog.songs_of(record_of(song)):
        tracks = _tracks(vault, state, other.id, facts.rate) if other.id != song else []
        alike = offsets(tracks, file, starts) if tracks else []
        if alike:
            yield f"this is the audio of {other.title} ({max(one.share for one in alike):.2f} of the phases agree)"
            return
    flat = flatness(file, start=starts[len(starts) // 2])
    if flat > WHITE:
        yield f"it is white noise (spectral flatness {flat:.2f} of 1)"
    elif given:
        yield f"nothing of the tracks that were given is heard in it (less than {ALIKE} of the phases agree)"


def describe_offset(found: Offset, rate: int, given: str) -> Iterator[str]:
    """Yield a remark if a file lies beside *given*, or has the opposite polarity."""
    if found.frames:
        side = "behind" if found.frames > 0 else "ahead of"
        yield f"lies {abs(found.frames)} frames ({1000 * abs(found.frames) / rate:.1f} ms) {side} {given}"
    if found.inverted:
        yield f"its polarity is opposite to that of {given} ({found.share:.2f} of the phases agree)"


def _is_named(file: Path, song: Song) -> bool:
    """True if the name of *file* holds the address or the title of *song*, as whole words."""
    words = f"-{_slug(file.stem)}-"
    return any(name and f"-{name}-" in words for name in (slug_of(song.id), _slug(song.title)))


def _slug(text: str) -> str:
    return slug(text) if any(map(str.isalnum, text)) else ""


def _tracks(vault: Vault, state: RecordState, song: str, rate: int) -> list[Source]:
    """The tracks of every part of *song* at *rate* that are rendered and in the vault."""
    sounds = (state.sound(f"{song}/{part}") for part in state.catalog.song(song).mixable)
    return [
        source_of(vault, track.sound)
        for sound in sounds if sound
        for track in sound.tracks
        if track.sound.rate == rate and vault.has(track.sound.blob, track.sound.size)
    ]  # fmt: skip
