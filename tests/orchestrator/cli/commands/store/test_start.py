"""``start``: a folder of stems or one file becomes a mix and a master, each step printed and recorded."""

import os
import shlex
import shutil
from pathlib import Path

import pytest
import soundfile

from tests.orchestrator.label import Label
from tests.orchestrator.sounds import note
from tests.orchestrator.terminal import Terminal

STEMS = ("Drums", "Bass", "LeadVox")


@pytest.fixture
def stems(tmp_path: Path) -> Label:
    """A folder of stems, and no store."""
    for number, part in enumerate(STEMS):
        note(tmp_path / "Tin Roof" / f"{part}.wav", 80 * (number + 1), seconds=2.0)
    return Label(tmp_path)


@pytest.fixture
def stereo(tmp_path: Path) -> Label:
    """One stereo file, and no store."""
    mono, rate = soundfile.read(note(tmp_path / "mono.wav", 220, seconds=2.0))
    soundfile.write(tmp_path / "bounce.wav", [[one, one] for one in mono], rate, subtype="PCM_24")
    return Label(tmp_path)


def typed(transcript: str) -> list[list[str]]:
    return [shlex.split(line[2:])[1:] for line in transcript.splitlines() if line.startswith("$ ")]


@pytest.mark.slow
@pytest.mark.waits
def test_stems_become_a_mix_and_a_master_and_every_step_is_a_command_that_is_shown(stems: Label) -> None:
    said = stems.apart("start", "Tin Roof", "--artist", "The Ferrymen", "--label", "Harbour", "--yes")
    assert said.code == 0, said
    assert [" ".join(words[:2]) for words in typed(said.out)] == [
        "init .", "record new", "song add", "take import", "take approve", "mix draft", "mix revise",
        "render tin-roof/tin-roof", "mix approve", "master plan", "render tin-roof",
    ]  # fmt: skip
    assert "next: " not in said.out
    assert "takesheet play tin-roof@master1" in said.out
    assert {row["address"]: row["standing"] for row in stems.data("record", "show", "tin-roof")} == {
        "tin-roof": "", "tin-roof/tin-roof": "", "tin-roof/tin-roof@mix1": "approved", "tin-roof@master1": "to hear",
    }  # fmt: skip
    assert len(stems.data("part", "list", "tin-roof/tin-roof")) == len(STEMS)
    why = [row["why"] for row in stems.data("log", "show") if row["kind"] == "take-judged"]
    assert set(why) == {"a first mix of everything as it came"}
    assert Path(stems.does("path", "tin-roof@master1")).is_file()


@pytest.mark.slow
@pytest.mark.waits
def test_one_stereo_file_is_a_mix_made_outside(stereo: Label) -> None:
    said = stereo.apart("start", "bounce.wav", "--title", "Tide", "--artist", "A", "--yes", "--json")
    assert said.code == 0, said
    assert said.json["data"] == {
        "record": "tide", "song": "tide/tide", "mix": "tide/tide@mix1", "master": "tide@master1",
    }  # fmt: skip
    (mix,) = stereo.data("mix", "list", "tide/tide")
    assert (mix["made"], mix["standing"]) == ("outside", "approved")
    assert stereo.data("part", "list", "tide/tide") == []


@pytest.mark.slow
@pytest.mark.waits
def test_a_second_start_judges_and_masters_the_mix_that_it_made(stereo: Label) -> None:
    words = ("--title", "Tide", "--artist", "A", "--yes", "--json")
    first = stereo.apart("start", "bounce.wav", *words).json["data"]
    sound, rate = soundfile.read(stereo.folder / "bounce.wav")
    soundfile.write(stereo.folder / "again.wav", sound / 2, rate, subtype="PCM_24")
    second = stereo.apart("start", "again.wav", *words).json["data"]
    assert (first["mix"], first["master"]) == ("tide/tide@mix1", "tide@master1")
    assert (second["mix"], second["master"]) == ("tide/tide@mix2", "tide@master2")
    assert [row["standing"] for row in stereo.data("mix", "list", "tide/tide")] == ["approved", "approved"]
    assert "tide/tide@mix2" in stereo.does("why", "tide@master2")
    third = stereo.apart("start", "again.wav", *words).json["data"]
    assert third == second, "the same file makes nothing new"


