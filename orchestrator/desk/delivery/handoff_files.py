"""Files of a handoff: its sounds, from song zero and of one length, and its papers.

The names are those of parts, tracks and songs, with every character that could lead out of the folder, or that a file
system refuses, replaced.

Tests: ``tests/orchestrator/cli/commands/sound/test_handoff.py``.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from domain.core.address import clock
from domain.core.ids import number_of_revision, slug_of, song_of
from domain.core.refusal import Refused, suggest
from domain.correspondence.handoffs import GivenSound
from domain.render.jobs import Sound
from domain.status.record_state import mix_prints
from dsp.files.track_copy import copy_track
from flows.vault.vault import Vault
from orchestrator.desk.delivery import handoff_papers as papers
from orchestrator.desk.record_state.record_state import RecordReading
from orchestrator.desk.record_state.revisions import source_of
from orchestrator.desk.record_state.song_places import places_read
from orchestrator.desk.submissions.handoff_list import open_notes_given
from orchestrator.studio import Studio

LONGEST_NAME: Final = 200
"""Bytes of UTF-8 of a file name without its suffix."""
RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
)
"""Names of devices, which no file of some systems may have."""


@dataclass(frozen=True, slots=True)
class HandoffFile:
    """One file of a handoff."""

    name: str
    sound: Sound | None = None
    content: bytes = b""
    """Bytes of a paper."""
    length: int | None = None
    """Frames of the file, filled up with silence; None for the sound's own."""

    @property
    def source(self) -> str:
        """Hash of the samples and length in frames, or hash of the paper: equal for equal files."""
        if self.sound is None:
            return sha256(self.content).hexdigest()
        return f"{self.sound.pcm} {self.sound.frames if self.length is None else self.length}"

    def write(self, vault: Vault, folder: Path) -> None:
        """Write the file into *folder*, where it does not exist.

        Raises:
            Unsound, VaultFault: the sound cannot be read.
            OSError: the file system refuses.
        """
        if self.sound is None:
            with (folder / self.name).open("xb") as out:
                out.write(self.content)
            return
        vault.checked(self.sound.blob)
        copy_track(source_of(vault, self.sound), folder / self.name, length=self.length)


@dataclass(frozen=True, slots=True)
class HandoffContents:
    """All files of a handoff, and what a person should know about them."""

    files: tuple[HandoffFile, ...]
    length: str
    """Rate, length and alignment of the sounds, in words."""
    remarks: tuple[str, ...] = ()


def song_contents(
    studio: Studio, vault: Vault, read: RecordReading, song: str, given: Sequence[GivenSound]
) -> HandoffContents:
    """The files of a handoff of comps of *song*: tracks, rough, lyrics, form, tempo, open notes and recall sheet.

    Raises:
        Refused: ``handoff.empty``, ``handoff.pending``; no part has a keeper, or one is not rendered.
    """
    state = read.state
    if not given:
        raise Refused("handoff.empty", f"no part of {song} has a keeper to give", next=suggest("part list", song))
    named, names = list[tuple[str, Sound]](), Names()
    for one in given:
        sound = state.sound(one.target)
        if sound is None or not sound.tracks:
            raise Refused("handoff.pending", f"{one.target} is not rendered yet", next=suggest("render", song))
        named += [(names.free(f"{slug_of(one.target)}_{track.name}", ".wav"), track.sound) for track in sound.tracks]
    longest, rate = max(sound.frames for _, sound in named), named[0][1].rate
    files = [HandoffFile(name, sound, length=longest) for name, sound in named]
    if rough := state.roughs.get(song):
        files.append(HandoffFile(names.free("rough", ".wav"), rough.sound))
    files += [HandoffFile(name, content=data) for name, data in _papers(studio, vault, read, song, given)]
    there = {slug_of(one.target) for one in given}
    rest = [part for part in state.catalog.song(song).mixable if part not in there]
    remarks = (f"not given, for lack of a keeper: {', '.join(rest)}",) if rest else ()
    length = (
        f"{len(named)} tracks of {rate} Hz, each {longest} frames ({clock(longest, rate)}) long. "
        "All begin at the start of the song: put them at 0:00 one below the other."
    )
    return HandoffContents(tuple(files), length, remarks)


def _papers(
    studio: Studio, vault: Vault, read: RecordReading, song: str, given: Sequence[GivenSound]
) -> Iterator[tuple[str, bytes]]:
    state, lyrics = read.state, places_read(studio, song).lyrics.attached
    found = {
        "tempo.mid": papers.tempo_file(state, song),
        "lyrics.txt": vault.checked(lyrics.blob).read_bytes() if lyrics else None,
        "form.txt": papers.form_sheet(state, song),
        "notes.txt": papers.notes_sheet(state, open_notes_given(read, song, studio)),
        "recall.txt": papers.recall_sheet(state, song, [one.target for one in given]),
    }
    if recipe := papers.newest_recipe(state, song):
        found[f"recipe-mix{recipe[0]}.toml"] = recipe[1]
    for name, data in found.items():
        if data is not None:
            yield name, data


def record_contents(studio: Studio, read: RecordReading, record: str, given: Sequence[GivenSound]) -> HandoffContents:
    """The files of a handoff of chosen mixes for mastering: every print, the sequence, and open notes.

    Raises:
        Refused: ``handoff.empty``; no song has a chosen mix.
    """
    state, names, files = read.state, Names(), list[HandoffFile]()
    if not given:
        raise Refused("handoff.empty", f"no song of {record} has an approved mix", next=suggest("review", record))
    for number, one in enumerate(given, start=1):
        song = song_of(one.target)
        for print_ in mix_prints(state, song, number_of_revision(one.target)):
            files.append(HandoffFile(names.free(f"{number:02d}_{slug_of(song)}_{print_.name}", ".wav"), print_.sound))
    texts = {
        "sequence": papers.sequence_sheet(state, given),
        "notes": papers.notes_sheet(state, open_notes_given(read, record, studio)),
    }
    files += [HandoffFile(names.free(name, ".txt"), content=data) for name, data in texts.items() if data is not None]
    there = {song_of(one.target) for one in given}
    rest = [slug_of(song.id) for song in state.catalog.songs_of(record) if song.id not in there]
    remarks = (f"not given, for lack of an approved mix: {', '.join(rest)}",) if rest else ()
    return HandoffContents(
        tuple(files), f"{len(given)} mixes in the order of the record, each as it was printed.", remarks
    )


class Names:
    """File names in one folder, each given once, also where upper and lower case are one."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, text: str, suffix: str) -> str:
        """A name for *text* with *suffix* that is not taken yet."""
        base, number = safe_name(text), 1
        name = base
        while f"{name}{suffix}".casefold() in self._taken:
            number += 1
            name = f"{base}-{number}"
        self._taken.add(f"{name}{suffix}".casefold())
        return f"{name}{suffix}"


def safe_name(text: str) -> str:
    """*text* as a file name of letters, digits, ``-`` and ``_``, of at most :data:`LONGEST_NAME` bytes."""
    plain = unicodedata.normalize("NFC", text)
    kept = "".join(char if char.isalnum() or char in "-_" else "-" for char in plain).strip("-")
    cut = kept.encode()[:LONGEST_NAME].decode(errors="ignore") or "unnamed"
    return f"{cut}-" if cut.casefold() in RESERVED else cut
