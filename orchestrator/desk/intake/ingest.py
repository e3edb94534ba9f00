"""Ingest of audio files as takes.  Originals are only read; files that are not sound are refused one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from domain.core.address import slug
from domain.core.ids import record_of, song_of
from domain.core.refusal import Misused, Refused
from domain.label import catalog
from domain.label.catalog import Catalog, set_clock
from domain.render.jobs import Sound
from domain.takes.takes import Track
from dsp.audio import Source, Unsound
from dsp.check.take import TrackCheck, check_track, findings_of
from dsp.files.joined_copy import joined_copy
from dsp.files.lossy.lossy_files import decode
from dsp.files.resample import convert
from dsp.files.sound import FileFacts, inspect
from dsp.midi.file import is_midi
from flows.jobs.rendering import published
from flows.vault.peaks import keep_peaks
from flows.vault.vault import Blob, Vault
from flows.vault.vault_faults import VaultFault
from orchestrator.desk.addressing.addresses import catalog_of
from orchestrator.desk.intake.checked_files import CheckedFile, hear, listen, marks_of
from orchestrator.desk.intake.midi_takes import take_in_midi
from orchestrator.desk.intake.recorder_file_names import MAIN, guess, spoken
from orchestrator.desk.intake.split_recordings import joined_files
from orchestrator.desk.intake.take_arrival import FileResult, IncomingTake, IngestOptions, RecordedTake, arrive
from orchestrator.desk.intake.track_map import IncomingTrack, mapped_names, refuse_unmatched
from orchestrator.studio import Studio

STEREO = 2


@dataclass(slots=True)
class IngestBatch:
    """The files of one command: good ones grouped into takes, refused ones with their reasons."""

    groups: list[list[CheckedFile]] = field(default_factory=list)
    refused: list[FileResult] = field(default_factory=list)


def take_in(studio: Studio, vault: Vault, part: str, paths: Sequence[Path], wish: IngestOptions) -> list[FileResult]:
    """Ingest files as takes of *part*, one take a file unless something groups them (:func:`sort_out`).

    A MIDI file is always on its own: its instrument gives the take its one track.

    Returns:
        One row for each file, in the order of the takes; the refused ones last.

    Raises:
        Refusal: an error of the whole command, such as an unknown part, a song time that does not parse, or a track map
            that names none of the files (``take.track``).
    """
    written = [path for path in paths if not wish.together and is_midi(path)]
    batch = sort_out([path for path in paths if path not in written], together=wish.together, lossy=wish.lossy)
    if not batch.refused:  # a map may name a file that is refused by itself
        refuse_unmatched([track for group in batch.groups for track in incoming_tracks(group)], wish.tracks)
    rows: list[FileResult] = []
    for group in batch.groups:
        rows += take_group(studio, vault, part, group, wish)
    song = catalog_of(studio, record_of(part)).song(song_of(part))
    rows = _with_pieces_told(rows, joined_files([file for group in batch.groups for file in group], song))
    rows += [take_in_midi(studio, vault, part, path, wish) for path in written]
    return sorted(rows, key=_is_refused) + batch.refused


def _with_pieces_told(rows: Sequence[FileResult], recordings: Sequence[CheckedFile]) -> list[FileResult]:
    """*rows*, of which the first of each of *recordings* in pieces has a note that ``take import`` joins it."""
    notes = {
        file.path: f"{file.name} are one recording in pieces ({file.join_remark.partition(': ')[2]}): "
        "takesheet take import of their folder joins them to one take"
        for file in recordings
    }
    return [
        replace(row, notes=(*row.notes, notes[row.path])) if row.taken and row.path in notes else row for row in rows
    ]


def _is_refused(row: FileResult) -> bool:
    return not row.taken


def sort_out(paths: Sequence[Path], *, together: bool = False, lossy: bool = False) -> IngestBatch:
    """Read every file to its end, refuse those that are not sound or *lossy*, and group the rest into takes.

    A folder is one take; with *together* all files are one; else files with an equal stamp, rate and length are one.
    """
    batch = IngestBatch()
    loose: list[CheckedFile] = []
    for path in paths:
        if _is_folder(path):
            _one_take(_in_folder(path, lossy=lossy), batch, path)
        else:
            heard = hear(path, lossy=lossy)
            batch.refused.append(heard) if isinstance(heard, FileResult) else loose.append(heard)
    if together and paths:
        bad, batch.refused = batch.refused, []
        _one_take([*loose, *bad], batch, paths[0])
    else:
        batch.groups += by_stamp(loose)
    return batch


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # a name that no file system takes; reading it gives the reason


def _in_folder(folder: Path, *, lossy: bool) -> "list[CheckedFile | FileResult]":
    try:
        files = sorted(file for file in folder.iterdir() if not file.name.startswith("."))
    except OSError as error:
        return [FileResult(folder, reason=f"it cannot be read ({error.strerror})")]
    return [hear(file, lossy=lossy) for file in files]


def _one_take(files: Sequence["CheckedFile | FileResult"], batch: IngestBatch, named: Path) -> None:
    """Add *files* to *batch* as one take; if one of them is not sound, refuse them all: a take is never half a take."""
    bad = [file for file in files if isinstance(file, FileResult)]
    good = [file for file in files if isinstance(file, CheckedFile)]
    batch.refused += bad
    if bad:
        why = f"its take was refused: {bad[0].path.name}: {bad[0].reason}"
        batch.refused += [FileResult(file.path, reason=why) for file in good]
    elif good:
        batch.groups.append(good)
    else:
        batch.refused.append(FileResult(named, reason="the folder holds no files"))


def by_stamp(files: Sequence[CheckedFile]) -> list[list[CheckedFile]]:
    """Group files with an equal BWF stamp, rate and length into one take; every other file is a take of its own."""
    groups: dict[object, list[CheckedFile]] = {}
    for number, file in enumerate(files):
        stamp, facts = file.facts.stamp, file.facts
        together = (stamp.time_reference, stamp.originated, stamp.scene, stamp.take, facts.rate, facts.frames)
        groups.setdefault(together if stamp.time_reference is not None else number, []).append(file)
    return list(groups.values())


def take_group(
    studio: Studio, vault: Vault, part: str, group: Sequence[CheckedFile], wish: IngestOptions
) -> list[FileResult]:
    """Ingest *group* as one take of *part*; one row for each file."""
    try:
        return _decide(studio, vault, part, group, wish)
    except (VaultFault, Unsound) as fault:
        return refused_files(group, fault.reason)
    except Refused as refusal:
        if refusal.rule not in {"rate.match", "take.tracks"}:
            raise
        return refused_files(group, f"{refusal.rule}: {refusal.detail}")


def refused_files(group: Sequence[CheckedFile], reason: str) -> list[FileResult]:
    """One row for each file of *group*, all refused for one *reason*."""
    return [FileResult(piece.path, reason=reason) for file in group for piece in file.all_pieces]


def _decide(
    studio: Studio, vault: Vault, part: str, group: Sequence[CheckedFile], wish: IngestOptions
) -> list[FileResult]:
    rate = _rate(catalog_of(studio, record_of(part)), part, group, wish)
    arrived = arrive(studio, part, incoming_take(vault, group, rate, wish), wish)
    return take_rows(arrived, group)


def take_rows(arrived: RecordedTake, group: Sequence[CheckedFile]) -> list[FileResult]:
    """One row for each file of *group*, which became *arrived*; the first has its remarks."""
    file = group[0]
    remarks = dict.fromkeys(one.join_remark for one in group if one.pieces)
    return [
        arrived.row(piece.path, told=one is file and piece.path == one.path, more=tuple(remarks))
        for one in group
        for piece in one.all_pieces
    ]


def incoming_take(vault: Vault, group: Sequence[CheckedFile], rate: int, wish: IngestOptions) -> IncomingTake:
    """*group* in the vault as one take at *rate*, its tracks checked.

    Raises:
        VaultFault: a file cannot be read or stored.
        Unsound: a file changed since it was read.
        Misused: ``take.track``; the names that *wish* gives tracks name none.
    """
    tracks, checks, bits = _tracks(vault, group, rate, mapped_names(incoming_tracks(group), wish.tracks))
    stamp = group[0].facts.stamp
    return IncomingTake(
        tracks=tracks,
        bits=bits,
        reference=converted_reference(stamp.time_reference, group[0].facts.rate, rate),
        recorded_on=stamp.originated,
        warnings=_warnings(vault, tracks, checks),
        lossy=next((file.codec for file in group if file.codec), None),
    )


def _rate(known: Catalog, part: str, group: Sequence[CheckedFile], wish: IngestOptions) -> int:
    """Rate in Hz that the take will have.  Raises: NotFound, Refused ``rate.match``."""
    known.part(part)
    known.refuse_absent(part)
    song = known.song(song_of(part))
    own = group[0].facts.rate
    if wish.convert and song.clock:
        return song.clock.rate
    if wish.convert and own not in catalog.RATES:
        return 48_000
    set_clock(song, rate=own, bits=group[0].facts.bits, zero=None)
    if not wish.convert:
        _refuse_other_rates(group)
    return own


def _refuse_other_rates(group: Sequence[CheckedFile]) -> None:
    """The files of one take run at one rate, unless they may be converted.  Raises: Refused ``rate.match``."""
    first = group[0]
    for file in group[1:]:
        if file.facts.rate != first.facts.rate:
            raise Refused(
                "rate.match",
                f"{first.path.name} runs at {first.facts.rate} Hz, {file.path.name} at {file.facts.rate} Hz",
                next="the same command with --convert",
            )


def converted_reference(reference: int | None, own: int, rate: int) -> int | None:
    """A time reference in frames at *own* Hz, in frames at *rate* Hz."""
    return None if reference is None else reference * rate // own


def incoming_tracks(group: Sequence[CheckedFile]) -> list[IncomingTrack]:
    """The tracks of the take that *group* becomes, named by a plan, by stamps and by file names."""
    found: list[IncomingTrack] = []
    for file in group:
        firsts = [0] if file.codec else [cut.first_channel for cut in file.facts.tracks]
        for first in firsts:
            name = _track_name(file, first, group, {track.name for track in found})
            found.append(IncomingTrack(file.path, name, len(firsts)))
    return found


def _tracks(
    vault: Vault, group: Sequence[CheckedFile], rate: int, names: Sequence[str]
) -> tuple[tuple[Track, ...], dict[str, TrackCheck], int]:
    """The group's files in the vault, as tracks at *rate*; the checks that were made of them; and their bit depth."""
    found: list[Track] = []
    checks: dict[str, TrackCheck] = {}
    for file in group:
        blob, facts, own_checks = _stored(vault, file)
        if file.codec:
            name = names[len(found)]
            sound = _lossless(vault, vault.path(blob.hash), rate)
            found.append(Track(name=name, sound=sound, original=blob.hash, file=spoken(file.path.name)))
            continue
        for number, cut in enumerate(facts.tracks):
            sound = Sound(
                blob=blob.hash,
                size=blob.size,
                pcm=cut.pcm,
                rate=facts.rate,
                frames=facts.frames,
                channels=cut.channels,
                first_channel=cut.first_channel,
            )
            name = names[len(found)]
            found.append(at_rate(vault, Track(name=name, sound=sound, file=file.name), rate))
            if own_checks and found[-1].original is None:  # what was converted is another sound
                checks[name] = own_checks[number]
    return tuple(found), checks, max(file.facts.bits for file in group)


