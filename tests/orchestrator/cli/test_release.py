"""A mastered and approved record: exported, explained, rebuilt, verified; and its nightly run."""

import re
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import soundfile

from domain.render.jobs import Rendered
from orchestrator.log.query import Query
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label, rendered
from tests.orchestrator.sounds import note

pytestmark = pytest.mark.waits

MASTER = "night-bus@master1"


def digest(folder: Path) -> dict[str, str]:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): sha256(file.read_bytes()).hexdigest() for file in files}


def test_what_is_approved_is_exported_at_each_target(shipped: Label, tmp_path: Path) -> None:
    made = shipped.data("export", MASTER, tmp_path / "out")
    files = {str(Path(file).relative_to(tmp_path / "out")): soundfile.info(file) for file in made}
    assert {(name, info.samplerate, info.subtype, info.channels) for name, info in files.items()} == {
        ("streaming/01_tin-roof.wav", 48_000, "PCM_24", 2),
        ("cd/01_tin-roof.wav", 44_100, "PCM_16", 2),
    }
    first = digest(tmp_path / "out")
    assert shipped.data("export", MASTER, tmp_path / "out") == made, "and again, the same files stay"
    assert digest(tmp_path / "out") == first


def test_every_file_of_a_master_is_judged_by_other_peoples_meters(shipped: Label) -> None:
    rows = {row["file"]: row for row in shipped.data("master", "check", MASTER)}
    assert rows.keys() == {"streaming/01_tin-roof", "cd/01_tin-roof"}
    for row in rows.values():
        assert row["fit"]
        assert row["judged_lufs"] == pytest.approx(row["integrated_lufs"], abs=0.02)
        assert row["true_peak_dbtp"] - 0.1 <= row["judged_dbtp"] <= row["ceiling_dbtp"]


def test_what_services_would_do_to_a_master_is_told_with_their_sources(shipped: Label) -> None:
    rows = {(row["target"], row["service"]): row for row in shipped.data("master", "advice", MASTER)}
    assert rows["streaming", "Spotify"]["plays_at_lufs"].startswith("-14.0")
    assert rows["cd", "YouTube"]["advice"].startswith("turned down by 2.0")
    assert all(row["source"] and row["seen"] for row in rows.values())
    assert "Apple Music" in shipped.does("master", "advice", MASTER)


@pytest.mark.parametrize(
    ("measure", "forged", "told"),
    [
        ("integrated_lufs", "-9.00", r"said to be -9\.00 LUFS and a second meter reads -1\d\.\d\d LUFS"),
        ("integrated_lufs", None, r"said to be silent and a second meter reads -1\d\.\d\d LUFS"),
        ("true_peak_dbtp", "-7.50", r"said to be -7\.50 dBTP and a second meter reads -\d+\.\d\d dBTP"),
    ],
)
def test_a_master_that_is_not_what_it_is_said_to_be_stays_in_the_house(
    released: Label, tmp_path: Path, measure: str, forged: str | None, told: str
) -> None:
    with Studio.at(str(released.folder)) as studio:
        masters = [one.event for one in studio.log.read(Query.of(Rendered)) if isinstance(one.event, Rendered)]
        last = next(one for one in reversed(masters) if one.report.kind == "master")
        report = last.report.model_copy(update={"measures": {**last.report.measures, measure: forged}})
        studio.record_work([last.model_copy(update={"report": report})])
    said = released.refuses(6, "export", MASTER, tmp_path / "out")
    assert said.rule == "master.judge"
    assert re.search(told, said.err), said.err
    assert not (tmp_path / "out").exists()
    assert released.refuses(6, "master", "check", MASTER).err == said.err


def test_an_export_never_writes_over_other_bytes(shipped: Label, tmp_path: Path) -> None:
    other = tmp_path / "out" / "cd" / "01_tin-roof.wav"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"mine")
    assert shipped.refuses(3, "export", MASTER, tmp_path / "out").rule == "export.exists"
    assert other.read_bytes() == b"mine"


def test_a_preview_says_ref_in_every_name(shipped: Label, tmp_path: Path) -> None:
    made = shipped.data("export", f"{SONG}@mix1", tmp_path / "out", "--preview")
    assert made
    assert all("_REF." in Path(file).name for file in made)


def test_what_is_no_longer_approved_stays_in_the_house_and_decided_back_it_leaves_again(
    released: Label, tmp_path: Path
) -> None:
    released.does("export", MASTER, tmp_path / "first")
    released.does("take", "reject", f"{SONG}/drums/2", "--as", "pat")
    released.does("take", "approve", f"{SONG}/drums/1", "--as", "pat")
    said = released.refuses(3, "export", MASTER, tmp_path / "lapsed")
    assert said.rule == "export.approved"
    assert "lapsed" in said.err
    assert not (tmp_path / "lapsed").exists()
    released.does("take", "reject", f"{SONG}/drums/1", "--as", "pat")
    released.does("take", "approve", f"{SONG}/drums/2", "--as", "pat")
    assert released.run("render").err.startswith("everything is rendered"), "it was rendered before"
    released.does("export", MASTER, tmp_path / "again")
    assert digest(tmp_path / "again") == digest(tmp_path / "first")


