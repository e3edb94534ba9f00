"""Sounds that are heard instead of an item while it plays: at the same time of the song, and at one loudness.

A take is heard beside the keeper of its part, a mix or a song of a master beside the song's chosen mix; all of them
beside what was approved last, and beside a reference recording.  Gains make each sound as loud as the softest of those
that were heard so far, by integrated loudness (ITU-R BS.1770-5).  Reference recordings are only played.

Tests: ``tests/orchestrator/cli/commands/listen/test_sounds_beside.py``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from domain.core.address import parse_address
from domain.core.ids import number_of, record_of
from domain.core.refusal import Misused, NotFound, Refusal, suggest
from domain.masters.masters import Masters
from domain.render.jobs import Sound
from domain.status.chosen_mixes import chosen_mix
from domain.status.record_state import RecordState, mix_prints
from domain.takes.takes import TakeJudged
from flows.vault.vault import Vault
from orchestrator.desk.addressing.addresses import noun_of
from orchestrator.desk.comparison.approved_sounds import approved_master, approved_print
from orchestrator.desk.listening.audition import AuditionFile, take_file
from orchestrator.desk.listening.song_place import SongPlace
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.record_state.revisions import source_of
from orchestrator.desk.song.song_facts import reference_recordings
from orchestrator.new_file import temporary_folder
from orchestrator.studio import Studio

if TYPE_CHECKING:
    from dsp.audio import Source
    from dsp.meter.loudness import Loudness

Beside = Literal["keeper", "approved", "reference"]
"""A sound beside an item: the keeper or the chosen mix; the one approved last; a reference recording."""
SEVERAL: Final = 2
OWN, OTHER = "this one", "another one"
"""Names of an item and of a sound beside it where nothing is named."""


@dataclass(frozen=True, slots=True)
class MatchedPair:
    """An item and the sound beside it, each at its gain."""

    own: AuditionFile
    other: AuditionFile
    words: str
    """Name and gain of the other sound."""
    own_words: str
    """Name and gain of the item."""
    notes: tuple[str, ...] = ()
    """Remarks on the gains."""


@contextmanager
def sounds_beside(studio: Studio, *, blind: bool = False) -> "Iterator[SoundsBeside]":
    """Context of the sounds beside what is played, without their names if *blind*; files are deleted at its end."""
    with temporary_folder() as folder:
        yield SoundsBeside(studio, folder, blind=blind)


class SoundsBeside:
    """The sounds beside the files that are played, written into a folder where they are not files of the vault."""

    def __init__(self, studio: Studio, folder: Path, *, blind: bool = False) -> None:
        self._studio, self._folder, self._blind, self._written = studio, folder, blind, 0
        self._loudness: dict[Source, Loudness] = {}
        self._heard: dict[Path, list[tuple[str, Source, str]]] = {}
        """Name, source and note of each sound that was heard beside the file of a path."""

    def take(self, own: AuditionFile, *, solo: bool) -> AuditionFile:
        """The take of *own* alone, or in its song.

        Raises:
            Misused: ``play.solo``; *own* is no take.
        """
        place = _placed(own)
        address = parse_address(place.address)
        if noun_of(address) != "take":
            name = OWN if self._blind else str(address)
            raise Misused("play.solo", f"{name} is no take: only a take is heard in its song or alone")
        file = take_file(self._studio, address, self._new(), solo=solo)
        return replace(file, words=(f"{OWN} {'alone' if solo else 'in its song'}",)) if self._blind else file

    def beside(self, what: Beside, own: AuditionFile, number: int = 0) -> MatchedPair | None:
        """:meth:`named`; if nothing is named, also without names in the words and in the error.

        Raises:
            NotFound: as there.
            Unsound, VaultFault: as there.
        """
        if not self._blind:
            return self.named(what, own, number)
        try:
            pair = self.named(what, own, number)
        except Refusal as refusal:
            raise NotFound(refusal.rule, "there is nothing to hear beside it; without --blind it is told why") from None
        if pair is None:
            return None
        gain, own_gain = (words.rpartition(", ")[2] for words in (pair.words, pair.own_words))
        return replace(pair, words=f"{OTHER}, {gain}", own_words=f"{OWN}, {own_gain}", notes=())

    def named(self, what: Beside, own: AuditionFile, number: int = 0) -> MatchedPair | None:
        """*own* and what is beside it, matched; of references the one of *number*, from 0; None behind the last.

        Raises:
            NotFound: ``beside.keeper``, ``beside.chosen``, ``beside.approved``, ``beside.reference``; there is none.
            Unsound, VaultFault: it cannot be read.
        """
        place = _placed(own)
        if what == "reference":
            references = list(self._references(place))
            if not references:
                raise NotFound(
                    "beside.reference", f"{place.song} has no reference recording",
                    next=suggest("song describe", place.song, reference="FILE"),
                )  # fmt: skip
            if number >= len(references):
                return None
            more = f" ({number + 1} of {len(references)})" if len(references) >= SEVERAL else ""
            name, path = references[number]
            return self._matched(own, f"reference {name}{more}", self._reference(path))
        if noun_of(parse_address(place.address)) == "take":
            return self._matched(own, *self._take_beside(what, own, place))
        state = read_record(self._studio, record_of(place.song)).state
        name, sound = _chosen(state, place) if what == "keeper" else _approved(state, place)
        return self._matched(own, name, self._stretch(own, sound, place))

    def _take_beside(self, what: Beside, own: AuditionFile, place: SongPlace) -> tuple[str, AuditionFile]:
        """Name and file of the keeper of a take's part, or of the take approved last, over the stretch of *own*."""
        state = read_record(self._studio, record_of(place.song)).state
        item = parse_address(place.address)
        part, number = "/".join(item.path), item.take or 0
        take = _keeper(state, part, number) if what == "keeper" else _last_approved(state, part, number)
        if take is None:
            missing = "another keeper" if what == "keeper" else "another approved take"
            raise NotFound(f"beside.{what}", f"{part} has not {missing}", next=suggest("take list", part))
        from dsp.files.excerpt import write_excerpt
        from orchestrator.desk.listening.in_song import take_in_song

        address = parse_address(f"{part}/{take}")
        passage = take_in_song(self._studio, address, solo=not place.arranged)
        start = round(place.starts_s * passage.rate)
        made = write_excerpt(passage.layers, self._new(), start=start, end=start + own.frames)
        verdict = state.takes_of(part).take(part, take).verdict
        file = replace(own, path=made.path, source=_source(made.path), frames=made.frames, temporary=True)
        return f"{address} ({verdict})", file

    def _stretch(self, own: AuditionFile, sound: Sound, place: SongPlace) -> AuditionFile:
        """The file of *sound*, a whole song; over the stretch of *own* if that is an excerpt of a song."""
        vault = Vault(self._studio.config.vault)
        source = source_of(vault, sound)
        whole = AuditionFile(
            vault.path(sound.blob), source, sound.rate, sound.frames, own.words,
            temporary=False, place=replace(place, starts_s=0.0),
        )  # fmt: skip
        if not own.temporary:
            return whole
        from dsp.files.excerpt import Layer, write_excerpt

        start, end = (round(one * sound.rate) for one in (place.starts_s, place.starts_s + own.duration_s))
        made = write_excerpt([Layer(source)], self._new(), start=start, end=end)
        return replace(
            whole, path=made.path, source=_source(made.path), frames=made.frames, temporary=True, place=place
        )

    def _references(self, place: SongPlace) -> Iterator[tuple[str, Path]]:
        """Name and path of the song's reference recordings; without any, of those that the record's masters match."""
        vault = Vault(self._studio.config.vault)
        own = reference_recordings(self._studio, place.song)
        for one in own:
            yield one.name, vault.checked(one.blob)
        if own:
            return
        masters = read_record(self._studio, record_of(place.song)).state.masters
        planned = masters.get(record_of(place.song), Masters()).masters.values()
        known = {one.reference.sound.blob: one.reference.name for one in planned if one.reference}
        for blob, name in known.items():
            yield name, vault.checked(blob)

    def _reference(self, path: Path) -> AuditionFile:
        """A reference recording as a file to play; a lossy one is decoded."""
        from dsp.audio import Unsound
        from dsp.files.lossy.lossy_files import decode
        from dsp.files.sound import SoundReader

        try:
            reader = SoundReader(_source(path))
        except Unsound:
            decode(path, path := self._new())
            reader = SoundReader(_source(path))
        try:
            return AuditionFile(path, _source(path), reader.rate, reader.frames, (), temporary=True)
        finally:
            reader.close()

    def _matched(self, own: AuditionFile, name: str, other: AuditionFile) -> MatchedPair:
        """*own* and *other*, as loud as the softest of all that was heard beside *own*."""
        from dsp.meter.loudness import measure
        from orchestrator.desk.mixes.loudness_match import matched_to_softest

        own_name = _placed(own).address
        sounds = self._heard.setdefault(own.path, [(own_name, own.source, "")])
        if name not in {known for known, _, _ in sounds}:
            sounds.append((name, other.source, ""))
        for _, source, _ in sounds:
            if source not in self._loudness:
                self._loudness[source] = measure(source)
        gains = {one.address: one for one in matched_to_softest(sounds, [self._loudness[s] for _, s, _ in sounds])}
        mine, theirs = gains[own_name], gains[name]
        return MatchedPair(
            replace(own, gain=10 ** (mine.gain_db / 20)), replace(other, gain=10 ** (theirs.gain_db / 20)),
            f"{name}, played {_db(theirs.gain_db)}", f"{own_name}, played {_db(mine.gain_db)}",
            tuple(one.note for one in (mine, theirs) if one.note),
        )  # fmt: skip

    def _new(self) -> Path:
        """Path of a new file in the folder."""
        self._written += 1
        return self._folder / f"beside-{self._written}.wav"


