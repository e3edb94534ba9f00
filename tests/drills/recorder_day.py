"""Ten hours of a session: its keys, and files that come late, out of order, half-written and twice.

The keys are pressed at a terminal of ``session run`` while ``take watch`` takes the files, and both are killed every
few passes.  Nothing is lost, nothing is asked, every slate finds its file, and the producer's keys are counted.
"""

import random
import shutil
import signal
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from orchestrator.desk.session.session_day import read_day
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG
from tests.orchestrator.studio_day import DAY, SESSION, StudioDay, open_day, recording
from tests.orchestrator.terminal import PATIENCE_S, Terminal

PASSES_A_KILL = 3
LATE = 0.2
"""Share of the passes whose files come at the end of the day."""
KEYS = {"k": "keeper", "h": "hold", "r": "not-this-one"}
HOURS = 10
PARTS = ("drums", "bass", "lead-vocal", "drums+bass")
AHEAD = 83.0
"""Seconds by which the recorder's clock is ahead."""
TRACKS = {"drums": ("Kick", "Snare"), "bass": ("Bass",), "lead-vocal": ("Lead Vocal",), "drums+bass": ("Kick", "Bass")}


@dataclass
class Recorder:
    """The files of the day, in the order in which they reach the folder."""

    folder: Path
    chance: random.Random
    whole: dict[Path, bytes] = field(default_factory=dict)
    """Files that are half written, and their whole content."""

    def writes(self, made: Path, parts: str, number: int, time_: str) -> None:
        """Write the tracks of one pass; some by halves, some twice."""
        for name in TRACKS[parts]:
            path = recording(made / f"{name}_{number:03}.wav", time_, ahead=AHEAD, seconds=0.3)
            content, target = stamp_first(path.read_bytes()), self.folder / path.name
            fate = self.chance.random()
            if fate < 0.3:
                target.write_bytes(content[: max(len(content) // 2, 800)])
                self.whole[target] = content
                continue
            target.write_bytes(content)
            if fate < 0.5:
                (self.folder / "again").mkdir(exist_ok=True)
                shutil.copy(target, self.folder / "again" / f"copy of {target.name}")

    def completes(self, most: int) -> None:
        """Complete up to *most* files that are half written."""
        for path in list(self.whole)[:most]:
            path.write_bytes(self.whole.pop(path))


def stamp_first(wave: bytes) -> bytes:
    """*wave* as recorders write it: the stamp before the sound."""
    cut = wave.index(b"bext")
    return wave[:12] + wave[cut:] + wave[12:cut]


def wall(minutes: float) -> str:
    """Wall-clock time *minutes* after 10:00."""
    return (datetime.fromisoformat(f"{DAY}T10:00:00") + timedelta(minutes=minutes)).strftime("%H:%M:%S")


@dataclass
class Producer:
    """Presses the keys of ``session run``, starts it again after a kill, and repeats a key that was not recorded."""

    day: StudioDay
    studio: Studio
    """Reads what was recorded."""
    chance: random.Random
    passes: int
    pressed: int = 0
    killed: int = 0
    marks: list[str] = field(default_factory=list)
    """Mark of each pass, in order."""
    running: str = ""
    _terminal: Terminal | None = None

    def leads(self, parts: str, begins: str, ends: str, *, is_killed: bool) -> None:
        """Record one pass of *parts* and mark it; with *is_killed*, the program is killed at one of its keys."""
        keys = (
            [] if parts == self.running else [(begins, f"s {','.join(f'{SONG}/{part}' for part in parts.split('+'))}")]
        )
        mark = self.chance.choice([*KEYS])
        keys += [(begins, "."), (ends, "."), (ends, mark)]
        killed = self.chance.randrange(len(keys)) if is_killed else None
        for number, (time_, line) in enumerate(keys):
            self._presses(time_, line, is_killed=number == killed)
        self.running = parts
        self.marks.append(KEYS[mark])

    def _presses(self, time_: str, line: str, *, is_killed: bool) -> None:
        self.day.clock.set(f"{DAY}T{time_}")
        before = self.studio.head()
        while self.studio.head() == before:
            terminal = self._at_the_keys()
            terminal.press(f"{line}\n")
            self.pressed += 1
            until = time.monotonic() + PATIENCE_S
            if is_killed:
                until = time.monotonic() + self.chance.uniform(0.0, 0.3)
            while self.studio.head() == before and time.monotonic() < until:
                terminal.reads()
            assert is_killed or self.studio.head() > before, f"{line!r} was not recorded: {terminal.seen}"
            if is_killed:
                self.kill()
                is_killed = False

    def _at_the_keys(self) -> Terminal:
        if self._terminal is None:
            self._terminal = Terminal(self.day.label, "session", "run", SESSION)
            self._terminal.sees("(k)eeper")
        return self._terminal

    def kill(self) -> None:
        """Kill the program where it runs; assert that it has asked for nothing but keys."""
        if self._terminal is not None:
            self._terminal.process.kill()
            assert self._terminal.ends() == -signal.SIGKILL
            assert "y/n" not in self._terminal.seen.lower()
            self._terminal, self.killed = None, self.killed + 1


def parts_of(number: int, passes: int) -> str:
    """Parts of pass *number*, counted from 0, of *passes*: each combination has its turn twice."""
    return PARTS[number * len(PARTS) * 2 // passes % len(PARTS)]


def drill(passes: int) -> None:
    with TemporaryDirectory() as folder:
        play_and_watch(Path(folder), passes)


def play_and_watch(tmp_path: Path, passes: int) -> None:
    chance = random.Random(14)  # noqa: S311 - a game
    day = open_day(tmp_path / "label", "Drums", "Bass", "Lead Vocal")
    recorder = Recorder(tmp_path / "card", chance)
    recorder.folder.mkdir()
    for stray in range(3):
        recording(recorder.folder / f"line check {stray}.wav", f"09:1{stray}:00", ahead=AHEAD, seconds=0.3)
    watch = ("take", "watch", recorder.folder, "--session", SESSION, "--settle", "0.1", f"--clock-ahead={AHEAD:g}")
    late: list[tuple[str, int, str]] = []
    with Studio.at(str(day.label.folder)) as studio:
        producer = Producer(day, studio, chance, passes)
        for first in range(0, passes, PASSES_A_KILL):
            watching = day.label.begin(*watch)
            try:
                play_passes(
                    producer, recorder, tmp_path / "made", range(first, min(first + PASSES_A_KILL, passes)), late
                )
                time.sleep(chance.uniform(0.0, 1.0))
                recorder.completes(2)
                time.sleep(chance.uniform(0.0, 0.5))
            finally:
                watching.kill()  # SIGKILL
                watching.communicate(timeout=20)
        producer.kill()
        slates = read_day(studio, "night-bus", SESSION).slates.values()
    for parts, number, at in late:
        recorder.writes(tmp_path / "made", parts, number, at)
    recorder.completes(len(recorder.whole))
    before = {path: path.stat().st_mtime_ns for path in recorder.folder.rglob("*")}
    assert day.label.run(*watch, "--once", "--no-input").code == 0
    assert {path: path.stat().st_mtime_ns for path in recorder.folder.rglob("*")} == before

    assert [slate.mark for slate in slates] == producer.marks, "a kill at any key loses no mark and makes none twice"
    rows = day.label.data("take", "list", SONG)
    takes = {(row["take"].rpartition("/")[0], row["pass"]): row for row in rows}
    assert len(rows) == len(takes), "a file that came twice is one take"
    assert takes.keys() == {(part, slate.pass_number) for slate in slates for part in slate.parts}
    assert [row["take"] for (part, _), row in takes.items() if row["tracks"] != tracks_of(part, row, passes)] == []
    marks = {slate.pass_number: slate.mark for slate in slates}
    assert [row["take"] for row in rows if row["mark"] != marks[row["pass"]]] == []
    assert len(day.label.data("take", "list", "night-bus", "--unclaimed")) == 3
    assert producer.pressed <= 4 * passes + producer.killed, "begin, end and mark of a pass, now and then the next part"
    day.label.does("log", "verify")
    print(f"{producer.pressed} keys for {passes} passes in {HOURS} hours; killed {producer.killed} times")


def play_passes(
    producer: Producer, recorder: Recorder, made: Path, numbers: range, late: list[tuple[str, int, str]]
) -> None:
    """Record the passes of *numbers*; their files come out of order, and those of some at the end of the day."""
    passes, written = producer.passes, list[tuple[str, int, str]]()
    for number in numbers:
        minute = number * (HOURS * 60 - 10) / passes
        parts = parts_of(number, passes)
        producer.leads(parts, wall(minute), wall(minute + 3), is_killed=number == numbers[-1])
        written.append((parts, number, wall(minute + producer.chance.uniform(0.02, 0.2))))
        (late if producer.chance.random() < LATE else written).append(written.pop())
    producer.chance.shuffle(written)
    for parts, number, at in written:
        recorder.writes(made, parts, number, at)


def tracks_of(part: str, row: dict[str, object], passes: int) -> int:
    """Tracks that a take of *part* has: two of the drums alone, else one."""
    return 2 if part == f"{SONG}/drums" and parts_of(int(str(row["pass"])) - 1, passes) == "drums" else 1


DRILLS = [("ten hours of a session, its keys and its folder, both killed again and again", drill, 120, 12)]
