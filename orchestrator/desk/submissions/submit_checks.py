"""Remarks on a submitted mix beside its song: another song's name, length, place, polarity, and what is heard in it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from domain.core.address import slug
from domain.core.ids import record_of, slug_of
from domain.label.catalog import Song
from domain.render.jobs import Named
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


GivenTracks = Mapping[str, tuple[Named, ...]]
"""Tracks by the slug of their part, as a handoff gave them; none of a part whose audio is not known any more."""


def given_tracks(state: RecordState, song: str, given: Mapping[str, str]) -> GivenTracks:
    """The tracks of *song* that a handoff gave, from its hashes by part."""
    found = dict[str, tuple[Named, ...]]()
    for part, hash_ in given.items():
        sound, report = state.sound(f"{song}/{part}"), state.report(hash_)
        found[part] = sound.tracks if sound and sound.is_given(hash_) else report.outputs if report else ()
    return found


def length_remarks(
    state: RecordState, song: str, facts: FileFacts, handed: GivenTracks | None = None
) -> Iterator[str]:  # fmt: skip
    """Yield a remark if a mix ends before the tracks of *song* that were *handed* out, or long after them.

    Without *handed*, it is compared with the present comps.
    """
    if handed is None:
        edits = {part: edit for part in state.catalog.song(song).mixable if (edit := state.edit(f"{song}/{part}"))}
        lengths = {part: edit.result_frames / edit.rate for part, edit in edits.items()}
    else:
        sounds = {part: [track.sound for track in tracks] for part, tracks in handed.items() if tracks}
        lengths = {part: max(sound.frames / sound.rate for sound in own) for part, own in sounds.items()}
    if not lengths:
        return
    longest = max(lengths, key=lambda part: lengths[part])
    given_s = lengths[longest]
    length_s = facts.frames / facts.rate
    if not -SAME_LENGTH_S <= length_s - given_s <= LONGEST_TAIL_S:
        side = "shorter" if length_s < given_s else "longer"
        yield f"{length_s:.2f} s long, {abs(length_s - given_s):.2f} s {side} than {longest} ({given_s:.2f} s)"


def level_remark(vault: Vault, state: RecordState, song: str, file: Source) -> Iterator[str]:
    """Yield the loudness of a mix beside that of the rough mix of *song*, where there is one."""
    rough = state.roughs.get(song)
    if rough is None or not vault.has(rough.sound.blob, rough.sound.size):
        return
    from dsp.meter.loudness import measure  # imported on demand: needs compiled kernels

    own, other = (measure(source).integrated_lufs for source in (file, source_of(vault, rough.sound)))
    if own is not None and other is not None:
        yield f"{own:.1f} LUFS, {abs(own - other):.1f} LU {'softer' if own < other else 'louder'} than the rough mix"


def audio_remarks(
    vault: Vault, state: RecordState, song: str, file: Source, facts: PrintFacts, *, handed: GivenTracks | None = None
) -> Iterator[str]:  # fmt: skip
    """Yield remarks on place, polarity and content of a mix beside the tracks of *song* that were given.

    Args:
        vault: the vault of the store.
        state: the record.
        song: its id.
        file: the main print, which is not silent.
        facts: its measurements.
        handed: the tracks that a handoff gave; None for the present comps.
    """
    starts = stretches(facts.first, facts.last)
    given = _tracks(vault, state, song, facts.rate, handed)
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


def _tracks(
    vault: Vault, state: RecordState, song: str, rate: int, handed: GivenTracks | None = None
) -> list[Source]:  # fmt: skip
    """The tracks of every part of *song* at *rate* that are rendered and in the vault, or those *handed* out of it."""
    sounds = (state.sound(f"{song}/{part}") for part in state.catalog.song(song).mixable)
    own = [sound.tracks for sound in sounds if sound] if handed is None else handed.values()
    return [
        source_of(vault, track.sound)
        for tracks in own
        for track in tracks
        if track.sound.rate == rate and vault.has(track.sound.blob, track.sound.size)
    ]  # fmt: skip