def _db(gain_db: float) -> str:
    return f"{round(gain_db, 1) + 0.0:+.1f} dB"


def _source(path: Path) -> "Source":
    from dsp.audio import Source

    return Source(path)


def _placed(file: AuditionFile) -> SongPlace:
    """The place of *file*.  Raises: Misused ``beside.none``; it is a sound of several songs or of none."""
    if file.place is None:
        raise Misused("beside.none", "this is not a sound of one song: there is nothing to hear beside it")
    return file.place


def _keeper(state: RecordState, part: str, number: int) -> int | None:
    """Number of the newest approved take of *part* besides *number*, else of the newest one kept; None without one."""
    others = [take for take in state.takes_of(part).takes.values() if take.number != number]
    keepers = (take for word in ("approved", "kept") for take in reversed(others) if take.verdict == word)
    return next((take.number for take in keepers), None)


def _last_approved(state: RecordState, part: str, number: int) -> int | None:
    """Number of the take of *part* that was approved last, besides *number*; None without one."""
    takes = state.takes_of(part).takes
    given = (
        number_of(event.take)
        for event in reversed(state.judgements.get(part, ()))
        if isinstance(event, TakeJudged) and event.verdict == "approved"
    )
    return next((one for one in given if one != number and one in takes and takes[one].verdict == "approved"), None)


