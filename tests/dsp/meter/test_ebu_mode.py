"""Synthetic test signals of EBU Tech 3341 and Tech 3342 (2023, table 1 of each), generated from their descriptions.

Cases 7 and 8 of the former, 5 and 6 of the latter are recorded programmes, which cannot be generated.
"""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import pytest
import soxr

from dsp.audio import Audio
from dsp.meter.loudness import OFFSET_LUFS, Loudness, LoudnessMeter

RATES = [pytest.param(44_100, marks=pytest.mark.slow), 48_000, pytest.param(96_000, marks=pytest.mark.slow)]
SILENCE = -np.inf
Parts = Sequence[tuple[float, float]]
"""Level in dBFS and duration in seconds of each part."""


@cache
def second_of_sine(rate: int) -> Audio:
    return np.sin(2 * np.pi * 1000 * np.arange(rate) / rate).astype(np.float32)


def tone(rate: int, parts: Parts) -> Iterator[Audio]:
    """A sine of 1000 Hz, shape (frames,), a second at most at a time."""
    for level, seconds in parts:
        sine, left = second_of_sine(rate) * np.float32(10 ** (level / 20)), round(seconds * rate)
        while left:
            yield sine[:left]
            left -= min(left, rate)


def meter(rate: int, parts: Parts) -> LoudnessMeter:
    """A meter after the tone in stereo."""
    heard = LoudnessMeter(rate, 2, true_peak=False)
    for line in tone(rate, parts):
        heard.add(np.broadcast_to(line, (2, len(line))))
    return heard


def series(rate: int, parts: Parts, hops: int) -> Audio:
    """Loudness of every window of *hops* times 10 ms."""
    with np.errstate(divide="ignore"):
        return np.asarray(OFFSET_LUFS + 10 * np.log10(meter(rate, parts).energies().powers(hops, 1)))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_cases_1_and_2_read_their_level_at_every_scale(rate: int, level: float) -> None:
    read = meter(rate, [(level, 20)]).result()
    for loudness in (read.integrated_lufs, read.max_momentary_lufs, read.max_short_term_lufs):
        assert loudness == pytest.approx(level, abs=0.1)


GATED = {
    3: [(-36.0, 10), (-23.0, 60), (-36.0, 10)],
    4: [(-72.0, 10), (-36.0, 10), (-23.0, 60), (-36.0, 10), (-72.0, 10)],
    5: [(-26.0, 20), (-20.0, 20.1), (-26.0, 20)],
}


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("case", GATED)
def test_cases_3_to_5_are_gated_to_minus_23(rate: int, case: int) -> None:
    assert meter(rate, GATED[case]).result().integrated_lufs == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("lfe", [[], [-3.0]], ids=["5.0", "5.1"])
def test_case_6_weighs_the_surrounds_and_leaves_the_lfe_out(rate: int, lfe: list[float]) -> None:
    levels = [-28.0, -28.0, -24.0, *lfe, -30.0, -30.0]
    heard = LoudnessMeter(rate, len(levels), true_peak=False)
    for lines in zip(*(tone(rate, [(level, 20)]) for level in levels), strict=True):
        heard.add(np.stack(lines))
    assert heard.result().integrated_lufs == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize("rate", RATES)
def test_cases_9_and_12_hold_still_while_the_level_jumps(rate: int) -> None:
    short_term = series(rate, [(-20.0, 1.34), (-30.0, 1.66)] * 5, 300)
    momentary = series(rate, [(-20.0, 0.18), (-30.0, 0.22)] * 25, 40)
    np.testing.assert_allclose(short_term, -23, atol=0.1)  # the first window ends after 3 s
    np.testing.assert_allclose(momentary[60:], -23, atol=0.1)  # after 1 s


@pytest.mark.parametrize("rate", RATES)
def test_case_10_finds_three_seconds_wherever_they_begin_in_a_file(rate: int) -> None:
    for number in range(1, 21):
        read = meter(rate, [(SILENCE, 0.15 * number), (-23.0, 3), (SILENCE, 1)]).result()
        assert read.max_short_term_lufs == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize("rate", RATES)
