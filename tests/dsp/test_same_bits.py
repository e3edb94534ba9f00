"""Equal hashes: on any number of threads, in a new process, with an empty cache, without newer processor features."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from domain.recipe import Instrument, parse_mix
from dsp.audio import Audio, Source
from dsp.mix.console import render_mix
from tests.dsp.midi import performances
from tests.dsp.midi.test_play import printed
from tests.dsp.mix.console_cases import RATE, noise, write_song

pytestmark = [pytest.mark.slow, pytest.mark.waits]

FRAMES = 4 * RATE
RECIPE = """
[strips.drums]
gate = { threshold_db = -50, ratio = 3 }
compressor = { threshold_db = -30, ratio = 4, attack_ms = 3, makeup_db = 2 }
[strips."drums.kick"]
high_pass_hz = 35
pan = -0.3
eq = [{ hz = 60, gain_db = 3 }, { type = "high_shelf", hz = 7000, gain_db = -4.5 }]
sends = { room = -12 }
saturation = { drive_db = 14, mix = 0.6 }
[strips.bass]
tilt = { gain_db = -2 }
low_pass_hz = 9000
low_pass_slope_db = 36
compressor = { threshold_db = -40, side_chain = "drums.kick", side_chain_high_pass_hz = 60, mix = 0.7, lookahead_ms = 2}
gain_db = -2.7
automation = [{ at_s = 0.5, gain_db = -20 }, { at_s = 2, gain_db = 1.5 }, { at_s = 3.1, gain_db = -144 }]
delay_ms = 1.7
[strips.keys]
high_pass_hz = 120
eq = [{ type = "low_shelf", hz = 200, gain_db = 2 }]
deesser = { threshold_db = -45 }
stereo = { width = 1.3, mono_below_hz = 140, side_eq = [{ hz = 2500, gain_db = 1.5 }] }
pan = 0.4
sends = { room = -9, echo = -14, hall = -3 }
[buses.room]
high_pass_hz = 180
reverb = { size = 0.4, pre_delay_ms = 23 }
[buses.hall]
convolution = { impulse = "hall", pre_delay_ms = 7 }
[buses.echo]
delay = { time_ms = 310, feedback = 0.4 }
compressor = { threshold_db = -40 }
[master]
compressor = { threshold_db = -18, ratio = 2 }
multiband = { crossovers_hz = [140, 3000], bands = [{ compressor = { threshold_db = -30 } }, {}, { gain_db = 0.5 }] }
gain_db = -1
[versions.instrumental]
without = ["keys"]
"""


def dying(audio: Audio) -> Audio:
    """*audio* falling by 180 dB: loud signals hide differences at the edges of blocks."""
    fall = 10.0 ** (-9 * np.arange(audio.shape[1]) / audio.shape[1])
    return np.asarray(audio * fall, dtype=np.float32)


INSTRUMENTS: tuple[Instrument, ...] = ("drums", "bass", "keys")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Source]]:
    song = {
        "drums": {"kick": dying(noise(1, 1, FRAMES)), "oh": dying(noise(2, 2, FRAMES, 0.02))},
        "bass": {"di": noise(3, 1, FRAMES // 2)},
        "keys": {"l-r": dying(noise(4, 2, FRAMES, 0.3))},
    }
    return write_song(tmp_path_factory.mktemp("song"), song)


def hashes(inputs: dict[str, dict[str, Source]], out: Path, *, threads: int = 1) -> list[str]:
    hall = {"hall": inputs["drums"]["oh"]}  # decays as a room does
    return [one.pcm for one in render_mix(parse_mix(RECIPE), inputs, out, impulses=hall, threads=threads)]


@pytest.fixture(scope="module")
def first(inputs: dict[str, dict[str, Source]], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    made = hashes(inputs, tmp_path_factory.mktemp("first"))
    assert len(set(made)) == 2
    return made


@pytest.mark.parametrize("threads", [1, 2, 4, 7])
def test_repeated_and_on_any_number_of_threads(
    inputs: dict[str, dict[str, Source]], first: list[str], tmp_path: Path, threads: int
) -> None:
    assert hashes(inputs, tmp_path, threads=threads) == first


def played(folder: Path) -> list[str]:
    """The hash of each instrument's sound."""
    return [printed(getattr(performances, name)(), folder, name).pcm for name in INSTRUMENTS]


def fresh(inputs: dict[str, dict[str, Source]], out: Path, environment: dict[str, str]) -> list[str]:
    """Hashes of a mix and of each instrument, computed in a new process."""
    code = f"""
from pathlib import Path
from dsp.audio import Source
from tests.dsp.test_same_bits import hashes, played
PosixPath = Path
print(*hashes({inputs!r}, Path({str(out)!r}), threads=2), *played(Path({str(out)!r})))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_in_a_fresh_process_with_a_warm_cache(
    inputs: dict[str, dict[str, Source]], first: list[str], tmp_path: Path
) -> None:
    assert fresh(inputs, tmp_path, {}) == [*first, *played(tmp_path)]


def without_fused_multiply_add() -> dict[str, str]:
    """An environment in which neither the C library nor numpy uses newer processor features."""
    from numpy._core import _multiarray_umath as umath

    wide = [name for name in umath.__cpu_dispatch__ if umath.__cpu_features__.get(name)]
    tunables = "glibc.cpu.hwcaps=-FMA,-FMA4,-AVX,-AVX2,-AVX512F,-FMA_Usable,-AVX2_Usable,-AVX512F_Usable"
    return {"NPY_DISABLE_CPU_FEATURES": " ".join(wide), "GLIBC_TUNABLES": tunables}


def test_out_of_a_cold_cache_in_narrow_vectors_and_without_fused_multiply_add(
    inputs: dict[str, dict[str, Source]], first: list[str], tmp_path: Path
) -> None:
    cold = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "TAKESHEET_VECTORS": "narrow"}
    (tmp_path / "out").mkdir()
    expected = [*first, *played(tmp_path)]
    assert fresh(inputs, tmp_path / "out", cold | without_fused_multiply_add()) == expected
