"""Alignment of takes and tracks: lags are measured and corrections proposed; applying them is a separate decision.

Tests: ``tests/orchestrator/desk/addressing/test_times.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from domain.core.address import Address
from domain.core.refusal import Misused, NotFound, suggest
from domain.takes.takes import Take
from dsp.audio import Source
from dsp.edit.alignment import Lag, between_microphones, between_performances
from flows.vault.vault import Vault
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.record_state.revisions import source_of
from orchestrator.desk.takes.takes import parts_read
from orchestrator.studio import Studio

TRUSTED: Final = 0.2
"""Confidence below which nothing is proposed."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Measured lags, and how to correct them."""

    rows: list[Row]
    apply: tuple[str, ...]
    """A command, or lines of a mix recipe; empty if nothing is to be moved."""


def performance(studio: Studio, address: Address, other: Address) -> Proposal:
    """Measure how much later one take plays than another.

    Raises:
        NotFound: ``take.unknown``.
        Misused: ``align.itself``.
        Unsound: a track cannot be read, or the two have different rates.
    """
    (take, sources), (stays, its_sources) = _take(studio, address), _take(studio, other)
    if take.ingested.take == stays.ingested.take:
        raise Misused("align.itself", f"{address} is the take it is compared with; leave --to out for its tracks")
    lag = between_performances(sources, its_sources, take.begins - stays.begins)
    rows = [_row(take.ingested.take, stays.ingested.take, lag, take.rate) | {"polarity": ""}]
    if not lag.frames or lag.confidence < TRUSTED:
        return Proposal(rows, ())
    return Proposal(rows, (f"takesheet edit part {take.ingested.take} --nudge {take.whole.nudge - lag.frames}f",))


def microphones(studio: Studio, address: Address, reference: str | None) -> Proposal:
    """Measure the lags between the tracks of one take; propose lines of a mix recipe that align them.

    A mix can only delay tracks, so all are aligned to the latest one.

    Raises:
        NotFound: ``take.unknown``; ``align.track``, the take has no track *reference*.
        Unsound: a track cannot be read.
    """
    take, sources = _take(studio, address)
    against = reference or next(iter(sources))
    if against not in sources:
        told = f"{take.ingested.take} has no track {against}; it has {', '.join(sources)}"
        raise NotFound("align.track", told, next=suggest("take show", take.ingested.take))
    found = between_microphones(sources, against)
    rows = [_row(name, against, lag, take.rate) for name, lag in found.items()]
    return Proposal(rows, tuple(_lines(address.path[-1], found, take.rate)))


def _take(studio: Studio, address: Address) -> tuple[Take, dict[str, Source]]:
    part, song = "/".join(address.path), "/".join(address.path[:2])
    take = parts_read(studio, song)[part].takes.take(part, address.take or 0)
    vault = Vault(studio.config.vault)
    return take, {track.name: source_of(vault, track.sound) for track in take.tracks}


def _row(name: str, against: str, lag: Lag, rate: int) -> Row:
    return {
        "track": name,
        "against": against,
        "frames": lag.frames,
        "ms": round(lag.frames * 1000 / rate, 3),
        "polarity": "inverted" if lag.inverted else "same",
        "confidence": round(lag.confidence, 2),
    }


def _lines(part: str, found: Mapping[str, Lag], rate: int) -> list[str]:
    """Strips of a mix recipe for the tracks, measured with confidence, that need a delay or inverted polarity."""
    trusted = {name: lag for name, lag in found.items() if lag.confidence >= TRUSTED}
    latest = max((lag.frames for lag in trusted.values()), default=0)
    lines: list[str] = []
    for name, lag in trusted.items():
        delay = round((latest - lag.frames) * 1000 / rate, 4)
        said = [f"delay_ms = {delay:g}"] if delay else []
        said += ["invert = true"] if lag.inverted else []
        lines += [f'[strips."{part}.{name}"]', *said] if said else []
    return lines
