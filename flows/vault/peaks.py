"""Peaks of sounds for drawing, kept in the vault by pcm hash and measured while a sound is read anyway.

Peaks are a cache: no event refers to them, no proof covers them, no mirror copies them, and lost peaks are measured
again.
"""

from typing import Final

from domain.render.jobs import Sound
from dsp.audio import Source
from dsp.meter.peaks import Peaks, from_bytes, measure_peaks
from flows.vault.vault import Vault

KIND: Final = "peaks"


def peaks_of(vault: Vault, sound: Sound) -> Peaks:
    """The peaks of a sound in the vault: from the cache, or, if missing or damaged, measured now and kept.

    Raises:
        VaultFault: the vault cannot be read or written, or does not hold the sound.
    """
    kept = vault.derived(KIND, sound.pcm)
    if kept is not None and (found := from_bytes(kept)) is not None:
        return found
    peaks = measure_peaks(Source(vault.path(sound.blob), sound.first_channel, sound.channels))
    keep_peaks(vault, sound.pcm, peaks)
    return peaks


def keep_peaks(vault: Vault, pcm: str, peaks: Peaks) -> None:
    """Keep the peaks of the sound *pcm*, replacing earlier ones.  Raises: VaultFault."""
    vault.keep_derived(KIND, pcm, peaks.to_bytes())
