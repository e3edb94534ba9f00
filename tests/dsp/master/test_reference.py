"""A reference: its spectrum, the matching curve, and the equaliser that realises it."""

import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.recipe import parse_master
from dsp.audio import Audio, Source, Unsound
from dsp.master.mastering import find_gain, render_master
from dsp.master.reference import MOST_DB, Curve, ReferenceSpectrum, difference, equaliser, solve
from dsp.meter.thirds import CENTRES_HZ, band_energies
from dsp.tone.filters import bands as sections
from dsp.tone.filters import cascade

pytestmark = pytest.mark.slow

RATE = 48_000
ALL_THE_WAY = Decimal(1)
PLAIN = parse_master('targets = { plain = { integrated_lufs = -24, dither = "none" } }')


def tilted(db_per_octave: float, seed: int = 1, seconds: float = 12, rate: int = RATE) -> Audio:
    """Noise with a slope of *db_per_octave*; -3 is pink."""
    frames = round(seconds * rate)
    noise = np.fft.rfft(np.random.default_rng(seed).standard_normal((2, frames)), axis=1)
    hz = np.maximum(np.fft.rfftfreq(frames, 1 / rate), 10)
    shaped = np.fft.irfft(noise * (hz / 1000) ** (db_per_octave / 20 / np.log10(2)), frames, axis=1)
    return np.asarray(0.1 * shaped / shaped.std(), np.float32)


def saved(path: Path, block: Audio, rate: int = RATE) -> Source:
    soundfile.write(path, block.T, rate, subtype="FLOAT")
    return Source(path)


def levels_db(path: Path) -> np.ndarray:
    """Level of each third-octave band from one long transform, less the mean of all."""
    samples, rate = soundfile.read(path, always_2d=True)
    powers = (np.abs(np.fft.rfft(samples, axis=0)) ** 2).sum(axis=1)
    hz = np.fft.rfftfreq(len(samples), 1 / rate)
    middles = np.array([float(one) for one in CENTRES_HZ])
    each = [powers[(hz > middle / 10**0.05) & (hz <= middle * 10**0.05)].sum() for middle in middles]
    found = 10 * np.log10(each)
    return np.asarray(found - found.mean())


def response_db(curve: Curve, rate: int, hz: np.ndarray) -> np.ndarray:
    z = np.exp(-2j * np.pi * hz / rate)
    found = np.ones(len(hz))
    for b0, b1, b2, a1, a2 in cascade(list(sections(equaliser(curve, rate), rate))):
        found *= np.abs((b0 + b1 * z + b2 * z * z) / (1 + a1 * z + a2 * z * z))
    return np.asarray(20 * np.log10(found))


def test_pink_noise_is_as_strong_in_each_third_of_an_octave() -> None:
    found = 10 * np.log10(band_energies([tilted(-3, seconds=30)], RATE))
    np.testing.assert_allclose(found, found.mean(), atol=1.0)


def test_a_tone_lies_in_its_own_band_at_any_rate() -> None:
    for rate in (44_100, 48_000, 96_000):
        at = np.arange(3 * rate) / rate
        for band in (5, 17, 25):
            tone = np.sin(2 * np.pi * float(CENTRES_HZ[band]) * at)[None].astype(np.float32)
            found = band_energies([tone], rate)
            assert found[band] > 0.95 * found.sum(), (rate, CENTRES_HZ[band])


def test_silence_counts_for_nothing_and_blocks_for_no_more_than_their_sum() -> None:
    noise = tilted(-3)
    alone = band_energies([noise], RATE)
    np.testing.assert_allclose(band_energies(np.array_split(noise, 7, axis=1), RATE), alone)
    quiet = np.zeros_like(noise)
    np.testing.assert_allclose(band_energies([quiet, noise, quiet], RATE), alone, rtol=0.1)
    assert not band_energies([quiet], RATE).any()
    assert not band_energies([noise[:, :1000]], RATE).any()


