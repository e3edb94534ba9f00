"""Draft of the first mix recipe of a song: levels by role and measured loudness, and a first tone.

The draft is a starting point to listen to and change; a comment at each strip gives its role and measurements.  Equal
sounds and names give equal text.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from domain.recipe import Tone, ToneBand, parse_mix
from dsp.audio import Source
from dsp.draft.balance import Drafted, DraftTrack, balanced, headroom, levelled, listen, with_groups
from dsp.draft.buses import REVERBS, Buses, buses_of, groups, key, voices
from dsp.draft.first_tone import glue_of, tenths, tone_of
from dsp.mix.rehearsal import rehearse

__all__ = ["DraftTrack", "draft_mix"]

HEAD = """\
# A first mix, drafted from what the takes measure and what their names suggest.  Listen, then change what you like.
# gain_db is the fader, behind the compressor; pan runs from -1 (left) to 1 (right); sends leave behind the fader.
"""
MASTER = """\
# All of it, played once and moved to where a rough mix lies.
[master]
gain_db = {}
"""


def draft_mix(tracks: Sequence[DraftTrack], *, threads: int | None = None) -> str:
    """A first mix recipe for *tracks*, as TOML with a comment at each strip.

    Faders are set by each track's loudness after its tone.  Then the mix is rendered, all tracks starting together, and
    its master bus is set by the measured loudness and peak.

    Args:
        tracks: all or some tracks of a song, in any order.
        threads: number of tracks to work on at a time; default: the processor's cores.  The text does not depend on it.

    Raises:
        Unsound: a file cannot be read, or the tracks cannot be mixed (:func:`dsp.mix.console.render_mix`).
    """
    threads = threads or os.cpu_count() or 1
    ordered = sorted(tracks, key=lambda track: (track.part, track.track))
    with ThreadPoolExecutor(threads, "draft") as pool:
        heard = list(pool.map(listen, ordered))
    strips = list(with_groups(levelled(balanced(ordered, heard))))
    played = rehearse(parse_mix(_recipe(strips, 0.0)), _inputs(ordered), threads=threads)
    return _recipe(strips, headroom(played))


def _inputs(tracks: Sequence[DraftTrack]) -> dict[str, dict[str, Source]]:
    inputs: dict[str, dict[str, Source]] = {}
    for track in tracks:
        inputs.setdefault(track.part, {})[track.track] = track.source
    return inputs


def _recipe(strips: Sequence[Drafted], rise_db: float) -> str:
    buses = buses_of(strips)
    pieces = [HEAD + "".join(f"{line}\n" for line in voices(buses))]
    pieces += ["\n".join(_strip(strip, buses)) + "\n" for strip in strips]
    pieces += groups(buses)
    pieces += [
        text for bus, text in REVERBS.items() if any(_sends(strip) and strip.role.room == bus for strip in strips)
    ]
    if tenths(rise_db):
        pieces.append(MASTER.format(tenths(rise_db)))
    return "\n".join(pieces)


def _strip(strip: Drafted, buses: Buses) -> Iterator[str]:
    """TOML lines of one strip; without processing if it is silent."""
    yield f"# {_comment(strip)}"
    yield f"[strips.{key(strip.name)}]"
    if strip.name in buses.of:
        yield f'group = "{buses.of[strip.name]}"'
    yield f"gain_db = {tenths(strip.gain_db)}"
    if strip.muted:
        yield "mute = true"
        return
    peak_db = strip.heard.peak_db
    if peak_db is None:
        return
    if strip.pan:
        yield f"pan = {tenths(strip.pan)}"
    if strip.group:
        yield from _tone(glue_of(strip.role, peak_db=peak_db))
    else:
        yield from _tone(tone_of(strip.role, peak_db=peak_db, rate=strip.heard.rate))
    if _sends(strip):
        yield f"sends = {{ {strip.role.room} = {tenths(strip.role.send_db or 0.0)} }}"


def _comment(strip: Drafted) -> str:
    heard = strip.heard
    if heard.peak_db is None:
        return f"{strip.role.name}: silent"
    if strip.group:
        return "the part as a whole"
    if not strip.role.mixed:
        return f"{strip.role.name}: for the musicians alone, never mixed"
    if strip.muted:
        return f"{strip.role.name}: peaks at {tenths(heard.peak_db)} dBFS, which no microphone gives; see `take check`"
    loudness = "too short to have a loudness" if heard.lufs is None else f"{tenths(heard.lufs)} LUFS"
    return f"{strip.role.name}: {loudness}, peaks at {tenths(heard.peak_db)} dBFS"


def _tone(tone: Tone) -> Iterator[str]:
    if tone.high_pass_hz is not None:
        yield f"high_pass_hz = {tone.high_pass_hz}"
    if tone.eq:
        yield f"eq = [{', '.join(_band(band) for band in tone.eq)}]"
    if one := tone.compressor:
        times = f"attack_ms = {one.attack_ms}, release_ms = {one.release_ms}"
        threshold = f"threshold_db = {one.threshold_db}, ratio = {one.ratio}"
        yield f"compressor = {{ {threshold}, {times}, makeup_db = {one.makeup_db} }}"


def _band(band: ToneBand) -> str:
    kind = "" if band.type == "bell" else f'type = "{band.type}", '
    return f"{{ {kind}hz = {band.hz}, gain_db = {band.gain_db}, q = {band.q} }}"


def _sends(strip: Drafted) -> bool:
    return strip.role.send_db is not None and strip.heard.peak_db is not None and not strip.group and not strip.muted
