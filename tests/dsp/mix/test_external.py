"""Plug-ins of other makers: each in a process of its own, with latency compensated, and only if allowed.

The hosts here are real processes with plug-ins from files beside this one; a plug-in installed on this machine and
named in ``TAKESHEET_VST3`` is tested as well.
"""

import os
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import numpy as np
import pytest

from domain.core.refusal import Misused
from domain.recipe import parse_mix
from dsp.audio import Audio, Unsound
from dsp.mix.console import render_mix
from dsp.mix.plugins.rack import MOST_PLUG_INS, Rack
from tests.dsp.mix.console_cases import Song, noise, read, write_song

pytestmark = pytest.mark.slow

HOST = str(Path(__file__).with_name("odd_plugins.py"))
TWO: Song = {"keys": {"main": noise(1, 2)}, "bass": {"main": noise(2)}}
BEFORE = "external = true\n[strips.bass]\npan = 0.5\n"


@pytest.fixture
def allowed(tmp_path: Path) -> dict[str, str]:
    """A file for each plug-in by its allowed name."""
    names = (
        "gain", "late", "late-compensated", "mono", "crash", "exit", "hang", "nan", "short", "chatty", "dies-at-once",
        "synth", "endless",
    )  # fmt: skip
    (tmp_path / "plug-ins").mkdir()
    for name in names:
        (tmp_path / "plug-ins" / f"{name}.vst3").touch()
    return {name: str(tmp_path / "plug-ins" / f"{name}.vst3") for name in names}


def through(
    folder: Path, allowed: dict[str, str], recipe: str, *, song: Song = TWO, patience_s: float = 60, threads: int = 2
) -> tuple[dict[str, Audio], tuple[str, ...]]:
    """The audio of each print, and the notes for the report."""
    out = folder / "out"
    out.mkdir(exist_ok=True)
    with Rack(allowed, host=(HOST,), patience_s=patience_s) as rack:
        printed = render_mix(parse_mix(recipe), write_song(folder, song), out, threads=threads, rack=rack)
    return {one.name: read(one.path) for one in printed}, rack.notes


def plugged(plugin: str, more: str = "", place: str = "strips.keys") -> str:
    return f'{BEFORE}[strips.keys]\n[[{place}.external]]\nplugin = "{plugin}"\n{more}\n'


def without(folder: Path) -> dict[str, Audio]:
    return through(folder, {}, "[strips.bass]\npan = 0.5\n[strips.keys]\n")[0]


@pytest.mark.parametrize("plugin", ["gain", "late", "late-compensated", "mono", "chatty"])
def test_what_a_plug_in_is_late_by_is_made_good_to_the_sample(
    tmp_path: Path, allowed: dict[str, str], plugin: str
) -> None:
    made, _ = through(tmp_path, allowed, plugged(plugin))
    assert np.array_equal(made["main"], without(tmp_path)["main"])


def test_the_host_imports_nothing_from_the_folder_somebody_works_in(tmp_path: Path, allowed: dict[str, str]) -> None:
    work = tmp_path / "work"
    (work / "dsp").mkdir(parents=True)
    (work / "dsp" / "__init__.py").write_text("import pathlib\npathlib.Path('ran').touch()\n")
    with chdir(work), Rack(allowed) as rack, pytest.raises(Unsound):  # no plug-in: the real host reports it
        render_mix(parse_mix(plugged("gain")), write_song(tmp_path, TWO), tmp_path, threads=1, rack=rack)
    assert not (work / "ran").exists()


DESK = """external = true
[strips.bass]
[strips.keys]
sends = { room = -6 }
group = "band"
[groups.band]
[buses.room]
chorus = { mix = 0.5 }
[master]
pan = 0.25
"""


@pytest.mark.parametrize("place", ["strips.bass", "strips.keys", "groups.band", "buses.room", "master"])
def test_in_any_channel_one_that_gives_silence_is_as_a_fader_that_is_down(
    tmp_path: Path, allowed: dict[str, str], place: str
) -> None:
    down, _ = through(tmp_path, allowed, DESK.replace(f"[{place}]", f"[{place}]\ngain_db = -144"))
    plugged_in = f"{DESK}[[{place}.external]]\nplugin = 'late'\nparameters = {{ gain = 0 }}\n"
    silent, _ = through(tmp_path, allowed, plugged_in)
    assert np.array_equal(silent["main"], down["main"])
    assert silent["main"].any() == (place != "master")