@pytest.mark.parametrize("theirs_falls_by", [-2.4, -3.6])
def test_tilted_noise_is_brought_within_a_db_a_band_of_a_pink_reference(tmp_path: Path, theirs_falls_by: float) -> None:
    mix, pink = saved(tmp_path / "mix.wav", tilted(theirs_falls_by)), saved(tmp_path / "pink.wav", tilted(-3, 2))
    found = find_gain(PLAIN, "plain", [mix], tmp_path, ReferenceSpectrum(pink, ALL_THE_WAY))
    made = render_master(PLAIN, "plain", mix, found.gain_db, tmp_path, curve=found.curve, alone=True)
    wanted = levels_db(pink.path)
    assert np.abs(levels_db(mix.path) - wanted).max() > 2.5
    np.testing.assert_allclose(levels_db(made.printed.path), wanted, atol=1.0)
    assert made.measures["integrated_lufs"] == "-24.00", "the loudness is the target's, whatever was matched"


def test_half_the_amount_goes_half_the_way(tmp_path: Path) -> None:
    mix, pink = saved(tmp_path / "mix.wav", tilted(-2.4)), saved(tmp_path / "pink.wav", tilted(-3, 2))
    whole = find_gain(PLAIN, "plain", [mix], tmp_path, ReferenceSpectrum(pink, ALL_THE_WAY)).curve
    half = find_gain(PLAIN, "plain", [mix], tmp_path, ReferenceSpectrum(pink, Decimal("0.5"))).curve
    for hz, gain in whole.items():
        assert abs(half.get(hz, Decimal(0)) - gain / 2) <= Decimal("0.1")
    assert not find_gain(PLAIN, "plain", [mix], tmp_path, ReferenceSpectrum(pink, Decimal(0))).curve


def test_no_band_is_moved_by_more_than_six_db(tmp_path: Path) -> None:
    dark, bright = saved(tmp_path / "dark.wav", tilted(-9)), saved(tmp_path / "bright.wav", tilted(3, 2))
    curve = find_gain(PLAIN, "plain", [dark], tmp_path, ReferenceSpectrum(bright, ALL_THE_WAY)).curve
    assert max(curve.values()) == MOST_DB
    assert min(curve.values()) == -MOST_DB


def test_a_record_that_is_its_own_reference_sounds_as_if_there_were_none(tmp_path: Path) -> None:
    one, two = saved(tmp_path / "1.wav", tilted(-4)), saved(tmp_path / "2.wav", tilted(-4))
    plain = find_gain(PLAIN, "plain", [one, two], tmp_path)
    found = find_gain(PLAIN, "plain", [one, two], tmp_path, ReferenceSpectrum(one, ALL_THE_WAY))
    assert (found.gain_db, found.curve) == (plain.gain_db, {})
    bare = render_master(PLAIN, "plain", one, found.gain_db, tmp_path).printed.pcm
    assert render_master(PLAIN, "plain", one, found.gain_db, tmp_path, curve=found.curve).printed.pcm == bare


def test_the_same_reference_gives_the_same_bits_again(tmp_path: Path) -> None:
    mix, pink = (
        saved(tmp_path / "mix.wav", tilted(-2)),
        saved(tmp_path / "pink.wav", tilted(-3, 2, rate=44_100), 44_100),
    )
    pcm = set()
    for _ in range(2):
        found = find_gain(PLAIN, "plain", [mix], tmp_path, ReferenceSpectrum(pink, ALL_THE_WAY))
        pcm.add(render_master(PLAIN, "plain", mix, found.gain_db, tmp_path, curve=found.curve).printed.pcm)
    assert len(pcm) == 1


