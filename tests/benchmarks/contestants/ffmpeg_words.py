"""FFmpeg's command lines for the same work."""

import json
import math
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.contestants.stopwatch import timed

QUIET = ("ffmpeg", "-hide_banner", "-nostdin", "-y")
GLUE = f"acompressor=threshold={10 ** (-18 / 20):.5f}:ratio=2:attack=20:release=150"


def mix_words(folder: Path, out: Path) -> list[str]:
    """Return one ``filter_complex``; FFmpeg has no reverb, so an echo of four taps replaces the room."""
    tracks = json.loads((folder / "desk.json").read_text())
    lines, groups, sends = [], {}, []
    for number, one in enumerate(tracks):
        bands = "".join(f",equalizer=f={hz}:t=q:w=1:g={gain}" for hz, gain in one["bands"])
        dynamics = (
            f"acompressor=threshold={10 ** (one['threshold_db'] / 20):.5f}:ratio={one['ratio']}"
            f":attack={one['attack_ms']}:release={one['release_ms']}"
        )
        gain, angle = 10 ** (one["gain_db"] / 20), (one["pan"] + 1) * math.pi / 4
        pan = f"pan=stereo|c0={gain * math.cos(angle):.5f}*c0|c1={gain * math.sin(angle):.5f}*c0"
        lines.append(
            f"[{number}:a]highpass=f={one['high_pass_hz']}{bands},{dynamics},{pan},asplit=2[g{number}][s{number}]"
        )
        groups.setdefault(one["group"], []).append(f"[g{number}]")
        sends.append(f"[s{number}]")
    for group, names in groups.items():
        lines.append(f"{''.join(names)}amix=inputs={len(names)}:normalize=0,{GLUE}[G{group}]")
    send = 10 ** (tracks[0]["send_db"] / 20)
    heard = "".join(f"[G{group}]" for group in groups) + "[room][echo]"
    lines += [
        f"{''.join(sends)}amix=inputs={len(sends)}:normalize=0,volume={send:.5f},asplit=2[r][e]",
        "[r]aecho=1:1:29|37|43|53:0.5|0.4|0.3|0.2[room]",
        "[e]aecho=1:1:350:0.3[echo]",
        f"{heard}amix=inputs={len(groups) + 2}:normalize=0,{GLUE}[out]",
    ]
    inputs = [word for one in tracks for word in ("-i", one["file"])]
    return [*QUIET, *inputs, "-filter_complex", ";".join(lines), "-map", "[out]", "-c:a", "pcm_f32le", str(out)]


def loudnorm(source: Path, out: Path) -> None:
    """Run two passes to -14 LUFS and -1 dBTP, after the equaliser and compressor of our chain."""
    tone = "highpass=f=25,treble=g=1.5:f=8000,acompressor=threshold=0.126:ratio=1.5"
    norm = "loudnorm=I=-14:TP=-1:LRA=11"
    words = [*QUIET, "-i", str(source), "-af", f"{tone},{norm}:print_format=json", "-f", "null", "-"]
    first = subprocess.run(words, check=True, capture_output=True, text=True).stderr
    found = json.loads(re.findall(r"\{[^{}]*\}", first)[-1])
    known = (
        f"measured_I={found['input_i']}:measured_TP={found['input_tp']}:measured_LRA={found['input_lra']}"
        f":measured_thresh={found['input_thresh']}:offset={found['target_offset']}"
    )
    filters = f"{tone},{norm}:{known}"
    words = [*QUIET, "-i", str(source), "-af", filters, "-ar", "48000", "-c:a", "pcm_s24le", str(out)]
    subprocess.run(words, check=True, capture_output=True)


def main() -> None:
    folder = Path(sys.argv[2])
    with TemporaryDirectory(dir=folder) as out:
        if sys.argv[1] == "loudnorm":
            timed(lambda: loudnorm(folder / "mix.wav", Path(out) / "master.wav"))
        else:
            words = mix_words(folder, Path(out) / "mix.wav")
            timed(lambda: subprocess.run(words, check=True, capture_output=True) and None)


if __name__ == "__main__":
    main()
