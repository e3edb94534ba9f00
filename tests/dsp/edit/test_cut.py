"""Cutting a part from its takes."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.recipe import Span
from dsp.audio import BLOCK_FRAMES, Source, Unsound
from dsp.edit.clips import joined, rows_of
from dsp.edit.cut import render_edit
from dsp.files.sound import inspect
from tests.dsp.edit.cutting import file, noise, recipe, render, step


def test_a_comp_of_one_untouched_take_is_that_take_to_the_bit(tmp_path: Path) -> None:
    source = file(tmp_path / "a.wav", noise(1, BLOCK_FRAMES * 2 + 5, 2))
    cut = recipe(BLOCK_FRAMES * 2 + 5, [(0, BLOCK_FRAMES * 2 + 5, 1)])
    (printed,) = render_edit(cut, {1: {"lead": source}}, tmp_path).printed
    assert printed.pcm == inspect(source.path).pcm


def test_two_strokes_of_one_take_side_by_side_leave_no_trace(tmp_path: Path) -> None:
    source = file(tmp_path / "a.wav", noise(1, 9000))
    (printed,) = render_edit(recipe(9000, [(0, 4000, 1), (4000, 9000, 1)]), {1: {"lead": source}}, tmp_path).printed
    assert printed.pcm == inspect(source.path).pcm


def test_a_comp_of_passes_3_and_5_nulls_on_all_sixteen_tracks_against_the_cut_made_by_hand(tmp_path: Path) -> None:
    length, joint, half = BLOCK_FRAMES + 30_000, BLOCK_FRAMES + 100, 240
    names = [f"mic-{n:02}" for n in range(16)]
    three = {name: noise(n, length) for n, name in enumerate(names)}
    five = {name: noise(100 + n, length) for n, name in enumerate(names)}
    takes = {
        3: {name: file(tmp_path / f"3-{name}.wav", block) for name, block in three.items()},
        5: {name: file(tmp_path / f"5-{name}.wav", block) for name, block in five.items()},
    }
    comp = render(recipe(length, [(0, joint, 3), (joint, length, 5)]), takes, tmp_path / "out")
    window = slice(joint - half, joint + half)
    for name in names:
        by_hand = np.concatenate([three[name][:, :joint], five[name][:, joint:]], axis=1)
        fade = step(2 * half)
        by_hand[:, window] = three[name][:, window] * np.sqrt(1 - fade) + five[name][:, window] * np.sqrt(fade)
        np.testing.assert_array_equal(comp[name], by_hand)


def test_a_span_inside_its_take_is_faded_within_itself_and_the_rest_is_silence(tmp_path: Path) -> None:
    samples = noise(1, 10_000)
    takes = {1: {"lead": file(tmp_path / "a.wav", samples)}}
    lead = render(recipe(12_000, [(2000, 8000, 1)], crossfade=100), takes, tmp_path / "out")["lead"]
    assert not lead[:, :2000].any()
    assert not lead[:, 8000:].any()
    np.testing.assert_array_equal(lead[:, 2100:7900], samples[:, 2100:7900])
    np.testing.assert_array_equal(lead[:, 2000:2100], (samples[:, 2000:2100] * step(100)).astype(np.float32))
    np.testing.assert_array_equal(lead[:, 7900:8000], (samples[:, 7900:8000] * (1 - step(100))).astype(np.float32))


def test_a_take_lies_where_it_begins_and_its_own_ends_stay_as_recorded(tmp_path: Path) -> None:
    samples = noise(1, 3000)
    takes = {1: {"lead": file(tmp_path / "a.wav", samples)}}
    lead = render(recipe(10_000, [(0, 10_000, 1)], take1=4000), takes, tmp_path / "out")["lead"]
    np.testing.assert_array_equal(lead[:, 4000:7000], samples)
    assert not lead[:, :4000].any()
    assert not lead[:, 7000:].any()


def test_a_take_that_began_before_the_song_is_faded_in_at_its_zero(tmp_path: Path) -> None:
    samples = noise(1, 3000)
    takes = {1: {"lead": file(tmp_path / "a.wav", samples)}}
    lead = render(recipe(2000, [(0, 2000, 1)], take1=-1000), takes, tmp_path / "out")["lead"]
    np.testing.assert_array_equal(lead[:, 480:], samples[:, 1480:])
    np.testing.assert_array_equal(lead[:, :480], (samples[:, 1000:1480] * step(480)).astype(np.float32))


def test_a_punch_in_painted_to_its_own_ends_fades_where_both_takes_sound(tmp_path: Path) -> None:
    base, punch = noise(1, 9000), noise(2, 2000)
    takes = {
        1: {"lead": file(tmp_path / "base.wav", base)},
        2: {"lead": file(tmp_path / "punch.wav", punch)},
    }
    cut = recipe(9000, [(0, 4000, 1), (4000, 6000, 2), (6000, 9000, 1)], take2=4000)
    lead = render(cut, takes, tmp_path / "out")["lead"]
    np.testing.assert_array_equal(lead[:, :4000], base[:, :4000])
    np.testing.assert_array_equal(lead[:, 4480:5520], punch[:, 480:1520])
    np.testing.assert_array_equal(lead[:, 6000:], base[:, 6000:])
    np.testing.assert_allclose(
        lead[:, 4000:4480], base[:, 4000:4480] * np.sqrt(1 - step(480)) + punch[:, :480] * np.sqrt(step(480)), atol=1e-7
    )


def test_a_span_with_a_slip_sounds_later_by_it_and_the_rest_of_the_take_stays(tmp_path: Path) -> None:
    samples = noise(1, 9000)
    takes = {1: {"lead": file(tmp_path / "a.wav", samples)}}
    plain = recipe(9000, [(0, 3000, 1), (3000, 6000, 1), (6000, 9000, 1)], crossfade=100)
    before, moved, after = plain.layers[0]
    cut = plain.model_copy(update={"layers": ((before, moved.model_copy(update={"slip": 48}), after),)})
    lead = render(cut, takes, tmp_path / "out")["lead"]
    np.testing.assert_array_equal(lead[:, :2950], samples[:, :2950])
    np.testing.assert_array_equal(lead[:, 3050:5950], samples[:, 3002:5902])
    np.testing.assert_array_equal(lead[:, 6050:], samples[:, 6050:])
    window = slice(2950, 3050)
    slipped = samples[:, 2902:3002] * np.sqrt(step(100))
    expected = samples[:, window] * np.sqrt(1 - step(100)) + slipped
    np.testing.assert_array_equal(lead[:, window], expected.astype(np.float32))


def test_a_take_slipped_out_of_its_material_is_silent_there(tmp_path: Path) -> None:
    samples = noise(1, 5000)
    takes = {1: {"lead": file(tmp_path / "a.wav", samples)}}
    late = Span(start=0, end=5000, take=1, slip=700)
    cut = recipe(5000, [(0, 5000, 1)]).model_copy(update={"layers": ((late,),)})
    lead = render(cut, takes, tmp_path / "out")["lead"]
    assert not lead[:, :700].any()
    np.testing.assert_array_equal(lead[:, 700:4520], samples[:, :3820])


def test_layers_sound_together(tmp_path: Path) -> None:
    one, two = noise(1, 1000) / np.float32(2), noise(2, 1000) / np.float32(2)
    takes = {1: {"ooh": file(tmp_path / "1.wav", one)}, 2: {"ooh": file(tmp_path / "2.wav", two)}}
    stack = render(recipe(1000, [(0, 1000, 1)], [(0, 1000, 2)]), takes, tmp_path / "out")["ooh"]
    np.testing.assert_array_equal(stack, one + two)


def test_a_track_that_one_take_lacks_is_silent_there(tmp_path: Path) -> None:
    takes = {
        1: {"kick": file(tmp_path / "k1.wav", noise(1, 4000)), "room": file(tmp_path / "r1.wav", noise(2, 4000))},
        2: {"kick": file(tmp_path / "k2.wav", noise(3, 4000))},
    }
    drums = render(recipe(4000, [(0, 2000, 1), (2000, 4000, 2)], crossfade=200), takes, tmp_path / "out")
    assert sorted(drums) == ["kick", "room"]
    assert drums["room"][:, 2099].any()
    assert not drums["room"][:, 2100:].any()


def test_a_track_mono_in_one_take_and_stereo_in_another_is_stereo(tmp_path: Path) -> None:
    mono, stereo = noise(1, 4000), noise(2, 4000, 2)
    takes = {1: {"keys": file(tmp_path / "1.wav", mono)}, 2: {"keys": file(tmp_path / "2.wav", stereo)}}
    keys = render(recipe(4000, [(0, 2000, 1), (2000, 4000, 2)]), takes, tmp_path / "out")["keys"]
    panned = (mono * np.sqrt(0.5)).astype(np.float32)
    np.testing.assert_array_equal(keys[:, :1700], np.repeat(panned[:, :1700], 2, axis=0))
    np.testing.assert_array_equal(keys[:, 2300:], stereo[:, 2300:])


def test_a_mono_take_passes_into_a_stereo_recording_of_the_same_panned_sound_without_a_step(tmp_path: Path) -> None:
    mono = noise(1, 4000)
    panned = np.repeat(mono * np.float32(np.sqrt(0.5)), 2, axis=0)
    takes = {1: {"keys": file(tmp_path / "1.wav", mono)}, 2: {"keys": file(tmp_path / "2.wav", panned)}}
    cut = recipe(4000, [(0, 2000, 1), (2000, 4000, 2)]).model_copy(update={"search_frames": 100})
    keys = render(cut, takes, tmp_path / "out")["keys"]
    np.testing.assert_allclose(keys, panned, atol=1e-6)


def test_one_channel_of_a_poly_file_can_be_a_track(tmp_path: Path) -> None:
    poly = noise(1, 1000, 8)
    source = Source(file(tmp_path / "poly.wav", poly).path, 5, 1)
    track = render(recipe(1000, [(0, 1000, 1)]), {1: {"tom": source}}, tmp_path / "out")["tom"]
    np.testing.assert_array_equal(track, poly[5:6])


@pytest.mark.parametrize("frames", [100, 101, BLOCK_FRAMES - 1, BLOCK_FRAMES, BLOCK_FRAMES + 1])
def test_a_joint_anywhere_on_the_grid_is_the_same_joint(tmp_path: Path, frames: int) -> None:
    length = BLOCK_FRAMES + 5000
    one, two = noise(1, length), noise(2, length)
    takes = {1: {"a": file(tmp_path / "1.wav", one)}, 2: {"a": file(tmp_path / "2.wav", two)}}
    got = render(recipe(length, [(0, frames, 1), (frames, length, 2)], crossfade=90), takes, tmp_path / "out")["a"]
    window = slice(frames - 45, frames + 45)
    expected = one[:, window] * np.sqrt(1 - step(90)) + two[:, window] * np.sqrt(step(90))
    np.testing.assert_array_equal(got[:, window], expected.astype(np.float32))
    np.testing.assert_array_equal(got[:, : window.start], one[:, : window.start])
    np.testing.assert_array_equal(got[:, window.stop :], two[:, window.stop :])


def test_what_cannot_be_cut_is_said(tmp_path: Path) -> None:
    mono = {"lead": file(tmp_path / "1.wav", noise(1, 1000))}
    with pytest.raises(Unsound, match="uses take 2"):
        render_edit(recipe(1000, [(0, 500, 1), (500, 1000, 2)]), {1: mono}, tmp_path)
    with pytest.raises(Unsound, match="overlap at frame 400"):
        render_edit(recipe(1000, [(0, 500, 1), (400, 1000, 1)]), {1: mono}, tmp_path)
    other_rate = {"lead": file(tmp_path / "44.wav", noise(1, 1000), 44_100)}
    with pytest.raises(Unsound, match=r"44100 Hz .* 48000 Hz"):
        render_edit(recipe(1000, [(0, 500, 1)]), {1: other_rate}, tmp_path)
    drifting = {"kick": mono["lead"], "snare": file(tmp_path / "s.wav", noise(1, 1001))}
    with pytest.raises(Unsound, match="kick 1000, snare 1001"):
        render_edit(recipe(1000, [(0, 500, 1)]), {1: drifting}, tmp_path)
    two, three = (file(tmp_path / f"{n}c.wav", noise(1, 1000, n)) for n in (2, 3))
    with pytest.raises(Unsound, match="2 channels where another take has 3"):
        render_edit(recipe(1000, [(0, 500, 1), (500, 1000, 2)]), {1: {"a": two}, 2: {"a": three}}, tmp_path)


spans = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 3)), min_size=1, max_size=8)


@settings(max_examples=300, deadline=None)
@given(spans, st.integers(0, 80), st.dictionaries(st.integers(1, 3), st.integers(-40, 200)), st.integers(1, 400))
def test_however_it_is_painted_no_more_than_two_clips_of_a_layer_sound_at_once_at_equal_power(
    strokes: list[tuple[int, int]], crossfade: int, begins: dict[int, int], take_length: int
) -> None:
    edges = sorted({at for at, _ in strokes} | {301})
    row = [(start, end, strokes[n % len(strokes)][1]) for n, (start, end) in enumerate(pairwise(edges))]
    starts = {f"take{take}": begin for take, begin in begins.items()}
    cut = recipe(301, row, crossfade=crossfade, **starts)
    lengths = dict.fromkeys(cut.starts, take_length)
    power, voices = np.zeros(301), np.zeros(301)
    for clip in (clip for row in rows_of(cut, lengths) for clip in joined(row, crossfade)):
        assert cut.starts[clip.take] <= clip.start < clip.end <= cut.starts[clip.take] + take_length
        gain = clip.gain(clip.start, clip.end)
        power[clip.start : clip.end] += 1.0 if gain is None else gain**2
        voices[clip.start : clip.end] += 1
    assert voices.max() <= 2
    assert power.max() <= 1 + 1e-12
    np.testing.assert_allclose(power[voices == 2], 1)
