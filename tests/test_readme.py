"""The README's commands do what it says: each is run, in its order, on real sound."""

import re
import shlex
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.orchestrator.label import Label
from tests.orchestrator.sounds import note
from tests.orchestrator.terminal import answer_lines

pytestmark = pytest.mark.waits

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = [block.splitlines() for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)]
DAY, RELEASE, PLAN, SOUND = BLOCKS[1:5]
SONG = "night-bus/tin-roof"


def commands(block: list[str]) -> list[str]:
    """The command lines of a block, without prompt and remark."""
    lines = [re.split(r"\s{3}#", line)[0].strip().removeprefix("$ ") for line in block]
    return [part.strip() for line in lines for part in line.split("&&")]


def do(label: Label, line: str) -> None:
    """Run one line as a shell would; a redirection is followed, FOLDER and DIR stand for the test's own.

    A session is planned on a day to come, whenever the test runs.
    """
    coming = str((datetime.now().astimezone() + timedelta(days=20)).date())
    words = shlex.split(line.replace("FOLDER", "recorder").replace("DIR", "out").replace("2027-02-08", coming))
    assert words.pop(0) == "takesheet"
    target = words[words.index(">") + 1] if ">" in words else None
    if words == ["review"]:
        said = answer_lines(label, "", *words)
        assert said.code == 0, said
        return
    call = label.apart if words[:2] == ["session", "run"] else label.run  # stdin, which pytest keeps to itself
    said = call(*(words[: words.index(">")] if target else words))
    assert said.code == 0, (line, said)
    if target:
        (label.folder / target).write_text(said.out, encoding="utf-8")


@pytest.fixture(scope="module")
def readme(tmp_path_factory: pytest.TempPathFactory) -> Label:
    """A folder with what a recorder left: three passes of a band, and one more vocal."""
    folder = tmp_path_factory.mktemp("readme")
    for number in (1, 2, 3):
        for step, name in enumerate(("Kick In", "Snare Top", "Bass", "Lead Vocal")):
            note(folder / "recorder" / f"{name}_{number:02d}.wav", 110.0 * (step + 1) + number, seconds=2.0)
    note(folder / "lead-vocal.wav", 330.0, seconds=4.0)
    return Label(folder)


def test_the_readme_shows_ten_commands_of_a_day() -> None:
    assert len(commands(DAY)) == 10


def test_every_command_of_the_readme_does_what_it_says(readme: Label) -> None:
    release = commands(RELEASE)
    planned = next(number for number, line in enumerate(release) if "master plan" in line)
    for line in (*release[:planned], *commands(DAY), *release[planned:]):
        do(readme, line)
    shipped = sorted(file.name for file in (readme.folder / "out").rglob("*.wav"))
    assert shipped == ["01_tin-roof.wav", "01_tin-roof.wav"]
    for line in (*commands(PLAN), *commands(SOUND)):
        do(readme, line)
    (session,) = readme.data("session", "list", "night-bus")
    assert (session["state"], session["answers"]) == ("booked", "jo yes")
    assert "BEGIN:VEVENT" in (readme.folder / "sessions.ics").read_text(encoding="utf-8")
