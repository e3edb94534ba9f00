"""Loudness matching of mixes: measurements, and gains that make all as loud as the softest.

If the softest mix has peaks beyond full scale, which no player can play, all mixes are turned down further, with a
note.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from domain.core.address import Address
from domain.core.refusal import Misused, suggest
from dsp.audio import Source
from dsp.files.excerpt import LOUDEST
from dsp.meter.loudness import Loudness, measure
from flows.vault.vault import Vault
from orchestrator.desk.addressing.addresses import noun_of
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.mixes.rough_mix import rough_of
from orchestrator.desk.record_state.revisions import AudiblePrint, audible_print, source_of
from orchestrator.studio import Studio


@dataclass(frozen=True, slots=True)
class MatchedMix:
    """A measured mix, and the gain that makes it as loud as the others."""

    address: str
    source: Source
    loudness: Loudness
    gain_db: float
    """At most 0: louder mixes are turned down, so that nothing clips."""
    note: str

    def row(self) -> Row:
        """Measurements and gain; a measurement of silence is None."""
        return {
            "mix": self.address,
            "integrated_lufs": self.loudness.integrated_lufs,
            "loudness_range_lu": self.loudness.loudness_range_lu,
            "true_peak_dbtp": self.loudness.true_peak_dbtp,
            "duration_s": self.loudness.duration_s,
            "gain_db": self.gain_db,
        }


def match(studio: Studio, mixes: Sequence[AudiblePrint]) -> list[MatchedMix]:
    """Measure and match the main print of each of *mixes*; a silent one does not count as the softest.

    Raises:
        Unsound: a print cannot be read.
    """
    vault = Vault(studio.config.vault)
    return matched([(mix.address, source_of(vault, mix.prints["main"].sound), mix.note) for mix in mixes])


def with_rough(studio: Studio, mix: Address) -> list[MatchedMix]:
    """The mix at a full address, matched to the rough mix of its song.

    Raises:
        Misused: ``play.rough``; the address names no mix.
        NotFound: ``mix.rough``; the song has no rough mix.
    """
    if noun_of(mix) != "mix":
        raise Misused(
            "play.rough",
            f"{mix} is no mix: only a mix is compared with its song's rough",
            next=suggest("play", str(mix)),
        )
    own = audible_print(studio, mix)
    rough = rough_of(studio, "/".join(mix.path))
    vault = Vault(studio.config.vault)
    return matched(
        [
            (f"rough ({rough.origin})", source_of(vault, rough.sound), ""),
            (own.address, source_of(vault, own.prints["main"].sound), own.note),
        ]
    )


def matched(sounds: Sequence[tuple[str, Source, str]]) -> list[MatchedMix]:
    """Measure *sounds*, each with a name and a note, and match them to the softest."""
    return matched_to_softest(sounds, [measure(source) for _, source, _ in sounds])


def matched_to_softest(
    sounds: Sequence[tuple[str, Source, str]], measured: Sequence[Loudness]
) -> list[MatchedMix]:  # fmt: skip
    """Match *sounds*, each with a name and a note, to the softest of them; *measured* has the loudness of each."""
    softest = min((one.integrated_lufs for one in measured if one.integrated_lufs is not None), default=0.0)
    gains = [_down(one, softest) for one in measured]
    over = [_over(one, gain) for one, gain in zip(measured, gains, strict=True)]
    most = max(over, default=0.0)
    return [
        MatchedMix(name, source, own, gain - most, "; ".join(filter(None, [note, _said(name, beyond, most)])))
        for (name, source, note), own, gain, beyond in zip(sounds, measured, gains, over, strict=True)
    ]


def _down(own: Loudness, softest: float) -> float:
    return softest - own.integrated_lufs if own.integrated_lufs is not None else 0.0


def _over(own: Loudness, gain_db: float) -> float:
    """Excess in dB of the sample peak after *gain_db* over the highest peak that an excerpt can hold; 0 for none."""
    peak_db = own.sample_peak_dbfs
    return max(0.0, peak_db + gain_db - 20 * math.log10(LOUDEST)) if peak_db is not None else 0.0


def _said(name: str, over_db: float, most_db: float) -> str:
    """Note for the mix whose peaks require all mixes to be turned down; empty for other mixes."""
    if not most_db or over_db < most_db:
        return ""
    return f"{name} would go {over_db:.1f} dB beyond full scale: all are played softer by that"
