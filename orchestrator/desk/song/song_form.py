"""A song's form: setting its sections by times or by bars of a tempo map."""

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
    """Set the sections of *song*; return the song's places after that.

    Args:
        studio: the store.
        song: its id.
        words: such as ``verse1=0:12`` and ``end=3:20``; with a tempo, a number is a bar (``chorus1=17``).
        tempi: such as ``120`` and ``33=124``.
        meters: such as ``4/4`` and ``17=7/8``.
        midi: a MIDI file that gives the tempo map.
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
    """Read *file*, at most *most* + 1 bytes, so that the caller can refuse a larger one.

    Raises:
        NotFound: ``file.missing``.
        Misused: ``file.unfit``; a folder, a pipe, or a file that cannot be read.
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
    """Frame of *place*: with a tempo map, text without a colon is a bar; else a time."""
    if bars and not (is_time(place) and ":" in place):
        return frame_of_bar(bars, place, rate)
    return frames_of(place, rate)


def form_rows(places: Places) -> list[Row]:
    """One row for each section in recorded time, with its places in the running order."""
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
    """*places*, after checking that the song has a form.  Raises: Refused ``arrange.form``."""
    if not places.arrangement.sections:
        raise Refused("arrange.form", f"{places.song} has no form yet", next=first_form(places.song))
    return places
