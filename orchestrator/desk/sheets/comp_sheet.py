"""The comp sheet of a part: lyric lines beside takes, with boxes for what is kept, to print and to mark by hand.

Where the lines have times, what the comp keeps is filled in.  No verdict, no note and no name of a player is on it.

Tests: ``tests/orchestrator/cli/commands/song/test_sheets.py``.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from domain.core.ids import record_of, song_of
from domain.core.refusal import NotFound, suggest
from domain.song.lyrics import Lyrics
from domain.takes.comps import FOREVER
from domain.takes.takes import Take
from flows.vault.vault import Vault
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.record_state.song_places import places_read
from orchestrator.desk.session.sheet import shortened
from orchestrator.desk.song.lyrics import lyric_rows
from orchestrator.studio import Studio

Box = Literal["empty", "kept", "partly", "silent"]
"""A line in a take: nothing kept, all or some of it kept, or the take does not reach it."""
SIGNS: Final[dict[Box, str]] = {"empty": "[ ]", "kept": "[x]", "partly": "[/]", "silent": " . "}
MOST_UPRIGHT: Final = 12
"""Takes that fit beside the lyrics on an upright page."""
LONGEST_LINE: Final = 200
"""Characters of a lyric line that are shown on a page."""
LARGEST_PX: Final = 12.0
SMALLEST_PX: Final = 7.0
"""Bounds of the size of print, in CSS pixels."""
STEP_PX: Final = 0.5
UPRIGHT_PX, SIDEWAYS_PX = (700.0, 930.0), (1030.0, 600.0)
"""Width of a page of A4 and the height that its lines have, in CSS pixels of 1/96 inch."""
BOX_EM, NAME_EM, LETTER_EM, LINE_EM, GAP_EM = 1.75, 8.0, 0.6, 1.35, 0.45
"""Widths of a box, of a line's name and time, and of a letter; heights of a line and between two, in sizes of print."""
FEWEST_LETTERS: Final = 30
"""Letters that a lyric line has room for at least before it is broken."""


@dataclass(frozen=True, slots=True)
class CompLine:
    """A lyric line, and its box in each take."""

    name: str
    """Such as ``L5``."""
    at: str
    """Song time at which it is sung; empty without one."""
    words: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class CompSheet:
    """The comp sheet of one part."""

    title: str
    subtitle: str
    takes: tuple[int, ...]
    lines: tuple[CompLine, ...]
    remark: str
    """How the boxes are to be read, or why none is filled in."""

    @property
    def _is_wide(self) -> bool:
        """True if the page lies on its side."""
        return len(self.takes) > MOST_UPRIGHT

    @property
    def _print_px(self) -> float:
        """The largest size of print with which all lines fit on one page, within its bounds."""
        sizes = (LARGEST_PX - step * STEP_PX for step in range(round((LARGEST_PX - SMALLEST_PX) / STEP_PX)))
        return next((size for size in sizes if self._fits(size)), SMALLEST_PX)

    def _fits(self, print_px: float) -> bool:
        """True if all lines fit on one page at a size of print, as long as letters are not wider than usual."""
        width, height = SIDEWAYS_PX if self._is_wide else UPRIGHT_PX
        letters = (width / print_px - BOX_EM * len(self.takes) - NAME_EM) / LETTER_EM
        rows = sum(math.ceil(min(len(line.words), LONGEST_LINE) / letters) or 1 for line in self.lines)
        return letters >= FEWEST_LETTERS and (rows * LINE_EM + len(self.lines) * GAP_EM) * print_px <= height

    def rows(self) -> list[Row]:
        """One row for each lyric line: the takes that are kept in it, wholly or partly."""
        return [
            {
                "line": line.name, "at": line.at, "words": line.words,
                "kept": [n for n, box in zip(self.takes, line.boxes, strict=True) if box == "kept"],
                "partly": [n for n, box in zip(self.takes, line.boxes, strict=True) if box == "partly"],
            }
            for line in self.lines
        ]  # fmt: skip

    def text(self) -> list[str]:
        """The sheet as plain text."""
        head = "".join(f"{take:>4}" for take in self.takes)
        rows = [  # the words stand last: letters of other scripts are as wide as they like
            f"{line.name:>5} {''.join(f' {SIGNS[box]}' for box in line.boxes)}  {shortened(line.words, LONGEST_LINE)}"
            for line in self.lines
        ]
        return [shortened(self.title), shortened(self.subtitle), "", f"{'take':>5} {head}", *rows,
                "", *self.remark.splitlines()]  # fmt: skip

    def page(self) -> str:
        """The sheet as an HTML page that prints on A4, upright or, with many takes, on its side; texts are escaped."""
        from jinja2 import Environment

        environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
        return environment.from_string(PAGE).render(
            sheet=self, wide=self._is_wide, print_px=self._print_px, title=shortened(self.title),
            subtitle=shortened(self.subtitle), lines=[(one, shortened(one.words, LONGEST_LINE)) for one in self.lines],
        )  # fmt: skip


