"""Every argument and option of every command with hostile words in its place; none may cause a fault."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

from orchestrator.cli.main import WORDS, load
from tests.orchestrator.hostile_options import begin_hostile
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.label_machine import HOSTILE
from tests.orchestrator.label_runner import RECORD, UNEXPECTED

DRUMS: Final = f"{SONG}/drums"
GOOD: Final = {
    "record": RECORD, "song": SONG, "part": DRUMS, "take": f"{DRUMS}/1", "takes": f"{DRUMS}/1", "targets": f"{DRUMS}/1",
    "mix": f"{SONG}@mix1", "master": f"{RECORD}@master1", "address": SONG, "target": SONG, "name": "pat",
    "session": "S1", "room": "room-a", "role": "mixer", "on": "2027-03-01", "hours": "10-18", "invoice": "R1",
    "position": "3", "line": "studio", "lines": "studio=5", "amount": "1.00", "text": "hello", "notes": "n1",
    "title": "Titel", "file": "mix.toml", "files": "1.wav", "folder": "new", "why": "x",
}  # fmt: skip
"""A word that means something, by the name of the parameter."""
LEFT_OUT: Final = frozenset({"demo", "up", "nightly", "render", "rebuild", "play", "prefect"})
"""Commands that start an engine, a server or a player, or that do not end by themselves."""
PLACES: Final = frozenset({"/", "../.."})
"""Words that are places: given to a command that writes or reads a whole folder, they are no mistake to survive."""


def leaves() -> Iterator[tuple[list[str], Any]]:
    """Every leaf command with the words that call it."""
    for word in WORDS:
        if word not in LEFT_OUT:
            found = load(word)
            if hasattr(found, "commands"):
                yield from (([word, name], command) for name, command in found.commands.items())
            else:
                yield [word], found


def is_argument(parameter: Any) -> bool:
    return parameter.param_type_name == "argument"


def takes_word(parameter: Any) -> bool:
    return not (getattr(parameter, "is_flag", False) or getattr(parameter, "is_eager", False))


def command_lines(words: list[str], command: Any, hostile: Sequence[str]) -> Iterator[list[str]]:
    """The command once for each parameter that takes a word, and each of *hostile* in the place of that word."""
    parameters = [one for one in command.params if takes_word(one) and one.name not in {"store", "as_"}]
    for tried in parameters:
        for word in hostile:
            line = list(words)
            for one in parameters:
                value = word if one is tried else GOOD.get(one.name, "x")
                if is_argument(one) and (one.required or one is tried):
                    line.append(value)
                elif not is_argument(one) and (one.required or one is tried):
                    line += [max(one.opts, key=len), value]
            yield line


class OptionSweep:
    """A small label, copied anew for each command.

    Args:
        folder: an empty folder.
        seed: of the choice of words.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder, self._random = folder, Random(seed)  # noqa: S311 - dice, not secrets
        template = folder / "template"
        template.mkdir()
        begin_hostile(open_label(template, "Drums", "Bass"))
        self.codes = Counter[int]()

    def run(self, each: int) -> None:
        """Run every command with *each* hostile words for every parameter.  Raises: AssertionError, with all faults."""
        faults = []
        for words, command in leaves():
            place = self._folder / "inner" / "label"
            shutil.copytree(self._folder / "template", place)
            label = Label(place)
            for line in command_lines(words, command, self._random.sample(HOSTILE, min(each, len(HOSTILE)))):
                if not PLACES.intersection(line):
                    said = label.run(*line, "--no-input")
                    if said.code == UNEXPECTED:
                        faults.append((line, said.err))
                    self.codes[said.code] += 1
            shutil.rmtree(self._folder / "inner")
        assert not faults, "\n".join(map(str, faults))
