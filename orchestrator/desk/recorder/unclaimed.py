"""Recordings that belong to no part yet: kept as they are found, and claimed as takes.

Tests: ``tests/orchestrator/desk/recorder/test_watched_folder.py``.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.core.event import Event
from domain.core.ids import part_of, record_of, song_of
from domain.core.refusal import Refused, suggest
from domain.label.people import Role
from domain.session.recordings import RecordingFound, find_recording, recordings_after
from domain.session.slate_matches import StampedRecording, match_slates
from flows.vault.vault import Vault
from orchestrator.desk.addressing.addresses import catalog_of
from orchestrator.desk.intake.checked_files import CheckedFile
from orchestrator.desk.intake.ingest import at_rate, incoming_take
from orchestrator.desk.intake.take_arrival import IncomingTake, IngestOptions, RecordedTake, arrive
from orchestrator.desk.recorder.recording_rows import recordings_of, recordings_query
from orchestrator.desk.session.session_day import read_day
from orchestrator.studio import History, Studio


def keep_recording(
    studio: Studio,
    vault: Vault,
    files: Sequence[CheckedFile],
    *,
    record: str,
    session: str | None = None,
    at: datetime | None = None,
) -> str:
    """Keep *files* as one recording of *record*, and return its id; audio that is kept already has one.

    Args:
        studio: the store.
        vault: its vault, into which the files are taken.
        files: the files of one recording, of one rate and length.
        record: id of the record.
        session: id of the session in which it was made; None if unknown.
        at: the time at which it begins, by the house's clock.

    Raises:
        VaultFault, Unsound: a file cannot be taken.
        Refusal: as :meth:`Studio.decide`.
    """
    arrival = incoming_take(vault, files, files[0].facts.rate, IngestOptions())

    def decision(history: History, _: Role) -> tuple[str, Sequence[Event]]:
        return find_recording(
            recordings_after(one.event for one in history),
            record=record,
            session=session,
            tracks=arrival.tracks,
            bits=arrival.bits,
            recorded_on=arrival.recorded_on,
            at=at,
            warnings=arrival.warnings,
        )

    return studio.decide(recordings_query(record), decision, deed="ingest")


def claim(
    studio: Studio,
    vault: Vault,
    recording: str,
    part: str,
    *,
    pass_number: int | None = None,
    at: str | None = None,
    convert: bool = False,
    why: str | None = None,
) -> RecordedTake:
    """Let a recording be a take of *part*; the same again is the take that it is.

    Args:
        studio: the store.
        vault: its vault.
        recording: id of the recording, such as ``R1``.
        part: id of the part.
        pass_number: the pass it was played on; None for that of the slate in whose time it lies, if one does.
        at: song time at which it starts; None for the beginning.
        convert: True to convert it to the song's rate.
        why: the reason given.

    Raises:
        NotFound: ``recording.unknown``; the part is unknown.
        Refused: ``recording.claimed``, ``rate.match``.
    """
    record = record_of(part)
    recordings = recordings_of(studio, record)
    found = recordings.recording(record, recording.strip().upper())
    claimed = recordings.claimed.get(found.recording)
    if claimed is not None and part_of(claimed) != part:
        raise Refused(
            "recording.claimed", f"{found.recording} is {claimed} already", next=suggest("take move", claimed, part)
        )
    song = catalog_of(studio, record).song(song_of(part))
    rate = song.clock.rate if convert and song.clock else found.tracks[0].sound.rate
    arrival = IncomingTake(
        tracks=tuple(at_rate(vault, track, rate) for track in found.tracks),
        bits=found.bits,
        recorded_on=found.recorded_on,
        warnings=found.warnings,
    )
    wish = IngestOptions(
        at=at or "0:00", pass_number=pass_number or _slated_pass(studio, found), session=found.session, convert=convert,
        why=why, recording=found.recording,
    )  # fmt: skip
    return arrive(studio, part, arrival, wish)


def _slated_pass(studio: Studio, found: RecordingFound) -> int | None:
    """The pass of the slate in whose time a recording lies; None if it lies in none."""
    if found.session is None or found.at is None:
        return None
    day = read_day(studio, found.record, found.session)
    sound = found.tracks[0].sound
    recording = StampedRecording(0, found.at, timedelta(seconds=sound.frames / sound.rate))
    number = match_slates([*day.slates.values()], [recording]).slates.get(0)
    return day.slates[number].pass_number if number is not None else None
