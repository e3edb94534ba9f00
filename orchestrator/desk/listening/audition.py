"""One thing to listen to at an address: a take in its song, a comp, a print of a mix, a record's master for one target.

Tests: ``tests/orchestrator/cli/commands/listen/test_play.py``.
"""

import math
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from domain.core.address import Address, clock
from domain.core.refusal import Misused, NotFound
from dsp.audio import Source
from flows.vault.vault import Vault
from orchestrator.desk.addressing.addresses import noun_of
from orchestrator.desk.listening.audio_files import AudioFile, audio_at
from orchestrator.desk.listening.in_song import Passage, passage_of, stretch_of, take_in_song
from orchestrator.desk.listening.song_place import SongPlace
from orchestrator.desk.record_state.revisions import source_of
from orchestrator.desk.record_state.song_places import places_read
from orchestrator.new_file import temporary_folder
from orchestrator.studio import Studio


@dataclass(frozen=True, slots=True)
class Choice:
    """Options that choose the sound at an address.

    Args:
        solo: a take without its song.
        loop: only this stretch of the song, such as ``0:48-1:20`` or ``chorus1``.
        version: name of a mix's print; ``main`` if it is None.
        target: name of a master's target; the first one if it is None.
    """

    solo: bool = False
    loop: str | None = None
    version: str | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True)
class AuditionFile:
    """A file to play: one of the vault, or an excerpt in a temporary folder."""

    path: Path
    source: Source
    rate: int
    frames: int
    words: tuple[str, ...]
    """The name and the times of what sounds, and a remark if it was turned down."""
    temporary: bool
    place: SongPlace | None = None
    """Place in a song; None for a sound of several songs, or of none."""
    gain: float = 1.0
    """Linear gain at which it is played."""

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.frames / self.rate


@contextmanager
def audition(studio: Studio, address: Address, choice: Choice, *, keep: bool = False) -> Iterator[list[AuditionFile]]:
    """Context of the files to play in turn at a full *address*; several only for the songs of a master.

    Excerpts are written into a temporary folder, which is deleted at the end of the context, unless *keep* is true.

    Raises:
        Misused, NotFound: ``play.loop``, ``play.print``, ``play.target``, and errors of
            :class:`domain.song.places.Places` for an unknown place.
    """
    with lasting_folder() if keep else temporary_folder() as folder:
        yield _files(studio, address, choice, folder)


@contextmanager
def lasting_folder() -> Iterator[Path]:
    """A new temporary folder that stays after the block if files were written into it, for the user to play."""
    folder = Path(tempfile.mkdtemp(prefix="takesheet-play-"))
    written = False
    try:
        yield folder
        written = any(folder.iterdir())
    finally:
        if not written:  # nothing was written, or it was interrupted
            shutil.rmtree(folder, ignore_errors=True)


def _files(studio: Studio, address: Address, choice: Choice, folder: Path) -> list[AuditionFile]:
    noun = noun_of(address)
    if choice.version is not None and noun != "mix":
        raise Misused("play.print", f"{address} is no mix: only a mix has prints to choose from")
    if choice.target is not None and noun != "master":
        raise Misused("play.target", f"{address} is no master: only a master has targets to choose from")
    if noun == "take":
        return [take_file(studio, address, folder / "01.wav", solo=choice.solo, loop=choice.loop)]
    found = chosen_files(audio_at(studio, address), address, noun, choice)
    vault = Vault(studio.config.vault)
    if noun == "part" and len(found) > 1:
        passage = passage_of(str(address), [source_of(vault, file.audio.sound) for file in found], found[0])
        return [_excerpt(studio, address, choice.loop, folder / "01.wav", passage)]
    passages = [passage_of(_name(file, address, noun), [source_of(vault, file.audio.sound)], file) for file in found]
    songs = [file.audio.name if noun == "master" else "" for file in found]
    if choice.loop:
        return [
            _excerpt(studio, address, choice.loop, folder / f"{number:02d}.wav", passage, song=song)
            for number, (passage, song) in enumerate(zip(passages, songs, strict=True), start=1)
        ]
    return [
        _vault_file(vault, file, passage, place_of(studio, address, song=song))
        for file, passage, song in zip(found, passages, songs, strict=True)
    ]