def _chosen(state: RecordState, place: SongPlace) -> tuple[str, Sound]:
    """Name and main print of the chosen mix of the song.

    Raises:
        NotFound: ``beside.chosen``; there is none, or it is the item itself.
    """
    status = chosen_mix(state, place.song)
    if status is None:
        raise NotFound(
            "beside.chosen", f"{place.song} has no chosen mix: none of its mixes is approved",
            next=suggest("mix list", place.song),
        )  # fmt: skip
    if status.address == place.address:
        raise NotFound(
            "beside.chosen", f"{place.address} is the chosen mix itself", next="press R or B for another sound"
        )
    number = parse_address(status.address).revision
    prints = mix_prints(state, place.song, number[1] if number else 0)
    main = next((one.sound for one in prints if one.name == "main"), None)
    if main is None:
        raise NotFound("beside.chosen", f"{status.address} has no main print", next=suggest("path", status.address))
    return f"{status.address} (chosen)", main


def _approved(state: RecordState, place: SongPlace) -> tuple[str, Sound]:
    """Name and sound of the mix, or of the master's song, that was approved last, as it was heard then.

    Raises:
        NotFound: ``beside.approved``; there is none.
    """
    record = record_of(place.song)
    if noun_of(parse_address(place.address)) == "master":
        master = approved_master(state, record)
        sound = master.sound("", place.song) if master else None
        if master and sound:
            return f"{master.address} (approved)", sound
        raise NotFound("beside.approved", f"{record} has no approved master", next=suggest("master list", record))
    approved = approved_print(state, place.song)
    if approved is None:
        raise NotFound("beside.approved", f"{place.song} has no approved mix", next=suggest("mix list", place.song))
    given, sound = approved
    return f"{place.song}@{given.revision} (approved)", sound