@pytest.mark.slow
@pytest.mark.waits
def test_names_are_neither_options_nor_codes_for_the_terminal_and_a_link_is_not_written_through(stems: Label) -> None:
    (stems.folder / "Tin Roof").rename(stems.folder / "-st\x1b]0;x\x07ems $(touch a)")
    (stems.folder / "first-mix.toml").symlink_to(stems.folder / "elsewhere.toml")
    said = stems.apart(
        "start", "--title=--help", "--artist", "-a", "--label", "L", "--yes", "--", "-st\x1b]0;x\x07ems $(touch a)"
    )
    assert said.code == 0, said
    assert "\x1b" not in said.out + said.err
    assert "\x07" not in said.out + said.err
    (record,) = stems.data("record", "list")
    assert (record["title"], record["artist"]) == ("--help", "-a")
    assert not (stems.folder / "elsewhere.toml").exists()
    assert not (stems.folder / "a").exists()
    assert (stems.folder / "first-mix-2.toml").read_text(encoding="utf-8").count("[strips.") == len(STEMS)


def test_ctrl_c_at_a_question_makes_nothing_and_exits_with_130(stems: Label) -> None:
    terminal = Terminal(stems, "start", "Tin Roof")
    terminal.sees("title [Tin Roof]: ")
    terminal.interrupt()
    terminal.sees_the_end()
    assert terminal.ends() == 130
    assert not (stems.folder / ".takesheet").exists()


@pytest.mark.waits
def test_ctrl_c_later_says_that_what_was_done_stays(stems: Label) -> None:
    terminal = Terminal(stems, "start", "Tin Roof", "--title", "Roof", "--artist", "A", "--label", "L")
    terminal.sees("approve 3 takes for a first mix? (y/n) ")
    terminal.interrupt()
    terminal.sees("what was done so far stays: takesheet next")
    terminal.sees_the_end()
    assert terminal.ends() == 130
    assert len(stems.data("take", "list", "roof")) == len(STEMS)


@pytest.mark.waits
def test_on_a_terminal_it_asks_and_nothing_is_approved_without_a_yes(stems: Label) -> None:
    terminal = Terminal(stems, "start", "Tin Roof")
    terminal.sees("title [Tin Roof]: ")
    terminal.press("Roof\n")
    terminal.sees("artist [")
    terminal.press("The Ferrymen\n")
    terminal.sees("label [The Ferrymen's label]: ")
    terminal.press("\n")
    terminal.sees("approve 3 takes for a first mix? (y/n) ")
    terminal.press("n")
    terminal.sees("Go on from here:")
    assert terminal.ends() == 0
    assert {row["verdict"] for row in stems.data("take", "list", "roof")} <= {None, ""}
    assert stems.data("mix", "list", "roof/roof") == []
    (record,) = stems.data("record", "list")
    assert (record["title"], record["artist"]) == ("Roof", "The Ferrymen")


def test_a_store_that_is_there_is_used_and_gets_no_new_label(stereo: Label) -> None:
    stereo.does("init", ".", "--label", "Harbour")
    terminal = Terminal(stereo, "start", "bounce.wav", "--title", "Tide", "--artist", "A")
    terminal.sees("approve tide/tide@mix1, so that a first master can be made of it? (y/n) ")
    terminal.press("n")
    assert terminal.ends() == 0
    assert "takesheet init" not in terminal.seen
    assert stereo.data("mix", "list", "tide/tide")[0]["standing"] == "to hear"