def _stored(vault: Vault, file: CheckedFile) -> tuple[Blob, FileFacts, tuple[TrackCheck, ...]]:
    """*file* in the vault, its facts and checks; pieces of one recording are stored as the file that joins them.

    Raises:
        Unsound: it changed since it was read, or its pieces cannot be joined.
        VaultFault: it cannot be read, or not stored.
    """
    blob, facts, checks = _joined(vault, file) if file.pieces else (vault.take_in(file.path), file.facts, file.checks)
    if any(marks_of(piece.path) != piece.marks for piece in file.all_pieces):
        raise Unsound("it changed while it was ingested; wait until the recorder is done with it")
    return blob, facts, checks


def _joined(vault: Vault, file: CheckedFile) -> tuple[Blob, FileFacts, tuple[TrackCheck, ...]]:
    checks: list[TrackCheck] = []
    with vault.scratch() as room:
        copy = room / "joined.wav"
        try:
            with copy.open("wb") as out:
                out.writelines(joined_copy([piece.path for piece in file.pieces]))
        except OSError as error:
            raise VaultFault(f"{file.name} cannot be joined in the vault ({error.strerror})") from error
        facts = inspect(copy, partial(listen, checks))
        return vault.publish(copy), facts, tuple(checks)


def _track_name(file: CheckedFile, channel: int, group: Sequence[CheckedFile], taken: set[str]) -> str:
    stamp, several = file.facts.stamp, len(file.facts.tracks) > 1
    if len(group) == 1 and not several:
        return "main"
    told = stamp.track_names.get(channel) if several or len(stamp.track_names) == 1 else None
    own = f"channel {channel + 1}" if several else _own_name(file, group)
    try:
        return slug(told or own, taken)
    except Misused:
        return slug(f"track {channel + 1}", taken)


