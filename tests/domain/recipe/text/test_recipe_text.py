from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.refusal import Misused
from domain.recipe import (
    EditRecipe,
    Ramp,
    Span,
    Splice,
    TimeStretch,
    Treated,
    edit_text,
    parse_master,
    parse_mix,
    splice_note,
    splice_noted,
)

MIX = """\
format = 1

[strips.drums]
gain_db = -3.5
eq = [{ type = "bell", hz = 400, gain_db = -2 }]
sends = { room = -12 }

[strips."drums.kick-in"]
invert = true
automation = [{ at_s = 0, gain_db = 0 }, { at_s = 12.5, gain_db = -6 }]

[buses.room]
reverb = { size = 0.7 }

[versions.instrumental]
without = ["drums.kick-in"]
"""


def test_a_mix_recipe_is_read_with_exact_decimals() -> None:
    recipe = parse_mix(MIX)
    assert recipe.strips["drums"].gain_db == Decimal("-3.5")
    assert recipe.strips["drums.kick-in"].automation[1].at_s == Decimal("12.5")
    assert recipe.parts == ("drums",)


def keyed(strip: str) -> str:
    return f"compressor = {{ threshold_db = 0, side_chain = '{strip}' }}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[strips.a]\ngain = 3", "line 2, strips.a.gain: no such field `gain` in a strip; did you mean `gain_db`?"),
        ("[strips.a]\ngain_db = 99", "line 2, strips.a.gain_db: must be at most 48"),
        ("[strips.a]\ngain_db = nan", "finite"),
        ("[strips.a]\ngain_db = -inf", "finite"),
        ("[strips.a]\ngain_db = true", "gain_db"),
        ("[strips.a]\npan = 1.0001", "pan"),
        ("[strips.a]\nsends = { room = 0 }", "line 2, strips.a.sends.room: there is no bus 'room'"),
        ("[strips.a]\nsends = { room = 99 }\n[buses.room]", "line 2, strips.a.sends.room.gain_db: must be at most"),
        ("[strips.a]\ngroup = 'band'", "line 2, strips.a.group: there is no group 'band'; write [groups.band]"),
        ("[strips.a]\n[strips.b]\ngroup = 'a'", "line 3, strips.b.group: there is no group 'a'"),
        ("[strips.a]\n[groups.a]", "line 2, groups.a: there is a strip of this name"),
        ("[strips.a]\n[groups.b]\ngroup='c'\n[groups.c]\ngroup='b'", "closes a circle: c hears b hears c"),
        ("[strips.a]\n[groups.b]\ngroup = 'b'", "line 3, groups.b.group: closes a circle: b hears b"),
        (f"[strips.a]\n{keyed('b')}[strips.b]\n{keyed('a')}", "side_chain: closes a circle: a hears b hears a"),
        (f"[strips.a]\n{keyed('x')}", "line 2, strips.a.compressor.side_chain: there is no strip or group 'x'"),
        ("[strips.a]\n[buses.x]\nsends = {y = 0}\n[buses.y]\nsends = {x = 0}", "circle: bus y hears bus x hears bus y"),
        ("[strips.a]\n[buses.x]\ndelay = { note = '1/8.' }", "line 3, buses.x.delay.note: a note has no length"),
        ("tempo_bpm = 120\n[strips.a]\n[buses.x]\ndelay = { note = '1/5' }", "line 4, buses.x.delay.note: must match"),
        ("[strips.a]\n[buses.x]\ndelay = { feedback = 0.1 }", "either time_ms or note"),
        ("prints = ['tv']\n[strips.a]", "line 1, prints: tv leaves the lead out; name it in lead_vocals"),
        ("prints = ['karaoke']\n[strips.a]", "line 1, prints.0: must be 'stems', 'instrumental'"),
        ("lead_vocals = ['b']\n[strips.a]", "line 1, lead_vocals: there is no strip or group 'b'"),
        ("prints = ['clean']\n[strips.a]", "clean silences what explicit names"),
        ("[strips.a]\npan_automation = [{at_s=2, pan=0}, {at_s=1, pan=1}]", "pan_automation: the points must be in"),
        ("[strips.a]\nautomation = [{at_s=2, gain_db=0}, {at_s=2, gain_db=1}]", "order of time"),
        ("[strips.a]\n[versions.main]", "the main version is the recipe itself"),
        ("[strips.a]\n[versions.tv]\nwithout = ['b']", "there is no strip 'b'"),
        ('[strips.a]\n[versions."../x"]', "versions"),
        ('[strips.a]\n[versions."radio edit"]', "versions"),
        ("[strips.a]\nformat = 2", "format"),
        ("format = 2\n[strips.a]", "format"),
        ("strips = 3", "strips"),
        ("", "strips: required"),
        ("[strips.a", "Expected"),
        ("a = " + "[" * 5_000, "more than 32 arrays or tables within each other"),
        (f"[strips.a]\ngain_db = {'1' * 5_000}", "more than 1,000 letters or digits"),
        ("[strips.a]\ngain_db = 1e99999999999999999999", "an exponent of 20 digits"),
        ("[strips.a]\ngain_db = 1e999", "must be at most 48"),
    ],
)  # fmt: skip
def test_a_mix_recipe_that_is_wrong_is_refused_in_one_line_with_its_place(text: str, said: str) -> None:
    with pytest.raises(Misused, match=r"recipe\.mix") as refusal:
        parse_mix(text)
    assert said in refusal.value.detail
    assert "\n" not in refusal.value.detail


