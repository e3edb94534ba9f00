"""FluidSynth, an optional external program that plays a MIDI file with a SoundFont into a sound file.

Its invocation is always the same: no effects, a fixed gain, one core, no settings of this machine or its user.  A
malicious SoundFont may crash or hang it, so it runs in a process group of its own, in bounded time and space, and the
whole group is ended with the render.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dsp.audio import Unsound

VARIABLE: Final = "TAKESHEET_FLUIDSYNTH"
"""Environment variable with the program, if it is not ``fluidsynth`` on the path."""
VERSION: Final = re.compile(r"FluidSynth\D{1,40}(\d+(?:\.\d+){1,3})")
ANSWERS_S: Final = 30.0
"""Longest time in seconds for printing the version."""
PATIENCE_S: Final = 60.0
"""Base time limit, plus one second per second of the take; a render takes a fiftieth of that."""
COMPLAINTS: Final = ("error: ", "Failed to load", "No preset found")
"""Messages after which FluidSynth continues and renders silence."""
LOOKED_AT_S: Final = 0.02
MOST_WAV_BYTES: Final = (1 << 32) - (1 << 16)
FRAME_BYTES: Final = 8
SETTINGS: Final[Mapping[str, str]] = {
    "synth.gain": "0.5",
    "synth.reverb.active": "0",
    "synth.chorus.active": "0",
    "synth.cpu-cores": "1",
    "synth.polyphony": "4096",
    "synth.dynamic-sample-loading": "1",
    "synth.default-soundfont": "",
}
"""A change that moves its sound raises ``SAMPLER`` in :mod:`domain.recipe.midi`."""


@dataclass(frozen=True, slots=True)
class FluidSynth:
    """The program and its version."""

    program: str
    version: str


def installed() -> FluidSynth | None:
    """The installed FluidSynth; None if there is none.  Raises: Unsound; the program does not report its version."""
    program = os.environ.get(VARIABLE) or shutil.which("fluidsynth")
    if not program or not shutil.which(program):
        return None
    try:
        done = subprocess.run([program, "--version"], capture_output=True, timeout=ANSWERS_S, check=False)  # noqa: S603 - chosen by the user
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unsound(f"{program} does not say its version: {type(error).__name__}") from error
    found = VERSION.search(done.stdout.decode(errors="replace"))
    if not found:
        raise Unsound(f"{program} does not say its version; is it FluidSynth?")
    return FluidSynth(program, found[1])


def render(soundfont: Path, played: bytes, rate: int, *, lasts_s: float, room: Path) -> Path:
    """Render a MIDI file to a WAV of 32-bit float in *room*.

    Args:
        soundfont: SoundFont file.
        played: bytes of the MIDI file.
        rate: Hz.
        lasts_s: length of the MIDI file in seconds.
        room: an empty scratch folder.

    Raises:
        Unsound: the result would be longer than a WAV holds; or the program crashed, hung, wrote too much or reported
            an error.
    """
    synth = installed()
    if synth is None:
        raise Unsound("FluidSynth is not installed here")
    midi, out, nothing = room / "played.mid", room / "sound.wav", room / "nothing.conf"
    most_bytes = round((lasts_s + PATIENCE_S) * rate) * FRAME_BYTES
    if most_bytes > MOST_WAV_BYTES:
        raise Unsound(f"it lasts {lasts_s:.0f} s, which is more than a WAV file holds at {rate} Hz")
    midi.write_bytes(played)
    nothing.touch()
    settings = [word for name, value in SETTINGS.items() for word in ("-o", f"{name}={value}")]
    words = [synth.program, "-q", "-n", "-i", "-f", str(nothing), "-r", str(rate), *settings]
    words += ["-T", "wav", "-O", "float", "-F", str(out), str(soundfont), str(midi)]
    said = room / "said"
    _run(words, room, said, patience_s=PATIENCE_S + lasts_s, grows=(out, said), most_bytes=most_bytes)
    if complaint := _complaint(said):
        raise Unsound(f"FluidSynth {synth.version} cannot play it: {complaint}")
    if not out.is_file():
        raise Unsound(f"FluidSynth {synth.version} wrote no sound")
    return out


def _run(
    words: list[str], room: Path, said: Path, *, patience_s: float, grows: tuple[Path, ...], most_bytes: int
) -> None:
    """Run the program to its end.  Raises: Unsound; it crashed, failed, hung, or wrote more than *most_bytes*."""
    plain = {"HOME": str(room), "PATH": os.defpath, "LC_ALL": "C"}
    with said.open("wb") as told:
        process = subprocess.Popen(  # noqa: S603 - the user's own program, with our arguments
            words, stdin=subprocess.DEVNULL, stdout=told, stderr=told, cwd=room, env=plain, start_new_session=True
        )
        try:
            _watch(process, patience_s, grows, most_bytes)
        finally:
            _end(process)
    if process.returncode < 0:
        raise Unsound(f"FluidSynth crashed over it ({signal.Signals(-process.returncode).name})")
    if process.returncode:
        raise Unsound(f"FluidSynth left with {process.returncode}: {_complaint(said) or 'it does not say why'}")


def _watch(process: subprocess.Popen[bytes], patience_s: float, grows: tuple[Path, ...], most_bytes: int) -> None:
    deadline = time.monotonic() + patience_s
    while True:
        try:
            process.wait(LOOKED_AT_S)
        except subprocess.TimeoutExpired:
            if time.monotonic() > deadline:
                raise Unsound(f"FluidSynth hangs over it: nothing came of it in {patience_s:.0f} s") from None
            if sum(file.stat().st_size for file in grows if file.exists()) > most_bytes:
                raise Unsound("FluidSynth gives more than the take can last") from None
        else:
            return


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the process group if the program still runs."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _complaint(said: Path) -> str:
    """The first error message, on one line of at most 200 characters."""
    with said.open("rb") as file:
        lines = file.read(1 << 16).decode(errors="replace").splitlines()
    wrong = (line.removeprefix("fluidsynth: ") for line in lines if any(word in line for word in COMPLAINTS))
    return "".join(letter if letter.isprintable() else "?" for letter in next(wrong, ""))[:200]