@pytest.mark.parametrize(
    ("words", "code", "rule"),
    [
        (("gone", "--yes"), 4, "import.folder"),
        (("empty", "--yes"), 3, "start.sound"),
        (("text.wav", "--yes"), 3, "audio.refused"),
        (("hostile", "--yes"), 3, "audio.refused"),
        (("slow", "--yes"), 3, "rate.match"),
        (("slow/slow.wav", "--yes"), 3, "rate.match"),
        (("silent.wav", "--yes"), 6, "mix.prints"),
        (("coarse.wav", "--yes"), 3, "mix.submit"),
        (("bounce.wav", "--yes", "--title", "!!!"), 2, "title.empty"),
        (("bounce.wav", "--yes", "--title", 501 * "x"), 2, "text.long"),
        (("bounce.wav", "--yes", "--artist", 501 * "x", "--label", "L"), 2, "text.long"),
        (("!!!.wav", "--yes", "--title", "Tide"), 2, "title.empty"),
        (("bounce.wav",), 8, "input.needed"),
        (("bounce.wav", "--yes", "--as", "pat"), 2, "start.store"),
        (("bounce.wav", "--yes", "--store", "."), 2, "start.store"),
    ],
)
def test_what_cannot_be_started_is_refused_before_anything_is_made(
    stereo: Label, words: tuple[str, ...], code: int, rule: str
) -> None:
    for name in ("empty", "hostile", "slow"):
        (stereo.folder / name).mkdir()
    (stereo.folder / "empty" / "readme.txt").write_text("nothing", encoding="utf-8")
    (stereo.folder / "text.wav").write_text("no sound", encoding="utf-8")
    (stereo.folder / "hostile" / "a.wav").write_text("no sound", encoding="utf-8")
    (stereo.folder / "hostile" / "gone.wav").symlink_to("nowhere")
    os.mkfifo(stereo.folder / "hostile" / "pipe.wav")
    (stereo.folder / "hostile" / "folder.wav").mkdir()
    shutil.copy(stereo.folder / "mono.wav", stereo.folder / "hostile" / "!!!.wav")
    shutil.copy(stereo.folder / "mono.wav", stereo.folder / "!!!.wav")
    sound, _ = soundfile.read(stereo.folder / "mono.wav")
    soundfile.write(stereo.folder / "slow" / "slow.wav", sound, 22_050)
    soundfile.write(stereo.folder / "silent.wav", [[0.0, 0.0]] * 48_000, 48_000, subtype="PCM_24")
    soundfile.write(stereo.folder / "coarse.wav", [[one, one] for one in sound], 48_000, subtype="PCM_U8")
    before = sorted(stereo.folder.rglob("*"))
    assert stereo.refuses(code, "start", *words).rule == rule
    assert sorted(stereo.folder.rglob("*")) == before


def test_in_a_store_that_is_there_a_refused_start_records_nothing(stereo: Label) -> None:
    stereo.does("init", ".", "--label", "Harbour")
    (stereo.folder / "stems").mkdir()
    (stereo.folder / "stems" / "a.wav").write_text("no sound", encoding="utf-8")
    recorded = stereo.data("log", "show")
    said = stereo.refuses(3, "start", "stems", "--yes", "--title", "X", "--artist", "A")
    assert "it is text, not sound" in said.err
    assert "the demo" not in said.err
    assert stereo.data("log", "show") == recorded


@pytest.mark.slow
@pytest.mark.waits
def test_a_file_that_is_no_sound_does_not_keep_the_others_from_being_started(stems: Label) -> None:
    (stems.folder / "Tin Roof" / "Aaa.wav").write_text("no sound", encoding="utf-8")
    said = stems.apart("start", "Tin Roof", "--artist", "The Ferrymen", "--label", "Harbour", "--yes")
    assert said.code == 0, said
    assert "not taken: Aaa.wav: it is text, not sound" in said.out
    assert len(stems.data("take", "list", "tin-roof")) == len(STEMS)


@pytest.mark.slow
@pytest.mark.waits
def test_each_approval_is_one_key_and_the_master_is_left_to_be_judged(
    stems: Label, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.orchestrator.terminal.PATIENCE_S", 240.0)  # two renders lie between the questions
    terminal = Terminal(stems, "start", "Tin Roof", "--title", "Roof", "--artist", "A", "--label", "L")
    terminal.sees("approve 3 takes for a first mix? (y/n) ")
    terminal.press("y")
    terminal.sees("approve roof/roof@mix1, so that a first master can be made of it? (y/n) ")
    assert {row["verdict"] for row in stems.data("take", "list", "roof")} == {"approved"}
    assert stems.data("mix", "list", "roof/roof")[0]["standing"] == "to hear"
    terminal.press("y")
    terminal.sees("Go on from here:")
    assert terminal.ends() == 0
    assert stems.data("mix", "list", "roof/roof")[0]["standing"] == "approved"
    assert stems.data("master", "list", "roof")[0]["standing"] == "to hear"
