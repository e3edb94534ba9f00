"""The first mix recipe of a song: levels by role and measured loudness, and a little of what a hand does first.

It is a starting point, to be listened to and changed; a comment at each strip says what was heard.  The same sounds
under the same names give the same text.
"""

import json
import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from domain.recipe import Band
from dsp.balance import Drafted, DraftTrack, balanced, listen, with_groups, with_headroom
from dsp.roles import Compression

__all__ = ["DraftTrack", "draft_mix"]

HEAD = """\
# A first mix, drafted from what the takes measure and what their names suggest.  Listen, then change what you like.
# gain_db is the fader, behind the compressor; pan runs from -1 (left) to 1 (right); sends leave behind the fader.
"""
ROOM = """\
# One room for all that send to it.
[buses.room]
high_pass_hz = 200
reverb = { size = 0.5, damping = 0.5, width = 1, pre_delay_ms = 20 }
"""
LOWEST_THRESHOLD_DB = -60.0


def draft_mix(tracks: Sequence[DraftTrack], *, threads: int | None = None) -> str:
    """A first mix recipe for *tracks*, as TOML with a comment at each strip.

    Args:
        tracks: in any order; all of a part or some.
        threads: how many tracks to measure at a time; default: the processor's cores.  The text does not depend on it.

    Raises:
        Unsound: a file cannot be read.
    """
    ordered = sorted(tracks, key=lambda track: (track.part, track.track))
    with ThreadPoolExecutor(threads or os.cpu_count() or 1, "draft") as pool:
        heard = list(pool.map(listen, [track.source for track in ordered]))
    strips = list(with_groups(with_headroom(balanced(ordered, heard))))
    pieces = [HEAD, *("\n".join(_strip(strip)) + "\n" for strip in strips)]
    if any(_sends(strip) for strip in strips):
        pieces.append(ROOM)
    return "\n".join(pieces + _versions(strips))


def _strip(strip: Drafted) -> Iterator[str]:
    """The lines of one strip; of a silent one no more than its name."""
    yield f"# {_comment(strip)}"
    yield f"[strips.{_key(strip.name)}]"
    yield f"gain_db = {_number(strip.gain_db)}"
    peak_db = strip.heard.peak_db
    if peak_db is None:
        return
    if strip.pan:
        yield f"pan = {_number(strip.pan)}"
    if not strip.group:
        yield from _filters(strip)
    if strip.role.compression and (strip.role.glues or not strip.group):
        yield f"compressor = {_compressor(strip.role.compression, peak_db)}"
    if _sends(strip):
        yield f"sends = {{ room = {_number(strip.role.send_db or 0.0)} }}"


def _comment(strip: Drafted) -> str:
    heard = strip.heard
    if heard.peak_db is None:
        return f"{strip.role.name}: silent"
    if strip.group:
        return "the part as a whole"
    loudness = "too short to have a loudness" if heard.lufs is None else f"{_number(heard.lufs)} LUFS"
    return f"{strip.role.name}: {loudness}, peaks at {_number(heard.peak_db)} dBFS"


def _filters(strip: Drafted) -> Iterator[str]:
    yield f"high_pass_hz = {strip.role.high_pass_hz}"
    bands = [_band(band) for band in strip.role.eq if band.hz < strip.heard.rate / 2]
    if bands:
        yield f"eq = [{', '.join(bands)}]"


def _band(band: Band) -> str:
    kind = "" if band.type == "bell" else f'type = "{band.type}", '
    return f"{{ {kind}hz = {band.hz}, gain_db = {band.gain_db}, q = {band.q} }}"


def _compressor(compression: Compression, peak_db: float) -> str:
    """Made up for by about a third of the most it can take away: the peaks are seldom."""
    threshold_db = min(0.0, max(LOWEST_THRESHOLD_DB, peak_db - compression.under_peak_db))
    makeup_db = (1 - 1 / compression.ratio) * compression.under_peak_db / 3
    times = f"attack_ms = {compression.attack_ms}, release_ms = {compression.release_ms}"
    ratio = f"ratio = {_number(compression.ratio)}"
    return f"{{ threshold_db = {_number(threshold_db)}, {ratio}, {times}, makeup_db = {_number(makeup_db)} }}"


def _sends(strip: Drafted) -> bool:
    return strip.role.send_db is not None and strip.heard.peak_db is not None and not strip.group


def _versions(strips: Sequence[Drafted]) -> list[str]:
    """A hint where there is a voice to leave out; every version is another print to hear, so none is made unasked."""
    voices = sorted({strip.part for strip in strips if "vocal" in strip.role.name})
    if not voices:
        return []
    left_out = ", ".join(f'"{voice}"' for voice in voices)
    return [f"# [versions.instrumental]\n# without = [{left_out}]\n"]


def _key(name: str) -> str:
    """A key of TOML: bare where it may be, else quoted as a basic string, whose escapes are JSON's."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


def _number(value: float) -> str:
    """One decimal at most, and never -0."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")
