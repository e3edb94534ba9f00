"""Metadata of exported WAV files (BWF and iXML): artist and titles, position in the song, notes.

The metadata comes from the log and the file, never from the clock: equal decisions give equal bytes.  Private notes are
left out.  A master gets no metadata, so that the exported file is, byte for byte, the file that was judged.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Final

from domain.core.address import Address
from domain.core.event import Event, Recorded
from domain.label.notes import NoteAdded
from domain.render.jobs import Sound
from domain.status.reproducibility import not_reproducible
from domain.status.undo import effective_events
from dsp.audio import Source
from dsp.files.metadata.bext import Stamp, read_stamp
from dsp.files.metadata.bwf_metadata import BwfMetadata
from orchestrator.desk.addressing.addresses import noun_of
from orchestrator.desk.listening.audio_files import AudioFile
from orchestrator.desk.record_state.record_state import RecordReading

_STAMPED: Final = re.compile(r"(\d{4})\D(\d\d)\D(\d\d) (\d\d)\D(\d\d)\D(\d\d)", re.ASCII)
_SIDES: Final = ("L", "R")


def slate_of(known: RecordReading, address: Address, file: AudioFile, blob: Path) -> BwfMetadata | None:
    """Metadata of *file*, whose bytes lie at *blob*, as part of the audio at a full *address*; None for a master.

    Dates are those of the recorder's stamp if there is one, else those of the log, in UTC.  The loudness of mixes is
    measured.
    """
    noun = noun_of(address)
    if noun == "master":
        return None
    if noun == "take":
        return _of_take(known, address, file, read_stamp_at(blob))
    what = f"{address.path[2]} comp" if noun == "part" else f"mix{address.revision[1] if address.revision else 0}"
    slate = _slate(known, address, file, what)
    return _of_mix(known, address, slate, _levels(file.audio.sound, blob)) if noun == "mix" else slate


def _of_mix(
    known: RecordReading, address: Address, slate: BwfMetadata, levels: tuple[float | None, ...]
) -> BwfMetadata:
    number = address.revision[1] if address.revision else 0
    once = not_reproducible(known.state, "/".join(address.path), number)
    return replace(slate, levels=levels, note=" / ".join(filter(None, [slate.note, *once])))


def read_stamp_at(blob: Path) -> Stamp:
    """BWF stamp that the recorder wrote into the file at *blob*."""
    with blob.open("rb") as opened:
        return read_stamp(opened)


def _of_take(known: RecordReading, address: Address, file: AudioFile, stamp: Stamp) -> BwfMetadata:
    part = "/".join(address.path)
    take = known.state.takes_of(part).take(part, address.take or 0)
    slate = _slate(known, address, file, f"{address.path[2]} take {take.number}")
    date, time = _recorded_on(take.ingested.recorded_on) or (slate.date, slate.time)
    return replace(
        slate,
        date=date,
        time=time,
        time_reference=max(0, slate.time_reference + take.begins),
        tape=stamp.tape or take.ingested.session or "",
        note=" / ".join(filter(None, [stamp.note, slate.note])),
        circled=take.verdict in {"approved", "kept"},
    )


def _slate(known: RecordReading, address: Address, file: AudioFile, what: str) -> BwfMetadata:
    """Metadata common to takes, parts and mixes."""
    record, song = known.state.catalog.records[address.path[0]], known.state.catalog.song("/".join(address.path[:2]))
    date, time = _logged(known.history, file.audio.sound)
    return BwfMetadata(
        description=f"{record.artist}, {record.title}: {song.title}, {what}, {file.audio.name}",
        reference=file.audio.sound.pcm,
        date=date,
        time=time,
        time_reference=song.clock.zero or 0 if song.clock else 0,
        project=record.title,
        scene=song.title,
        take=what.rpartition(" ")[2],
        note=" / ".join(_notes(known.history, str(replace(address, track=None)))),
        tracks=dict(_channels(file.audio.name, file.audio.sound)),
    )


def _channels(name: str, sound: Sound) -> Iterator[tuple[int, str]]:
    """Yield each channel of a track, counted from 0 within its exported file, and its name."""
    for channel in range(sound.channels):
        side = f" {_SIDES[channel]}" if sound.channels == len(_SIDES) else ""
        yield channel, f"{name}{side}"


def _notes(history: Sequence[Recorded[Event]], target: str) -> list[str]:
    """Texts of the notes on exactly *target*, without private ones."""
    notes = [one.event for one in effective_events(history) if isinstance(one.event, NoteAdded)]
    return [note.text for note in notes if note.target == target and note.visibility != "private"]


def _recorded_on(text: str | None) -> tuple[str, str] | None:
    """Date and time of a recorder's stamp in the form of EBU Tech 3285; None if *text* has another form."""
    found = _STAMPED.fullmatch(text or "")
    return ("-".join(found.groups()[:3]), ":".join(found.groups()[3:])) if found else None


def _logged(history: Sequence[Recorded[Event]], sound: Sound) -> tuple[str, str]:
    """Date and time, in UTC, of the first event that holds the blob of *sound*."""
    for one in history:
        if any(file.blob == sound.blob and file.role == "audio" for file in one.event.blobs()):
            at = one.recorded_at.astimezone(UTC)
            return at.strftime("%Y-%m-%d"), at.strftime("%H:%M:%S")
    raise AssertionError(f"no event holds the sound {sound.pcm}")


def _levels(sound: Sound, blob: Path) -> tuple[float | None, ...]:
    from dsp.meter.loudness import measure  # imported on demand: needs compiled kernels

    found = measure(Source(blob, sound.first_channel, sound.channels))
    return (
        found.integrated_lufs, found.loudness_range_lu, found.true_peak_dbtp,
        found.max_momentary_lufs, found.max_short_term_lufs,
    )  # fmt: skip
