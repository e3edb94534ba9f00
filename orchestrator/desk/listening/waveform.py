"""Waveform pictures, from the peaks measured at ingest or render."""

from dataclasses import dataclass
from pathlib import Path

from domain.core.address import Address
from domain.core.refusal import Misused
from dsp.audio import Source
from dsp.files.sound import inspect
from dsp.meter.peaks import Peaks, measure_peaks
from dsp.meter.picture import draw
from flows.vault.peaks import peaks_of
from flows.vault.vault import Vault
from orchestrator.desk.listening.audio_files import audio_at
from orchestrator.new_file import replace
from orchestrator.studio import Studio


@dataclass(frozen=True, slots=True)
class WaveformPicture:
    """A sound's name and its peaks."""

    name: str
    peaks: Peaks

    def as_dict(self, columns: int) -> dict[str, object]:
        """For ``--json``: figures of the whole, and of *columns* equal stretches."""
        lows, highs = self.peaks.columns(columns)
        loud = self.peaks.loudness(columns)
        step_s = self.peaks.duration_s / columns
        return {
            "name": self.name,
            "rate": self.peaks.rate,
            "channels": len(self.peaks.lows),
            "duration_s": self.peaks.duration_s,
            "integrated_lufs": self.peaks.integrated_lufs,
            "columns": [
                {
                    "at_s": round(number * step_s, 4),
                    "low": lows[:, number].tolist(),
                    "high": highs[:, number].tolist(),
                    "momentary_lufs": loud[number],
                }
                for number in range(columns)
            ],
        }

    def heading(self) -> str:
        """Name, length in seconds, rate in Hz and loudness in LUFS, in one line."""
        lufs = self.peaks.integrated_lufs
        said = f"{lufs:.1f} LUFS" if lufs is not None else "silence"
        return f"{self.name}  {self.peaks.duration_s:.1f} s  {self.peaks.rate} Hz  {said}"


def shown_at(studio: Studio, address: Address) -> list[WaveformPicture]:
    """One picture for each file at a full *address*; missing peaks are measured and stored."""
    vault = Vault(studio.config.vault)
    return [WaveformPicture(file.name, peaks_of(vault, file.audio.sound)) for file in audio_at(studio, address)]


def shown_file(path: Path) -> WaveformPicture:
    """Picture of any sound file, measured now.  Raises: Unsound."""
    inspect(path)
    return WaveformPicture(path.name, measure_peaks(Source(path)))


def write_picture(shown: WaveformPicture, file: Path) -> None:
    """Draw a waveform as the picture *file*, whole or not at all.

    Raises:
        Misused: ``show.png``; the folder of *file* does not exist, or *file* is a folder.
    """
    if file.is_dir() or not file.parent.is_dir():
        raise Misused("show.png", f"{file} cannot be written: name a file in a folder that exists")
    replace(file, draw(shown.peaks))