def test_a_send_before_the_fader_leaves_behind_the_plug_in(tmp_path: Path, allowed: dict[str, str]) -> None:
    sent = "[strips.bass]\nmute = true\n[strips.keys]\ngain_db = -144\n"
    bus = "[strips.keys.sends.room]\npre_fader = true\n[buses.room]\n"
    plug = '[[strips.keys.external]]\nplugin = "gain"\nparameters = { gain = 0.5 }\n'
    half, _ = through(tmp_path, allowed, f"external = true\n{sent}{bus}{plug}")
    whole, _ = through(tmp_path, allowed, sent + bus)
    assert whole["main"].any()
    assert half["main"] == pytest.approx(0.5 * whole["main"], abs=1e-7)


def test_a_mono_strip_stands_in_the_centre_of_it_and_balances_behind(tmp_path: Path, allowed: dict[str, str]) -> None:
    one: Song = {"bass": {"main": np.full((1, 70_000), 0.5, np.float32)}}
    recipe = 'external = true\n[strips.bass]\npan = -1\n[[strips.bass.external]]\nplugin = "gain"\n'
    left, right = through(tmp_path, allowed, recipe, song=one)[0]["main"]
    assert left[1000] == pytest.approx(0.5 * 0.5**0.5, abs=1e-6)
    assert not right.any()


def test_parameters_and_a_state_are_set_and_the_report_says_what_it_was(
    tmp_path: Path, allowed: dict[str, str]
) -> None:
    half, notes = through(tmp_path, allowed, plugged("gain", "parameters = { gain = 0.5 }", "master"))
    assert half["main"] == pytest.approx(0.5 * without(tmp_path)["main"], abs=1e-7)
    assert notes == ("not reproducible: master goes through gain (Gain 2.1 by The Ferrymen)",)
    state, _ = through(tmp_path, allowed, plugged("gain", 'state = "MC4y NQ=="', "master"))  # 0.25
    assert state["main"] == pytest.approx(0.25 * without(tmp_path)["main"], abs=1e-7)


def test_how_long_it_sounds_on_is_what_the_recipe_says(tmp_path: Path, allowed: dict[str, str]) -> None:
    made, _ = through(tmp_path, allowed, plugged("gain", "tail_s = 1.5"))
    assert made["main"].shape[1] == 100_000 + 72_000


def test_each_print_has_instances_of_its_own_and_any_number_of_threads_gives_the_same(
    tmp_path: Path, allowed: dict[str, str]
) -> None:
    recipe = 'prints = ["stems"]\n' + plugged("late") + '[[master.external]]\nplugin = "late"\n'
    one, notes = through(tmp_path, allowed, recipe, threads=1)
    four, _ = through(tmp_path, allowed, recipe, threads=4)
    assert all(np.array_equal(one[name], four[name]) for name in one)
    assert np.abs(one["stem-bass"] + one["stem-keys"] - one["main"]).max() < 1e-6
    assert len(notes) == 2


@pytest.mark.parametrize(
    ("plugin", "more", "said"),
    [
        ("crash", "", r"keys: plug-in 'crash' crashed \(SIGSEGV\)"),
        ("exit", "", r"keys: plug-in 'exit' crashed \(exit 3\)"),
        ("dies-at-once", "", r"keys: plug-in 'dies-at-once' crashed \(exit 7\)"),
        ("hang", "", r"keys: plug-in 'hang' hangs: no answer for 3 s"),
        ("nan", "", r"keys: plug-in 'nan' gave NaN or infinity"),
        ("short", "", r"keys: plug-in 'short' gave 10000 frames for 65536"),
        ("endless", "", r"says that it is 1099511627776 frames late"),
        ("synth", "", r"is an instrument"),
        ("gain", "parameters = { loudness = 3 }", r"keys: plug-in 'gain' has no parameter 'loudness'; it has gain"),
        ("elsewhere", "", r"keys: plug-in 'elsewhere' is not allowed here: \[plugins\] in the store's config.toml"),
    ],
)
def test_whatever_a_plug_in_does_is_a_sentence_and_leaves_no_process(
    tmp_path: Path, allowed: dict[str, str], plugin: str, more: str, said: str
) -> None:
    with pytest.raises(Unsound, match=said):
        through(tmp_path, allowed, plugged(plugin, more), patience_s=3)
    assert not list(_children()), "nobody is left"


