"""Whatever a recipe may say, the mix is finite, of its declared length, and the same again."""

from decimal import Decimal
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.recipe import Band, Bus, Compressor, Delay, MasterBus, MixRecipe, Point, Reverb, Strip, Version
from dsp.audio import Source
from dsp.console import render_mix
from tests.dsp.console_cases import RATE, noise, read, write_song


def numbers(low: str, high: str) -> st.SearchStrategy[Decimal]:
    return st.decimals(Decimal(low), Decimal(high), places=2)


GAINS = st.one_of(st.just(Decimal(-144)), st.just(Decimal(0)), numbers("-60", "24"))
BANDS = st.builds(
    Band,
    type=st.sampled_from(["bell", "low_shelf", "high_shelf"]),
    hz=numbers("10", "23900"),
    gain_db=numbers("-30", "30"),
    q=numbers("0.1", "40"),
)
COMPRESSORS = st.builds(
    Compressor,
    threshold_db=numbers("-80", "0"),
    ratio=numbers("1", "100"),
    attack_ms=numbers("0.05", "500"),
    release_ms=numbers("1", "5000"),
    knee_db=numbers("0", "24"),
    makeup_db=numbers("-20", "20"),
)
TONE = {
    "high_pass_hz": st.none() | numbers("10", "23900"),
    "eq": st.lists(BANDS, max_size=5).map(tuple),
    "compressor": st.none() | COMPRESSORS,
}
POINTS = st.lists(
    st.builds(Point, at_s=numbers("0", "3"), gain_db=GAINS), max_size=4, unique_by=lambda point: point.at_s
)
STRIPS = st.builds(
    Strip,
    **TONE,
    gain_db=GAINS,
    pan=numbers("-1", "1"),
    invert=st.booleans(),
    delay_ms=st.just(Decimal(0)) | numbers("0", "2000"),
    mute=st.booleans(),
    sends=st.dictionaries(st.sampled_from(["one", "two"]), GAINS),
    automation=POINTS.map(lambda points: tuple(sorted(points, key=lambda point: point.at_s))),
)
BUSES = st.builds(
    Bus,
    **TONE,
    gain_db=GAINS,
    reverb=st.none() | st.builds(Reverb, size=numbers("0", "1"), pre_delay_ms=numbers("0", "200")),
    delay=st.none() | st.builds(Delay, time_ms=numbers("1", "900"), feedback=numbers("0", "0.6")),
)
NAMES = st.sampled_from(["drums", "drums.kick", "drums.oh", "bass", "keys", "tuba"])


@st.composite
def recipes(draw: st.DrawFn) -> MixRecipe:
    strips = draw(st.dictionaries(NAMES, STRIPS, min_size=1)) | {"keys": draw(STRIPS)}
    some = st.lists(st.sampled_from(sorted(strips)), max_size=2).map(tuple)
    return MixRecipe(
        strips=strips,
        buses={"one": draw(BUSES), "two": draw(BUSES)},
        master=draw(st.builds(MasterBus, **TONE, gain_db=numbers("-20", "20"))),
        versions={"other": Version(without=draw(some), only=draw(some))},
    )


SONG = {
    "drums": {"kick": noise(1, 1, 30_000), "oh": noise(2, 2, 30_000)},
    "bass": {"di": noise(3, 1, 70_000)},
    "keys": {"l-r": noise(4, 2, 1)},
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(recipe=recipes())
def test_every_recipe_gives_a_finite_mix_the_same_again(recipe: MixRecipe, tmp_path: Path) -> None:
    inputs = songs(tmp_path)
    one, other = render_mix(recipe, inputs, tmp_path)
    again = render_mix(recipe, inputs, tmp_path, threads=3)
    assert [one.pcm, other.pcm] == [printed.pcm for printed in again]
    assert np.isfinite(read(one.path)).all()
    named = [track.shape[1] for part in recipe.parts if part in SONG for track in SONG[part].values()]
    assert max(named) <= one.frames <= max(named) + 4 * RATE + 30 * RATE
    assert one.frames == other.frames


def songs(folder: Path) -> dict[str, dict[str, Source]]:
    if not (folder / "keys.l-r.wav").exists():
        write_song(folder, SONG)
    return {part: {track: Source(folder / f"{part}.{track}.wav") for track in tracks} for part, tracks in SONG.items()}
