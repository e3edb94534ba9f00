"""What streaming services do to the loudness of a master when they play it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Service:
    """How loud a service plays, and where that is said."""

    plays_at_lufs: Decimal
    turns_up: bool
    """Whether what is softer is turned up, as far as its peaks leave room."""
    headroom_dbtp: Decimal
    """What the service asks a master to stay under, and what it turns nothing up beyond."""
    says: str
    """Who says so."""
    seen: date
    """When that was last held against the source."""


_SEEN: Final = date(2026, 11, 22)

SERVICES: Final[Mapping[str, Service]] = {
    "Spotify": Service(
        Decimal(-14), turns_up=True, headroom_dbtp=Decimal(-1), seen=_SEEN,
        says="Spotify, Support for artists, Loudness normalization",
    ),
    "Apple Music": Service(
        Decimal(-16), turns_up=True, headroom_dbtp=Decimal(-1), seen=_SEEN,
        says="R. Schwabe, Music Streaming & Loudness Normalization (Sound Check on); headroom: Apple Digital Masters",
    ),
    "YouTube": Service(
        Decimal(-14), turns_up=False, headroom_dbtp=Decimal(-1), seen=_SEEN,
        says="R. Schwabe, Music Streaming & Loudness Normalization; each video's figure is in its stats for nerds",
    ),
    "Tidal": Service(
        Decimal(-14), turns_up=False, headroom_dbtp=Decimal(-1), seen=_SEEN,
        says="R. Schwabe, Music Streaming & Loudness Normalization",
    ),
    "Amazon Music": Service(
        Decimal(-14), turns_up=False, headroom_dbtp=Decimal(-2), seen=_SEEN,
        says="APU Software, Loudness targets: Amazon Music",
    ),
    "Deezer": Service(
        Decimal(-15), turns_up=False, headroom_dbtp=Decimal(-1), seen=_SEEN,
        says="APU Software, Loudness targets: Deezer",
    ),
}  # fmt: skip
"""Spotify publishes its rule; of the others it is what engineers report, and it may change any day."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What a service does to one file."""

    gain_db: Decimal
    plays_at_lufs: Decimal
    """How loud it is then."""
    over_db: Decimal
    """By how much the file exceeds the headroom that is asked for; 0 where it does not."""

    def __str__(self) -> str:
        if self.gain_db < 0:
            done = f"turned down by {-self.gain_db} dB"
        else:
            done = f"turned up by {self.gain_db} dB" if self.gain_db else "played as it is"
        return f"{done}; {self.over_db} dB too little headroom" if self.over_db else done


def advise(service: Service, lufs: Decimal, true_peak_dbtp: Decimal) -> Advice:
    """What *service* does to a file of this loudness and true peak.

    Louder files are turned down to the service's loudness; softer ones are left, or turned up until they reach it or
    their true peak reaches the headroom.
    """
    gain = service.plays_at_lufs - lufs
    if gain > 0:
        room = max(Decimal(0), service.headroom_dbtp - true_peak_dbtp)
        gain = min(gain, room) if service.turns_up else Decimal(0)
    return Advice(gain, lufs + gain, max(Decimal(0), true_peak_dbtp - service.headroom_dbtp))
