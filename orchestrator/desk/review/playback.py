"""Playback of a record: the songs of its newest master in sequence or, before there is a master, of its chosen mixes.

A song follows the one before it without a gap: a master has no others than those in its songs.

Tests: ``tests/orchestrator/cli/commands/listen/test_playback.py``.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.core.address import Address, clock, parse_address
from domain.core.refusal import NotFound, Refused, suggest
from domain.masters.masters import Masters
from domain.render.jobs import Sound
from domain.status.chosen_mixes import chosen_mixes
from domain.status.record_state import RecordState, mix_prints
from dsp.audio import Source
from dsp.files.excerpt import Layer, write_excerpt
from flows.vault.vault import Vault
from orchestrator.desk.listening.audio_files import audio_at
from orchestrator.desk.listening.audition import AuditionFile, Choice, chosen_files, lasting_folder, place_of, target_of
from orchestrator.desk.mixes.mixes import judge_revision, status_of
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.record_state.revisions import source_of
from orchestrator.new_file import temporary_folder
from orchestrator.studio import Studio

SIDE_S: Final = 10
"""Seconds of a song that are played on each side of a boundary."""


@dataclass(frozen=True, slots=True)
class RecordSong:
    """One song of a record as it is played."""

    title: str
    mix: str
    """Address of the mix that is heard, or that the master was made from."""
    sound: Sound


@dataclass(frozen=True, slots=True)
class SongStretch:
    """A stretch of a file to play that comes from one song."""

    song: RecordSong
    starts_s: float
    """Position in the file, in seconds."""
    from_s: float
    """Position in the song, in seconds."""


@dataclass(frozen=True, slots=True)
class PlaybackFile:
    """A file to play, and the songs that it holds, in order."""

    file: AuditionFile
    stretches: tuple[SongStretch, ...]

    def place(self, position_s: float) -> tuple[RecordSong, str]:
        """The song that sounds at a position in seconds, and the time in it."""
        at = next(one for one in reversed(self.stretches) if one.starts_s <= max(position_s, 0.0))
        rate = at.song.sound.rate
        return at.song, clock(round((at.from_s + position_s - at.starts_s) * rate), rate)


@dataclass(frozen=True, slots=True)
class Playback:
    """The songs of a record in sequence, and the master that is heard."""

    title: str
    artist: str
    songs: tuple[RecordSong, ...]
    master: Address | None = None
    """Full address of the master; None if mixes are heard."""
    target: str = ""
    """Target of the master that is heard; empty if mixes are heard."""
    output: str | None = None
    """Manifest hash of the master's output; None if there is none to judge."""
    head: int = 0
    """Log position up to which the record was read."""
    left_out: tuple[str, ...] = ()
    """Titles of the songs without a chosen mix."""

    def remarks(self) -> list[str]:
        """Remarks on what is heard instead of the whole master, one line each."""
        lines = [] if self.master else ["there is no master yet: the chosen mixes are played"]
        return lines + [f"without {title}: none of its mixes is approved" for title in self.left_out]


def playback_of(studio: Studio, address: Address, target: str | None) -> Playback:
    """The playback of the record, or of the one master, at a full *address*.

    Args:
        studio: the store.
        address: a record, for its newest master, or a master.
        target: target of the master; None for its first one.

    Raises:
        NotFound: ``master.unknown``, ``play.target``; ``playback.none``, neither a master nor a mix.
        Refused: ``audio.pending``; the master is not rendered.
    """
    record = address.path[0]
    read = read_record(studio, record)
    newest = read.state.masters.get(record, Masters()).latest
    if address.revision is None and newest:
        address = parse_address(f"{record}@master{newest.number}")
    entry = read.state.catalog.record(record)
    if address.revision is None:
        return _of_mixes(read.state, record, target)
    files = chosen_files(audio_at(studio, address), address, "master", Choice(target=target))
    bound = read.state.masters[record].master(record, address.revision[1]).songs
    mixes = {one.song: f"{one.song}@mix{one.revision}" for one in bound}
    titles = {song: read.state.catalog.song(song).title for song in mixes}
    songs = (RecordSong(titles[file.audio.name], mixes[file.audio.name], file.audio.sound) for file in files)
    output = status_of(read.state, address).output
    return Playback(entry.title, entry.artist, tuple(songs), address, target_of(files[0]), output, read.head)