def test_why_tells_the_tree_from_the_master_to_the_takes(shipped: Label) -> None:
    told = shipped.does("why", MASTER)
    for word in (
        "approved by pat", '"ship it"', '"it moves"', '"first balance"', '"the pocket"', '"the second half soars"',
        "night-bus/S1 in room-a", "drums_2.wav", "0:01-0:02 take 2", "LUFS",
    ):  # fmt: skip
        assert word in told, told
    tree = shipped.data("why", MASTER)
    assert tree["made_from"][0]["what"].startswith(f"{SONG}@mix1: approved")
    parts = [branch["what"].partition(" ")[0] for branch in tree["made_from"][0]["made_from"]]
    assert set(parts) == {f"{SONG}/drums", f"{SONG}/bass", f"{SONG}/lead-vocal"}


def test_standings_can_be_asked_as_of_every_earlier_moment(shipped: Label) -> None:
    history = shipped.data("log", "show")
    first = {row["kind"]: row["position"] for row in reversed(history)}
    last = {row["kind"]: row["position"] for row in history}

    def standings(upto: int) -> dict[str, str]:
        rows = shipped.data("record", "show", "night-bus", "--as-of", upto)
        return {row["address"]: row["standing"].split(",")[0] for row in rows if "@" in row["address"]}

    assert standings(first["mix-revised"] - 1) == {}
    assert standings(first["mix-revised"])[f"{SONG}@mix1"].startswith("pending")
    assert standings(first["verdict-given"] - 1)[f"{SONG}@mix1"].startswith("to hear")
    assert standings(first["verdict-given"])[f"{SONG}@mix1"].startswith("approved")
    assert standings(first["master-planned"])[MASTER].startswith("pending")
    assert standings(last["verdict-given"])[MASTER].startswith("approved")


def test_a_rebuild_is_equal_to_the_bit_and_changes_nothing(shipped: Label) -> None:
    before = digest(shipped.folder / ".takesheet" / "vault")
    head = shipped.head
    made = shipped.data("rebuild", MASTER)
    assert made
    assert all(row["equal"] for row in made), made
    assert (digest(shipped.folder / ".takesheet" / "vault"), shipped.head) == (before, head)


def test_path_and_play_name_the_files_of_a_part_a_mix_and_a_master(shipped: Label) -> None:
    for address, count in ((f"{SONG}/lead-vocal", 1), (f"{SONG}/drums/1", 1), (f"{SONG}@mix1", 1), (MASTER, 2)):
        paths = shipped.does("path", address).splitlines()
        assert len(paths) == count
        assert all(soundfile.info(path).frames > 0 for path in paths)


def test_where_there_is_no_player_play_says_where_it_lies(shipped: Label) -> None:
    said = shipped.apart("play", f"{SONG}@mix1", env={"PATH": "/nowhere"})
    assert said.code == 0
    assert said.out.strip() == shipped.does("path", f"{SONG}@mix1")
    assert "no player" in said.err


def test_a_player_of_the_house_is_given_each_file(released: Label) -> None:
    config = released.folder / ".takesheet" / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('player = ""', f'player = "cp --target-directory {released.folder}"'))
    released.does("trust", "--yes")
    (path,) = released.does("play", f"{SONG}@mix1").splitlines()
    assert (released.folder / Path(path).name).read_bytes() == Path(path).read_bytes()


def test_measure_agrees_with_what_the_master_says_of_itself(shipped: Label) -> None:
    rows = {row["target"]: row for row in shipped.data("master", "show", MASTER)}
    paths = {file["name"].partition("/")[0]: file["path"] for file in shipped.data("path", MASTER)}
    for target, path in paths.items():
        (measured,) = shipped.data("measure", path)
        assert measured["file"] == path
        assert measured["integrated_lufs"] == pytest.approx(float(rows[target]["integrated_lufs"]), abs=0.05)
        assert measured["true_peak_dbtp"] == pytest.approx(float(rows[target]["true_peak_dbtp"]), abs=0.1)
    assert float(rows["streaming"]["integrated_lufs"]) == pytest.approx(-14, abs=0.1)
    assert float(rows["streaming"]["true_peak_dbtp"]) <= -1.0


