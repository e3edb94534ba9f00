"""Mixes side by side: what each measures, and the gain that brings all of them to the softest."""

from collections.abc import Sequence
from dataclasses import dataclass

from dsp.audio import Source
from dsp.loudness import Loudness, measure
from flows.vault import Vault
from orchestrator.desk.revisions import Heard, source_of
from orchestrator.desk.rows import Row
from orchestrator.studio import Studio


@dataclass(frozen=True, slots=True)
class Matched:
    """One mix, measured, and the gain that makes it as loud as the softest of them."""

    address: str
    source: Source
    loudness: Loudness
    gain_db: float
    """Never above 0: louder is turned down, so that nothing clips."""
    note: str

    def row(self) -> Row:
        """Its figures; None where there is nothing to measure."""
        return {
            "mix": self.address,
            "integrated_lufs": self.loudness.integrated_lufs,
            "loudness_range_lu": self.loudness.loudness_range_lu,
            "true_peak_dbtp": self.loudness.true_peak_dbtp,
            "duration_s": self.loudness.duration_s,
            "gain_db": self.gain_db,
        }


def match(studio: Studio, mixes: Sequence[Heard]) -> list[Matched]:
    """Measure the main print of each of *mixes*; of one that is silence the gain is 0, and it matches nothing.

    Raises:
        Unsound: a print cannot be read.
    """
    vault = Vault(studio.config.vault)
    sources = [source_of(vault, one.prints["main"]) for one in mixes]
    measured = [measure(source) for source in sources]
    softest = min((one.integrated_lufs for one in measured if one.integrated_lufs is not None), default=0.0)
    return [
        Matched(mix.address, source, own, _down(own, softest), mix.note)
        for mix, source, own in zip(mixes, sources, measured, strict=True)
    ]


def _down(own: Loudness, softest: float) -> float:
    return softest - own.integrated_lufs if own.integrated_lufs is not None else 0.0
