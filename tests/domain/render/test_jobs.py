"""Plans, keys and manifests: hashes that must never change."""

import json
from decimal import Decimal
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.masters.masters import MasterPlanned, SongBinding
from domain.recipe import EditRecipe, Ramp, Span, TimeStretch, Treated, edit_text
from domain.render.jobs import EPOCHS, Impulse, Named, Reference, Sound, edit_plan, key, manifest, mix_plan, plan
from domain.status.master_status import gain_plan, master_plan
from tests.domain.paper import sound
from tests.paths import GOLDEN

PLANS = json.loads((GOLDEN / "plans.json").read_text("utf-8"))

MIX = "format = 1\n\n[strips.drums]\ngain_db = -3.5 # “loud”\n"
MASTER = "format = 1\n\n[targets.cd]\nrate = 44100\nbits = 16\nintegrated_lufs = -12\nseed = 0\n"
EDIT = EditRecipe(
    rate=48_000,
    length=480_000,
    crossfade_frames=480,
    starts={3: 0, 12: 96_000},
    layers=((Span(start=0, end=240_000, take=3), Span(start=240_000, end=480_000, take=12)),),
)
STACK = EditRecipe(
    rate=44_100,
    length=300,
    crossfade_frames=441,
    starts={1: 0, 2: 100},
    layers=((Span(start=0, end=300, take=1),), (Span(start=100, end=200, take=2),)),
)
ARRANGED = EDIT.model_copy(
    update={
        "layers": ((EDIT.layers[0][0], Span(start=240_000, end=480_000, take=12, slip=-96)),),
        "arrangement": (TimeStretch(start=240_000, end=480_000), TimeStretch(start=0, end=240_000)),
    }
)
EDITED = EDIT.model_copy(
    update={
        "search_frames": 480,
        "layers": (
            (
                Span(
                    start=0, end=240_000, take=3, gain_db=Decimal("-3.50"), ramps=(Ramp(start=0, end=96, rises=True),)
                ),
                Span(
                    start=240_000,
                    end=480_000,
                    take=12,
                    ramps=(Ramp(start=0, end=480_000, rises=False),),
                    treated=Treated(start=240_000, end=480_000, reverse=True, stretch=Decimal("1.10")),
                ),
            ),
        ),
    }
)
SHIFTED = Treated(start=240_000, end=480_000, semitones=Decimal("3.0"), formants="move")
FORMANTS = EDIT.model_copy(
    update={"layers": ((EDIT.layers[0][0], Span(start=240_000, end=480_000, take=12, treated=SHIFTED)),)}
)


CURVE = {"1000": "-0.4", "31.5": "1.2"}


def named(name: str, *words: object) -> Named:
    return Named(name=name, sound=sound(name, *words))


def impulse(name: str, file: str = "room.wav", *words: object) -> Impulse:
    return Impulse(name=name, file=file, sound=sound("impulse", name, *words))


def examples() -> dict:
    """The inputs of each golden hash."""
    kit = {number: (named("snare", number), named("kick-in", number)) for number in (12, 3)}
    planned = MasterPlanned(
        record="night-bus", number=1, songs=(SongBinding(song="night-bus/tin-roof", revision=1),), recipe=MASTER
    )
    mixes = (named("night-bus/tin-roof", "mix"), named("night-bus/ferry-song", "mix"))
    near = planned.model_copy(
        update={"reference": Reference(name="reference.wav", sound=sound("reference"), amount=Decimal("0.5"))}
    )
    return {
        "plans": {
            "edit": edit_plan(EDIT, kit),
            "edit of a stack": edit_plan(STACK, {1: (named("main", 1),), 2: (named("main", 2),)}),
            "edit of an arrangement": edit_plan(ARRANGED, kit),
            "edit of edited takes": edit_plan(EDITED, kit),
            "edit with formants that move": edit_plan(FORMANTS, kit),
            "mix": mix_plan(MIX, {"drums": (named("snare"), named("kick-in")), "bass": (named("di"),)}),
            "mix through an impulse": mix_plan(MIX, {"bass": (named("di"),)}, (impulse("hall"), impulse("box"))),
            "gain": gain_plan(planned, "cd", mixes),
            "master": master_plan(planned, "cd", mixes[0].sound, "-1.53"),
            "gain towards a reference": gain_plan(near, "cd", mixes),
            "master towards a reference": master_plan(near, "cd", mixes[0].sound, "-1.53", CURVE),
        },
        "edit_text": {
            "edit": edit_text(EDIT),
            "edit of a stack": edit_text(STACK),
            "edit of an arrangement": edit_text(ARRANGED),
            "edit of edited takes": edit_text(EDITED),
            "edit with formants that move": edit_text(FORMANTS),
        },
        "manifest": manifest([("main", sound("a").pcm), ("instrumental", sound("b").pcm)]),
    }


def test_released_plans_texts_and_manifests_never_change() -> None:
    for name, expected in examples().items():
        assert PLANS[name] == expected


@pytest.mark.parametrize("kind", EPOCHS)
def test_a_job_key_changes_with_the_epoch_of_its_kind_alone(kind: str) -> None:
    assert EPOCHS[kind] == PLANS["epochs"][kind]
    assert PLANS["keys"][kind][str(EPOCHS[kind])] == [key(kind, "0" * 64), key(kind, "0" * 64, again=1)]


