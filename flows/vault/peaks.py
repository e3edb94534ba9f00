"""Peaks: what is drawn of a sound, kept beside the vault's blobs by its pcm hash and taken while it is read anyway.

They are a cache.  Nothing names them, no proof covers them and no mirror copies them; what is gone is measured again.
"""

from typing import Final

from domain.render.jobs import Sound
from dsp.audio import Source
from dsp.meter.peaks import Peaks, from_bytes, measure_peaks
from flows.vault.vault import Vault

KIND: Final = "peaks"


def peaks_of(vault: Vault, sound: Sound) -> Peaks:
    """The peaks of a sound in the vault: those kept, or, where none are or they are damaged, measured now and kept.

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
    """Keep the peaks of the sound *pcm*, in the place of any before them.  Raises: VaultFault."""
    vault.keep_derived(KIND, pcm, peaks.to_bytes())
