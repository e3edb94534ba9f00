"""Loudness normalisation of streaming services: figures with their sources, and their effect on a master."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

NOT_PUBLISHED: Final = "not published, and nobody who tried it was found"


@dataclass(frozen=True, slots=True)
class Service:
    """Playback loudness of a service, and the source of each figure: the service, or "reported by" a third party."""

    plays_at_lufs: Decimal
    loudness_says: str
    turns_up: bool | None
    """True if softer files are turned up, as far as their peaks leave headroom; None if no source says."""
    turning_says: str
    headroom_dbtp: Decimal | None
    """Highest true peak that the service asks for, and the limit for turning up; None if no source says."""
    headroom_says: str
    seen: date = date(2026, 11, 22)
    """Date of the last check against the sources, in copies of their pages that may be older."""

    @property
    def says(self) -> str:
        """The sources of all figures, as one line of text."""
        figures = (
            ("loudness", self.loudness_says), ("turning up", self.turning_says), ("headroom", self.headroom_says)
        )  # fmt: skip
        return "; ".join(f"{figure}: {who}" for figure, who in figures)


_SPOTIFY: Final = "Spotify, Support for Artists, Loudness normalization"
_EXPERT: Final = "reported by Production Expert, Apple Choose -16LUFS Loudness Level For Apple Music"
_METERPLUGS: Final = "reported by MeterPlugs, Tidal Adds Loudness Normalization (2016-10-07), who asked Tidal"
_SKINNER: Final = "reported by P. Skinner, How to upload audio to YouTube, who tried it with noise"

SERVICES: Final[Mapping[str, Service]] = {
    "Spotify": Service(
        plays_at_lufs=Decimal(-14), loudness_says=_SPOTIFY,
        turns_up=True, turning_says=_SPOTIFY,
        headroom_dbtp=Decimal(-1), headroom_says=_SPOTIFY,
    ),
    "Apple Music": Service(
        plays_at_lufs=Decimal(-16), loudness_says=f"{_EXPERT}; with Sound Check on",
        turns_up=None, turning_says=NOT_PUBLISHED,
        headroom_dbtp=Decimal(-1), headroom_says="reported by APU Software, Apple Music loudness target",
    ),
    "YouTube": Service(
        plays_at_lufs=Decimal(-14), loudness_says=f"{_SKINNER}; each video's figure is in its stats for nerds",
        turns_up=False, turning_says=_SKINNER,
        headroom_dbtp=None, headroom_says=NOT_PUBLISHED,
    ),
    "Tidal": Service(
        plays_at_lufs=Decimal(-14), loudness_says=_METERPLUGS,
        turns_up=False, turning_says=_METERPLUGS,
        headroom_dbtp=Decimal(-1), headroom_says="reported by APU Software, Tidal normalization target",
    ),
    "Amazon Music": Service(
        plays_at_lufs=Decimal(-14), loudness_says="reported by APU Software, Amazon Music loudness",
        turns_up=None, turning_says=NOT_PUBLISHED,
        headroom_dbtp=Decimal(-2), headroom_says=(
            "reported by APU Software, Amazon Music loudness; Amazon asks it of sound for Alexa "
            "(Amazon Alexa, Normalizing the Loudness of Audio Content)"
        ),
    ),
    "Deezer": Service(
        plays_at_lufs=Decimal(-15), loudness_says=f"{_EXPERT}; APU Software, Deezer loudness target: historically",
        turns_up=None, turning_says=NOT_PUBLISHED,
        headroom_dbtp=Decimal(-1), headroom_says="reported by APU Software, Deezer loudness target",
    ),
}  # fmt: skip
"""Spotify alone publishes its rule; the other figures are reported by third parties and may change any day."""


@dataclass(frozen=True, slots=True)
class Advice:
    """Effect of a service on one file."""

    gain_db: Decimal
    plays_at_lufs: Decimal
    """Loudness after the gain."""
    over_db: Decimal | None
    """Excess of the true peak over the headroom asked for, 0 if within it, None if no headroom is known."""
    unsure: bool = False
    """True if the file is softer than the service plays and no source says if it is turned up."""

    def __str__(self) -> str:
        if self.gain_db < 0:
            done = f"turned down by {-self.gain_db} dB"
        elif self.unsure:
            done = "played as it is, or turned up: not published"
        else:
            done = f"turned up by {self.gain_db} dB" if self.gain_db else "played as it is"
        return f"{done}; {self.over_db} dB too little headroom" if self.over_db else done


def advise(service: Service, lufs: Decimal, true_peak_dbtp: Decimal) -> Advice:
    """Effect of *service* on a file of this loudness and true peak.

    Louder files are turned down to the service's loudness.  Softer ones are left, or turned up until they reach it or
    their true peak reaches the headroom; if no source says which, gain is 0 and ``unsure`` is set.
    """
    gain, headroom = service.plays_at_lufs - lufs, service.headroom_dbtp
    soft = gain > 0
    if soft:
        room = max(Decimal(0), headroom - true_peak_dbtp) if headroom is not None else gain
        gain = min(gain, room) if service.turns_up else Decimal(0)
    over = max(Decimal(0), true_peak_dbtp - headroom) if headroom is not None else None
    return Advice(gain, lufs + gain, over, unsure=soft and service.turns_up is None)
