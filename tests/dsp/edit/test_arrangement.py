"""Sections moved, repeated and cut: the same joints in every part, to the sample."""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.recipe import ArrangedJoint, EditRecipe, TimeStretch, joint_note, splice_noted
from dsp.audio import BLOCK_FRAMES
from dsp.edit.arrangement import arranged
from dsp.edit.cut import render_edit
from tests.dsp.edit.cutting import file, noise, recipe, render, step

FADE = 100


def in_the_order(cut: EditRecipe, *stretches: tuple[int, int]) -> EditRecipe:
    return cut.model_copy(update={"arrangement": tuple(TimeStretch(start=start, end=end) for start, end in stretches)})


def test_an_arrangement_in_the_recorded_order_is_the_part_to_the_bit(tmp_path: Path) -> None:
    samples = noise(1, BLOCK_FRAMES + 9000)
    takes = {1: {"lead": file(tmp_path / "a.wav", samples)}}
    length = samples.shape[1]
    cut = in_the_order(recipe(length, [(0, length, 1)]), (0, 4000), (4000, 70_000), (70_000, length))
    np.testing.assert_array_equal(render(cut, takes, tmp_path / "out")["lead"], samples)


def test_a_repeated_section_sounds_twice_and_the_joint_is_a_crossfade_of_what_was_recorded_around_it(
    tmp_path: Path,
) -> None:
    samples = noise(1, 9000)
    takes = {1: {"lead": file(tmp_path / "a.wav", samples)}}
    cut = in_the_order(recipe(9000, [(0, 9000, 1)], crossfade=FADE), (0, 6000), (3000, 9000))
    lead = render(cut, takes, tmp_path / "out")["lead"]
    assert lead.shape == (1, 12_000)
    np.testing.assert_array_equal(lead[:, :5950], samples[:, :5950])
    np.testing.assert_array_equal(lead[:, 6050:], samples[:, 3050:])
    joint = samples[:, 5950:6050] * np.sqrt(1 - step(FADE)) + samples[:, 2950:3050] * np.sqrt(step(FADE))
    np.testing.assert_array_equal(lead[:, 5950:6050], joint.astype(np.float32))


def test_a_section_that_was_cut_is_gone_and_everything_after_it_is_earlier_by_its_length(tmp_path: Path) -> None:
    samples = noise(1, BLOCK_FRAMES + 9000)
    takes = {1: {"lead": file(tmp_path / "a.wav", samples)}}
    length = samples.shape[1]
    cut = in_the_order(recipe(length, [(0, length, 1)], crossfade=FADE), (0, 3000), (5000, length))
    lead = render(cut, takes, tmp_path / "out")["lead"]
    assert lead.shape[1] == length - 2000
    np.testing.assert_array_equal(lead[:, 3050:], samples[:, 5050:])


def test_the_song_s_beginning_has_nothing_before_it_so_its_crossfade_lies_after_the_joint(tmp_path: Path) -> None:
    samples = noise(1, 6000)
    takes = {1: {"lead": file(tmp_path / "a.wav", samples)}}
    cut = in_the_order(recipe(6000, [(0, 6000, 1)], crossfade=FADE), (3000, 5000), (0, 3000))
    lead = render(cut, takes, tmp_path / "out")["lead"]
    np.testing.assert_array_equal(lead[:, 100:2000], samples[:, 3100:5000])
    np.testing.assert_array_equal(lead[:, 2100:2900], samples[:, 100:900])
    joint = samples[:, 5000:5100] * np.sqrt(1 - step(FADE)) + samples[:, :100] * np.sqrt(step(FADE))
    np.testing.assert_array_equal(lead[:, 2000:2100], joint.astype(np.float32))


def test_the_end_of_the_part_stays_as_recorded_and_an_earlier_end_is_faded(tmp_path: Path) -> None:
    samples = noise(1, 6000)
    takes = {1: {"lead": file(tmp_path / "a.wav", samples)}}
    plain = recipe(6000, [(0, 6000, 1)], crossfade=FADE)
    whole = render(in_the_order(plain, (0, 2000), (3000, 6000)), takes, tmp_path / "whole")["lead"]
    np.testing.assert_array_equal(whole[:, 2050:], samples[:, 3050:])
    short = render(in_the_order(plain, (0, 4000)), takes, tmp_path / "short")["lead"]
    np.testing.assert_array_equal(short[:, 3900:], (samples[:, 3900:4000] * (1 - step(FADE))).astype(np.float32))


