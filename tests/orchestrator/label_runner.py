"""Runs the commands of a random history at a label, and holds the model that they are compared with."""

from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from tests.orchestrator.label import Label, Said
from tests.orchestrator.label_model import LabelModel

RECORD: Final = "night-bus"
PEOPLE: Final = ("pat", "kim")
UNEXPECTED: Final = 1
"""Exit code of a fault of the program."""


@dataclass(slots=True)
class LabelRunner:
    """A label, its model, and the dice."""

    label: Label
    random: Random
    model: LabelModel = field(default_factory=LabelModel)

    def says(self, *words: object) -> Said:
        """Run a command, which may be refused but must not fault."""
        said = self.label.run(*words)
        assert said.code != UNEXPECTED, (words, said)
        return said

    def does(self, *words: object) -> str:
        """Run a command that must succeed, then again: repeated, it records nothing."""
        out = self.label.does(*words)
        head = self.label.head
        again = self.says(*words)
        assert (again.code, self.label.head) == (0, head), ("a repeat records nothing", words, again)
        return out

    def board(self) -> dict[str, Any]:
        """The row of the record."""
        (row,) = [row for row in self.label.data("board") if row["record"] == RECORD]
        return dict(row)

    def person(self) -> str:
        """Somebody who may decide everything."""
        return self.random.choice(PEOPLE)
