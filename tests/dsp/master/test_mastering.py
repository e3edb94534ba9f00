"""Mastering: one gain for the record, a strict ceiling, and reproducible bits."""

import subprocess
import sys
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile
import soxr

from domain.core.refusal import Misused
from domain.recipe import parse_master
from dsp.audio import Audio, Source, Unsound
from dsp.files.sound import inspect
from dsp.master.album_gain import search
from dsp.master.mastering import find_gain, render_master

pytestmark = pytest.mark.slow

RATE = 48_000
RECIPE = parse_master("""
[chain]
high_pass_hz = 25
eq = [{ type = "high_shelf", hz = 8000, gain_db = 1.5 }]
compressor = { threshold_db = -18, ratio = 1.5 }

[targets.streaming]
integrated_lufs = -14

[targets.cd]
rate = 44100
bits = 16
integrated_lufs = -12
ceiling_dbtp = -0.5

[targets.as-mixed]

[targets.absurd]
integrated_lufs = -5
ceiling_dbtp = -9
""")


def song(level: float, seed: int = 1, seconds: float = 4, rate: int = RATE) -> Audio:
    """A bass and bursts, as a band of few players; peaks 12 dB above the mean."""
    rng = np.random.default_rng(seed)
    at = np.arange(round(seconds * rate)) / rate
    bass = np.sin(2 * np.pi * 80 * at) * (1 + np.sin(2 * np.pi * at / 2)) / 2
    hiss = soxr.resample(rng.standard_normal((len(at) // 2 + 2, 2)), 1, 2, quality="VHQ").T[:, : len(at)]
    return np.asarray(level * (0.5 * bass + 0.4 * hiss * np.exp(-12 * (at % 0.5))), np.float32)


def mix(path: Path, block: Audio, rate: int = RATE) -> Source:
    soundfile.write(path, block.T, rate, subtype="FLOAT")
    return Source(path)


def judged(path: Path) -> float:
    samples, rate = soundfile.read(path, always_2d=True)
    return float(pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(samples))


def peak_dbtp(path: Path) -> float:
    samples, _ = soundfile.read(path, always_2d=True)
    return 20 * float(np.log10(max(np.abs(soxr.resample(line, 1, 16, quality="VHQ")).max() for line in samples.T)))


@pytest.mark.parametrize(("target", "form"), [("streaming", (48_000, "PCM_24", 2)), ("cd", (44_100, "PCM_16", 2))])
@pytest.mark.parametrize("level", [0.05, 0.9])
def test_other_peoples_meters_find_the_loudness_and_the_ceiling(
    tmp_path: Path, target: str, form: tuple[int, str, int], level: float
) -> None:
    source = mix(tmp_path / "mix.wav", song(level))
    found = find_gain(RECIPE, target, [source], tmp_path)
    made = render_master(RECIPE, target, source, found.gain_db, tmp_path)
    assert judged(made.printed.path) == pytest.approx(float(RECIPE.targets[target].integrated_lufs or 0), abs=0.05)
    assert peak_dbtp(made.printed.path) <= RECIPE.targets[target].ceiling_dbtp
    info = soundfile.info(made.printed.path)
    assert (info.samplerate, info.subtype, info.channels) == form
    assert info.frames == made.printed.frames == 4 * form[0]
    assert inspect(made.printed.path).pcm == made.printed.pcm
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["mix.wav", f"{target}.wav"])


def test_one_gain_keeps_the_songs_relations_and_brings_the_record_to_its_loudness(tmp_path: Path) -> None:
    sources = [mix(tmp_path / f"{n}.wav", song(level, n)) for n, level in enumerate([0.1, 0.2, 0.14])]
    found = find_gain(RECIPE, "streaming", sources, tmp_path)
    made = []
    for n, source in enumerate(sources):
        (tmp_path / f"out-{n}").mkdir()
        made.append(render_master(RECIPE, "streaming", source, found.gain_db, tmp_path / f"out-{n}").printed.path)
    album = np.concatenate([soundfile.read(path, always_2d=True)[0] for path in made])
    together = pyloudnorm.Meter(RATE, filter_class="DeMan").integrated_loudness(album)
    assert together == pytest.approx(-14, abs=0.2)  # judged with the joints between the songs, ours without
    assert judged(made[1]) - judged(made[0]) > 3


def test_songs_below_the_ceiling_keep_their_relations_to_a_hundredth_of_a_lu(tmp_path: Path) -> None:
    plain = parse_master('targets = { soft = { integrated_lufs = -30, dither = "none" } }')
    sources = [mix(tmp_path / f"{n}.wav", song(level, n)) for n, level in enumerate([0.1, 0.2, 0.14])]
    gain = find_gain(plain, "soft", sources, tmp_path).gain_db
    for source in sources:
        made = render_master(plain, "soft", source, gain, tmp_path)
        assert judged(made.printed.path) - judged(source.path) == pytest.approx(float(gain), abs=0.01)


def test_as_mixed_changes_no_loudness(tmp_path: Path) -> None:
    source = mix(tmp_path / "mix.wav", song(0.2))
    found = find_gain(RECIPE, "as-mixed", [source], tmp_path)
    assert found.gain_db == 0
    assert render_master(RECIPE, "as-mixed", source, found.gain_db, tmp_path).measures["gain_db"] == "0"
    plain = parse_master('targets = { as-mixed = { dither = "none" } }')
    made = render_master(plain, "as-mixed", source, Decimal(0), tmp_path)
    np.testing.assert_allclose(soundfile.read(made.printed.path)[0].T, song(0.2), atol=2**-24)


def test_what_the_ceiling_makes_impossible_is_refused_with_the_numbers(tmp_path: Path) -> None:
    source = mix(tmp_path / "mix.wav", song(0.2))
    with pytest.raises(Unsound, match=r"-5 LUFS: with .* dB of gain the limiter leaves -\d+\.\d\d LUFS"):
        find_gain(RECIPE, "absurd", [source], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mix.wav"]


AT = np.arange(44_100)
TRAPS = {
    "noise up to half the rate": np.random.default_rng(1).uniform(-1, 1, (2, 44_100)),
    "squares of six samples": np.tile(np.sign(np.sin(2 * np.pi * 7350 * AT / 44_100 + 0.1)), (2, 1)),
    "a quarter of the rate, at 45 degrees": np.tile(np.sin(np.pi / 2 * AT + np.pi / 4), (2, 1)),
}


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize("target", ["streaming", "cd"])
def test_no_signal_breaks_the_ceiling_and_none_is_held_far_below_it(tmp_path: Path, trap: str, target: str) -> None:
    source = mix(tmp_path / "mix.wav", TRAPS[trap].astype(np.float32), 44_100)
    made = render_master(RECIPE, target, source, Decimal(6), tmp_path)
    ceiling = float(RECIPE.targets[target].ceiling_dbtp)
    assert ceiling - 0.2 < peak_dbtp(made.printed.path) <= ceiling


def test_a_cd_with_shaped_dither_is_as_loud_and_has_its_ceiling_and_another_rate_is_refused(tmp_path: Path) -> None:
    text = 'integrated_lufs = -12, ceiling_dbtp = -0.5, bits = 16, dither = "shaped"'
    recipe = parse_master(f"[targets]\ncd = {{ rate = 44100, {text} }}\nas-it-is = {{ {text} }}")
    source = mix(tmp_path / "mix.wav", song(0.3))
    gain = find_gain(recipe, "cd", [source], tmp_path).gain_db
    made = render_master(recipe, "cd", source, gain, tmp_path, alone=True)
    assert judged(made.printed.path) == pytest.approx(-12, abs=0.05)
    assert peak_dbtp(made.printed.path) <= -0.5
    with pytest.raises(Unsound, match="not for 96000 Hz: take tpdf"):
        render_master(recipe, "as-it-is", mix(tmp_path / "high.wav", song(0.1), 96_000), Decimal(0), tmp_path)
    with pytest.raises(Misused, match="not for 96000 Hz"):
        parse_master('targets = { high = { rate = 96000, dither = "shaped" } }')


def test_a_tone_that_is_late_moves_nothing_in_time(tmp_path: Path) -> None:
    late = parse_master("""
chain = { compressor = { threshold_db = 0, ratio = 2, lookahead_ms = 7 } }
targets = { plain = { dither = "none" } }
""")
    block = song(0.1)
    made = render_master(late, "plain", mix(tmp_path / "mix.wav", block), Decimal(0), tmp_path)
    np.testing.assert_allclose(soundfile.read(made.printed.path)[0].T, block, atol=2**-23)


@pytest.mark.parametrize("target", ["streaming", "cd"])
def test_silence_stays_silent_and_has_no_measures(tmp_path: Path, target: str) -> None:
    source = mix(tmp_path / "mix.wav", np.zeros((2, 2 * RATE), np.float32))
    found = find_gain(RECIPE, target, [source], tmp_path)
    made = render_master(RECIPE, target, source, found.gain_db, tmp_path)
    assert (found.gain_db, found.measures["integrated_lufs"]) == (Decimal(0), None)
    assert (made.measures["integrated_lufs"], made.measures["true_peak_dbtp"]) == (None, None)
    assert not soundfile.read(made.printed.path)[0].any()


def test_digital_silence_before_the_first_sound_is_not_dithered(tmp_path: Path) -> None:
    block = song(0.2)
    block[:, :10_000] = 0
    made = render_master(RECIPE, "streaming", mix(tmp_path / "mix.wav", block), Decimal(0), tmp_path)
    assert not soundfile.read(made.printed.path)[0][:9_900].any()


def test_a_mono_mix_sounds_on_both_sides(tmp_path: Path) -> None:
    made = render_master(RECIPE, "streaming", mix(tmp_path / "mix.wav", song(0.2)[:1]), Decimal(0), tmp_path)
    left, right = soundfile.read(made.printed.path)[0].T
    np.testing.assert_allclose(left, right, atol=4 / 2**23)  # each side has its own dither


def test_what_cannot_be_mastered_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unsound, match="no target 'vinyl', only absurd, as-mixed, cd, streaming"):
        find_gain(RECIPE, "vinyl", [], tmp_path)
    poly = mix(tmp_path / "poly.wav", np.zeros((6, 100), np.float32))
    with pytest.raises(Unsound, match="6 channels"):
        render_master(RECIPE, "cd", poly, Decimal(0), tmp_path)


FRESH = """
import sys
from decimal import Decimal
from pathlib import Path
from domain.recipe import parse_master
from domain.core.refusal import Misused
from dsp.audio import Source
from dsp.master.mastering import find_gain, render_master
recipe, mix, out = parse_master(Path(sys.argv[1]).read_text()), Source(Path(sys.argv[2])), Path(sys.argv[3])
print(render_master(recipe, "cd", mix, find_gain(recipe, "cd", [mix], out).gain_db, out).printed.pcm)
print(*sorted(set(sys.modules) & {"scipy.signal", "pyloudnorm", "prefect"}))
"""


def test_repeating_gives_the_same_bytes_and_so_does_another_process_which_loads_no_signal_library(
    tmp_path: Path,
) -> None:
    text = "[targets.cd]\nrate = 44100\nbits = 16\nintegrated_lufs = -12\nceiling_dbtp = -0.5\nseed = 7\n"
    (tmp_path / "recipe.toml").write_text(text)
    source, recipe = mix(tmp_path / "mix.wav", song(0.5)), parse_master(text)
    digests, pcm = set(), ""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        gain = find_gain(recipe, "cd", [source], tmp_path / name).gain_db
        printed = render_master(recipe, "cd", source, gain, tmp_path / name).printed
        digests.add(sha256(printed.path.read_bytes()).hexdigest())
        pcm = printed.pcm
    assert len(digests) == 1
    arguments = [str(tmp_path / "recipe.toml"), str(source.path), str(tmp_path / "a")]
    fresh = subprocess.run([sys.executable, "-c", FRESH, *arguments], capture_output=True, text=True, check=True)
    assert fresh.stdout == f"{pcm}\n\n"


def test_the_search_finds_its_loudness_through_any_limiter_that_leaves_some() -> None:
    def soft_limit(gain: Decimal) -> float:
        level = -24 + float(gain)
        return level if level < -16 else -16 + 4 * float(np.tanh((level + 16) / 4))

    for wanted in ("-30", "-16", "-14", "-12.5"):
        gain = search(soft_limit, Decimal(wanted), float(wanted) + 24)
        assert soft_limit(gain) == pytest.approx(float(wanted), abs=0.05)
        assert gain == gain.quantize(Decimal("0.001"))
    with pytest.raises(Unsound, match="-10 LUFS"):
        search(soft_limit, Decimal(-10), 14)
