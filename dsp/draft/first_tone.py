"""First tone of a track by its role: filters, and a compressor set by the track's peak."""

from decimal import Decimal

from domain.recipe import Compressor, Tone
from dsp.draft.roles import DraftCompression, Role

LOWEST_THRESHOLD_DB = -60.0


def tone_of(role: Role, *, peak_db: float, rate: int) -> Tone:
    """The tone for a track of *role* with peak *peak_db* (dBFS), without bands at or above half of *rate* (Hz)."""
    return Tone(
        high_pass_hz=Decimal(role.high_pass_hz),
        eq=tuple(band for band in role.eq if band.hz < rate / 2),
        compressor=None if role.glues or not role.compression else compressor_of(role.compression, peak_db),
    )


def glue_of(role: Role, *, peak_db: float) -> Tone:
    """The tone for the strip of a part with several tracks, as a whole."""
    return Tone(compressor=compressor_of(role.compression, peak_db) if role.glues and role.compression else None)


def compressor_of(compression: DraftCompression, peak_db: float) -> Compressor:
    """A compressor for a track with peak *peak_db*; make-up is a third of its largest reduction: peaks are rare."""
    threshold_db = min(0.0, max(LOWEST_THRESHOLD_DB, peak_db - compression.under_peak_db))
    return Compressor(
        threshold_db=tenths(threshold_db),
        ratio=tenths(compression.ratio),
        attack_ms=Decimal(compression.attack_ms),
        release_ms=Decimal(compression.release_ms),
        makeup_db=tenths((1 - 1 / compression.ratio) * compression.under_peak_db / 3),
    )


def tenths(value: float) -> Decimal:
    """*value* rounded to one decimal, never -0."""
    return Decimal(f"{round(value, 1) + 0.0:.1f}".removesuffix(".0"))
