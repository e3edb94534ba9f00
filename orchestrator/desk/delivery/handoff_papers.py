"""Papers of a handoff: the sheet to read first, form, tempo, open notes, recall sheet and sequence, as bytes.

They come from the log alone and never from the clock, so that equal decisions give equal bytes.  Private notes, money
and rejections are in none of them.

Tests: ``tests/orchestrator/cli/commands/sound/test_handoff.py``.
"""

from collections.abc import Iterable, Sequence
from textwrap import wrap

from domain.core.address import clock
from domain.core.ids import IdParts, number_of_revision, record_of, song_of
from domain.correspondence.handoffs import GivenSound, Purpose
from domain.mixes.mixes import FromRecipe, Mixes
from domain.song.tempo_midi import midi_of_tempo
from domain.status.note_list import NumberedNote
from domain.status.record_state import RecordState, mix_prints
from orchestrator.desk.record_state.note_rows import UNCLOCKED_HZ, note_places

WIDTH = 80
"""Characters of a line of a paper."""
RETURNS = {
    "mix": "takesheet mix submit {of} FILE --by NAME --from {id}",
    "edit": "takesheet comp submit {of}/PART FILES --by NAME --from {id}",
    "master": "takesheet master submit {of} FOLDER --by NAME --from {id}",
}
"""The command by which what comes back is submitted, by purpose."""


def first_sheet(
    state: RecordState, *, id_: str, of: str, to: str, purpose: Purpose, given: Sequence[GivenSound], length: str
) -> bytes:  # fmt: skip
    """The sheet to read first: what this is, what is in it, and how what is made of it comes back."""
    record = state.catalog.record(record_of(of))
    title = state.catalog.song(of).title if IdParts.of(of).song else record.title
    verb = {"mix": "mixed", "edit": "edited", "master": "mastered"}[purpose]
    lines = [
        f"{id_}: {record.artist} - {title}",
        f"from the record {record.title}, given to {to} to be {verb}",
        "",
        *wrap(length, WIDTH),
        "",
        "Given:",
        *(f"  {one.target}  {one.hash[:12]}" for one in given),
        "",
        *wrap("manifest.json names every file with its SHA-256; SHA256SUMS holds the same for sha256sum -c.", WIDTH),
        *wrap(f"State the number {id_} with what you send back. It is entered by:", WIDTH),
        f"  {RETURNS[purpose].format(of=of, id=id_)}",
    ]
    return _text(lines)


def form_sheet(state: RecordState, song: str) -> bytes | None:
    """Sections of *song* in the order they sound, with their times; None without a form."""
    arrangement, rate = state.arrangement(song), _rate(state, song)
    if not arrangement.sections:
        return None
    rows = [(one.name, clock(one.start, rate), clock(one.end, rate)) for one in arrangement.running_order]
    return _text(_columns([("section", "from", "to"), *rows]))


def tempo_file(state: RecordState, song: str) -> bytes | None:
    """A MIDI file of the tempo map of *song* with its sections as markers; None without a tempo map."""
    arrangement = state.arrangement(song)
    if arrangement.tempo is None:
        return None
    marks = [(one.start, one.name) for one in arrangement.running_order]
    return midi_of_tempo(arrangement.tempo, marks, _rate(state, song))


def notes_sheet(state: RecordState, notes: Sequence[NumberedNote]) -> bytes | None:
    """Open notes, one a paragraph; None without any."""
    if not notes:
        return None
    lines = list[str]()
    for note, place in zip(notes, note_places(state, notes), strict=True):
        words = f"{note.name} {note.added.target}{f' {place}' if place else ''}: {note.added.text} ({note.added.by})"
        lines += wrap(words, WIDTH, subsequent_indent="   ")
    return _text(lines)


def recall_sheet(state: RecordState, song: str, parts: Iterable[str]) -> bytes:
    """Each of *parts* (ids): who played what, which takes sound, which tracks, from when to when."""
    rows = [("part", "instrument", "player", "takes", "tracks", "length")]
    for part in parts:
        entry, sound = state.catalog.part(part), state.sound(part)
        tracks = sound.tracks if sound else ()
        used = "+".join(map(str, state.comp(part).used))
        edited = f"{used}, edited by {sound.outside.maker}" if sound and sound.outside else used
        length = clock(max((track.sound.frames for track in tracks), default=0), _rate(state, song))
        names = ", ".join(track.name for track in tracks)
        rows.append((entry.name, entry.instrument, entry.player or "", edited, names, length))
    return _text(_columns(rows))


def newest_recipe(state: RecordState, song: str) -> tuple[int, bytes] | None:
    """Number and recipe text of the newest mix of *song* that has a recipe; None without one."""
    for number, revision in sorted(state.mixes.get(song, Mixes()).living.items(), reverse=True):
        if isinstance(revision.made, FromRecipe):
            return number, revision.made.text.encode()
    return None


def sequence_sheet(state: RecordState, given: Sequence[GivenSound]) -> bytes:
    """Songs of a record in order, for mastering: title, mix, length, and room for the ISRC and the gap before it."""
    rows = [("no", "title", "mix", "length", "ISRC", "gap before")]
    for number, one in enumerate(given, start=1):
        song, revision = song_of(one.target), number_of_revision(one.target)
        main = mix_prints(state, song, revision)[0]
        length = clock(main.sound.frames, main.sound.rate)
        rows.append((f"{number:02d}", state.catalog.song(song).title, f"mix{revision}", length, "____________", "____"))
    return _text(_columns(rows))


def _rate(state: RecordState, song: str) -> int:
    song_clock = state.catalog.song(song).clock
    return song_clock.rate if song_clock else UNCLOCKED_HZ


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """*rows* of plain text in columns; a name with line ends stays in its line."""
    plain = [[" ".join(cell.split()) for cell in row] for row in rows]
    widths = [max(len(row[index]) for row in plain) for index in range(len(plain[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in plain]


def _text(lines: Iterable[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()