def test_a_plan_is_the_hash_of_its_pieces_each_with_its_length_before_it() -> None:
    pieces = ["takesheet-plan-1", "mix", MIX, "bass.di 11", "drums.kick 22"]
    raw = b"".join(len(piece.encode()).to_bytes(8, "big") + piece.encode() for piece in pieces)
    assert plan("mix", MIX, ["bass.di 11", "drums.kick 22"]) == sha256(raw).hexdigest()


def test_a_plan_knows_its_recipe_to_the_letter_and_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = {"drums": (named("kick"),)}
    before = mix_plan(MIX, inputs)
    assert mix_plan(MIX + "\n", inputs) != before
    old = key("mix", before)
    monkeypatch.setitem(EPOCHS, "mix", EPOCHS["mix"] + 1)
    assert mix_plan(MIX, inputs) == before
    assert key("mix", before) != old


def test_a_plan_knows_what_its_inputs_sound_like_and_not_where_they_lie() -> None:
    here, there = sound("kick"), sound("kick").model_copy(update={"blob": sound("other").blob, "size": 7})
    for made in (lambda kick: mix_plan(MIX, {"drums": (kick,)}), lambda kick: edit_plan(EDIT, {3: (kick,)})):
        assert made(Named(name="kick", sound=here)) == made(Named(name="kick", sound=there))
        assert made(Named(name="kick", sound=here)) != made(Named(name="kick", sound=sound("snare")))


def test_a_curve_that_changes_nothing_and_a_reference_behind_it_are_no_part_of_a_master_s_plan() -> None:
    plain = MasterPlanned(
        record="night-bus", number=1, songs=(SongBinding(song="night-bus/x", revision=1),), recipe=MASTER
    )
    near = plain.model_copy(update={"reference": Reference(name="near.wav", sound=sound("near"))})
    mix = sound("mix")
    assert master_plan(near, "cd", mix, "0", {}) == master_plan(plain, "cd", mix, "0")
    assert master_plan(near, "cd", mix, "0", CURVE) != master_plan(plain, "cd", mix, "0")
    assert master_plan(near, "cd", mix, "0", dict(reversed(CURVE.items()))) == master_plan(near, "cd", mix, "0", CURVE)
    assert gain_plan(near, "cd", ()) != gain_plan(plain, "cd", ())


def test_impulses_are_part_of_a_mix_s_plan_by_name_and_sound_and_where_there_are_none_nothing_is() -> None:
    bass, hall, box = {"bass": (named("di"),)}, impulse("hall"), impulse("box")
    assert mix_plan(MIX, bass, ()) == mix_plan(MIX, bass)
    assert mix_plan(MIX, bass, (hall, box)) == mix_plan(MIX, bass, (box, hall)) != mix_plan(MIX, bass, (hall,))
    assert mix_plan(MIX, bass, (hall,)) == mix_plan(MIX, bass, (impulse("hall", "another name.wav"),))
    assert mix_plan(MIX, bass, (hall,)) != mix_plan(MIX, bass, (impulse("hall", "room.wav", "another sound"),))


def test_the_order_in_which_inputs_come_is_no_part_of_a_plan() -> None:
    a, b = named("a"), named("b")
    assert mix_plan(MIX, {"x": (a, b), "y": (a,)}) == mix_plan(MIX, {"y": (a,), "x": (b, a)})
    assert edit_plan(EDIT, {3: (a, b), 12: (a,)}) == edit_plan(EDIT, {12: (a,), 3: (b, a)})
    assert mix_plan(MIX, {"x": (a,), "y": (b,)}) != mix_plan(MIX, {"x": (b,), "y": (a,)})


PIECES = st.lists(st.text(max_size=4), max_size=4)


@given(st.text(max_size=4), PIECES, st.text(max_size=4), PIECES)
def test_two_plans_are_equal_only_when_every_piece_is(one: str, ones: list[str], other: str, others: list[str]) -> None:
    assert (plan("mix", one, ones) == plan("mix", other, others)) == ((one, ones) == (other, others))
    assert plan("mix", one, ones) != plan("edit", one, ones)


NAMES = st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=3)
FILES = st.dictionaries(NAMES, st.sampled_from([sound(n).pcm for n in range(3)]), max_size=3)


@given(FILES, FILES)
def test_two_manifests_are_equal_only_when_names_and_sounds_are(one: dict[str, str], other: dict[str, str]) -> None:
    assert (manifest(one.items()) == manifest(other.items())) == (one == other)
    assert manifest(one.items()) == manifest(reversed(list(one.items())))


@pytest.mark.parametrize("name", ["", "a b", "a\nb", "a\tb", "\u2028"])
def test_a_name_that_could_break_a_line_of_a_manifest_is_no_name(name: str) -> None:
    with pytest.raises(ValidationError):
        named(name)


def test_sounds_are_told_by_sha_256() -> None:
    with pytest.raises(ValidationError):
        Sound(blob="x", size=1, pcm="y", rate=1, frames=1, channels=1)
