"""Lyrics from the command line: stored in the vault, and a comp painted line by line."""

from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note

VOCAL = f"{SONG}/lead-vocal"
LRC = "[ti:Tin Roof]\n[00:00.20]Rain on the roof\n[00:00.50]The last bus gone\n[00:01.20]Hey hey\n[00:01.60]Home\n"


@pytest.fixture
def singer(tmp_path: Path) -> Label:
    """A part with two takes of two seconds, and a song with lyrics."""
    label = open_label(tmp_path, "lead-vocal")
    label.does("take", "ingest", VOCAL, *(note(tmp_path / f"{hz}.wav", hz, seconds=2) for hz in (220, 330)))
    (tmp_path / "words.lrc").write_text(LRC, encoding="utf-8")
    label.data("song", "attach", SONG, "--lyrics", "words.lrc")
    return label


def test_a_comp_is_painted_line_by_line(singer: Label) -> None:
    singer.does("comp", "set", VOCAL, "L1-2=2", "L4=1")
    rows = [(row["from"], row["to"], row["take"]) for row in singer.data("comp", "show", VOCAL)]
    assert rows[1:] == [("0:00.2", "0:01.2", "2"), ("0:01.2", "0:01.6", "silence"), ("0:01.6", "0:02", "1")]
    singer.does("take", "approve", f"{VOCAL}/1@L3")
    assert [row["take"] for row in singer.data("comp", "show", VOCAL)] == ["silence", "2", "1", "1"]


def test_lines_are_shown_with_their_times_and_a_time_can_be_given_by_hand(singer: Label) -> None:
    singer.data("song", "attach", SONG, "--at", "L2=0:00.6")
    rows = singer.data("song", "attach", SONG)
    assert [(row["line"], row["at"], row["words"]) for row in rows][:2] == [
        ("L1", "0:00.2", "Rain on the roof"),
        ("L2", "0:00.6", "The last bus gone"),
    ]
    assert "L2" in singer.does("undo")
    assert singer.data("song", "attach", SONG)[1]["at"] == "0:00.5"


def test_the_words_are_a_blob_that_verify_misses(singer: Label) -> None:
    assert singer.run("log", "verify", "--audio=").code == 0
    blobs = singer.folder / ".takesheet" / "vault" / "blobs"
    (own,) = [file for file in blobs.rglob("*") if file.is_file() and file.stat().st_size == len(LRC)]
    own.unlink()
    said = singer.run("log", "verify")
    assert said.code == 9
    assert SONG in said.out + said.err


@pytest.mark.parametrize(
    ("code", "words", "rule"),
    [
        (4, ("song", "attach", SONG, "--lyrics", "none.txt"), "file.missing"),
        (2, ("song", "attach", SONG, "--lyrics", "."), "file.unfit"),
        (2, ("song", "attach", SONG, "--lyrics", "/dev/zero"), "file.unfit"),
        (2, ("song", "attach", SONG, "--lyrics", "220.wav"), "lyrics.file"),
        (2, ("song", "attach", SONG, "--at", "1=0:12"), "lyrics.time"),
        (2, ("song", "attach", SONG, "--at", "L2=0:00.1"), "lyrics.order"),
        (4, ("song", "attach", SONG, "--at", "L9=0:12"), "lyrics.unknown"),
        (4, ("comp", "set", VOCAL, "L9=1"), "lyrics.unknown"),
        (2, ("comp", "set", VOCAL, "L3=1", "L1=2"), "comp.order"),
    ],
)
def test_what_makes_no_sense_is_refused(singer: Label, code: int, words: tuple[str, ...], rule: str) -> None:
    assert singer.refuses(code, *words).rule == rule


@pytest.mark.parametrize(
    ("content", "times", "words"),
    [
        (b"[offset:+500]\n[00:00.20]one\n[00:01.50]two\n", ["0:00", "0:01"], "two"),
        (b"[offset: -250]\n[00:00.25]one\n[00:01.50]two\n", ["0:00.5", "0:01.75"], "two"),
        (b"[00:00.50]lead\n[00:00.50](backing)\n", ["0:00.5", "0:00.5"], "(backing)"),
        (b"[00:00.20]one\n[00:01.00]<00:01.00>Down <00:01.20> by [00:01.40]the river\n", ["0:00.2", "0:01"],
         "Down by the river"),
        ("[00:00.20]one\n[00:01.00]Grün\n".encode("latin-1"), ["0:00.2", "0:01"], "Grün"),
        ("\ufeff[00:00.20]one\n[00:01.00]Grün\n".encode("utf-16-le"), ["0:00.2", "0:01"], "Grün"),
        (b"[00:00.20]one\n[1000:20.00]two\n", ["0:00.2", "1000:20"], "two"),
    ],
)  # fmt: skip
def test_lyrics_are_timed_as_their_program_meant_it(
    singer: Label, content: bytes, times: list[str], words: str
) -> None:
    (singer.folder / "other.lrc").write_bytes(content)
    rows = singer.data("song", "attach", SONG, "--lyrics", "other.lrc")
    assert [row["at"] for row in rows] == times
    assert rows[-1]["words"] == words


def test_two_lines_at_one_time_are_one_span_for_a_comp(singer: Label) -> None:
    (singer.folder / "duet.lrc").write_text("[00:00.50]lead\n[00:00.50](backing)\n[00:01.20]two\n", encoding="utf-8")
    singer.data("song", "attach", SONG, "--lyrics", "duet.lrc")
    singer.does("comp", "set", VOCAL, "L1=2")
    rows = [(row["from"], row["to"], row["take"]) for row in singer.data("comp", "show", VOCAL)]
    assert ("0:00.5", "0:01.2", "2") in rows


def test_a_song_without_lyrics_says_how_it_gets_them(tmp_path: Path) -> None:
    label = open_label(tmp_path, "lead-vocal")
    assert label.refuses(4, "song", "attach", SONG).rule == "lyrics.unknown"
    (tmp_path / "words.lrc").write_text(LRC, encoding="utf-8")
    assert label.refuses(3, "song", "attach", SONG, "--lyrics", "words.lrc").rule == "form.clock"
