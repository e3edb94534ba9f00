"""Readiness of a session, read from the store and from this machine's disks.

Tests: ``tests/orchestrator/cli/commands/session/test_session_ready.py``.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.booking.booking import unpriced
from domain.booking.schedule import Schedule
from domain.booking.session_events import SessionBooked, SessionHeld
from domain.core.ids import song_of
from domain.core.refusal import Unfit
from domain.label.catalog import Song, catalog_after
from domain.label.curtain import sees
from domain.session.readiness import (
    DiskSpace,
    ReadinessLine,
    SessionFacts,
    SessionMoney,
    SetupPreparation,
    SongPreparation,
    readiness,
)
from orchestrator.desk.addressing.addresses import catalog_of
from orchestrator.desk.addressing.register import EVERYBODY, everybody
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.booking.booking import booking_query, register_of, schedule_of, sessions_query
from orchestrator.desk.booking.budget import budget_of
from orchestrator.desk.record_state.song_places import places_read
from orchestrator.desk.session.setups import living_parts, setups_of
from orchestrator.desk.song.song_facts import song_facts
from orchestrator.studio import Studio


@dataclass(frozen=True, slots=True)
class ReadinessCheck:
    """Everything that a session needs, whether it is there or not."""

    session: str
    lines: Sequence[ReadinessLine]

    def refuse_unready(self, data: Sequence[Row]) -> None:
        """Refuse if anything is wanting; *data* are the rows with their remedies.

        Raises:
            Unfit: ``session.unready``.
        """
        wanting = [line for line in self.lines if not line.ready]
        if not wanting:
            return
        kinds = dict.fromkeys(line.what for line in wanting)
        told = ", ".join(kinds)
        detail = f"{self.session} is not ready: {len(wanting)} of {len(self.lines)} to do ({told})"
        raise Unfit("session.unready", detail, next=wanting[0].next, data=list(data))


def place_of(studio: Studio, record: str, session: str) -> tuple[Schedule, SessionBooked | SessionHeld]:
    """The schedule with the calendars of *session*, and its booking or open hold.

    Raises:
        NotFound: ``session.unknown``.
        Refused: ``session.cancelled``, ``session.released``.
    """
    known = schedule_of(studio.read(sessions_query(f"record:{record}"))).place(session, record=record)
    state = schedule_of(studio.read(booking_query(record, known.resources)))
    return state, state.place(session, record=record)


def songs_of_session(studio: Studio, place: SessionBooked | SessionHeld) -> list[Song]:
    """The songs in which somebody of the session plays a part; all songs of the record if they play in none."""
    songs = catalog_of(studio, place.record).songs_of(place.record)
    played = [song for song in songs if any(part.player in place.resources for part in song.living.values())]
    return played or songs


def check_readiness(
    studio: Studio, record: str, session: str, *, songs: Sequence[str] = (), tracks: int, folders: Sequence[Path] = ()
) -> ReadinessCheck:
    """Check what *session* needs, as far as the caller may see it.

    Args:
        studio: the store.
        record: id of its record.
        session: its id.
        songs: ids of the songs it is to record; none for those of its people.
        tracks: tracks that are recorded at once.
        folders: where the recorder writes; none for the vault's folder, if it is on this machine.

    Raises:
        NotFound: ``session.unknown``.
        Refused: ``session.cancelled``, ``session.released``.
    """
    state, place = place_of(studio, record, session)
    chosen = [*songs] or [song.id for song in songs_of_session(studio, place)]
    facts = SessionFacts(
        state, place, [_prepared(studio, song) for song in chosen], tracks,
        disks=[_disk(str(folder), folder) for folder in folders] or _vault(studio),
        money=_money(studio, state, place), setups=_setups(studio, record, chosen),
        names=everybody(studio.read(EVERYBODY)).names,
    )  # fmt: skip
    return ReadinessCheck(session, readiness(facts))


def _prepared(studio: Studio, song: str) -> SongPreparation:
    facts, places = song_facts(studio, song), places_read(studio, song)
    charts, references = facts["charts"], facts["references"]
    return SongPreparation(
        song, len(charts) if isinstance(charts, list) else 0, bool(facts["lyrics"]), bool(facts["tempo"]),
        len(references) if isinstance(references, list) else 0, places.rate,
    )  # fmt: skip


def _setups(studio: Studio, record: str, songs: Sequence[str]) -> list[SetupPreparation]:
    known = setups_of(studio, record)
    return [
        SetupPreparation(part, saved=setups.latest.number, approved=setups.current.number if setups.current else None)
        for part in living_parts(studio, record)
        if song_of(part) in songs and (setups := known.get(part)) is not None and setups.latest is not None
    ]


def _vault(studio: Studio) -> list[DiskSpace]:
    """Free space of the vault's disk; none for a vault on another machine."""
    place = studio.config.vault_address
    return [] if "://" in place else [_disk("vault", _existing(Path(place)))]


def _existing(folder: Path) -> Path:
    """The folder itself or the nearest one above it that exists: a vault is made by its first file."""
    return next((one for one in (folder, *folder.parents) if one.exists()), folder)


def _disk(name: str, folder: Path) -> DiskSpace:
    try:
        return DiskSpace(name, shutil.disk_usage(folder).free)
    except OSError:
        return DiskSpace(name, None)


def _money(studio: Studio, state: Schedule, place: SessionBooked | SessionHeld) -> SessionMoney | None:
    if not sees(studio.reader, "money", place.record):
        return None
    history = studio.read(booking_query(place.record, place.resources))
    currency = catalog_after(history).record(place.record).currency
    budget = budget_of(history, studio.day_seen())
    line = budget.line_of(place.session) or (place.line if isinstance(place, SessionHeld) else None)
    known = budget.lines.get(line) if line else None
    return SessionMoney(
        unpriced(state, place.resources, currency, register_of(history)), line if known else None,
        known.left if known else None,
    )  # fmt: skip
