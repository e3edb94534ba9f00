"""Ingest of files as takes: accepted files, refused files, and originals that stay untouched."""

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import soundfile

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import RATE, no_number, note, silence, stamped

DRUMS, BASS = f"{SONG}/drums", f"{SONG}/bass"


def takes(label: Label, target: str = SONG) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = label.data("take", "list", target)
    return rows


def test_each_file_is_a_take_of_its_own_numbered_in_the_order_given(label: Label, tmp_path: Path) -> None:
    files = [note(tmp_path / f"{hz}.wav", hz) for hz in (220, 330, 440)]
    assert label.does("take", "ingest", DRUMS, *files).splitlines() == [f"{DRUMS}/{n}" for n in (1, 2, 3)]
    assert [row["take"] for row in takes(label)] == [f"{DRUMS}/{n}" for n in (1, 2, 3)]


def empty(path: Path) -> None:
    path.write_bytes(b"")


def text(path: Path) -> None:
    path.write_text("this is not audio\n")


def cut_short(path: Path) -> None:
    whole = note(path.with_suffix(".flac"), seconds=2.0).read_bytes()
    path.write_bytes(whole[: len(whole) // 20])
    path.with_suffix(".flac").unlink()


def cut_in_the_sound(path: Path) -> None:
    whole = note(path, seconds=2.0).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def nan(path: Path) -> None:
    no_number(path, float("nan"))


def infinite(path: Path) -> None:
    no_number(path, float("inf"))


def its_own_link(path: Path) -> None:
    path.symlink_to(path)


def a_dangling_link(path: Path) -> None:
    path.symlink_to(path.with_name("gone.wav"))


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def an_empty_folder(path: Path) -> None:
    path.mkdir()


def nothing(path: Path) -> None:
    assert not path.exists()


def lossy(path: Path) -> None:
    note(path.with_suffix(".ogg"), subtype="VORBIS").rename(path)


BAD = {
    empty: "it is empty",
    text: "it is text, not sound",
    cut_short: "truncated or damaged",
    cut_in_the_sound: "truncated",
    nan: "NaN or infinity",
    infinite: "NaN or infinity",
    its_own_link: "leads to itself",
    a_dangling_link: "no such file",
    a_pipe: "a pipe",
    an_empty_folder: "holds no files",
    nothing: "no such file",
    lossy: "lossy",
}


@pytest.mark.parametrize(("make", "reason"), BAD.items(), ids=lambda of: getattr(of, "__name__", ""))
def test_what_is_not_sound_is_refused_in_one_line_and_the_good_file_beside_it_is_taken(
    label: Label, tmp_path: Path, make: Callable[[Path], None], reason: str
) -> None:
    bad, good = tmp_path / "bad.wav", note(tmp_path / "good.wav")
    make(bad)
    said = label.run("take", "ingest", DRUMS, bad, good)
    assert said.code == 3
    assert said.out == f"{DRUMS}/1\n", "a refused file uses no take number"
    lines = [line for line in said.err.splitlines() if line.startswith("not taken:")]
    assert len(lines) == 1
    assert reason in lines[0]
    assert said.rule == "audio.refused"
    assert label.does("take", "ingest", DRUMS, note(tmp_path / "next.wav", 330)) == f"{DRUMS}/2"


def test_a_name_that_no_file_system_takes_is_refused_like_any_other_file(label: Label, tmp_path: Path) -> None:
    said = label.run("take", "ingest", DRUMS, tmp_path / ("x" * 5000), note(tmp_path / "good.wav"))
    assert (said.code, said.out) == (3, f"{DRUMS}/1\n")
    assert "too long" in said.err


@pytest.mark.skipif(os.access("/etc/shadow", os.R_OK), reason="this user may read everything")
def test_a_file_this_user_may_not_read_is_refused(label: Label, tmp_path: Path) -> None:
    locked = note(tmp_path / "locked.wav")
    locked.chmod(0)
    said = label.run("take", "ingest", DRUMS, locked)
    assert (said.code, said.rule) == (3, "audio.refused")


def test_refused_files_as_json_are_one_object_a_file_with_taken_true_or_false(label: Label, tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.wav", note(tmp_path / "good.wav")
    bad.write_bytes(b"")
    said = label.run("take", "ingest", DRUMS, bad, good, "--json")
    assert said.code == 3
    assert said.json.keys() == {"ok", "rule", "detail", "next", "data"}
    assert (said.json["ok"], said.json["rule"]) == (False, "audio.refused")
    assert said.json["data"] == [
        {"file": str(good), "taken": True, "take": f"{DRUMS}/1", "known": False},
        {"file": str(bad), "taken": False, "reason": "it is empty"},
    ]


def test_what_was_taken_is_said_as_json_too(label: Label, tmp_path: Path) -> None:
    file = note(tmp_path / "a.wav")
    row = {"file": str(file), "taken": True, "take": f"{DRUMS}/1", "known": False}
    assert label.data("take", "ingest", DRUMS, file) == [row]
    assert label.data("take", "ingest", DRUMS, file) == [row | {"known": True}]


def test_a_file_name_of_no_encoding_is_still_json(label: Label, tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff.wav"))
    said = label.apart("take", "ingest", DRUMS, odd, "--json")
    assert said.code == 3
    assert json.loads(said.out)["data"][0]["file"] == str(odd)


def test_the_same_audio_again_on_one_part_is_the_same_take_and_nothing_is_recorded(
    label: Label, tmp_path: Path
) -> None:
    label.does("take", "ingest", DRUMS, note(tmp_path / "a.wav"))
    head = label.head
    said = label.run("take", "ingest", DRUMS, note(tmp_path / "renamed.wav"))
    assert (said.code, said.out) == (0, f"{DRUMS}/1\n")
    assert "already" in said.err
    assert label.head == head


def test_the_same_sound_in_another_container_is_the_same_take(label: Label, tmp_path: Path) -> None:
    label.does("take", "ingest", DRUMS, note(tmp_path / "a.wav"))
    samples, rate = soundfile.read(tmp_path / "a.wav", dtype="int32")
    soundfile.write(tmp_path / "a.flac", samples, rate, subtype="PCM_24")
    assert label.does("take", "ingest", DRUMS, tmp_path / "a.flac") == f"{DRUMS}/1"


def test_copies_of_one_loop_in_two_parts_are_two_takes_over_one_blob(label: Label, tmp_path: Path) -> None:
    loop = note(tmp_path / "loop.wav")
    label.does("take", "ingest", DRUMS, loop)
    label.does("take", "ingest", BASS, loop)
    assert [row["take"] for row in takes(label)] == [f"{DRUMS}/1", f"{BASS}/1"]
    (one,), (other,) = label.data("path", f"{DRUMS}/1"), label.data("path", f"{BASS}/1")
    assert one["path"] == other["path"]
    assert len(blobs(label)) == 1


def blobs(label: Label) -> list[Path]:
    return [file for file in (label.folder / ".takesheet" / "vault" / "blobs").rglob("*") if not file.is_dir()]


def test_sixteen_silent_tracks_are_sixteen_tracks(label: Label, tmp_path: Path) -> None:
    files = [silence(tmp_path / f"mic {n:02d}.wav") for n in range(1, 17)]
    assert label.does("take", "ingest", DRUMS, *files, "--together") == f"{DRUMS}/1"
    (row,) = takes(label)
    assert row["tracks"] == 16
    names = [file["name"] for file in label.data("path", f"{DRUMS}/1")]
    assert len(set(names)) == 16


def test_files_taken_together_are_tracks_of_one_take(label: Label, tmp_path: Path) -> None:
    files = [note(tmp_path / f"{name}.wav", hz) for name, hz in (("Kick In", 60), ("Snare Top", 200))]
    assert label.does("take", "ingest", DRUMS, *files, "--together") == f"{DRUMS}/1"
    assert [file["name"] for file in label.data("path", f"{DRUMS}/1")] == [
        "tin-roof_drums_1_kick-in",
        "tin-roof_drums_1_snare-top",
    ]
    assert len(label.does("path", f"{DRUMS}/1.kick-in").splitlines()) == 1


def test_a_folder_is_one_take(label: Label, tmp_path: Path) -> None:
    for name, hz in (("kick", 60), ("snare", 200)):
        note(tmp_path / "pass" / f"{name}.wav", hz)
    (tmp_path / "pass" / ".DS_Store").write_text("")
    assert label.does("take", "ingest", DRUMS, tmp_path / "pass") == f"{DRUMS}/1"
    assert takes(label)[0]["tracks"] == 2


def test_a_take_is_never_half_a_take(label: Label, tmp_path: Path) -> None:
    good, bad = note(tmp_path / "kick.wav"), tmp_path / "snare.wav"
    bad.write_bytes(b"")
    said = label.run("take", "ingest", DRUMS, good, bad, "--together", "--json")
    assert said.code == 3
    assert [row["taken"] for row in said.json["data"]] == [False, False]
    assert takes(label) == []


def test_tracks_of_different_length_are_no_take(label: Label, tmp_path: Path) -> None:
    files = note(tmp_path / "kick.wav"), note(tmp_path / "snare.wav", seconds=0.5)
    said = label.run("take", "ingest", DRUMS, *files, "--together")
    assert said.code == 3
    assert "take.tracks" in said.err
    assert takes(label) == []


def test_files_with_an_equal_stamp_and_length_are_one_take(label: Label, tmp_path: Path) -> None:
    one = [
        stamped(tmp_path / f"{name}_1.wav", hz, reference=RATE * 3600) for name, hz in (("Kick", 60), ("Snare", 200))
    ]
    two = stamped(tmp_path / "Kick_2.wav", 70, reference=RATE * 3600 + RATE // 8)
    assert label.does("take", "ingest", DRUMS, *one, two).splitlines() == [f"{DRUMS}/1", f"{DRUMS}/2"]
    first, second = takes(label)
    assert (first["tracks"], first["starts"], second["tracks"], second["starts"]) == (2, "0:00", 1, "0:00.125")
    assert first["recorded"].startswith("2026-12-07 10:21:09")


def test_a_punch_in_lies_where_it_was_put(label: Label, tmp_path: Path) -> None:
    label.does("take", "ingest", DRUMS, note(tmp_path / "a.wav"), "--at", "1:42.3")
    assert takes(label)[0]["starts"] == "1:42.3"


def test_a_take_knows_its_pass_and_its_session(label: Label, tmp_path: Path) -> None:
    label.does("resource", "add", "room-a", "--kind", "room")
    label.does("session", "book", "night-bus", "--room", "room-a", "--on", "2026-12-07", "--hours", "10-18")
    label.does("take", "ingest", DRUMS, note(tmp_path / "a.wav"), "--pass", "3", "--session", "S1")
    assert (takes(label)[0]["pass"], takes(label)[0]["session"]) == (3, "night-bus/S1")


def test_another_rate_is_refused_and_the_hint_converts_it(label: Label, tmp_path: Path) -> None:
    label.does("take", "ingest", DRUMS, note(tmp_path / "a.wav"))
    other = note(tmp_path / "b.wav", 330, rate=44_100)
    said = label.run("take", "ingest", DRUMS, other)
    assert said.code == 3
    assert "rate.match" in said.err
    assert "--convert" in said.err
    assert label.does("take", "ingest", DRUMS, other, "--convert") == f"{DRUMS}/2"
    assert takes(label)[1]["rate"] == RATE
    (file,) = label.data("path", f"{DRUMS}/2")
    assert soundfile.info(file["path"]).samplerate == RATE
    assert label.does("take", "ingest", DRUMS, other, "--convert") == f"{DRUMS}/2", "and again it is the same take"


def test_files_of_one_take_at_two_rates_are_refused_and_converted_only_when_asked(label: Label, tmp_path: Path) -> None:
    files = note(tmp_path / "kick.wav", 60), note(tmp_path / "snare.wav", 200, rate=44_100)
    said = label.run("take", "ingest", DRUMS, *files, "--together")
    assert said.code == 3
    assert "rate.match: kick.wav runs at 48000 Hz, snare.wav at 44100 Hz" in said.err
    assert "--convert" in said.err
    assert (takes(label), blobs(label)) == ([], [])
    assert label.does("take", "ingest", DRUMS, *files, "--together", "--convert") == f"{DRUMS}/1"
    assert takes(label)[0]["tracks"] == 2


def test_the_originals_are_untouched_and_nothing_is_linked_to_them(label: Label, tmp_path: Path) -> None:
    file = note(tmp_path / "a.wav")
    before, stat = sha256(file.read_bytes()).hexdigest(), file.stat()
    label.does("take", "ingest", DRUMS, file)
    assert sha256(file.read_bytes()).hexdigest() == before
    assert (file.stat().st_mtime_ns, file.stat().st_mode) == (stat.st_mtime_ns, stat.st_mode)
    (blob,) = blobs(label)
    assert blob.parent.name + blob.name == before, "sources are kept as their own bytes"
    assert file.stat().st_nlink == blob.stat().st_nlink == 1
    assert file.stat().st_ino != blob.stat().st_ino
    file.write_bytes(b"")
    assert sha256(blob.read_bytes()).hexdigest() == before


def bytes_read() -> int:
    """How many bytes this process has read so far, from files of any kind (proc(5), io)."""
    return int(Path("/proc/self/io").read_text(encoding="ascii").splitlines()[0].removeprefix("rchar: "))


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="this system does not count what is read")
def test_a_file_is_decoded_once_and_copied_once(label: Label, tmp_path: Path) -> None:
    label.does("take", "ingest", DRUMS, note(tmp_path / "warm.wav"))
    file = note(tmp_path / "long.wav", 330, seconds=60.0, subtype="FLOAT")
    before = bytes_read()
    label.does("take", "ingest", DRUMS, file)
    times = (bytes_read() - before) / file.stat().st_size
    assert times < 2.3, "hash, peaks and check share one pass; the copy into the vault is the other"


def test_a_link_is_followed_to_the_sound_it_means(label: Label, tmp_path: Path) -> None:
    note(tmp_path / "real.wav")
    (tmp_path / "link.wav").symlink_to(tmp_path / "real.wav")
    assert label.does("take", "ingest", DRUMS, tmp_path / "link.wav") == f"{DRUMS}/1"
    assert not blobs(label)[0].is_symlink()


@pytest.mark.parametrize(
    ("words", "code", "rule"),
    [
        (("--at", "0:61"), 2, "time"),
        (("--at", "yesterday"), 4, "section.unknown"),
        (("--at", "99999:99"), 2, "time"),
        (("--at", "-1"), 2, "time"),
        (("--at", "999:59:59"), 2, "text.unfit"),
        (("--pass", "0"), 2, "usage"),
        (("--pass", "x"), 2, "usage"),
        (("--session", "S7"), 4, "session.unknown"),
        (("--why", "a\0b"), 2, "text.unstorable"),
        (("--why", "a\udcffb"), 2, "text.unstorable"),
    ],
)
def test_words_that_make_no_sense_take_nothing_in(
    label: Label, tmp_path: Path, words: tuple[str, ...], code: int, rule: str
) -> None:
    assert label.refuses(code, "take", "ingest", DRUMS, note(tmp_path / "a.wav"), *words).rule == rule


@pytest.mark.parametrize(("part", "code"), [(f"{SONG}/flute", 4), (SONG, 2), ("night-bus", 2), (f"{DRUMS}/1", 2)])
def test_takes_are_of_a_part_that_is_there(label: Label, tmp_path: Path, part: str, code: int) -> None:
    label.refuses(code, "take", "ingest", part, note(tmp_path / "a.wav"))


def test_who_may_not_ingest_is_told_who_may(label: Label, tmp_path: Path) -> None:
    label.does("user", "add", "kim", "--role", "artist")
    said = label.refuses(3, "take", "ingest", DRUMS, note(tmp_path / "a.wav"), "--as", "kim")
    assert said.rule == "person.role"
    assert "engineer" in said.err
