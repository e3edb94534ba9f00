"""The band comp, a song cut from sections of passes: setting it, and the moves and conflicts when it is set again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.core.address import clock, folded, span_of
from domain.core.refusal import Misused, NotFound, Refused, suggest
from domain.label.people import Role
from domain.song.arrangement import Arrangement, refuse_losing
from domain.song.form import END, Section, section_named
from domain.song.passes import BasicPiece, BasicSet, PassMarked
from domain.song.span_words import ends_of
from domain.takes.takes import LONGEST_FRAMES, Takes

_PIECE: Final = re.compile(r"@?pass([1-9]\d{0,5})(?::(.+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class BandParts:
    """A song with the takes of all its parts."""

    song: str
    rate: int
    """Hz."""
    arrangement: Arrangement
    takes: Mapping[str, Takes]
    """Takes by the slug of the part."""

    def played(self, pass_number: int) -> dict[str, int]:
        """Number of the take that each part has on a pass: its newest take there that is not rejected."""
        return {
            part: max(numbers)
            for part, own in self.takes.items()
            if (
                numbers := [
                    take.number
                    for take in own.takes.values()
                    if take.ingested.pass_number == pass_number and take.verdict != "rejected"
                ]
            )
        }


def mark(band: BandParts, pass_number: int, sections: tuple[Section, ...]) -> list[PassMarked]:
    """Mark the sections of a pass.  Unchanged marks yield no event."""
    if band.arrangement.marks.get(pass_number) == sections:
        return []
    return [PassMarked(song=band.song, pass_number=pass_number, sections=sections)]


def set_basic(
    band: BandParts, words: Sequence[str], *, reason: bool, by: str, role: Role
) -> tuple[tuple[str, ...], list[BasicSet]]:
    """Set the band comp: the pieces of passes that the whole band is cut from.  Unchanged pieces yield no event.

    Args:
        band: the song.
        words: such as ``@pass3:intro-chorus1``, in the order of the song.
        reason: True if a reason was given.
        by: person who decides.
        role: role of that person.

    Returns:
        The moves of sections, in words, and the new events.

    Raises:
        Misused: ``basic.piece`` for a word that is no piece; ``basic.twice`` if a section would occur twice.
        NotFound: ``pass.unknown``, ``pass.unmarked``, ``section.unknown``.
        Refused: ``basic.locked``; an overdub has a keeper, sections move, and no reason was given;
            ``form.used`` as for :func:`domain.song.arrangement.form`.
    """
    pieces, at = list[BasicPiece](), 0
    for word in words:
        pieces.append(_piece(band, word, at))
        at = pieces[-1].end
    new = BasicSet(song=band.song, pieces=tuple(pieces), by=by, role=role)
    names = [section.name for section in new.sections]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise Misused("basic.twice", f"{', '.join(twice)} would be in the song twice; repeat it with edit song")
    if band.arrangement.basic and band.arrangement.basic.pieces == new.pieces:
        return (), []
    refuse_losing(band.arrangement, band.song, new.sections)
    moves = tuple(_moves(band, new))
    over = _overdubs(band, new)
    if moves and over and not reason:
        raise Refused(
            "basic.locked",
            f"{', '.join(over)} was recorded to the time line as it is, and is kept; with this band comp "
            f"{'; '.join(moves)}; whoever moves it says why",
            next="the same command with --why REASON",
            data={"overdubs": over, "moves": list(moves)},
        )
    return moves, [new]


def _piece(band: BandParts, word: str, at: int) -> BasicPiece:
    found = _PIECE.fullmatch(folded(word))
    span = (span_of(found[2]) if found[2] else ("", "")) if found else None
    if not found or not span:
        raise Misused("basic.piece", f"{word!r} names no sections of a pass; write @pass3:intro-chorus1")
    number = int(found[1])
    marks, takes = band.arrangement.marks.get(number, ()), band.played(number)
    if not takes:
        raise NotFound("pass.unknown", f"{band.song}@pass{number} has no takes", next=suggest("pass list", band.song))
    if not marks:
        raise NotFound(
            "pass.unmarked",
            f"the sections of {band.song}@pass{number} are not marked yet",
            next=suggest("pass sections", f"{band.song}@pass{number}", "verse1=0:04", "chorus1=0:48"),
        )
    own = _cut(f"{band.song}@pass{number}", marks, span)
    if at + own[-1].end - own[0].start > LONGEST_FRAMES:
        raise Misused("basic.piece", "a song lasts 24 hours at most")
    by = at - own[0].start
    moved = tuple(Section(name=one.name, start=one.start + by, end=one.end + by) for one in own)
    return BasicPiece(pass_number=number, start=own[0].start, at=at, sections=moved, takes=takes)


def _cut(address: str, marks: tuple[Section, ...], span: tuple[str, str]) -> tuple[Section, ...]:
    """The marked sections from the first to the last named one."""
    start, end = ends_of(span[0], {mark.name for mark in marks}) if span[0] == span[1] else span
    first = marks.index(section_named(address, marks, start)) if start else 0
    open_end = end in {"", END}
    last = len(marks) - 1 if open_end else marks.index(section_named(address, marks, end))
    if last < first:
        raise Misused("basic.piece", f"{end} lies before {start} on {address}")
    return marks[first : last + 1]


def _moves(band: BandParts, new: BasicSet) -> list[str]:
    """Sections that move or disappear, in words; for a song without a form, the passes that are moved in time."""
    was = {section.name: section.start for section in band.arrangement.sections}
    if not was:
        return [
            f"pass {piece.pass_number} moves from {clock(piece.start, band.rate)} to {clock(piece.at, band.rate)}"
            for piece in new.pieces
            if piece.slip
        ]
    now = {section.name: section.start for section in new.sections}
    told = [
        f"{name} moves from {clock(start, band.rate)} to {clock(now[name], band.rate)}"
        for name, start in was.items()
        if name in now and now[name] != start
    ]
    return told + [f"{name} is no longer there" for name in was if name not in now]


def _overdubs(band: BandParts, new: BasicSet) -> list[str]:
    """Parts with a keeper that were not played on the passes of *new*."""
    played = {part for piece in new.pieces for part in piece.takes}
    return [
        part
        for part, own in band.takes.items()
        if part not in played and any(take.verdict in {"approved", "kept"} for take in own.takes.values())
    ]


def refuse_unlaid(arrangement: Arrangement, takes: Takes, take: int | None) -> None:
    """Refuse to paint a span of *take* if the song is cut from passes and the take's pass has its own section marks.

    Raises:
        Refused: ``basic.pass``; the sections of the take's pass are at other times than those of the song.
    """
    basic = arrangement.basic
    there = takes.takes.get(take or 0)
    number = there.ingested.pass_number if there else None
    if basic and number in arrangement.marks:
        raise Refused(
            "basic.pass",
            f"take {take} was played on pass {number}, whose sections lie elsewhere than the song's: the band comp "
            "says what of it sounds",
            next=suggest("comp band", basic.song, f"@pass{number}:SECTION", "…"),
        )