@pytest.mark.parametrize(
    "text",
    [
        "", "[targets]", "[targets.cd]\nrate = 22050", "[targets.cd]\nceiling_dbtp = 0.1", '[targets."a/b"]',
        "[targets.cd]\nbits = 8",
        "[targets.cd]\n[chain.compressor]\nthreshold_db = -9\nside_chain = 'kick'",
    ],
)  # fmt: skip
def test_a_master_recipe_that_is_wrong_is_refused(text: str) -> None:
    with pytest.raises(Misused, match=r"recipe\.master"):
        parse_master(text)


@given(st.text(max_size=60))
def test_any_text_is_a_recipe_or_is_refused(text: str) -> None:
    for parse in (parse_mix, parse_master):
        with suppress(Misused):
            parse(text)


RAMPS = st.lists(
    st.builds(Ramp, start=st.integers(0, 9), end=st.integers(10, 19), rises=st.booleans()), max_size=2
).map(tuple)
TREATED = st.builds(
    Treated,
    start=st.integers(-9, 9),
    end=st.integers(10, 19),
    reverse=st.booleans(),
    stretch=st.sampled_from([Decimal(1), Decimal("1.05")]),
    semitones=st.sampled_from([Decimal(0), Decimal(-12)]),
)
SPANS = st.lists(
    st.builds(
        lambda start, length, take, slip, gain, done: Span(
            start=start, end=start + length, take=take, slip=slip, gain_db=gain, ramps=done[0], treated=done[1]
        ),
        st.integers(0, 99),
        st.integers(1, 99),
        st.integers(1, 12),
        st.integers(-2, 2),
        st.sampled_from([Decimal(0), Decimal("-3.5"), Decimal(20)]),
        st.tuples(RAMPS, st.none() | TREATED),
    ),
    max_size=3,
).map(tuple)
STRETCHES = st.lists(
    st.builds(
        lambda start, length: TimeStretch(start=start, end=start + length), st.integers(0, 99), st.integers(1, 99)
    ),
    max_size=2,
).map(tuple)
EDITS = st.builds(
    EditRecipe,
    rate=st.sampled_from([44_100, 48_000]),
    length=st.integers(0, 200),
    crossfade_frames=st.integers(0, 480),
    starts=st.dictionaries(st.integers(1, 12), st.integers(0, 99), max_size=3),
    layers=st.lists(SPANS.filter(bool), max_size=3).map(tuple),
    arrangement=STRETCHES,
    search_frames=st.sampled_from([0, 480]),
)


@given(EDITS, EDITS)
def test_two_edits_have_one_text_only_when_they_are_one_edit(one: EditRecipe, other: EditRecipe) -> None:
    assert (edit_text(one) == edit_text(other)) == (one == other)


@given(EDITS)
def test_an_edit_travels_as_json(recipe: EditRecipe) -> None:
    assert EditRecipe.model_validate_json(recipe.model_dump_json()) == recipe


FRAMES = st.integers(0, 10**9)
TRACKS = st.text(st.characters(exclude_categories=["Z", "C"], exclude_characters="/@.:"), min_size=1, max_size=9)
SPLICES = st.builds(
    Splice,
    layer=st.integers(1, 9), left=st.integers(1, 99), right=st.integers(1, 99),
    decided=FRAMES, at=FRAMES, fade_start=FRAMES, fade_end=FRAMES,
    correlation=st.dictionaries(TRACKS, st.decimals(-1, 1, places=3), max_size=4),
)  # fmt: skip


@given(SPLICES)
def test_a_splice_is_read_from_the_note_that_tells_of_it(splice: Splice) -> None:
    assert splice_noted(splice_note(splice)) == splice


@pytest.mark.parametrize("note", ["", "4 keepers", "layer 1: take 1 to take 2"])
def test_other_notes_tell_of_no_splice(note: str) -> None:
    assert splice_noted(note) is None


def test_stems_through_plug_ins_of_a_bus_are_told_of_and_others_are_not() -> None:
    plugged = '[strips.bass]\n[buses.wet]\nexternal = [{ plugin = "room" }]\n[buses.dry]\n'
    assert parse_mix(f'external = true\nprints = ["stems"]\n{plugged}').stem_notes == (
        "stems may not sum to the mix: plug-ins of bus wet hear each stem alone",
    )
    assert parse_mix(f"external = true\n{plugged}").stem_notes == ()
    assert parse_mix('prints = ["stems"]\n[strips.bass]\n[buses.wet]\nsaturation = { drive_db = 6 }').stem_notes == ()


def test_a_master_has_no_strips_to_listen_to() -> None:
    text = 'chain = { compressor = { threshold_db = -20, side_chain = "kick" } }\ntargets = { cd = { bits = 16 } }'
    with pytest.raises(Misused, match="a master has no strip 'kick' to listen to"):
        parse_master(text)
