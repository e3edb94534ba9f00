"""Recordings that belong to no part yet, as the log has them, and their table.

Tests: ``tests/orchestrator/desk/recorder/test_watched_folder.py``.
"""

from domain.core.address import clock
from domain.session.recordings import RECORDINGS, Recordings, recordings_after
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import shown
from orchestrator.log.query import Query
from orchestrator.studio import Studio


def recordings_query(record: str) -> Query:
    """Query for the recordings of *record* that were found without a part."""
    return Query.of(*RECORDINGS, tags=[f"record:{record}"])


def recordings_of(studio: Studio, record: str) -> Recordings:
    """The recordings of *record* that were found without a part, claimed ones too."""
    return recordings_after(one.event for one in studio.read(recordings_query(record)))


def unclaimed_rows(studio: Studio, record: str) -> list[Row]:
    """One row for each recording of *record* that belongs to no part yet."""
    return [
        {
            "recording": one.recording,
            "at": shown(studio, one.at) if one.at else "",
            "length": clock(one.tracks[0].sound.frames, one.tracks[0].sound.rate),
            "tracks": len(one.tracks),
            "files": ", ".join(dict.fromkeys(track.file for track in one.tracks)),
            "session": one.session or "",
            "warnings": len(one.warnings) or "",
        }
        for one in recordings_of(studio, record).unclaimed
    ]
