"""A picture of a sound as a PNG: its waveform, one channel above the other, and its loudness over time below."""

import struct
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dsp.meter.peaks import Peaks, ticks

WIDTH, WAVE, LOUD, AXIS = 1600, 160, 140, 20
"""Pixels: width of the whole; heights of a channel, of the loudness, of the time axis."""

PAPER, INK, MIDDLE, GRID, LINE = (250, 250, 248), (40, 84, 120), (150, 176, 196), (216, 216, 212), (190, 70, 40)
TEXT: Final = (90, 90, 90)
TOP_LUFS, BOTTOM_LUFS, EVERY_LU = 0, -50, 10

GLYPHS: Final = {
    "0": "75557", "1": "22222", "2": "71747", "3": "71717", "4": "55711", "5": "74717", "6": "74757", "7": "71111",
    "8": "75757", "9": "75717", ":": "02020", ".": "00002", "-": "00700",
}  # fmt: skip
"""Digits of 3 by 5 dots; a row is an octal digit, its highest bit on the left."""

Pixels = NDArray[np.uint8]


def draw(peaks: Peaks) -> bytes:
    """PNG bytes of a picture, 1600 pixels wide: every channel from -1 to 1, loudness from -50 to 0 LUFS."""
    channels = len(peaks.lows)
    pixels: Pixels = np.full((channels * WAVE + LOUD + AXIS, WIDTH, 3), PAPER, np.uint8)
    times = [(at_s, int(at_s / peaks.duration_s * WIDTH)) for at_s in ticks(peaks.duration_s, 16)]
    for _, column in times:
        pixels[: channels * WAVE + LOUD, column] = GRID
    _wave(pixels, peaks)
    _loudness(pixels[channels * WAVE : channels * WAVE + LOUD], peaks)
    for at_s, column in times:
        label = f"{int(at_s) // 60}:{int(at_s) % 60:02d}" if at_s == int(at_s) else f"{at_s:g}"
        _write(pixels, label, column + 2, channels * WAVE + LOUD + 5)
    return png(pixels)


def _wave(pixels: Pixels, peaks: Peaks) -> None:
    lows, highs = peaks.columns(WIDTH)
    for channel, (low, high) in enumerate(zip(lows, highs, strict=True)):
        top, half = channel * WAVE, WAVE // 2 - 2
        rows = np.arange(WAVE)[:, None]
        above, below = np.rint(WAVE // 2 - high * half), np.rint(WAVE // 2 - low * half)
        pane = pixels[top : top + WAVE]
        pane[WAVE // 2] = MIDDLE
        pane[(rows >= above) & (rows <= below)] = INK
        pane[0] = GRID


def _loudness(pane: Pixels, peaks: Peaks) -> None:
    """Draw the momentary loudness as a line over a grid of 10 LU."""
    for lufs in range(TOP_LUFS, BOTTOM_LUFS, -EVERY_LU):
        row = _row_of(lufs)
        pane[row] = GRID
        _write(pane, str(lufs), 2, row + 3)
    rows = [_row_of(lufs) for lufs in peaks.loudness(WIDTH)]
    for column, (before, row) in enumerate(zip([rows[0], *rows], rows, strict=False)):
        if row < LOUD - 1 or before < LOUD - 1:
            pane[min(before, row) : max(before, row) + 2, column] = LINE


def _row_of(lufs: float) -> int:
    share = (TOP_LUFS - lufs) / (TOP_LUFS - BOTTOM_LUFS)
    return round(min(1.0, max(0.0, share)) * (LOUD - 2))


def _write(pane: Pixels, text: str, left: int, top: int) -> None:
    """Draw digits, two pixels a dot; dots beyond the pane are left out."""
    for character in text:
        for row, dots in enumerate(GLYPHS[character]):
            for column in range(3):
                x, y = left + 2 * column, top + 2 * row
                if int(dots) >> (2 - column) & 1 and x + 2 <= pane.shape[1] and y + 2 <= pane.shape[0]:
                    pane[y : y + 2, x : x + 2] = TEXT
        left += 8


def png(pixels: Pixels) -> bytes:
    """PNG bytes (W3C, third edition) of *pixels*, shape (rows, columns, 3): 8-bit RGB, no filter."""
    rows, columns, _ = pixels.shape
    raw = np.zeros((rows, 1 + 3 * columns), np.uint8)
    raw[:, 1:] = pixels.reshape(rows, -1)
    head = struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(raw.tobytes(), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
