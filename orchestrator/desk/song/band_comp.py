"""Passes and the band comp: sections of each pass, and the pieces the song is cut from."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.core.address import Address, clock, frames_of
from domain.core.event import Event
from domain.core.ids import relative_to, slug_of
from domain.core.refusal import NotFound, suggest
from domain.label.people import Role
from domain.song.band_comp import BandParts, mark, set_basic
from domain.song.form import Section, read_sections
from domain.song.passes import BasicSet
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.record_state.concurrent_verdicts import SeenState
from orchestrator.desk.record_state.song_places import clocked, places_of
from orchestrator.desk.takes.takes import parts_of, refuse_spliced_names, song_query
from orchestrator.studio import History, Studio


def band_of(song: str, history: History) -> BandParts:
    """Rate, arrangement and takes of *song* after *history*.  Raises: Refused ``form.clock``."""
    places = clocked(places_of(song, history))
    takes = {slug_of(part): state.takes for part, state in parts_of(history).items() if state.absence is None}
    return BandParts(song, places.rate, places.arrangement, takes)


def mark_pass(studio: Studio, address: Address, words: Sequence[str], *, why: str | None = None) -> list[Row]:
    """Set the positions of the sections of a pass; return one row for each section.

    Args:
        studio: the store.
        address: address of the pass.
        words: such as ``verse1=0:04``; the last section ends at ``end=3:20``, or with the longest take of the pass.
        why: the reason given.

    Raises:
        NotFound: ``pass.unknown``.
        Misused: ``form.*``, ``time``.
        Refused: ``form.clock``.
    """
    song, number = "/".join(address.path), address.revision[1] if address.revision else 0

    def decision(history: History, _: Role) -> tuple[list[Row], Sequence[Event]]:
        band = band_of(song, history)
        ends = [band.takes[part].takes[take].end for part, take in band.played(number).items()]
        if not ends:
            raise NotFound("pass.unknown", f"{address} has no takes", next=suggest("pass list", song))
        sections = read_sections(words, lambda time: frames_of(time, band.rate), end=max(ends))
        return _rows(number, sections, band.rate), mark(band, number, sections)

    return studio.decide(song_query(song), decision, deed="ingest", why=why)


def _rows(number: int, sections: Sequence[Section], rate: int) -> list[Row]:
    return [
        {"pass": number, "section": one.name, "from": clock(one.start, rate), "to": clock(one.end, rate)}
        for one in sections
    ]


def pass_rows(studio: Studio, song: str) -> list[Row]:
    """One row for each pass of *song*: its takes and its sections."""
    history = studio.read(song_query(song))
    places, parts = places_of(song, history), parts_of(history)
    living = (state for state in parts.values() if state.absence is None)
    takes = [take for state in living for take in state.takes.takes.values() if take.ingested.pass_number]
    numbers = sorted({take.ingested.pass_number for take in takes if take.ingested.pass_number})
    return [
        {
            "pass": f"{song}@pass{number}",
            "takes": " ".join(
                relative_to(take.ingested.take, song) for take in takes if take.ingested.pass_number == number
            ),
            "sections": " ".join(
                f"{one.name}={clock(one.start, places.rate)}" for one in places.arrangement.marks.get(number, ())
            ),
        }
        for number in numbers
    ]


@dataclass(frozen=True, slots=True)
class BandCompResult:
    """The sections of a band comp, one row each."""

    song: str
    rows: list[Row]
    moves: tuple[str, ...] = ()
    """Sections or passes that moved in song time, in words."""


def cut_song(studio: Studio, song: str, words: Sequence[str], *, why: str | None = None) -> BandCompResult:
    """Set the band comp of *song*: the pieces of passes that the whole band is cut from.

    Args:
        studio: the store.
        song: its id.
        words: such as ``@pass3:intro-chorus1``, in the order of the song.
        why: the reason given.

    Raises:
        Refused, NotFound, Misused: see :func:`domain.song.band_comp.set_basic`.
        Refused: ``comp.tracks``; takes whose tracks have other names would be spliced.
        Clash: ``review.meanwhile``; somebody set the band comp since the first read.
    """
    look = SeenState(lambda event: isinstance(event, BasicSet), song)

    def decision(history: History, role: Role) -> tuple[BandCompResult, Sequence[Event]]:
        look.tell(history)
        band = band_of(song, history)
        moves, events = set_basic(band, words, reason=bool(why), by=studio.who.actor, role=role)
        refuse_spliced_names(parts_of(history), [cut for event in events for cut in event.cuts()])
        basic = events[0] if events else band.arrangement.basic
        return BandCompResult(song, _pieces(basic, band.rate), moves), events

    return studio.decide(song_query(song), decision, deed="judge-take", why=why)


def band_comp_rows(studio: Studio, song: str) -> list[Row]:
    """One row for each section of the band comp of *song*; none if none is set."""
    places = places_of(song, studio.read(song_query(song)))
    return _pieces(places.arrangement.basic, places.rate)


def _pieces(basic: BasicSet | None, rate: int) -> list[Row]:
    return [
        {
            "section": section.name,
            "from": clock(section.start, rate),
            "to": clock(section.end, rate),
            "pass": piece.pass_number,
            "at": clock(section.start - piece.slip, rate),
            "takes": " ".join(f"{part}/{take}" for part, take in piece.takes.items()),
        }
        for piece in (basic.pieces if basic else ())
        for section in piece.sections
    ]