def comp_sheet(studio: Studio, part: str) -> CompSheet:
    """The comp sheet of *part*.

    Raises:
        NotFound: ``lyrics.unknown``; ``take.none``, the part has no takes.
        VaultFault: the lyrics are missing from the vault.
    """
    song, state = song_of(part), read_record(studio, record_of(part)).state
    places, takes = places_read(studio, song), state.takes_of(part)
    rows = lyric_rows(Vault(studio.config.vault), places)
    if not takes.takes:
        raise NotFound("take.none", f"{part} has no takes yet", next=suggest("take ingest", part, "FILE"))
    layers = state.comp(part).sounding_layers(takes)
    kept = {n: [(s.start, s.end) for layer in layers for s in layer if s.take == n] for n in takes.takes}
    lines = tuple(
        CompLine(
            str(row["line"]), str(row["at"]), str(row["words"]),
            tuple(_box(_range(places.lyrics, song, line), take, kept[n]) for n, take in takes.takes.items()),
        )
        for line, row in enumerate(rows, start=1)
    )  # fmt: skip
    names = state.catalog
    title = f"{names.song(song).title} · {names.part(part).name} · comp sheet"
    record = names.record(record_of(part))
    return CompSheet(
        title, f"{record.title} · {record.artist}", tuple(takes.takes), lines,
        _remark(song, timed=len(places.lyrics.times), lines=len(lines), chosen=any(kept.values())),
    )  # fmt: skip


def _range(lyrics: Lyrics, song: str, line: int) -> tuple[int, int] | None:
    """Frames of recorded time of a line, half open; None without a time."""
    if line not in lyrics.times:
        return None
    end = lyrics.end(song, line)
    return lyrics.times[line], FOREVER if end is None else end


def _box(line: tuple[int, int] | None, take: Take, kept: Sequence[tuple[int, int]]) -> Box:
    """The box of a line in a take of which the stretches *kept* are in the comp."""
    if line is None:
        return "empty"
    start, end = max(line[0], take.start), min(line[1], take.end)
    if start >= end:
        return "silent"
    share = sum(max(0, min(end, to) - max(start, at)) for at, to in kept)
    return "empty" if share <= 0 else "kept" if share >= end - start else "partly"


def _remark(song: str, *, timed: int, lines: int, chosen: bool) -> str:
    """How the boxes are to be read."""
    how = f"takesheet song attach {song} --at L1=0:12"
    if not timed:
        return f"No line has a time yet, so what is kept is not filled in: {how}"
    said = "Filled: the comp keeps the line. Half filled: it keeps some of it. Empty: to mark by hand."
    if not chosen:
        said = "Nothing is kept yet: mark the boxes by hand."
    return said if timed == lines else f"{said}\n{lines - timed} of {lines} lines have no time yet: {how}"


PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{{ title }}</title>
<style>
body { font: 14px/1.35 system-ui, sans-serif; margin: 2rem auto; max-width: {{ '70rem' if wide else '46rem' }};
 color: #1b1b1b; }
h1 { font-size: 1.6em; margin: 0; overflow-wrap: anywhere; }
p { margin: .2em 0; overflow-wrap: anywhere; white-space: pre-line; }
table { border-collapse: collapse; width: 100%; margin: .8em 0; }
thead { display: table-header-group; }
th { font-weight: 600; text-align: center; padding: 0 .1em .2em; border-bottom: 1px solid #1b1b1b; }
td { padding: .14em .1em; vertical-align: middle; border-bottom: 1px solid #ccc; text-align: center; }
td.line, td.at { white-space: nowrap; text-align: right; padding-right: .6em; color: #555; width: 1%; }
td.words { text-align: start; overflow-wrap: anywhere; padding-right: .6em; }
td.box-cell { width: 1.5em; }
.box { display: inline-block; width: .8em; height: .8em; border: 1px solid #1b1b1b; vertical-align: middle; }
.kept { background: #1b1b1b; }
.partly { background: linear-gradient(135deg, #1b1b1b 50%, transparent 50%); }
td.silent { background: #eee; }
tr { break-inside: avoid; }
@page { size: A4{{ ' landscape' if wide else '' }}; margin: 12mm; }
@media print { * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
 body { font-size: {{ print_px }}px; margin: 0; max-width: none; } }
</style>
</head>
<body>
<h1>{{ title }}</h1>
<p>{{ subtitle }}</p>
<table>
<thead>
<tr><th></th><th></th><th></th>{% for take in sheet.takes %}<th>{{ take }}</th>{% endfor %}</tr>
</thead>
<tbody>
{% for line, words in lines %}
<tr><td class="line">{{ line.name }}</td><td class="at">{{ line.at }}</td><td class="words" dir="auto">{{ words }}</td>
{%- for box in line.boxes %}
<td class="box-cell{{ ' silent' if box == 'silent' }}">
{%- if box != 'silent' %}<span class="box {{ box }}"></span>{% endif %}</td>
{%- endfor %}</tr>
{% endfor %}
</tbody>
</table>
<p>{{ sheet.remark }}</p>
</body>
</html>
"""
"""Template of the page."""
