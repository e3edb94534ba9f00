"""The take sheet and the comp sheet: text, data and a page of A4; rejections stay behind the curtain."""

import shutil
from pathlib import Path

import pytest

from orchestrator.desk.sheets.comp_sheet import LARGEST_PX, SMALLEST_PX, CompLine, CompSheet
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note

VOCAL = f"{SONG}/lead-vocal"
HOSTILE = "<script>alert(1)</script>"
LYRICS = f"""[00:00.00] on the night bus home
[00:02.00] {HOSTILE}
[00:04.00] أنا هنا
[00:06.00] the last one
"""


@pytest.fixture(scope="module")
def sung(opened: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three takes of 8 s and one of 3 s of the vocal, timed lyrics, a comp of two takes, and a rejected take."""
    folder = tmp_path_factory.mktemp("sung") / "store"
    shutil.copytree(opened, folder)
    label = Label(folder)
    label.does("user", "add", "pat", "--role", "producer")
    label.does("user", "add", "mo", "--role", "musician")
    label.does("resource", "add", "room-a", "--kind", "room", "--rate", "600/day")
    label.does("session", "book", "night-bus", "--room", "room-a", "--on", "2026-12-07", "--hours", "10-18")
    takes = [note(folder / f"{n}.wav", 100.0 * n, seconds=8.0) for n in (1, 2, 3)]
    label.does("take", "ingest", VOCAL, *takes, "--session", "S1")
    label.does("take", "ingest", VOCAL, note(folder / "4.wav", 500.0, seconds=3.0), "--pass", "9")
    lyrics = folder / "words.lrc"
    lyrics.write_text(LYRICS, encoding="utf-8")
    label.does("song", "attach", SONG, "--lyrics", lyrics)
    label.does("comp", "set", VOCAL, "L1=1", "0:02-0:05=2")
    label.does("take", "reject", f"{VOCAL}/3", "--as", "pat")
    return folder


@pytest.fixture
def song(sung: Path, tmp_path: Path) -> Label:
    shutil.copytree(sung, tmp_path / "song")
    return Label(tmp_path / "song")


def test_the_comp_sheet_fills_the_boxes_of_what_is_kept(song: Label) -> None:
    lines = song.does("comp", "sheet", VOCAL).splitlines()
    assert [line.split()[0] for line in lines if line.startswith("   L")] == ["L1", "L2", "L3", "L4"]
    assert lines[4] == "   L1  [x] [ ] [ ] [ ]  on the night bus home"
    assert lines[5] == f"   L2  [ ] [x] [ ] [ ]  {HOSTILE}"
    assert lines[6].startswith("   L3  [ ] [/] [ ]  .   ")
    assert lines[7] == "   L4  [ ] [ ] [ ]  .   the last one"
    data = song.data("comp", "sheet", VOCAL)
    assert [(row["kept"], row["partly"]) for row in data["lines"]] == [([1], []), ([2], []), ([], [2]), ([], [])]
    assert data["takes"] == [1, 2, 3, 4]


def test_lines_without_times_are_printed_with_empty_boxes_and_it_is_said(song: Label) -> None:
    plain = song.folder / "plain.txt"
    plain.write_text("one\ntwo\n")
    song.does("song", "attach", SONG, "--lyrics", plain)
    said = song.does("comp", "sheet", VOCAL)
    assert "[x]" not in said
    assert "   L2  [ ] [ ] [ ] [ ]  two" in said
    assert f"what is kept is not filled in: takesheet song attach {SONG} --at L1=0:12" in said
    song.does("song", "attach", SONG, "--at", "L1=0:00")
    said = song.does("comp", "sheet", VOCAL)
    assert "1 of 2 lines have no time yet" in said


def test_before_anything_is_kept_the_boxes_are_to_be_marked_by_hand(song: Label) -> None:
    song.does("comp", "set", VOCAL, "0:00=-")
    said = song.does("comp", "sheet", VOCAL)
    assert "[x]" not in said
    assert "Nothing is kept yet: mark the boxes by hand." in said


def test_what_a_comp_sheet_needs_is_said(label: Label) -> None:
    assert label.refuses(4, "comp", "sheet", VOCAL).rule == "lyrics.unknown"
    words = label.folder / "words.txt"
    words.write_text("one\n")
    label.does("song", "attach", SONG, "--lyrics", words)
    assert label.refuses(4, "comp", "sheet", VOCAL).rule == "take.none"
    assert label.refuses(4, "take", "sheet", SONG).rule == "take.none"


def test_a_page_is_escaped_lies_as_its_takes_need_and_replaces_the_one_before(song: Label) -> None:
    page = song.folder / "sheet.html"
    for words in (("comp", "sheet", VOCAL), ("take", "sheet", SONG)):
        page.write_text("old")
        assert song.does(*words, "--html", page) == str(page)
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "A4" in text
    song.does("comp", "sheet", VOCAL, "--html", page)
    text = page.read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert 'dir="auto">أنا هنا' in text
    assert text.count('class="box kept"') == 2
    assert "landscape" not in text


def sheet_of(takes: int, lines: int, words: str = "a line as it is sung") -> CompSheet:
    boxes = ("empty",) * takes
    lyric = tuple(CompLine(f"L{n}", "", words, boxes) for n in range(1, lines + 1))  # type: ignore[arg-type]
    return CompSheet("Title", "Record", tuple(range(1, takes + 1)), lyric, "")


def print_px(sheet: CompSheet) -> float:
    return float(sheet.page().split("font-size: ")[-1].split("px")[0])


def test_print_gets_smaller_with_lines_and_takes_and_forty_takes_lie_on_their_side() -> None:
    assert print_px(sheet_of(6, 20)) == LARGEST_PX
    assert SMALLEST_PX < print_px(sheet_of(6, 60)) < LARGEST_PX
    assert print_px(sheet_of(6, 400)) == SMALLEST_PX
    assert "landscape" in sheet_of(40, 20).page()
    assert SMALLEST_PX < print_px(sheet_of(40, 20)) < LARGEST_PX
    assert print_px(sheet_of(6, 40, "words " * 30)) < print_px(sheet_of(6, 40))


def test_the_take_sheet_has_verdicts_and_where_takes_sound_but_no_rejection_for_a_musician(song: Label) -> None:
    said = song.does("take", "sheet", SONG)
    rows = {line.split()[0]: line for line in said.splitlines() if line.strip()[:1].isdigit()}
    assert "0:00-0:02" in rows["1"]
    assert "0:02-0:05" in rows["2"]
    assert "not this one" in rows["3"]
    assert rows["4"].split()[1] == "9", "its pass"
    assert "Lead Vocal" in said
    told = song.does("take", "sheet", SONG, "--as", "mo")
    assert "not this one" not in told
    assert "reject" not in told
    assert len(told.splitlines()) == len(said.splitlines())
    page = song.folder / "mo.html"
    song.does("take", "sheet", SONG, "--as", "mo", "--html", page)
    assert "not this one" not in page.read_text()
    assert (
        song.data("take", "sheet", VOCAL)["sections"][0]["rows"]
        == song.data("take", "sheet", SONG)["sections"][0]["rows"]
    )


def test_neither_sheet_shows_what_was_noted(song: Label) -> None:
    song.does("note", f"{VOCAL}/1", "pitchy and tired")
    for words in (("comp", "sheet", VOCAL), ("take", "sheet", SONG)):
        assert "pitchy" not in song.does(*words)
        assert "pitchy" not in song.run(*words, "--json").out