def _of_mixes(state: RecordState, record: str, target: str | None) -> Playback:
    """The chosen mixes in the order of the record.  Raises: NotFound ``playback.none``, ``play.target``."""
    numbers, songs, left_out = chosen_mixes(state, record), list[RecordSong](), list[str]()
    for song in state.catalog.songs_of(record):
        prints = mix_prints(state, song.id, numbers[song.id]) if song.id in numbers else ()
        main = next((one.sound for one in prints if one.name == "main"), None)
        if main:
            songs.append(RecordSong(song.title, f"{song.id}@mix{numbers[song.id]}", main))
        else:
            left_out.append(song.title)
    if not songs:
        raise NotFound(
            "playback.none", f"{record} has no master and no approved mix to play", next=suggest("next", record)
        )
    if target is not None:
        raise NotFound(
            "play.target",
            f"{record} has no master, so no target {target!r} either",
            next=suggest("master plan", record),
        )
    entry = state.catalog.record(record)
    return Playback(entry.title, entry.artist, tuple(songs), left_out=tuple(left_out))


@contextmanager
def playback_files(
    studio: Studio, playback: Playback, *, joins: bool = False, keep: bool = False
) -> Iterator[list[PlaybackFile]]:
    """Context of the files of *playback*, to be played in turn.

    Args:
        studio: the store.
        playback: what is played.
        joins: only the end of each song and the beginning of the next one, ``SIDE_S`` seconds each, in one file.
        keep: leave the excerpts where they are at the end of the context.

    Raises:
        Refused: ``playback.joins``; there is only one song.
    """
    vault = Vault(studio.config.vault)
    if not joins:
        yield [_whole(studio, vault, playback, song) for song in playback.songs]
        return
    if len(playback.songs) == 1:
        raise Refused(
            "playback.joins",
            f"{playback.title} has one song here, {playback.songs[0].title}: nothing joins it",
            next="the same command without --joins",
        )
    with lasting_folder() if keep else temporary_folder() as folder:
        pairs = zip(playback.songs, playback.songs[1:], strict=False)
        yield [
            file
            for number, pair in enumerate(pairs, start=1)
            for file in _join(vault, pair, folder / f"{number:02d}.wav")
        ]


def _whole(studio: Studio, vault: Vault, playback: Playback, song: RecordSong) -> PlaybackFile:
    sound, mix = song.sound, parse_address(song.mix)
    place = place_of(studio, playback.master or mix, song="/".join(mix.path))
    file = AuditionFile(
        vault.path(sound.blob), source_of(vault, sound), sound.rate, sound.frames, (song.title,),
        temporary=False, place=place,
    )  # fmt: skip
    return PlaybackFile(file, (SongStretch(song, 0.0, 0.0),))


def _join(vault: Vault, pair: Sequence[RecordSong], path: Path) -> Iterator[PlaybackFile]:
    """The end of one song and the beginning of the next as one file, or as two if their sample rates differ."""
    before, after = pair
    tail = SongStretch(before, 0.0, max(0.0, before.sound.frames / before.sound.rate - SIDE_S))
    title = f"{before.title}, then {after.title}"
    if before.sound.rate != after.sound.rate:
        yield _excerpt(vault, [tail], path.with_stem(f"{path.stem}a"), f"the end of {before.title}")
        yield _excerpt(vault, [SongStretch(after, 0.0, 0.0)], path.with_stem(f"{path.stem}b"), after.title)
        return
    boundary_s = before.sound.frames / before.sound.rate - tail.from_s
    yield _excerpt(vault, [tail, SongStretch(after, boundary_s, 0.0)], path, title)


def _excerpt(vault: Vault, stretches: Sequence[SongStretch], path: Path, words: str) -> PlaybackFile:
    """Write *stretches*, one after another, into the file *path*; the last one is played for ``SIDE_S`` seconds."""
    layers = [
        Layer(
            source_of(vault, sound),
            round((one.starts_s - one.from_s) * sound.rate),
            first=round(one.from_s * sound.rate),
        )
        for one in stretches
        if (sound := one.song.sound)
    ]
    rate = stretches[0].song.sound.rate
    made = write_excerpt(layers, path, end=round((stretches[-1].starts_s + SIDE_S) * rate))
    file = AuditionFile(path, Source(path), made.rate, made.frames, (words,), temporary=True)
    return PlaybackFile(file, tuple(stretches))


def sign(studio: Studio, playback: Playback) -> str:
    """Approve the master that is heard, with the output that was presented; return its address.

    Raises:
        Clash: ``approve.changed``, ``review.meanwhile``; its output changed, or somebody judged it, since it was read.
        Refused: ``approve.pending``; it cannot be judged now.  ``playback.mixes``; mixes are heard, no master.
    """
    if playback.master is None:
        record = parse_address(playback.songs[0].mix).path[0]
        raise Refused("playback.mixes", f"{record} has no master yet to approve", next=suggest("master plan", record))
    judged = judge_revision(studio, playback.master, "approved", presented=playback.output, since=playback.head)
    return judged.address
