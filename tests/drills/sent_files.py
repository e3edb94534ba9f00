"""Sent files as another program reads them: ``ffprobe`` agrees with the length, the format and the words of each.

Debian package: ffmpeg.
"""

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zipfile import ZipFile

from tests.orchestrator.label import SONG, Label, open_label, release

CODECS: Final = {"m4a": "aac", "mp3": "mp3", "flac": "flac", "wav": "pcm_s24le"}
"""Codec of each format as ffprobe names it."""
SOUNDS: Final = (f"{SONG}@mix1", f"{SONG}/drums/2", f"{SONG}/lead-vocal")
"""A mix, a take and a comp."""
NEAR_S: Final = 2e-3
"""Most by which a lossy file may differ in length from the sound: an MPEG-4 file counts whole milliseconds."""


def probe(file: Path) -> tuple[dict[str, Any], dict[str, Any], float]:
    """Container, audio stream and seconds of *file*, after ffprobe has read it whole without an error.

    The seconds of an MP3 are those that are heard, since its container counts the encoder's delay too.
    """
    words = ["ffprobe", "-v", "error", "-show_frames", "-show_format", "-show_streams", "-of", "json", str(file)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120)
    assert done.stderr == "", done.stderr
    told = json.loads(done.stdout)
    [stream] = [one for one in told["streams"] if one["codec_type"] == "audio"]
    heard = sum(frame["nb_samples"] for frame in told["frames"]) / int(stream["sample_rate"])
    return told["format"], stream, heard if file.suffix == ".mp3" else float(told["format"]["duration"])


def agree(_: int) -> None:
    """Send a mix, a take and a comp in every format, and a pack; compare each with the sound as a WAV of this store."""
    with TemporaryDirectory(prefix="takesheet-sent-") as folder:
        (Path(folder) / "label").mkdir()
        label = open_label(Path(folder) / "label", "Drums", "Bass", "Guitar", "Lead Vocal")
        release(label)
        for address in SOUNDS:
            exact: float | None = None
            for form in ("wav", "flac", "mp3", "m4a"):
                words = ("send", address, "--to", "ann", "--format", form, "--out", Path(folder) / "out")
                file = Path(label.data(*words)["file"])
                container, stream, seconds = probe(file)
                exact = seconds if exact is None else exact
                near = NEAR_S if form in {"m4a", "mp3"} else 1e-6
                assert abs(seconds - exact) <= near, (file.name, seconds, exact)
                assert (stream["codec_name"], int(stream["sample_rate"])) == (CODECS[form], 48_000), file.name
                words_in = {name.lower(): text for name, text in container.get("tags", {}).items()}
                assert "not final" in words_in["title"], (file.name, words_in)
                assert (words_in["artist"], words_in["album"]) == ("The Ferrymen", "Night Bus"), file.name
        _agrees_on_packs(label, Path(folder))


def _agrees_on_packs(label: Label, folder: Path) -> None:
    """Send a pack, and probe each sound in it."""
    pack = Path(label.data("send", SOUNDS[0], "--to", "kim", "--what", "main", "--out", folder / "packs")["file"])
    with ZipFile(pack) as archive:
        archive.extractall(folder / "opened")
    sounds = list((folder / "opened").rglob("*.wav"))
    assert sounds, "a pack holds sounds"
    for file in sounds:
        assert probe(file)[1]["codec_type"] == "audio"


DRILLS = [("sent files, as ffprobe reads them", agree, 1, 1)]