@pytest.mark.parametrize("which", ["the record", "the reference"])
def test_towards_silence_and_from_silence_nothing_changes(tmp_path: Path, which: str) -> None:
    quiet, noise = saved(tmp_path / "quiet.wav", tilted(-3) * 0), saved(tmp_path / "noise.wav", tilted(-3))
    mix, near = (quiet, noise) if which == "the record" else (noise, quiet)
    assert not find_gain(PLAIN, "plain", [mix], tmp_path, ReferenceSpectrum(near, ALL_THE_WAY)).curve


def test_what_only_one_of_both_has_is_left_as_it_is() -> None:
    full, cut = band_energies([tilted(-3)], RATE), band_energies([tilted(-3, 2)], RATE)
    cut[-3:] = 0  # as after a lossy coder
    curve = difference(full, cut, ALL_THE_WAY)
    assert not set(curve) & set(CENTRES_HZ[-3:])
    assert all(abs(gain) <= 1 for gain in curve.values()), curve


def test_a_reference_that_cannot_be_read_and_a_mix_of_six_channels_are_said(tmp_path: Path) -> None:
    mix = saved(tmp_path / "mix.wav", tilted(-3))
    (tmp_path / "words.wav").write_text("no sound")
    with pytest.raises(Unsound, match="text, not sound"):
        find_gain(PLAIN, "plain", [mix], tmp_path, ReferenceSpectrum(Source(tmp_path / "words.wav"), ALL_THE_WAY))
    poly = saved(tmp_path / "poly.wav", np.zeros((6, RATE), np.float32))
    with pytest.raises(Unsound, match="6 channels"):
        find_gain(PLAIN, "plain", [poly], tmp_path, ReferenceSpectrum(mix, ALL_THE_WAY))


def test_memory_does_not_grow_with_the_length_of_a_reference() -> None:
    noise = tilted(-3, seconds=1)

    def peak(seconds: int) -> int:
        def blocks() -> Iterator[Audio]:
            for _ in range(seconds):
                yield noise

        tracemalloc.start()
        band_energies(blocks(), RATE)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(2)
    assert peak(120) < 1.1 * peak(10)


CURVES = st.lists(st.decimals(-6, 6, places=1), min_size=3, max_size=9)


@settings(max_examples=40, deadline=None)
@given(CURVES, st.sampled_from([44_100, 48_000, 88_200, 96_000]))
def test_the_bells_together_meet_any_smooth_curve_in_the_middle_of_each_band(bends: list[Decimal], rate: int) -> None:
    wanted = np.interp(np.linspace(0, len(bends) - 1, len(CENTRES_HZ)), range(len(bends)), [float(b) for b in bends])
    curve = {hz: Decimal(gain).quantize(Decimal("0.1")) for hz, gain in zip(CENTRES_HZ, wanted, strict=True)}
    found = response_db(curve, rate, np.array([float(hz) for hz in CENTRES_HZ]))
    np.testing.assert_allclose(found, [float(gain) for gain in curve.values()], atol=0.1)


def test_a_flat_curve_is_flat_between_the_bands_too() -> None:
    flat = dict.fromkeys(CENTRES_HZ, Decimal(6))
    for rate in (44_100, 48_000, 96_000):
        np.testing.assert_allclose(response_db(flat, rate, np.geomspace(20, 16_000, 400)), 6, atol=0.8)


def test_a_curve_of_nothing_needs_no_filter_and_a_low_rate_only_those_it_can_have() -> None:
    assert equaliser({}, RATE) == equaliser(dict.fromkeys(CENTRES_HZ, Decimal(0)), RATE) == ()
    assert max(one.hz for one in equaliser({Decimal(1000): Decimal(3), Decimal(16_000): Decimal(6)}, 8000)) < 3600


@given(st.integers(1, 8), st.integers(0, 1000))
def test_solving_gives_what_was_multiplied(size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = rng.uniform(-1, 1, (size, size)) + 3 * np.eye(size)[rng.permutation(size)] * size
    x = rng.uniform(-10, 10, size)
    np.testing.assert_allclose(solve(matrix.tolist(), (matrix @ x).tolist()), x, atol=1e-9)