def test_a_part_that_ends_before_the_others_is_silent_to_the_end_of_the_song(tmp_path: Path) -> None:
    samples = noise(1, 3000)
    takes = {1: {"lead": file(tmp_path / "a.wav", samples)}}
    cut = in_the_order(recipe(3000, [(0, 3000, 1)], crossfade=FADE), (2000, 8000), (0, 4000))
    lead = render(cut, takes, tmp_path / "out")["lead"]
    assert lead.shape[1] == 10_000
    assert not lead[:, 1000:6000].any()
    np.testing.assert_array_equal(lead[:, 6100:9000], samples[:, 100:3000])
    assert not lead[:, 9000:].any()


STRETCHES = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 300)), min_size=1, max_size=8)


@given(STRETCHES, st.integers(0, 80), st.integers(1, 700), st.integers(1, 700))
def test_every_part_is_cut_at_the_same_samples_however_long_it_is_and_two_stretches_sound_at_once_at_most(
    drawn: list[tuple[int, int]], crossfade: int, one_length: int, other_length: int
) -> None:
    stretches = [(start, start + frames) for start, frames in drawn]
    cuts = [
        in_the_order(recipe(length, [(0, length, 1)], crossfade=crossfade), *stretches)
        for length in (one_length, other_length)
    ]
    one, other = (arranged(cut) for cut in cuts)
    assert [(clip.begins, clip.start, clip.end, clip.rise) for clip in one] == [
        (clip.begins, clip.start, clip.end, clip.rise) for clip in other
    ]
    power, voices = np.zeros(cuts[0].result_frames), np.zeros(cuts[0].result_frames)
    for clip in one:
        gain = clip.gain(clip.start, clip.end)
        power[clip.start : clip.end] += 1.0 if gain is None else gain**2
        voices[clip.start : clip.end] += 1
    assert voices.min() >= 1
    assert voices.max() <= 2
    np.testing.assert_allclose(power[voices == 2], 1)


def test_a_stretch_without_a_length_is_no_stretch() -> None:
    with pytest.raises(ValidationError, match="has no length"):
        TimeStretch(start=100, end=100)


def test_the_joints_of_an_arrangement_are_told_of_with_where_they_are_and_how_alike_their_sides(tmp_path: Path) -> None:
    wave = np.tile(noise(1, 1000), 9)
    takes = {1: {"lead": file(tmp_path / "a.wav", wave), "room": file(tmp_path / "b.wav", noise(2, 9000))}}
    plain = recipe(9000, [(0, 9000, 1)], crossfade=FADE)
    cut = in_the_order(plain.model_copy(update={"search_frames": 40}), (0, 6000), (3000, 4000), (4000, 9000))
    (tmp_path / "out").mkdir()
    edited = render_edit(cut, takes, tmp_path / "out")
    (joint,) = edited.joints
    assert joint == ArrangedJoint(
        stretch=2, left=6000, right=3000, at=6000, fade_start=5950, fade_end=6050,
        correlation={"lead": Decimal("1.000"), "room": joint.correlation["room"]},
    )  # fmt: skip
    assert abs(joint.correlation["room"]) < Decimal("0.5")
    assert joint_note(joint).startswith(
        "stretch 2: recorded frame 6000 to recorded frame 3000, joined at frame 6000, fade 5950 to 6050, "
        "correlation lead 1.000, room "
    )
    assert splice_noted(joint_note(joint)) is None, "it is no splice of takes"


def test_an_edit_in_the_recorded_order_has_no_joints_to_tell_of(tmp_path: Path) -> None:
    takes = {1: {"lead": file(tmp_path / "a.wav", noise(1, 9000))}}
    cut = recipe(9000, [(0, 9000, 1)], crossfade=FADE).model_copy(update={"search_frames": 40})
    for one in (cut, in_the_order(cut, (0, 4000), (4000, 9000))):
        (tmp_path / str(len(one.arrangement))).mkdir()
        assert render_edit(one, takes, tmp_path / str(len(one.arrangement))).joints == ()
