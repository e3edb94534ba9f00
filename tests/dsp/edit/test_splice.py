"""Place of a splice between two takes, and the level around it."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from domain.recipe import EditRecipe, Splice, TimeStretch
from dsp.audio import BLOCK_FRAMES, Audio
from dsp.edit.cut import render_edit
from dsp.edit.fades import Fade, Joint
from dsp.edit.likeness import correlation
from tests.dsp.edit.cutting import Takes, file, noise, recipe, render, step

pytestmark = pytest.mark.slow

HALF = 240
SEARCH = 480
LENGTH = 24_000
JOINT = 12_000


def searched(cut: EditRecipe) -> EditRecipe:
    return cut.model_copy(update={"search_frames": SEARCH})


def of_two(joint: int = JOINT, length: int = LENGTH, **starts: int) -> EditRecipe:
    return searched(recipe(length, [(0, joint, 1), (joint, length, 2)], **starts))


def two(folder: Path, one: Audio, other: Audio) -> Takes:
    return {1: {"a": file(folder / "1.wav", one)}, 2: {"a": file(folder / "2.wav", other)}}


def the_splice(cut: EditRecipe, takes: Takes, folder: Path) -> Splice:
    (splice,) = render_edit(cut, takes, folder).splices
    return splice


def db(level: float) -> float:
    return float(20 * np.log10(level))


def rms(audio: Audio) -> float:
    return float(np.sqrt(np.mean(np.square(audio, dtype=np.float64))))


def test_a_comp_of_passes_3_and_5_nulls_on_all_sixteen_tracks_against_the_reported_splice_made_by_hand(
    tmp_path: Path,
) -> None:
    length, joint = BLOCK_FRAMES + 30_000, BLOCK_FRAMES + 100
    names = [f"mic-{n:02}" for n in range(16)]
    three = {name: noise(n, length) for n, name in enumerate(names)}
    five = {name: np.float32(n / 16) * three[name] + noise(100 + n, length) for n, name in enumerate(names)}
    takes = {
        3: {name: file(tmp_path / f"3-{name}.wav", block) for name, block in three.items()},
        5: {name: file(tmp_path / f"5-{name}.wav", block) for name, block in five.items()},
    }
    cut = searched(recipe(length, [(0, joint, 3), (joint, length, 5)]))
    comp, splice = render(cut, takes, tmp_path / "out"), the_splice(cut, takes, tmp_path)
    assert (splice.left, splice.right, splice.decided) == (3, 5, joint)
    assert 0 < abs(splice.at - joint) <= SEARCH
    assert (splice.fade_start, splice.fade_end) == (splice.at - HALF, splice.at + HALF)
    window, fade = slice(splice.fade_start, splice.fade_end), step(2 * HALF)
    for name in names:
        by_hand = np.concatenate([three[name][:, : splice.at], five[name][:, splice.at :]], axis=1)
        level = np.sqrt(1 + 2 * float(splice.correlation[name]) * np.sqrt(fade * (1 - fade)))
        leaving, coming = np.sqrt(1 - fade) / level, np.sqrt(fade) / level
        by_hand[:, window] = three[name][:, window] * leaving + five[name][:, window] * coming
        np.testing.assert_array_equal(comp[name], by_hand)
    assert sorted(splice.correlation) == names
    assert splice.correlation["mic-15"] > 2 * splice.correlation["mic-05"] > 0


def test_the_splice_is_where_the_takes_differ_least_over_all_tracks_together(tmp_path: Path) -> None:
    base = {name: noise(n, LENGTH) for n, name in enumerate(("kick", "snare"))}
    kick_agrees, both_agree = slice(JOINT - 400, JOINT + 90), slice(JOINT - 140, JOINT + 380)
    other = {name: noise(10 + n, LENGTH) for n, name in enumerate(("kick", "snare"))}
    other["kick"][:, kick_agrees] = base["kick"][:, kick_agrees]
    for name in base:
        other[name][:, both_agree] = base[name][:, both_agree]
    takes = {
        number: {name: file(tmp_path / f"{number}{name}.wav", block) for name, block in tracks.items()}
        for number, tracks in {1: base, 2: other}.items()
    }
    splice = the_splice(of_two(), takes, tmp_path)
    assert both_agree.start <= splice.fade_start
    assert splice.fade_end <= both_agree.stop
    assert splice.at == JOINT + 100, "of equal places the nearest"
    assert set(splice.correlation.values()) == {1}


def test_a_loud_place_is_left_for_a_quiet_one(tmp_path: Path) -> None:
    quiet = np.ones(LENGTH, np.float32)
    quiet[JOINT + 20 : JOINT + 560] = 0.01
    takes = two(tmp_path, noise(1, LENGTH) * quiet, noise(2, LENGTH) * quiet)
    splice = the_splice(of_two(), takes, tmp_path)
    assert splice.fade_start >= JOINT + 20
    assert splice.fade_end <= JOINT + 560


@pytest.mark.parametrize("block", [np.zeros((1, LENGTH), np.float32), noise(1, LENGTH)], ids=["silence", "one sound"])
def test_where_nothing_differs_the_splice_is_where_it_was_decided_and_leaves_no_trace(
    tmp_path: Path, block: Audio
) -> None:
    takes = two(tmp_path, block, block.copy())
    assert the_splice(of_two(), takes, tmp_path).at == JOINT
    got = render(of_two(), takes, tmp_path / "out")["a"]
    np.testing.assert_allclose(got, block, atol=1e-7)


@pytest.mark.parametrize("shared", [0.0, 0.3, 0.7, 0.95, 1.0])
def test_the_level_stays_within_half_a_decibel_through_a_splice_of_any_correlation(
    tmp_path: Path, shared: float
) -> None:
    tracks = 48
    one, own = noise(1, LENGTH, tracks), noise(2, LENGTH, tracks)
    other = (shared * one + np.sqrt(1 - shared**2) * own).astype(np.float32)
    takes = {
        number: {f"t{n:02}": file(tmp_path / f"{number}{n}.wav", block[n : n + 1]) for n in range(tracks)}
        for number, block in {1: one, 2: other}.items()
    }
    got = render(of_two(), takes, tmp_path / "out")
    at = the_splice(of_two(), takes, tmp_path).at
    sound = np.concatenate(list(got.values()))
    around = rms(np.concatenate([one[:, : JOINT - 1000], other[:, JOINT + 1000 :]], axis=1))
    for start in range(at - HALF, at + HALF, 60):
        assert abs(db(rms(sound[:, start : start + 60]) / around)) < 0.5


def test_takes_of_unequal_level_pass_from_one_level_to_the_other_without_a_dip(tmp_path: Path) -> None:
    one = noise(1, LENGTH, 8)
    takes = two(tmp_path, one, one / np.float32(4))
    got, at = render(of_two(), takes, tmp_path / "out")["a"], the_splice(of_two(), takes, tmp_path).at
    levels = [rms(got[:, start : start + 80] / one[:, start : start + 80]) for start in range(at - 320, at + 320, 80)]
    assert all(later <= earlier * 1.06 for earlier, later in pairwise(levels))
    assert levels[0] == pytest.approx(1)
    assert levels[-1] == pytest.approx(1 / 4)


def test_a_take_of_opposite_polarity_is_reported_and_never_blown_up(tmp_path: Path) -> None:
    one = noise(1, LENGTH)
    takes = two(tmp_path, one, -one)
    splice = the_splice(of_two(), takes, tmp_path)
    assert splice.correlation["a"] == -1
    got = render(of_two(), takes, tmp_path / "out")["a"]
    assert np.all(np.abs(got) <= np.abs(one) * 10 ** (1.3 / 20))


@pytest.mark.parametrize("found", [-1, -0.5, 0, 0.4, 1])
def test_no_fade_raises_a_take_by_more_than_the_law_says(found: float) -> None:
    fade, frames = Fade(480, Joint(0, 0, found)), np.arange(480.0)
    leaving, coming = fade.fall(frames), fade.rise(frames)
    assert max(leaving.max(), coming.max()) < 10 ** (1.3 / 20)
    np.testing.assert_allclose(leaving, coming[::-1], rtol=1e-9)
    counted = max(found, -0.5)
    np.testing.assert_allclose(leaving**2 + coming**2 + 2 * counted * leaving * coming, 1)


def test_a_take_without_material_around_the_joint_is_spliced_where_both_sound(tmp_path: Path) -> None:
    base, punch = noise(1, LENGTH), noise(2, 6000)
    takes = two(tmp_path, base, punch)
    rows = [(0, 6000, 1), (6000, 12_000, 2), (12_000, LENGTH, 1)]
    into, back = render_edit(searched(recipe(LENGTH, rows, take2=6000)), takes, tmp_path).splices
    assert 6000 <= into.fade_start < into.fade_end <= 6000 + SEARCH + HALF
    assert 12_000 - SEARCH - HALF <= back.fade_start < back.fade_end <= 12_000


@given(
    st.lists(st.integers(0, 3000), min_size=2, max_size=9, unique=True).map(sorted),
    st.tuples(st.integers(1, 300), st.integers(0, 500)), st.integers(-900, 900), st.integers(1, 4000),
)  # fmt: skip
def test_however_short_the_spans_the_length_is_exact_and_no_more_than_two_takes_sound_at_once(
    tmp_path_factory: pytest.TempPathFactory,
    edges: list[int],
    wish: tuple[int, int],
    start: int,
    length: int,
) -> None:
    folder, (search, crossfade) = tmp_path_factory.mktemp("short"), wish
    ones = np.ones((1, length), np.float32)
    takes = two(folder, ones, ones)
    row = [(a, b, 1 + n % 2) for n, (a, b) in enumerate(pairwise(edges))]
    cut = recipe(edges[-1], row, crossfade=crossfade, take2=start).model_copy(update={"search_frames": search})
    used = {number: takes[number] for number in cut.starts}
    got = render(cut, used, folder)["a"]
    assert got.shape == (1, edges[-1])
    assert got.max(initial=0) <= 1 + 1e-6


def test_a_joint_inside_one_take_is_no_splice(tmp_path: Path) -> None:
    samples = noise(1, LENGTH)
    takes = {1: {"a": file(tmp_path / "1.wav", samples)}}
    cut = searched(recipe(LENGTH, [(0, JOINT, 1), (JOINT, LENGTH, 1)]))
    assert render_edit(cut, takes, tmp_path).splices == ()
    np.testing.assert_array_equal(render(cut, takes, tmp_path / "out")["a"], samples)


def test_a_track_that_one_take_lacks_has_no_correlation_and_counts_where_it_sounds(tmp_path: Path) -> None:
    room = noise(3, LENGTH)
    room[:, JOINT - 700 : JOINT - 60] = 0
    takes = {
        1: {"kick": file(tmp_path / "k.wav", noise(1, LENGTH) / 100), "room": file(tmp_path / "r.wav", room)},
        2: {"kick": file(tmp_path / "k2.wav", noise(2, LENGTH) / 100)},
    }
    splice = the_splice(of_two(), takes, tmp_path)
    assert list(splice.correlation) == ["kick"]
    assert splice.fade_end <= JOINT - 60


def test_a_repeated_section_of_a_held_sound_keeps_its_level_at_the_joint(tmp_path: Path) -> None:
    frames = np.arange(LENGTH)
    tone = (0.5 * np.sin(frames * 2 * np.pi / 100))[None, :].astype(np.float32)  # periods fit the joint
    takes = {1: {"a": file(tmp_path / "1.wav", tone)}}
    cut = searched(recipe(LENGTH, [(0, LENGTH, 1)]))
    twice = (TimeStretch(start=0, end=JOINT), TimeStretch(start=6000, end=LENGTH))
    got = render(cut.model_copy(update={"arrangement": twice}), takes, tmp_path / "out")["a"]
    for start in range(JOINT - 300, JOINT + 300, 100):
        assert abs(db(rms(got[:, start : start + 100]) / rms(tone))) < 0.01


SOUNDS = arrays(np.float32, (2, 50), elements=st.floats(-1, 1, width=32))


@given(SOUNDS, SOUNDS)
def test_a_correlation_lies_between_minus_one_and_one_and_does_not_care_which_take_comes_first(
    one: Audio, other: Audio
) -> None:
    found = correlation(one, other)
    assert -1 <= found <= 1
    assert found == correlation(other, one)
    assert correlation(one, one) == (1 if one.any() else 0)