def _own_name(file: CheckedFile, group: Sequence[CheckedFile]) -> str:
    """Name of a file's one track among those of *group*; a number is part of it where it tells two files apart."""
    said = [guess(spoken(one.path.stem)) for one in group]
    own = guess(spoken(file.path.stem))
    if [one.track for one in said].count(own.track) > 1 and len({one.number for one in said}) > 1:
        own = own.as_name
    return file.track if file.track not in {"", MAIN} else own.track if own.track != MAIN else own.part


def at_rate(vault: Vault, track: Track, rate: int) -> Track:
    """*track* at *rate*: unchanged, or converted, with the original blob named in ``original``."""
    if track.sound.rate == rate:
        return track
    old = track.sound
    source = Source(vault.path(old.blob), old.first_channel, old.channels)
    with vault.scratch() as room:
        sound = published(vault, convert(source, rate, room / "converted.wav")).sound
    return track.model_copy(update={"sound": sound, "original": old.blob})


def _lossless(vault: Vault, file: Path, rate: int) -> Sound:
    """The sound of a lossy *file* in the vault, decoded and at *rate*."""
    with vault.scratch() as room:
        printed = decode(file, room / "decoded.wav")
        if printed.rate != rate:
            printed = convert(Source(printed.path), rate, room / "converted.wav")
        return published(vault, printed).sound


def _warnings(vault: Vault, tracks: Sequence[Track], checks: Mapping[str, TrackCheck]) -> tuple[str, ...]:
    """Findings of the take check for each track, as warnings; stores the peaks of the tracks.

    Args:
        vault: the vault that holds the tracks.
        tracks: the tracks of one take.
        checks: checks made while a file was read, by track; tracks without one are read here.
    """
    sounds = {track.name: track.sound for track in tracks}
    sources = {
        name: Source(vault.path(sound.blob), sound.first_channel, sound.channels) for name, sound in sounds.items()
    }
    checked = {name: checks.get(name) or check_track(source, peaks=True) for name, source in sources.items()}
    for name, one in checked.items():
        if one.peaks is not None:
            keep_peaks(vault, sounds[name].pcm, one.peaks)
    return tuple(finding.sentence for finding in findings_of(checked, sources))
