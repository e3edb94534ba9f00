"""Studio A, Tuesday: one whole day of a session at a terminal, from ready to the wrap sheet and the artist's answer."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.orchestrator.drawn_screen import DrawnScreen
from tests.orchestrator.file_clock import FileClock
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import RATE, note, stamped
from tests.orchestrator.terminal import Terminal

S1, VOCAL = "night-bus/S1", f"{SONG}/lead-vocal"
TUESDAY = "2026-12-08"
AHEAD_S = 83
"""Seconds by which the recorder's clock is ahead."""
ROLLS = ("10:20:00", "10:40:00", "11:00:00", "11:20:00")
SCREEN = {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"}
AT_SONG = {"TAKESHEET_AT": SONG}
MONEY = re.compile(r"EUR|\d+\.\d\d|overtime|left in")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SECRETS = ("zebra", "quagga", "73.19", "EUR", "not this one", "false start", "hold", "reject", "overtime")

pytestmark = pytest.mark.waits


def booked(folder: Path, clock: FileClock) -> Label:
    """A label whose session in Studio A, with a drummer and a singer, has all that it needs."""
    folder.mkdir()
    clock.set("2026-12-01T09:00")
    label = open_label(folder, clock=clock)
    label.does("user", "add", "pat", "--role", "producer")
    label.does("user", "add", "artist", "--role", "artist")
    label.does("room", "add", "Studio A", "--day", "600/10h", "--overtime", "15m=40")
    for name, part in (("Jo Brandt", "Drums"), ("Mia Núñez", "Lead Vocal")):
        label.does("person", "add", name, "--day", "73.19")
        label.does("part", "add", SONG, part, "--player", name)
    label.does("budget", "set", "night-bus", "studio=760")
    (folder / "chart.txt").write_text("Am F C G\n", "utf-8")
    (folder / "words.txt").write_text("rain on the roof\n", "utf-8")
    guide = note(folder / "guide.wav", 80, seconds=0.5)
    label.does("song", "describe", SONG, "--chart", "chart.txt", "--reference", guide)
    label.does("song", "attach", SONG, "--lyrics", "words.txt")
    label.does("take", "ingest", f"{SONG}/drums", guide)
    label.does("song", "form", SONG, "verse=0:00", "end=0:00.4", "--tempo", "120")
    label.does("session", "book", "night-bus", "--room", "studio-a", "--with", "jo-brandt,mia-nunez", "--on", TUESDAY,
               "--hours", "10-20", "--line", "studio")  # fmt: skip
    label.does("session", "ask", S1)
    for player in ("jo-brandt", "mia-nunez"):
        label.does("session", "answer", S1, player, "yes")
    return label


def card(folder: Path) -> Path:
    """The recorder's card: a file for each pass, the last one long enough for an answer at 1:12."""
    for number, (time, seconds) in enumerate(zip(ROLLS, (2.0, 2.5, 1.5, 80.0), strict=True), start=1):
        hours, minutes, _ = (int(word) for word in time.split(":"))
        since_midnight = hours * 3600 + minutes * 60 + 2 + AHEAD_S
        when = f"{since_midnight // 3600:02}:{since_midnight // 60 % 60:02}:{since_midnight % 60:02}"
        stamped(
            folder / f"ZOOM{number:04}.wav", 100.0 * number, reference=since_midnight * RATE, seconds=seconds,
            when=when, day=TUESDAY,
        )  # fmt: skip
    return folder


def terminal(label: Label, *words: str, columns: int = 120) -> Terminal:
    return Terminal(label, *words, columns=columns, env=AT_SONG)


def written(terminal_: Terminal) -> str:
    """All that a command wrote until its end, which must be a good one."""
    terminal_.sees_the_end()
    assert terminal_.ends() == 0, terminal_.seen
    return terminal_.seen.replace("\r\n", "\n")


def lead(label: Label, clock: FileClock) -> None:
    """Lead the day by keys until after the booked time, with the singer in the room for a while."""
    clock.set(f"{TUESDAY}T10:00")
    screen = DrawnScreen(label, "session", "run", "S1", "--as", "pat", env={**SCREEN, **AT_SONG})
    screen.shows("(k)eeper")
    screen.press("s")
    screen.shows("parts:")
    screen.press("tin-roof/lead-vocal\r")
    screen.shows("Tin Roof · Lead Vocal · take 1")
    for number, (time, mark) in enumerate(zip(ROLLS, "hrfk", strict=True), start=1):
        clock.set(f"{TUESDAY}T{time}")
        screen.press(" ")
        screen.shows(f"take {number} ")
        screen.shows("rolling")
        if mark != "f":
            clock.set(f"{TUESDAY}T{time[:3]}{int(time[3:5]) + 2:02}:00")
            screen.press(" ")
            screen.waits_until(lambda: not any("rolling" in line for line in screen.lines), "the tape stands")
        screen.press(mark)
        screen.shows({"h": "hold", "r": "not this one", "f": "false start", "k": "keeper"}[mark])
        screen.waits_until(lambda: not any("rolling" in line for line in screen.lines), "the tape stands")
    assert re.search(r"take 4 +2:00 +keeper", "\n".join(screen.lines))
    screen.press("m")
    screen.shows("in words")
    screen.press("the laugh\r")
    screen.shows("with its words")
    screen.press("n")
    screen.shows("note:")
    screen.press("zebra doubt\r")
    screen.shows("noted, for you alone")

    assert not MONEY.search("\n".join(screen.lines)), "off by default"
    screen.press("$")
    screen.shows("booked 746.38 EUR")
    screen.press("c")  # the singer enters
    screen.waits_until(lambda: screen.lines == ["Tin Roof", "Lead Vocal", "take 4", "next up: Drums"], "the room")
    assert not MONEY.search("\n".join(screen.lines))

    clock.set(f"{TUESDAY}T20:10")
    before = screen.lines
    screen.press("k")  # decides nothing new, and says nothing behind the curtain
    screen.press("c")
    screen.shows("overtime 10 min")
    screen.shows("20:10 · booked 10:00 to 20:00")
    screen.shows("+40.00 EUR")
    assert before == ["Tin Roof", "Lead Vocal", "take 4", "next up: Drums"]
    screen.press(" ")
    screen.shows("rolling")  # nothing is refused
    screen.press("u")
    screen.waits_until(lambda: not any("rolling" in line for line in screen.lines), "the tape stands")
    screen.press("q")
    assert screen.ends() == 0


def test_studio_a_on_a_tuesday(tmp_path: Path) -> None:
    clock = FileClock(tmp_path / "house-clock.txt")
    label = booked(tmp_path / "label", clock)
    clock.set(f"{TUESDAY}T09:40")
    ready = written(terminal(label, "session", "ready", "S1", "--tracks", "1"))
    assert "confirmed" in ready
    lead(label, clock)

    clock.set(f"{TUESDAY}T20:20")
    worked = written(terminal(label, "session", "worked", S1, "--hours", "10-20:15"))
    assert "786.38 EUR" in worked
    assert "26.38" in worked, "the overrun of the budget is said, and never refused"
    assert "20:15" in label.does("session", "show", S1), "recorded"

    coming = terminal(label, "take", "import", SONG, str(card(tmp_path / "card")), "--session", "S1")
    coming.sees("the recorder's clock is")
    coming.sees("is that right?")
    coming.press("y\n")
    coming.sees("ingest 4 takes?")
    coming.press("y\n")
    imported = written(coming)
    assert imported.count("the recorder's clock is") == 1
    assert re.search(r"4 +night-bus/tin-roof/lead-vocal +.*\(4\) +keeper", imported)
    again = terminal(label, "take", "import", SONG, str(tmp_path / "card"), "--session", "S1")
    again.sees("ingest 4 takes?")
    again.press("n\n")
    assert "is that right?" not in written(again), "asked once"
    assert [(row["take"], row["pass"]) for row in label.data("take", "list", VOCAL) if row["mark"] == "keeper"] == [
        (f"{VOCAL}/4", 4)
    ]

    sent = written(terminal(label, "send", "@pass4", "--to", "artist", "--out", str(tmp_path / "out")))
    assert "artist holds" in sent
    assert "It is not final" in sent
    [file] = (tmp_path / "out").iterdir()
    assert file.name.startswith("The Ferrymen \N{EN DASH} Tin Roof \N{EN DASH} take 4")

    answer = terminal(label, "answer", "@pass4", "--from", "artist")
    answer.sees("paste the answer")
    answer.press("Hi Pat,\n1:12 vocal a touch louder\n\x04")
    answer.sees("yes, changes or later?")
    answer.press("changes\n")
    assert "noted: 1:12 vocal a touch louder" in written(answer)
    [told] = [row for row in label.data("note", "list", SONG) if row["by"] == "artist"]
    assert (told["at"], told["text"]) == ("1:12", "vocal a touch louder")

    wrapped = written(terminal(label, "session", "wrap", "S1", "--thanks", "what a day", columns=80))
    assert "Thank you, Jo Brandt, Mia Núñez." in wrapped
    label.does("session", "wrap", S1, "--format", "html", "--out", tmp_path / "wrap.html")
    page = (tmp_path / "wrap.html").read_text("utf-8")
    for sheet in (wrapped.partition("is not safe")[0], page):
        assert not [word for word in SECRETS if word in sheet]
        assert "take 4" in sheet
        assert "the laugh" in sheet
        for number in (1, 2, 3):
            assert f"take {number}" not in sheet
    assert pages(tmp_path / "wrap.html", tmp_path) == 1
    label.does("log", "verify")


def pages(page: Path, folder: Path) -> int:
    """The number of A4 pages that a browser prints *page* on."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert browser, f"a browser prints the sheet: none of {', '.join(BROWSERS)} is installed"
    printed = folder / "wrap.pdf"
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer")
    subprocess.run(
        [browser, *flags, f"--user-data-dir={folder / 'browser'}", f"--print-to-pdf={printed}", page.as_uri()],
        check=True, capture_output=True, timeout=120, env={**os.environ, "HOME": str(folder)},
    )  # fmt: skip
    content = printed.read_bytes()
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
    assert {(round(float(wide)), round(float(high))) for wide, high in boxes} <= {(595, 842)}, "points of A4"
    return len(re.findall(rb"/Type /Page\b", content))