def test_case_13_finds_400_ms_wherever_they_begin_in_a_file(rate: int) -> None:
    for number in range(1, 21):
        read = meter(rate, [(SILENCE, 0.02 * number), (-23.0, 0.4), (SILENCE, 1)]).result()
        assert read.max_momentary_lufs == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(("length_s", "later_s", "hops"), [(3, 0.15, 300), (0.4, 0.02, 40)], ids=["case 11", "case 14"])
def test_cases_11_and_14_find_each_of_twenty_rising_tones(
    rate: int, length_s: float, later_s: float, hops: int
) -> None:
    parts: list[tuple[float, float]] = []
    for number in range(20):
        parts += [(SILENCE, later_s * number), (-38.0 + number, length_s), (SILENCE, length_s - later_s * number)]
    read = series(rate, parts, hops)
    segment = round(2 * length_s * 100)
    ends = np.arange(len(read)) + hops - 1
    loudest = [read[ends // segment == number].max() for number in range(20)]
    np.testing.assert_allclose(loudest, np.arange(-38, -18), atol=0.1)


def faded(wave: Audio, rate: int) -> Audio:
    at = np.arange(len(wave))
    return np.asarray(wave * np.minimum(1, np.minimum(at, at[::-1]) / (rate / 20)), np.float32)


def peaks(rate: int) -> Iterator[tuple[int, Audio, float]]:
    """Cases 15 to 23: a signal and its true peak in dBTP."""
    at = np.arange(rate // 2)
    for case, divisor, degrees, level in [
        (15, 4, 0, 0.5), (16, 4, 45, 0.5), (17, 6, 60, 0.5), (18, 8, 67.5, 0.5), (19, 4, 45, 1.41),
    ]:  # fmt: skip
        wave = level * np.sin(2 * np.pi * at / divisor + np.deg2rad(degrees))
        yield case, faded(wave, rate), round(20 * np.log10(level))
    fine, first = np.arange(2 * rate), rate // 16 * 16  # four times the rate: one period at full scale,
    burst = np.where((fine >= first) & (fine < first + 16), 1.0, 0.5) * np.sin(2 * np.pi * fine / 16)
    for offset in range(4):  # and every fourth sample of it, from each of four on
        wave = soxr.resample(np.roll(faded(burst, 4 * rate), -offset), 4, 1, quality="VHQ")
        yield 20 + offset, wave, 0.0


@pytest.mark.parametrize("rate", RATES)
def test_cases_15_to_23_find_the_peak_between_the_samples(rate: int) -> None:
    for case, wave, expected in peaks(rate):
        heard = LoudnessMeter(rate, 1)
        heard.add(wave[None])
        true_peak = heard.result().true_peak_dbtp
        assert true_peak is not None, case
        assert expected - 0.4 <= true_peak <= expected + 0.2, case


RANGES = {
    1: ([(-20.0, 20), (-30.0, 20)], 10.0),
    2: ([(-20.0, 20), (-15.0, 20)], 5.0),
    3: ([(-40.0, 20), (-20.0, 20)], 20.0),
    4: ([(-50.0, 20), (-35.0, 20), (-20.0, 20), (-35.0, 20), (-50.0, 20)], 15.0),
}


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("case", RANGES)
def test_cases_1_to_4_of_tech_3342_have_their_range(rate: int, case: int) -> None:
    parts, range_lu = RANGES[case]
    assert meter(rate, parts).result().loudness_range_lu == pytest.approx(range_lu, abs=1)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 88_200, 192_000])
def test_a_tone_reads_its_level_at_every_rate_from_8_to_192_khz(rate: int) -> None:
    read: Loudness = meter(rate, [(-23.0, 4)]).result()
    assert read.integrated_lufs == pytest.approx(-23, abs=0.1)
    assert read.max_short_term_lufs == pytest.approx(-23, abs=0.1)