def chosen_files(files: Sequence[AudioFile], address: Address, noun: str, choice: Choice) -> list[AudioFile]:
    """Those of *files* that are played: the print of a mix, the songs of a master for one target, else all."""
    if noun == "mix":
        names = [file.audio.name for file in files]
        wanted = choice.version or "main"
        if wanted not in names:
            raise NotFound("play.print", f"{address} has no print {wanted!r}; it has {', '.join(names)}")
        return [file for file in files if file.audio.name == wanted]
    if noun == "master":
        targets = list(dict.fromkeys(target_of(file) for file in files))
        wanted = choice.target or targets[0]
        if wanted not in targets:
            raise NotFound("play.target", f"{address} has no target {wanted!r}; it has {', '.join(targets)}")
        return [file for file in files if target_of(file) == wanted]
    return list(files)


def target_of(file: AudioFile) -> str:
    """Target of a file of a master."""
    return file.name.partition("/")[0]


def _name(file: AudioFile, address: Address, noun: str) -> str:
    return f"{address} {file.audio.name}" if noun == "mix" else f"{address} {file.name}"


def place_of(
    studio: Studio, address: Address, *, song: str = "", starts_s: float = 0.0, arranged: bool = True
) -> SongPlace:  # fmt: skip
    """Place in its song of a sound of a full *address*, of the *song* of a master; it begins at *starts_s* seconds."""
    song = song or "/".join(address.path[:2])
    places = places_read(studio, song)
    is_typed_recorded = noun_of(address) in {"take", "part"}
    return SongPlace(str(address), song, starts_s, places.rate, places.arrangement, arranged, is_typed_recorded)


def _vault_file(vault: Vault, file: AudioFile, passage: Passage, place: SongPlace) -> AuditionFile:
    sound = file.audio.sound
    words = f"{passage.words}, {clock(sound.frames, sound.rate)}"
    return AuditionFile(
        vault.path(sound.blob), source_of(vault, sound), sound.rate, sound.frames, (words,),
        temporary=False, place=place,
    )  # fmt: skip


def take_file(studio: Studio, address: Address, path: Path, *, solo: bool, loop: str | None = None) -> AuditionFile:
    """The take at a full *address* as a new file at *path*: in its song or alone, limited to the stretch *loop*.

    Raises:
        Misused, NotFound: as :func:`audition`.
    """
    return _excerpt(studio, address, loop, path, take_in_song(studio, address, solo=solo))


def _excerpt(
    studio: Studio, address: Address, loop: str | None, path: Path, passage: Passage, *, song: str = ""
) -> AuditionFile:
    """Write *passage*, limited to the stretch *loop*, into the new file *path*."""
    from dsp.files.excerpt import write_excerpt

    if loop:
        span, places = stretch_of(studio, address, loop)
        passage = passage.over(span, replace(places, rate=passage.rate))
    made = write_excerpt(passage.layers, path, start=passage.start, end=passage.end)
    words = (str(passage), *_turned_down(made.turned_down))
    starts_s = passage.start / passage.rate
    place = place_of(studio, address, song=song, starts_s=starts_s, arranged=passage.arranged)
    return AuditionFile(path, Source(path), made.rate, made.frames, words, temporary=True, place=place)


def _turned_down(factor: float) -> list[str]:
    """Remark that an excerpt was turned down by *factor*, not to exceed full scale; empty if *factor* is 1."""
    return (
        [f"turned down by {-20 * math.log10(factor):.1f} dB, for its sum goes beyond full scale"] if factor < 1 else []
    )