def test_the_log_verifies_with_its_views_and_all_its_audio(shipped: Label) -> None:
    said = shipped.run("log", "verify", "--views", "--audio=")
    assert said.code == 0
    assert "all of it holds" in said.out
    found = re.search(r"(\d+) blobs present\n(\d+) of them hashed again", said.out)
    assert found
    assert found[1] == found[2]
    assert "the bytes of the audio" not in said.err
    below = shipped.run("log", "verify", f"--audio={SONG}/drums")
    assert below.code == 0


def blob(label: Label, address: str) -> Path:
    return Path(label.does("path", address).splitlines()[0])


def spoil(path: Path) -> None:
    """Flip bits in the middle of a file; size and times stay as they were."""
    content = np.frombuffer(path.read_bytes(), np.uint8).copy()
    content[len(content) // 2] ^= 0xFF
    path.chmod(0o644)
    path.write_bytes(content.tobytes())


def test_altered_audio_is_named_by_verify_and_never_exported(released: Label, tmp_path: Path) -> None:
    path = blob(released, f"{SONG}/drums/2")
    spoil(path)
    assert released.run("log", "verify").code == 0, "its size is right, and only the bytes tell"
    said = released.run("log", "verify", "--audio=")
    assert (said.code, said.rule) == (9, "store.damaged")
    assert f"{SONG}/drums/2" in said.err
    assert path.parent.name + path.name[:4] in said.err
    assert released.run("log", "verify", f"--audio={SONG}/bass").code == 0
    exported = released.run("export", f"{SONG}/drums/2", tmp_path / "out")
    assert exported.code != 0
    assert not list(tmp_path.glob("out/**/*.wav"))


def test_missing_audio_is_named_by_verify(released: Label) -> None:
    blob(released, f"{SONG}/bass/1").unlink()
    said = released.run("log", "verify")
    assert (said.code, said.rule) == (9, "store.damaged")
    assert f"{SONG}/bass/1" in said.err
    assert "missing" in said.err


def test_what_was_lost_or_asked_for_again_is_rendered_anew_and_stands_as_it_was(released: Label) -> None:
    comp, mix = blob(released, f"{SONG}/lead-vocal"), blob(released, f"{SONG}@mix1")
    before = digest(mix.parents[1])
    comp.unlink()
    said = rendered(released, "render", f"{SONG}@mix1", "--again", "--why", "the monitors were off")
    assert re.search(rf"^done edit {SONG}/lead-vocal ", said.err, re.MULTILINE)
    assert re.search(rf"^done mix {SONG}@mix1 ", said.err, re.MULTILINE)
    assert any(row["why"] == "the monitors were off" for row in released.data("log", "show"))
    assert digest(mix.parents[1]) == before
    assert released.run("export", MASTER, "out").code == 0, "the same bytes stand approved"


def test_a_night_goes_on_past_a_corrupt_source_and_the_next_renders_nothing(released: Label, tmp_path: Path) -> None:
    for title, slug, hz in (("Ferry Song", "ferry-song", 100), ("Tide", "tide", 150)):
        song = released.does("song", "add", "night-bus", title)
        assert song == f"night-bus/{slug}"
        released.does("part", "add", song, "Bass")
        released.does("take", "ingest", f"{song}/bass", note(tmp_path / f"{slug}.wav", hz, seconds=1.0))
        released.does("take", "approve", f"{song}/bass/1", "--as", "pat")
        released.does("mix", "revise", song, released.mix_recipe("bass"), "--as", "pat")
    spoil(blob(released, "night-bus/ferry-song/bass/1"))
    said = released.apart("nightly", "--json")
    assert said.code == 6, said
    assert (said.json["ok"], said.json["rule"]) == (False, "nightly.failed")
    night = said.json["data"]
    assert {row["subject"] for row in night["failed"]} == {"night-bus/ferry-song/bass"}
    assert {row["subject"] for row in night["rendered"]} >= {"night-bus/tide@mix1"}
    assert "night-bus/tide@mix1" in {row["address"] for row in night["listen"]}
    assert re.search(r"^start mix night-bus/tide@mix1$", said.err, re.MULTILINE)
    assert re.search(r"^done mix night-bus/tide@mix1 \d+\.\d+$", said.err, re.MULTILINE)
    assert re.search(r"^failed edit night-bus/ferry-song/bass input ", said.err, re.MULTILINE)
    again = released.apart("nightly", "--json")
    assert again.json.get("data", {}).get("rendered") == [], again


def test_a_night_with_nothing_owed_renders_nothing_and_says_who_must_listen(shipped: Label) -> None:
    night = shipped.data("nightly")
    assert (night["rendered"], night["reused"], night["failed"]) == ([], [], [])
    assert [row["address"] for row in night["listen"]] == [f"{SONG}/drums/1"]
    assert "ready to listen to: 1" in shipped.does("nightly")
