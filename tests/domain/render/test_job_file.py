"""Job files: their shape is frozen, and one that is not whole and consistent is refused."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.refusal import Misused, Refusal, Refused
from domain.recipe import EditRecipe, Ramp, Span, TimeStretch, Treated
from domain.render.job_file import FORMAT, MOST_BYTES, WholeJob, inputs_of, job_bytes, read_job
from domain.render.jobs import (
    EPOCHS,
    EditJob,
    GainJob,
    Impulse,
    Kind,
    MasterJob,
    MixJob,
    Named,
    Reference,
    SongJob,
    album_gain_plan,
    edit_plan,
    key,
    song_master_plan,
)
from tests.domain.paper import sound
from tests.paths import GOLDEN

SONG, DRUMS = "night-bus/tin-roof", "night-bus/tin-roof/drums"
MIX = "format = 1\n\n[strips.drums]\ngain_db = -3.5 # “loud”\n"
MASTER = "format = 1\n\n[targets.cd]\nrate = 44100\nbits = 16\nintegrated_lufs = -12\nseed = 0\n"
CUT = EditRecipe(
    rate=48_000,
    length=480_000,
    crossfade_frames=480,
    search_frames=480,
    starts={3: 0, 12: 96_000},
    layers=(
        (
            Span(start=0, end=240_000, take=3, gain_db=Decimal("-3.50"), ramps=(Ramp(start=0, end=96, rises=True),)),
            Span(
                start=240_000,
                end=480_000,
                take=12,
                slip=-96,
                treated=Treated(start=240_000, end=480_000, reverse=True, stretch=Decimal("1.10")),
            ),
        ),
    ),
    arrangement=(TimeStretch(start=240_000, end=480_000), TimeStretch(start=0, end=240_000)),
)
TAKES = {number: tuple(Named(name=name, sound=sound(name, number)) for name in ("snare", "kick")) for number in (12, 3)}
EDIT = EditJob(part=DRUMS, plan=edit_plan(CUT, TAKES), recipe=CUT.model_dump_json(), takes=TAKES)
MIXED = MixJob(
    song=SONG,
    revision=2,
    again=1,
    recipe=MIX,
    inputs={"bass": (Named(name="di", sound=sound("di")),)},
    edits={"drums": key("edit", EDIT.plan)},
    impulses=(Impulse(name="hall", file="große halle.wav", sound=sound("hall", channels=2)),),
    plugins={"warmth": "ab" * 32},
)
PRINT = Named(name=SONG, sound=sound("mix", channels=2))
NEAR = Reference(name="a reference.wav", sound=sound("reference", channels=2), amount=Decimal("0.50"))
CURVE = {"1000": "-0.4", "31.5": "1.2"}
JOBS: dict[str, WholeJob] = {
    "song": SongJob(song=SONG, edits=(EDIT,), mixes=(MIXED,)),
    "gain": GainJob(
        record="night-bus", master=1, target="cd", plan=album_gain_plan(MASTER, "cd", [PRINT], NEAR), recipe=MASTER,
        mixes=(PRINT,), reference=NEAR,
    ),
    "master": MasterJob(
        record="night-bus", song=SONG, master=1, target="cd", recipe=MASTER, mix=PRINT.sound, gain_db="-1.53",
        plan=song_master_plan(MASTER, "cd", PRINT.sound, "-1.53", CURVE), alone=True, curve=CURVE,
    ),
}  # fmt: skip


def golden(name: str) -> bytes:
    """A frozen job file, with the epochs and job keys of today: raising an epoch changes no shape."""
    file = json.loads((GOLDEN / "jobs" / f"{name}.json").read_text("utf-8"))
    file["epochs"] = {kind: EPOCHS[kind] for kind in file["epochs"]}
    for mix in file["job"]["mixes"] if file["job"]["kind"] == "song" else ():
        mix["edits"] = {part: key("edit", EDIT.plan) for part in mix["edits"]}
    return written(file)


def written(file: Any) -> bytes:
    return json.dumps(file, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def changed(name: str, *path: str | int, to: Any) -> bytes:
    """The job file *name* with another value at *path*."""
    file = json.loads(job_bytes(JOBS[name]))
    place = file
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return written(file)


def refused(data: bytes) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        read_job(data)
    assert "\n" not in refusal.value.detail
    return refusal.value


@pytest.mark.parametrize("name", JOBS)
def test_the_shape_of_a_job_file_never_changes_without_a_new_format(name: str) -> None:
    assert job_bytes(JOBS[name]) == golden(name)
    assert read_job(golden(name)) == JOBS[name]
    assert json.loads(golden(name))["format"] == FORMAT == "takesheet-job-1"


@pytest.mark.parametrize(("name", "kind"), [("song", "edit"), ("song", "mix"), ("gain", "gain"), ("master", "master")])
@pytest.mark.parametrize("step", [-1, 1])
def test_a_job_of_another_epoch_is_refused_by_name(name: str, kind: Kind, step: int) -> None:
    epoch = EPOCHS[kind] + step
    refusal = refused(changed(name, "epochs", kind, to=epoch))
    assert isinstance(refusal, Refused)
    assert refusal.rule == "job.epoch"
    assert f"its {kind} is of engine epoch {epoch}, and this version renders epoch {epoch - step}" in refusal.detail
    assert refusal.detail.startswith(SONG if name == "song" else "night-bus@master1 cd")


def test_a_file_of_a_later_format_is_refused_by_that_name() -> None:
    file = json.loads(job_bytes(JOBS["song"])) | {"format": "takesheet-job-2", "news": 1}
    refusal = refused(written(file))
    assert refusal.rule == "job.format"
    assert "'takesheet-job-2', and this version reads takesheet-job-1" in refusal.detail


@pytest.mark.parametrize(
    ("name", "path", "to"),
    [
        ("song", ("job", "edits", 0, "takes", "3", 0, "sound", "pcm"), "0" * 64),
        ("song", ("job", "edits", 0, "plan"), "0" * 64),
        ("song", ("job", "edits", 0, "recipe"), EDIT.recipe.replace("-3.50", "-3.51")),
        ("gain", ("job", "mixes", 0, "sound", "pcm"), "0" * 64),
        ("gain", ("job", "reference"), None),
        ("gain", ("job", "recipe"), MASTER.replace("-12", "-13")),
        ("master", ("job", "gain_db"), "-1.54"),
        ("master", ("job", "curve", "1000"), "9"),
        ("master", ("job", "target"), "streaming"),
    ],
)
def test_a_recipe_or_input_that_is_not_the_plans_is_refused(name: str, path: tuple[Any, ...], to: Any) -> None:
    assert refused(changed(name, *path, to=to)).rule in {"job.plan", "job.file"}  # a mix then waits for another edit
    if name != "song":
        assert refused(changed(name, *path, to=to)).rule == "job.plan"


@pytest.mark.parametrize(
    ("name", "path", "to", "said"),
    [
        ("song", ("job", "edits", 0, "takes", "3", 0, "name"), "../../kick", "has the name '../../kick'"),
        ("song", ("job", "edits", 0, "takes", "3", 0, "name"), "..", "has the name '..'"),
        ("song", ("job", "mixes", 0, "inputs", "bass", 0, "name"), "a/b", "has the name 'a/b'"),
        ("song", ("job", "mixes", 0, "edits", "drums"), "0" * 64, "waits for an edit of drums that is not in the file"),
        ("song", ("job", "mixes", 0, "song"), "night-bus/ferry-song", "is no mix of night-bus/tin-roof"),
        ("song", ("job", "edits", 0, "part"), "night-bus/ferry-song/drums", "is no part of night-bus/tin-roof"),
        ("song", ("job", "edits", 0, "recipe"), "{}", "the edit of night-bus/tin-roof/drums: required"),
        ("song", ("job", "edits", 0, "takes"), {}, "has no take 3"),
        ("song", ("job", "edits", 0, "recipe"), EDIT.recipe.replace('"length":480000', f'"length":{10**15}'), "frames"),
        ("song", ("job", "edits"), [], "its jobs are mix, and its epochs of edit, mix"),
        ("song", ("job",), {"kind": "song", "song": SONG}, "its jobs are none"),
        ("song", ("epochs",), {"mix": EPOCHS["mix"]}, "its jobs are edit, mix, and its epochs of mix"),
        ("song", ("job", "edits", 0, "again"), "0", "must be a whole number"),
        ("song", ("job", "kind"), "party", "kind must be song, gain or master"),
        ("master", ("job", "gain_db"), "NaN", "job.master.gain_db"),
        ("master", ("job", "curve"), {"loud": "1"}, "job.master.curve.loud"),
    ],
)
def test_a_file_that_is_not_whole_or_not_consistent_is_refused(
    name: str, path: tuple[Any, ...], to: Any, said: str
) -> None:
    refusal = refused(changed(name, *path, to=to))
    assert (refusal.rule, type(refusal)) == ("job.file", Misused)
    assert said in refusal.detail


def test_no_field_is_passed_over() -> None:
    for name, job in JOBS.items():
        for path in tables(json.loads(job_bytes(job))):
            data = changed(name, *path, "stranger", to=1)
            assert refused(data).rule == "job.file", (name, path)


def tables(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of every object in *value*."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [path] if isinstance(value, dict) else []
    return found + [place for name, one in inner for place in tables(one, (*path, name))]


def test_a_file_that_is_too_large_is_refused_before_it_is_parsed() -> None:
    refusal = refused(b" " * (MOST_BYTES + 1))
    assert refusal.rule == "job.size"
    assert "33,554,433 bytes, and at most 33,554,432" in refusal.detail


@given(st.data())
def test_no_damage_of_a_byte_goes_further_than_a_refusal(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(JOBS)))
    file = bytearray(job_bytes(JOBS[name]))
    at = data.draw(st.integers(0, len(file) - 1))
    file[at] = data.draw(st.integers(0, 255))
    try:
        read_job(bytes(file))
    except Refusal as refusal:
        assert refusal.rule.startswith("job.")  # noqa: PT017 - either outcome will do, and nothing else


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_noise_is_no_job(noise: bytes) -> None:
    assert refused(noise).rule == "job.file"


def test_every_file_that_a_job_reads_has_a_name_for_people() -> None:
    assert [name for name, _ in inputs_of(JOBS["song"])] == [
        f"{DRUMS}/12.snare", f"{DRUMS}/12.kick", f"{DRUMS}/3.snare", f"{DRUMS}/3.kick", f"{SONG}/bass.di",
        f"impulse hall of {SONG}@mix2",
    ]  # fmt: skip
    assert [name for name, _ in inputs_of(JOBS["gain"])] == [f"mix of {SONG}", "reference a reference.wav"]
    assert list(inputs_of(JOBS["master"])) == [(f"mix of {SONG}", PRINT.sound)]