def test_a_plug_in_that_is_gone_is_said_with_its_place(tmp_path: Path, allowed: dict[str, str]) -> None:
    Path(allowed["gain"]).unlink()
    with pytest.raises(Unsound, match=r"plug-in 'gain' is not there: .*gain\.vst3"):
        through(tmp_path, allowed, plugged("gain"))


def test_no_mix_begins_processes_without_end(tmp_path: Path, allowed: dict[str, str]) -> None:
    many = "".join('[[strips.keys.external]]\nplugin = "dies-at-once"\n' for _ in range(MOST_PLUG_INS + 1))
    with pytest.raises(Unsound, match="crashed"):
        through(tmp_path, allowed, f"{BEFORE}[strips.keys]\n{many}")
    rack = Rack(allowed, host=(HOST,))
    rack._count = MOST_PLUG_INS
    external = parse_mix(plugged("gain")).strips["keys"].external[0]
    with rack, pytest.raises(Unsound, match=f"more than {MOST_PLUG_INS} plug-ins at once"):
        rack.insert("keys", 1, external, 48_000)


@pytest.mark.parametrize(
    ("plug_in", "said"),
    [
        ('plugin = "/lib/x.vst3"', r"line 4, strips\.a\.external\.0\.plugin: "),
        ('plugin = "x"\nstate = "*"', r"line 5, .* must be base64"),
        ('plugin = "x"\nparameters = { a = nan }', r"line 5, strips\.a\.external\.0\.parameters\.a"),
        ('plugin = "x"\ntail_s = 31', "line 5, "),
        ('plugin = "x"\npath = "/lib/x.vst3"', r"line 5, strips\.a\.external\.0\.path: "),
    ],
)
def test_a_recipe_never_says_where_a_plug_in_lies(plug_in: str, said: str) -> None:
    with pytest.raises(Misused, match=said):
        parse_mix(f"external = true\n[strips.a]\n[[strips.a.external]]\n{plug_in}\n")


@pytest.mark.parametrize("place", ["strips.a", "groups.b", "buses.c", "master"])
def test_a_recipe_says_at_the_top_that_it_is_external(place: str) -> None:
    desk = f'[strips.a]\n[groups.b]\n[buses.c]\n[[{place}.external]]\nplugin = "x"\n'
    with pytest.raises(Misused, match=rf"line 4, {place}\.external\.0: plug-in 'x' wants external = true at the top"):
        parse_mix(desk)
    where = {"strips.a": "a", "groups.b": "group b", "buses.c": "bus c", "master": "master"}[place]
    assert parse_mix(f"external = true\n{desk}").plug_ins == ((where, "x"),)


@pytest.mark.skipif("TAKESHEET_VST3" not in os.environ, reason="TAKESHEET_VST3 names no plug-in on this machine")
def test_a_real_plug_in_gives_sound_of_one_length(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with Rack({"real": os.environ["TAKESHEET_VST3"]}) as rack:
        recipe = parse_mix(plugged("real"))
        (main,) = render_mix(recipe, write_song(tmp_path, TWO), out, rack=rack)
    assert read(main.path).shape == (2, 100_000)
    assert rack.notes


def _children() -> Iterator[int]:
    """Child processes that have not been waited for."""
    own = str(os.getpid())
    for entry in Path("/proc").glob("[0-9]*/stat") if Path("/proc").exists() else ():
        try:
            fields = entry.read_text().rpartition(")")[2].split()
            words = entry.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if fields[1] == own and b"odd_plugins" in words:
            yield int(entry.parent.name)
