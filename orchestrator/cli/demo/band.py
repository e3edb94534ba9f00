"""The band of the demo: three synthesised passes of one song, in files named as by a recorder."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

import soundfile

from dsp import synthetic_band
from dsp.audio import Audio

BARS: Final = 12
"""30 s including the decay of the last note: long enough for a comp, short enough for a demo of a minute."""
PASSES: Final = (1, 2, 3)
HOLE_PASS: Final = 3
HOLE_S: Final = 12.3
"""Time in seconds at which the bass of one pass drops out, for ``take check`` to find."""

KIT: Final = {"kick-in": "Kick In", "snare-top": "Snare Top", "overhead": "Overheads", "room": "Room"}


def record(folder: Path) -> int:
    """Synthesise every pass into *folder*, as 24-bit files named as by a recorder; return the number of files."""
    folder.mkdir(exist_ok=True)
    players = [partial(player, number) for number in PASSES for player in (_drums, _bass, _guitar, _voice)]
    with ThreadPoolExecutor(thread_name_prefix="band") as band:
        played = [band.submit(_perform, folder, play) for play in players]
    return sum(len(files.result()) for files in played)


Played = tuple[int, dict[str, Audio]]


def _perform(folder: Path, play: Callable[[], Played]) -> list[Path]:
    """Synthesise what one player plays on a pass, and write its files into *folder*."""
    return list(_written(folder, *play()))


def _drums(number: int) -> Played:
    kit = synthetic_band.drum_kit(bars=BARS, seed=number)
    return number, {KIT[microphone]: sound for microphone, sound in kit.items()}


def _bass(number: int) -> Played:
    line = synthetic_band.bass(bars=BARS, seed=number)
    return number, {"Bass": synthetic_band.with_dropout(line, HOLE_S) if number == HOLE_PASS else line}


def _guitar(number: int) -> Played:
    return number, {"Guitar": synthetic_band.guitar(bars=BARS, seed=number)}


def _voice(number: int) -> Played:
    return number, {"Lead Vocal": synthetic_band.lead_voice(bars=BARS, seed=number)}


def _written(folder: Path, number: int, sounds: dict[str, Audio]) -> Iterator[Path]:
    for name, sound in sounds.items():
        file = folder / f"{name}_{number:02d}.wav"
        soundfile.write(file, sound.T, synthetic_band.RATE, subtype="PCM_24")
        yield file
