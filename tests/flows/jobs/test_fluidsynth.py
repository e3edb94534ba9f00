"""FluidSynth as a program that may be missing, different, broken or hung; small scripts replace it."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from dsp.audio import Unsound
from dsp.midi.file import parse
from dsp.midi.sampled import INAUDIBLE, as_take, for_sampler
from flows.jobs import fluidsynth
from flows.jobs.fluidsynth import VARIABLE, FluidSynth, installed, render
from tests.dsp.midi import performances

pytestmark = pytest.mark.waits

RATE = 48_000
SOUNDFONTS = [Path("/usr/share/sounds/sf2/FluidR3_GM.sf2"), Path("/usr/share/sounds/sf2/TimGM6mb.sf2")]
GENERAL_MIDI = next((file for file in SOUNDFONTS if file.is_file()), None)
VERSION = 'if [ "$1" = --version ]; then echo "FluidSynth runtime version 9.8.7"; exit 0; fi\n'
OUT = 'while [ "$1" != -F ]; do shift; done\n'

Stand = Callable[[str], Path]


@pytest.fixture
def stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stand:
    """Replace FluidSynth by a script."""

    def put(script: str, *, version: str = VERSION) -> Path:
        program = tmp_path / "fluidsynth"
        program.write_text(f"#!/bin/sh\n{version}{script}")
        program.chmod(0o755)
        monkeypatch.setenv(VARIABLE, str(program))
        return program

    return put


def played(room: Path, font: Path = Path("any.sf2"), *, rate: int = RATE) -> Path:
    room.mkdir(exist_ok=True)
    data, lasts_s = for_sampler(parse(performances.keys()), "keys", 0)
    return render(font, data, rate, lasts_s=lasts_s, room=room)


def test_where_it_is_not_installed_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "nowhere"))
    assert installed() is None
    with pytest.raises(Unsound, match="not installed"):
        played(tmp_path / "room")


def test_it_is_known_by_its_version(stands: Stand) -> None:
    program = stands("")
    assert installed() == FluidSynth(str(program), "9.8.7")


@pytest.mark.parametrize("says", ["echo Hello", "echo FluidSynth", "exit 3"])
def test_what_does_not_say_its_version_is_not_it(stands: Stand, says: str) -> None:
    stands("", version=f"{says}\n")  # type: ignore[call-arg] # the fixture's own function takes it
    with pytest.raises(Unsound, match="does not say its version"):
        installed()


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("kill -SEGV $$", "crashed over it .SIGSEGV"),
        ("echo 'fluidsynth: error: no memory' >&2; exit 1", "left with 1: error: no memory"),
        ("exit 7", "left with 7: it does not say why"),
        ("echo 'fluidsynth: error: bad font' >&2", "FluidSynth 9.8.7 cannot play it: error: bad font"),
        ("echo 'fluidsynth: warning: No preset found on channel 0' >&2", "No preset found on channel 0"),
        (r"printf 'error: \033[2J\007%500s' x >&2", r"error: \?\[2J\? +$"),
        ("", "wrote no sound"),
        (OUT + "while :; do head -c 30000000 /dev/zero >> $2; done", "more than the take can last"),
        ("while :; do head -c 30000000 /dev/zero; done", "more than the take can last"),
    ],
)
def test_a_program_that_breaks_is_a_reason_on_one_line(stands: Stand, tmp_path: Path, script: str, reason: str) -> None:
    stands(script)
    with pytest.raises(Unsound, match=reason) as error:
        played(tmp_path / "room")
    assert error.value.reason.isprintable()


def test_a_program_that_hangs_is_ended_with_all_it_began(
    stands: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fluidsynth, "PATIENCE_S", -18.0)  # leaves the seconds of the take itself
    stands(f"sleep 300 & echo $! > {tmp_path}/child; wait")
    with pytest.raises(Unsound, match="hangs over it"):
        played(tmp_path / "room")
    child = int((tmp_path / "child").read_text())
    for _ in range(200):
        if not _runs(child):
            return
        time.sleep(0.02)
    raise AssertionError(f"{child} still runs")


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def test_it_sees_neither_the_users_settings_nor_where_they_lie(stands: Stand, tmp_path: Path) -> None:
    stands(OUT + 'env > "$2"; cat >> "$2"; pwd >> "$2"')
    told = played(tmp_path / "room").read_text().splitlines()
    assert f"HOME={tmp_path / 'room'}" in told
    assert {line.partition("=")[0] for line in told if "=" in line} <= {
        "HOME",
        "PATH",
        "LC_ALL",
        "PWD",
        "OLDPWD",
        "_",
        "SHLVL",
    }


def test_a_take_too_long_for_a_wav_is_refused_before_it_is_begun(stands: Stand, tmp_path: Path) -> None:
    stands("exit 9")
    with pytest.raises(Unsound, match="more than a WAV file holds"):
        render(Path("any.sf2"), b"", 384_000, lasts_s=7200, room=tmp_path)


def test_what_died_away_is_no_part_of_the_take_and_silence_is_none(tmp_path: Path) -> None:
    file = tmp_path / "sound.wav"
    sound = np.zeros((200_000, 2), np.float32)
    soundfile.write(file, sound, RATE, subtype="FLOAT")
    with pytest.raises(Unsound, match="nothing of it sounds"):
        as_take(file, RATE, tmp_path / "taken.wav")
    sound[70_000] = 2 * INAUDIBLE
    sound[90_000] = INAUDIBLE / 2
    soundfile.write(file, sound, RATE, subtype="FLOAT")
    assert as_take(file, RATE, tmp_path / "taken.wav").frames == 70_001
    with pytest.raises(Unsound, match="not in stereo at 44100"):
        as_take(file, 44_100, tmp_path / "taken.wav")


@pytest.mark.skipif(not (shutil.which("fluidsynth") and GENERAL_MIDI), reason="FluidSynth and a General MIDI SoundFont")
@pytest.mark.parametrize("rate", [44_100, 96_000])
def test_the_real_one_plays_the_same_again_where_the_notes_are(tmp_path: Path, rate: int) -> None:
    assert GENERAL_MIDI is not None
    prints = []
    for name in ("one", "two"):
        sound = played(tmp_path / name, GENERAL_MIDI, rate=rate)
        prints.append(as_take(sound, rate, tmp_path / f"{name}.wav"))
    assert prints[0].pcm == prints[1].pcm
    heard, _ = soundfile.read(prints[0].path, always_2d=True)
    assert np.flatnonzero(np.abs(heard).max(axis=1) > 1e-3)[0] < 0.02 * rate, "the first note is at once"
    assert 4 < prints[0].frames / rate < 15


@pytest.mark.skipif(not shutil.which("fluidsynth"), reason="FluidSynth")
def test_the_real_one_says_what_is_wrong_with_a_soundfont(tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.sf2"
    dice = np.random.default_rng(1)
    for size in (12, 100, 5000):
        hostile.write_bytes(b"RIFF\xff\xff\xff\x7fsfbk" + dice.bytes(size))
        with pytest.raises(Unsound, match="FluidSynth"):
            played(tmp_path / "room", hostile)
