"""Editing the whole song: sections moved, repeated and cut, in all parts at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from domain.core.address import folded
from domain.core.refusal import Misused, NotFound, Refused, suggest
from domain.label.people import Role
from domain.song.arrangement import LONGEST_ROW, Arrangement, Deed, Row, SongArranged
from domain.song.form import first_form, section_named
from domain.takes.takes import LONGEST_FRAMES


@dataclass(frozen=True, slots=True)
class SongEdit:
    """One edit of a whole song.

    ``section`` and ``beside`` are names; if a section occurs more than once, ``chorus1:2`` is its second occurrence.
    """

    deed: Deed
    section: str = ""
    beside: str = ""
    after: bool = False
    times: int = 2
    """Number of consecutive occurrences of a repeated section."""


def edit_song(arrangement: Arrangement, edit: SongEdit, *, song: str, by: str, role: Role) -> list[SongArranged]:
    """Edit the whole song.  An edit that changes nothing yields no event.

    Raises:
        Refused: ``arrange.form`` while the song has no form; ``arrange.empty`` and ``arrange.long`` if nothing, or
            more than 24 hours, would sound.
        NotFound: ``section.unknown``; ``section.which`` if a name occurs more than once.
        Misused: ``section.which`` for an occurrence that does not exist.
    """
    if not arrangement.sections:
        raise Refused("arrange.form", f"{song} has no form yet, so it has no sections to edit", next=first_form(song))
    row = _EDITS[edit.deed](_Line(song, arrangement), edit)
    row = () if row == tuple(section.name for section in arrangement.sections) else row
    changed = replace(arrangement, edited=row)
    if changed.frames > LONGEST_FRAMES or len(row) > LONGEST_ROW:
        raise Refused("arrange.long", f"{song} would have {len(row)} sections; at most {LONGEST_ROW} and 24 hours fit")
    if changed.row == arrangement.row:
        return []
    name = _named(edit.section)[0] if edit.section else None
    return [SongArranged(song=song, row=row, deed=edit.deed, section=name, by=by, role=role)]


def _named(word: str) -> tuple[str, int | None]:
    name, colon, number = folded(word).partition(":")
    if colon and not (number.isascii() and number.isdigit() and 0 < int(number) <= LONGEST_ROW):
        raise Misused("section.which", f"{word!r}: write chorus1, or chorus1:2 for the second time it sounds")
    return name, int(number) if colon else None


@dataclass(frozen=True, slots=True)
class _Line:
    """The running order of a song, and the positions of names in it."""

    song: str
    arrangement: Arrangement

    def places(self, word: str) -> list[int]:
        """All positions in the running order that *word* names."""
        name, number = _named(word)
        section_named(self.song, self.arrangement.sections, name)
        found = [place for place, there in enumerate(self.arrangement.row) if there == name]
        if number is None:
            return found
        if number > len(found):
            raise Misused("section.which", f"{name} sounds {len(found)} times, there is no {word}")
        return [found[number - 1]]

    def place(self, word: str) -> int:
        """The only position that *word* names.  Raises: NotFound ``section.which`` for none or several."""
        found = self.places(word)
        if len(found) == 1:
            return found[0]
        if not found:
            raise NotFound(
                "section.which", f"{word} was cut, and sounds nowhere", next=suggest("edit song", self.song, reset=True)
            )
        ways = " or ".join(f"{folded(word)}:{number}" for number in range(1, len(found) + 1)[:5])
        raise NotFound("section.which", f"{word} sounds {len(found)} times: write {ways}")


def _moved(line: _Line, edit: SongEdit) -> Row:
    row = list(line.arrangement.row)
    there, beside = line.place(edit.section), line.place(edit.beside)
    if there == beside:
        return tuple(row)
    name = row.pop(there)
    row.insert(beside - (there < beside) + edit.after, name)
    return tuple(row)


def _repeated(line: _Line, edit: SongEdit) -> Row:
    if not 0 < edit.times < 100:  # noqa: PLR2004 - two digits
        raise Misused("arrange.times", f"a section sounds 1 to 99 times in a row, not {edit.times}")
    row, places = line.arrangement.row, line.places(edit.section)
    runs = [(at, end) for at, end in _runs(row) if any(at <= place < end for place in places)]
    if len(runs) != 1:
        line.place(edit.section)  # raises the refusal that lists them
    at, end = runs[0]
    return (*row[:at], *(row[at],) * edit.times, *row[end:])


def _runs(row: Row) -> list[tuple[int, int]]:
    """Runs of equal neighbours as half-open index ranges, runs of one included."""
    found, at = [], 0
    for _, same in groupby(row):
        size = len(list(same))
        found.append((at, at + size))
        at += size
    return found


def _cut(line: _Line, edit: SongEdit) -> Row:
    row, places = line.arrangement.row, line.places(edit.section)
    if not places:
        return row
    place = line.place(edit.section)
    left = (*row[:place], *row[place + 1 :])
    if not left:
        raise Refused("arrange.empty", f"{edit.section} is all that sounds of {line.song}; nothing would be left")
    return left


def _reset(line: _Line, edit: SongEdit) -> Row:
    del line, edit
    return ()


_EDITS: Final[Mapping[Deed, Callable[[_Line, SongEdit], Row]]] = {
    "moved": _moved,
    "repeated": _repeated,
    "cut": _cut,
    "reset": _reset,
}
