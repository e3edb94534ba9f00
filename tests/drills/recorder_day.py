"""Ten hours of a session: files late, out of order, half-written and twice, and the watching process killed often.

Nothing is lost, nothing is asked, and every slate finds its file.
"""

import random
import shutil
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from orchestrator.desk.session.session_day import read_day
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG
from tests.orchestrator.studio_day import DAY, SESSION, StudioDay, open_day, recording

PASSES_A_KILL = 3
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


def play(day: StudioDay, chance: random.Random, passes: int) -> tuple[int, list[tuple[str, str]]]:
    """Press the producer's keys of the day; how many they were, and parts and time of each recording."""
    keys, made, running = 0, list[tuple[str, str]](), ""
    for number in range(passes):
        minute = number * (HOURS * 60 - 10) / passes
        parts = parts_of(number, passes)
        pressed = ["roll"] if parts == running else [parts, "roll"]
        running = parts
        day.keys(wall(minute), *pressed)
        ends = ["roll", chance.choice(["keeper", "hold", "not-this-one"])]
        day.keys(wall(minute + 3), *ends)
        keys += len(pressed) + len(ends)
        made.append((parts, wall(minute + chance.uniform(0.02, 0.2))))
    return keys, made


def parts_of(number: int, passes: int) -> str:
    """Parts of pass *number*, counted from 0, of *passes*: each combination has its turn twice."""
    return PARTS[number * len(PARTS) * 2 // passes % len(PARTS)]


def drill(passes: int) -> None:
    with TemporaryDirectory() as folder:
        play_and_watch(Path(folder), passes)


def play_and_watch(tmp_path: Path, passes: int) -> None:
    chance, kills = random.Random(14), max(1, passes // PASSES_A_KILL)  # noqa: S311 - a game
    day = open_day(tmp_path / "label", "Drums", "Bass", "Lead Vocal")
    keys, made = play(day, chance, passes)
    recorder = Recorder(tmp_path / "card", chance)
    recorder.folder.mkdir()
    for stray in range(3):
        recording(recorder.folder / f"line check {stray}.wav", f"09:1{stray}:00", ahead=AHEAD, seconds=0.3)
    order = list(enumerate(made))
    late = [order.pop(chance.randrange(len(order))) for _ in range(len(order) // 5)]
    watch = ("take", "watch", recorder.folder, "--session", SESSION, "--settle", "0.1", f"--clock-ahead={AHEAD:g}")
    arrivals = [*order, *late]
    for turn in range(kills):
        process = day.label.begin(*watch)
        try:
            for number, (parts, at) in arrivals[turn::kills]:
                recorder.writes(tmp_path / "made", parts, number, at)
            time.sleep(chance.uniform(0.5, 2.5))
            recorder.completes(2)
            time.sleep(chance.uniform(0.0, 0.5))
        finally:
            process.kill()  # SIGKILL
            process.communicate(timeout=20)
    recorder.completes(len(recorder.whole))
    before = {path: path.stat().st_mtime_ns for path in recorder.folder.rglob("*")}
    assert day.label.run(*watch, "--once", "--no-input").code == 0
    assert {path: path.stat().st_mtime_ns for path in recorder.folder.rglob("*")} == before

    with Studio.at(str(day.label.folder)) as studio:
        slates = read_day(studio, "night-bus", SESSION).slates.values()
    takes = {(row["take"].rpartition("/")[0], row["pass"]): row for row in day.label.data("take", "list", SONG)}
    assert len(day.label.data("take", "list", SONG)) == len(takes), "a file that came twice is one take"
    assert takes.keys() == {(part, slate.pass_number) for slate in slates for part in slate.parts}
    tracks = [
        (row["take"], row["tracks"])
        for (part, _), row in takes.items()
        if row["tracks"] != tracks_of(part, row, passes)
    ]
    assert tracks == []
    assert len(day.label.data("take", "list", "night-bus", "--unclaimed")) == 3
    assert keys <= 4 * passes, "begin, end and mark of a pass, and now and then the next part"
    day.label.does("log", "verify")


def tracks_of(part: str, row: dict[str, object], passes: int) -> int:
    """Tracks that a take of *part* has: two of the drums alone, else one."""
    return 2 if part == f"{SONG}/drums" and parts_of(int(str(row["pass"])) - 1, passes) == "drums" else 1


DRILLS = [("ten hours of a session, its folder watched and the watch killed", drill, 120, 30)]
