"""Lyrics of a song: the file in the vault, and the time at which each line is sung."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from domain.core.address import clock, folded, frames_of
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.refusal import Misused, NotFound, suggest
from domain.label.people import Role
from domain.song import lyrics
from domain.song.lyrics import LARGEST, LineTime, LyricsEvent, attach, read_lines, time_lines
from domain.song.places import Places
from flows.vault.vault import Vault
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.record_state.song_places import clocked, places_of, places_query
from orchestrator.desk.song.song_form import read_small
from orchestrator.studio import History, Studio

_TIMED: Final = re.compile(r"l([1-9]\d{0,4})=(.+)", re.ASCII)


def attach_lyrics(
    studio: Studio, vault: Vault, song: str, file: Path | None, *, at: Sequence[str] = (), why: str | None = None
) -> Places:
    """Attach a lyrics file, set times of lines, or both; return the song's places after that.

    Args:
        studio: the store.
        vault: where the file is kept, by its bytes' hash.
        song: its id.
        file: UTF-8 text, plain or LRC; None keeps the attached file.
        at: line times such as ``L1=0:12``.
        why: the reason given.

    Raises:
        Misused: ``lyrics.file``, ``lyrics.order``, ``lyrics.time``, ``time``.
        NotFound: ``file.missing``, ``lyrics.unknown``.
        Refused: ``form.clock``; a time is given, and no take has set the song's rate.
    """
    lines = read_lines(read_small(file, LARGEST)) if file else []
    blob = vault.take_in(file) if file else None

    def decision(history: History, _: Role) -> tuple[Places, Sequence[Event]]:
        there = places_of(song, history)
        own, events = there.lyrics, list[LyricsEvent]()
        if file and blob:
            times = _stamped(there, [line.time for line in lines])
            events += attach(
                own, song=song, blob=blob.hash, size=blob.size, file=file.name, lines=len(lines), times=times
            )
            own = fold_events(lyrics.evolve, own, events)
        if at:
            timed = time_lines(own, song=song, times=[_timed(clocked(there), word) for word in at])
            events, own = [*events, *timed], fold_events(lyrics.evolve, own, timed)
        return replace(there, lyrics=own), events

    return studio.decide(places_query(song), decision, deed="ingest", why=why)


def _stamped(there: Places, times: Sequence[str | None]) -> list[LineTime]:
    if any(times):
        clocked(there)
    return [
        LineTime(line=line, at=frames_of(time, there.rate))
        for line, time in enumerate(times, start=1)
        if time is not None
    ]


def _timed(there: Places, word: str) -> LineTime:
    found = _TIMED.fullmatch(folded(word))
    if not found or int(found[1]) > lyrics.MOST_LINES:
        raise Misused("lyrics.time", f"{word!r} gives no line a time; write L1=0:12")
    return LineTime(line=int(found[1]), at=there.start(found[2]))


def lyric_rows(vault: Vault, places: Places) -> list[Row]:
    """One row for each line of the lyrics, with its time.  Raises: NotFound ``lyrics.unknown``; VaultFault."""
    attached, times = places.lyrics.attached, places.lyrics.times
    if attached is None:
        hint = suggest("song attach", places.song, lyrics="FILE")
        raise NotFound("lyrics.unknown", f"{places.song} has no lyrics", next=hint)
    lines = read_lines(read_small(vault.checked(attached.blob), LARGEST))
    return [
        {"line": f"L{line}", "at": clock(times[line], places.rate) if line in times else "", "words": one.text}
        for line, one in enumerate(lines, start=1)
    ]
