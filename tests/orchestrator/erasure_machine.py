"""Random histories of words and their erasure, checked against a model that shares no code with the program."""

from dataclasses import dataclass
from pathlib import Path
from random import Random
from string import ascii_lowercase
from typing import Final, Literal

from tests.orchestrator.label import Label

SONG: Final = "night-bus/tin-roof"
ROLES: Final = {"pat": "producer", "kim": "engineer", "ari": "artist", "mus": "musician"}
READS: Final = {
    "team": {"pat", "kim", "boss"}, "artist": {"pat", "kim", "boss", "ari"},
    "coach": {"pat", "kim", "boss", "ari", "mus"}, "private": set[str](),
}  # fmt: skip
"""Readers of notes of each kind, beside their author."""
FOUNDER: Final = "boss"
STEPS: Final = 10

Sort = Literal["note", "reason", "name"]


@dataclass(slots=True)
class Words:
    """A text that somebody gave, known by a word that no other text has."""

    word: str
    by: str
    sort: Sort
    readers: str = "team"
    erased: bool = False
    replaced: bool = False
    """A name that is not the present one."""


class ErasureMachine:
    """Writes and erases words at one label, and asks every reader.

    Args:
        folder: a new folder.
        seed: of the random choices.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.label, self.random = Label(folder), Random(seed)  # noqa: S311 - dice, not secrets
        self.said: list[Words] = []
        place = ("--label", "Harbour", "--currency", "EUR", "--timezone", "Europe/Berlin", "--as", FOUNDER)
        self.label.does("init", ".", *place)
        self.label.does("record", "new", "Night Bus", "--artist", "The Ferrymen", "--as", FOUNDER)
        self.label.does("song", "add", "night-bus", "Tin Roof", "--as", FOUNDER)
        for person, role in ROLES.items():
            self.label.does("user", "add", person, "--role", role, "--as", FOUNDER)
        self.label.does("user", "add", "pat", "--role", "auditor", "--as", FOUNDER)

    def run(self, steps: int = STEPS) -> None:
        """Do *steps* random steps, then compare.  Raises: AssertionError."""
        for _ in range(steps):
            step = self.random.choice((self.note, self.note, self.note, self.reason, self.name, self.erase_own,
                                       self.erase_all, self.ask))  # fmt: skip
            step()
        self.ask()
        self.compare_bytes()

    def note(self) -> None:
        by, readers = self.random.choice(list(ROLES)), self.random.choice(list(READS))
        words = self._new(by, "note", readers)
        flags = () if readers == "team" else (f"--{readers}",)
        self.label.does("note", SONG, f"the {words.word} again", *flags, "--as", by)

    def reason(self) -> None:
        words = self._new(by := "pat", "reason")
        self.label.does("song", "rename", SONG, f"Roof {len(self.said)}", "--why", f"for {words.word}", "--as", by)

    def name(self) -> None:
        person = self.random.choice(list(ROLES))
        for old in self.said:
            old.replaced = old.replaced or (old.sort == "name" and old.by == person)
        words = self._new(person, "name")
        self.label.does("user", "rename", person, f"Name {words.word}", "--as", FOUNDER)

    def erase_own(self) -> None:
        person = self.random.choice(list(ROLES))
        gone = [one for one in self.said if one.by == person and one.readers == "private" and not one.erased]
        said = self.label.data("user", "erase", person, "--yes", "--as", person)
        assert said["texts"] == len(gone)
        for one in gone:
            one.erased = True

    def erase_all(self) -> None:
        person = self.random.choice(list(ROLES))
        self.label.does("user", "erase", person, "--words", "--yes", "--as", FOUNDER)
        for one in self.said:
            one.erased = one.erased or one.by == person

    def ask(self) -> None:
        """Ask the readers, as somebody, for every word that was ever said."""
        reader = self.random.choice([*ROLES, FOUNDER])
        listed = str(self.label.data("note", "list", "night-bus", "--as", reader))
        shown = str(self.label.data("log", "show", "--as", reader))
        people = str(self.label.data("user", "list", "--as", reader))
        file = self.label.folder.parent / f"{self.label.folder.name}.jsonl"
        file.unlink(missing_ok=True)
        exports = reader in {"pat", FOUNDER}
        if exports:
            self.label.does("log", "export", file, "--texts", "--as", reader)
        else:
            assert self.label.run("log", "export", file, "--texts", "--as", reader).rule == "curtain.export"
        exported = file.read_text("utf-8") if exports else ""
        for one in self.said:
            seen = self._sees(reader, one)
            assert (one.word in listed) == (seen and one.sort == "note"), (reader, one, "note list")
            assert (one.word in shown) == seen, (reader, one, "log show")
            assert (one.word in people) == (one.sort == "name" and seen and not one.replaced), (
                reader,
                one,
                "user list",
            )
            assert (one.word in exported) == (seen and exports), (reader, one, "log export")
        for one in self.random.sample(self.said, min(2, len(self.said))):
            found = self.label.data("search", one.word, "--as", reader)
            assert bool(found) == self._sees(reader, one), (reader, one, "search")

    def compare_bytes(self) -> None:
        """No file of the store holds an erased word, and the log verifies."""
        files = [file.read_bytes() for file in self.label.folder.rglob("*") if file.is_file()]
        for one in self.said:
            assert any(one.word.encode() in data for data in files) == (not one.erased), (one, "bytes")
        assert self.label.run("log", "verify", "--as", FOUNDER).code == 0

    def _new(self, by: str, sort: Sort, readers: str = "team") -> Words:
        word = "zq" + "".join(self.random.choices(ascii_lowercase, k=12))
        self.said.append(Words(word, by, sort, readers))
        return self.said[-1]

    def _sees(self, reader: str, one: Words) -> bool:
        if one.erased:
            return False
        return one.sort != "note" or reader == one.by or reader in READS[one.readers]
