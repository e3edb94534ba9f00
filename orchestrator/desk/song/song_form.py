"""A song's form: its sections, and what the places that people name in it mean."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from domain.core.address import clock, frames_of, is_time
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.refusal import Misused, NotFound, Refused
from domain.label.people import Role
from domain.song import arrangement
from domain.song.arrangement import form
from domain.song.form import first_form, read_sections
from domain.song.places import Places
from domain.song.tempo import TempoMap, frame_of_bar, read_tempo_map
from domain.song.tempo_midi import LARGEST, tempo_of_midi
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.record_state.song_places import clocked, places_of, places_query
from orchestrator.studio import History, Studio


def set_form(
    studio: Studio, song: str, words: Sequence[str], *, tempi: Sequence[str] = (), meters: Sequence[str] = (),
    midi: Path | None = None, why: str | None = None,
) -> Places:  # fmt: skip
    """Name the sections of *song*; what its places mean then.

    Args:
        studio: the store.
        song: its id.
        words: such as ``verse1=0:12`` and ``end=3:20``; with a tempo, a number is a bar (``chorus1=17``).
        tempi: such as ``120`` and ``33=124``.
        meters: such as ``4/4`` and ``17=7/8``.
        midi: a MIDI file whose tempo map counts.
        why: the reason given.

    Raises:
        Refused: ``form.clock``, ``form.used``.
        Misused: ``form.*``, ``time``.
    """
    tempo = _tempo(tempi, meters, midi)

    def decision(history: History, _: Role) -> tuple[Places, Sequence[Event]]:
        there = clocked(places_of(song, history))
        bars = tempo or there.arrangement.tempo
        sections = read_sections(words, lambda place: _frame(place, bars, there.rate))
        events = form(there.arrangement, song=song, sections=sections, tempo=tempo)
        return replace(there, arrangement=fold_events(arrangement.evolve, there.arrangement, events)), events

    return studio.decide(places_query(song), decision, deed="ingest", why=why)


def _tempo(tempi: Sequence[str], meters: Sequence[str], midi: Path | None) -> TempoMap | None:
    if midi is None:
        return read_tempo_map(tempi, meters) if tempi or meters else None
    if tempi or meters:
        raise Misused("form.tempo", "the tempo comes from a MIDI file, or from --tempo and --meter, not from both")
    return tempo_of_midi(read_small(midi, LARGEST))


def read_small(file: Path, most: int) -> bytes:
    """The bytes of *file*, and at most one more than *most*.

    Raises:
        NotFound: ``file.missing``.
        Misused: ``file.unfit``; a folder, a pipe, or not to be read.
    """
    try:
        if file.exists() and not file.is_file():
            raise Misused("file.unfit", f"{file} is no file")
        with file.open("rb") as data:
            return data.read(most + 1)
    except FileNotFoundError:
        raise NotFound("file.missing", f"there is no file {file}") from None
    except OSError as error:
        raise Misused("file.unfit", f"{str(file)[:200]} cannot be read ({error.strerror})") from None


def _frame(place: str, bars: TempoMap | None, rate: int) -> int:
    """The frame of a time or, where the song has a tempo map, a number as the bar it is."""
    if bars and not (is_time(place) and ":" in place):
        return frame_of_bar(bars, place, rate)
    return frames_of(place, rate)


def form_rows(places: Places) -> list[Row]:
    """The sections in recorded time, and at which places of the running order each sounds."""
    row = places.arrangement.row
    return [
        {
            "section": section.name,
            "from": clock(section.start, places.rate),
            "to": clock(section.end, places.rate),
            "length": clock(section.end - section.start, places.rate),
            "sounds": ", ".join(str(place) for place, name in enumerate(row, start=1) if name == section.name),
        }
        for section in places.arrangement.sections
    ]


def formed(places: Places) -> Places:
    """*places* of a song that has a form.  Raises: Refused ``arrange.form``."""
    if not places.arrangement.sections:
        raise Refused("arrange.form", f"{places.song} has no form yet", next=first_form(places.song))
    return places
