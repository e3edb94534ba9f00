"""``mix version``, through the command line: which stems are summed, the null, and what follows from a version."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from domain.core.refusal import Refused
from domain.mixes.versions import refuse_unlike
from domain.render.jobs import Named
from tests.domain.paper import sound
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import RATE, note

MIX = f"{SONG}@mix1"
FRAMES = RATE // 2 + 7
STEMS = ("drums", "bass", "clean-guitar", "lead-vocal", "backing-vocals", "clean-lead-vocal")
Steps = NDArray[np.int32]


def signal(stem: str) -> Steps:
    """A noise of its own for each stem, stereo, in steps of 24 bits."""
    drawn = np.random.default_rng(sorted(STEMS).index(stem)).standard_normal((FRAMES, 2))
    return np.asarray(np.round(0.05 * drawn * np.hanning(FRAMES)[:, None] * 2**23), np.int32)


def total(*stems: str) -> Steps:
    return np.asarray(sum(signal(stem) for stem in stems), np.int32)


def file(folder: Path, name: str, steps: Steps, bits: str = "PCM_24") -> Path:
    path = folder / f"{name}.wav"
    soundfile.write(path, steps * 256, RATE, subtype=bits)
    return path


@pytest.fixture(scope="module")
def submitted(tmp_path_factory: pytest.TempPathFactory) -> Label:
    """A label with a mix from outside, whose stems add up to its main print."""
    label = open_label(tmp_path_factory.mktemp("stems"), "Drums", "Lead Vocal")
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "d.wav", 60, seconds=0.5))
    label.does("take", "approve", f"{SONG}/drums/1")
    submit(label, STEMS)
    return label


def submit(label: Label, stems: Sequence[str], *, gain: float = 1.0) -> None:
    main = np.asarray(total(*(stem for stem in stems if stem != "clean-lead-vocal")) * gain, np.int32)
    prints = [file(label.folder, "main", main)]
    label.does(
        "mix", "submit", SONG, *prints, *(f"{one}={file(label.folder, one, signal(one))}" for one in stems),
        "--by", "Ann",
    )  # fmt: skip


@pytest.fixture
def mixed(submitted: Label, tmp_path: Path) -> Label:
    folder = tmp_path / "copy"
    shutil.copytree(submitted.folder, folder)
    return Label(folder)


def played(label: Label, name: str, mix: str = MIX) -> NDArray[np.float32]:
    """The samples of a print, in the file that export writes once the mix is approved."""
    out = label.folder / f"exported-{name}"
    label.does("mix", "approve", mix)
    label.does("export", mix, out)
    [exported] = [one for one in out.rglob("*.wav") if one.stem.endswith(f"_{name}")]
    samples, _ = soundfile.read(exported, dtype="float32", always_2d=True)
    return np.asarray(samples, np.float32)


SUMS = {
    "instrumental": ("drums", "bass", "clean-guitar"),
    "a-cappella": ("lead-vocal", "backing-vocals"),
    "tv": ("drums", "bass", "clean-guitar", "backing-vocals"),
    "clean": ("drums", "bass", "clean-guitar", "backing-vocals", "clean-lead-vocal"),
}


@pytest.mark.parametrize("version", SUMS)
def test_a_version_is_the_sum_of_its_stems_to_the_bit(mixed: Label, version: str) -> None:
    said = mixed.run("mix", "version", MIX, version, "--why", "for the radio")
    assert (said.code, said.out.strip()) == (0, f"{MIX} {version}")
    assert "all stems add up to the main print, equal to the bit" in said.err
    assert f"next: takesheet play {MIX} --print {version}" in said.err
    assert np.array_equal(played(mixed, version), (total(*SUMS[version]) / 2**23).astype(np.float32))
    assert "summed again, equal to the bit" in mixed.run("rebuild", MIX).err
    assert f"{version} ({' + '.join(sorted(SUMS[version]))}): summed by" in mixed.does("why", MIX)
    assert mixed.data("play", MIX, "--print", version)["files"]
    assert mixed.run("log", "verify", "--audio").code == 0


def test_the_same_sum_again_is_no_event_and_the_mix_stays_judged(mixed: Label) -> None:
    mixed.does("mix", "approve", MIX)
    first = mixed.data("mix", "version", MIX, "tv")
    assert (first["changed"], first["stems"]) == (True, sorted(SUMS["tv"]))
    assert (first["left_out"], first["null_dbfs"]) == (["clean-lead-vocal", "lead-vocal"], None)
    head = mixed.head
    again = mixed.data("mix", "version", MIX, "tv")
    assert again == {**first, "changed": False}
    assert mixed.head == head
    assert "approved" in mixed.data("mix", "show", MIX)["standing"]
    assert mixed.data("mix", "show", MIX)["prints"][-1] == "tv"


def test_stems_that_do_not_add_up_are_summed_and_said_by_how_much(mixed: Label) -> None:
    submit(mixed, ("drums", "lead-vocal"), gain=0.5)
    mix2 = f"{SONG}@mix2"
    said = mixed.run("mix", "version", mix2, "instrumental")
    peak = np.abs(total("drums", "lead-vocal") / 2**24).max()
    assert "the stems do not add up to the main print" in said.err
    assert f"peaks at {20 * np.log10(peak):.1f} dBFS, and instrumental is only as good as that" in said.err
    assert "no stem is called backing vocals" in mixed.run("mix", "version", mix2, "tv").err
    assert f"peaks at {20 * np.log10(peak):.1f} dBFS" in mixed.does("why", mix2)


@pytest.mark.parametrize(
    ("stems", "version", "refusal", "words"),
    [
        ((), "tv", (4, "version.stems"), "has no stems"),
        (("drums", "bass"), "instrumental", (3, "version.vocals"), "is a vocal: bass, drums"),
        (("drums", "backing-vocals"), "tv", (3, "version.vocals"), "is a lead vocal: backing-vocals, drums"),
        (("lead-vocal",), "instrumental", (3, "version.empty"), "belongs to instrumental: lead-vocal"),
        (("drums", "clean-guitar"), "clean", (3, "version.clean"), "is a clean vocal: clean-guitar, drums"),
        (("drums",), "../../up", (2, "version.name"), "write instrumental, a-cappella, tv, clean"),
    ],
)
def test_what_cannot_be_summed_is_refused_with_what_to_do(
    mixed: Label, stems: tuple[str, ...], version: str, refusal: tuple[int, str], words: str
) -> None:
    if stems:
        submit(mixed, stems)
    else:
        mixed.does("mix", "submit", SONG, file(mixed.folder, "main", signal("drums")), "--by", "Ann")
    said = mixed.refuses(refusal[0], "mix", "version", f"{SONG}@mix2", version)
    assert said.rule == refusal[1]
    assert words in said.err


def test_a_print_of_that_name_a_removed_mix_and_another_role_are_refused(mixed: Label) -> None:
    assert mixed.refuses(4, "mix", "version", f"{SONG}@mix9", "tv").rule == "mix.unknown"
    submit(mixed, ("drums", "lead-vocal"))
    mixed.does("user", "add", "ann", "--role", "musician")
    assert mixed.refuses(3, "mix", "version", MIX, "tv", "--as", "ann").rule == "person.role"
    mixed.does("mix", "remove", MIX, "--why", "a slip")
    assert mixed.refuses(3, "mix", "version", MIX, "tv").rule == "entry.removed"
    tv = file(mixed.folder, "tv", signal("drums"))
    mixed.does("mix", "submit", SONG, mixed.folder / "main.wav", f"tv={tv}", f"drums={tv}", "--by", "Ann")
    assert mixed.refuses(3, "mix", "version", f"{SONG}@mix3", "tv").rule == "version.printed"


def test_a_version_lapses_with_its_mix_when_the_takes_change(mixed: Label) -> None:
    mixed.does("mix", "version", MIX, "tv")
    mixed.does("take", "ingest", f"{SONG}/drums", note(mixed.folder / "e.wav", 70, seconds=0.5))
    mixed.does("take", "approve", f"{SONG}/drums/2")
    assert mixed.data("mix", "show", MIX)["prints"] == []
    assert mixed.refuses(3, "mix", "version", MIX, "tv").rule == "audio.pending"


def test_stems_rendered_here_are_summed_by_what_the_recipe_calls_vocals(tmp_path: Path) -> None:
    label = open_label(tmp_path, "Drums", "Bass", "Lead Vocal", "Choir")
    for number, part in enumerate(("drums", "bass", "lead-vocal", "choir"), start=1):
        label.does("take", "ingest", f"{SONG}/{part}", note(tmp_path / f"{part}.wav", 80 * number, seconds=0.5))
        label.does("take", "approve", f"{SONG}/{part}/1")
    recipe = tmp_path / "mix.toml"
    strips = "".join(f"[strips.{part}]\n" for part in ("drums", "bass"))
    voices = '[strips.lead-vocal]\ngroup = "front"\n[strips.choir]\ngroup = "front"\n[groups.front]\n'
    named = 'lead_vocals = ["lead-vocal"]\nbacking_vocals = ["choir"]\n'
    recipe.write_text(f'prints = ["stems"]\n{named}{strips}{voices}')
    label.does("mix", "revise", SONG, recipe)
    assert label.refuses(3, "mix", "version", MIX, "tv").rule == "audio.pending"
    label.renders()
    made = label.data("mix", "version", MIX, "instrumental")
    assert (made["stems"], made["left_out"]) == (["stem-bass", "stem-drums"], ["stem-front"])
    assert made["null_dbfs"] is None or made["null_dbfs"] < -120
    said = label.refuses(3, "mix", "version", MIX, "tv")
    assert said.rule == "version.mixed"
    assert "stem-front holds backing and lead sounds together" in said.err
    rebuilt = label.data("rebuild", MIX)
    assert [(one["kind"], one["equal"]) for one in rebuilt][-2:] == [("mix", True), ("version", True)]
    assert label.run("render", MIX).code == 0


@pytest.mark.parametrize("unlike", [{"rate": 44_100}, {"frames": 9}, {"channels": 1}])
def test_a_stem_of_another_rate_length_or_width_is_refused_with_both_numbers(unlike: dict[str, int]) -> None:
    main = Named(name="main", sound=sound("main", channels=2))
    other = Named(name="drums", sound=main.sound.model_copy(update=unlike))
    [[field, value]] = unlike.items()
    with pytest.raises(Refused, match=rf"drums has {value} \w+, main {getattr(main.sound, field)}"):
        refuse_unlike(main, [main, other])
