"""Commands at one label with hostile words in place of good ones, none of which may cause a fault."""

from collections import Counter
from pathlib import Path
from random import Random

from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.label_machine import HOSTILE
from tests.orchestrator.label_runner import RECORD, UNEXPECTED
from tests.orchestrator.sounds import note

DRUMS, MIX = f"{SONG}/drums", f"{SONG}@mix1"


def good_commands(folder: Path) -> list[list[str]]:
    """One command or more for each noun that takes words, with all kinds of options."""
    wave, recipe = str(folder / "1.wav"), str(folder / "mix.toml")
    return [
        ["session", "move", RECORD, "S1", "--on", "2027-02-01", "--hours", "10-18"],
        ["session", "cancel", RECORD, "S1", "--why", "x"], ["session", "rename", f"{RECORD}/S1", "Drums"],
        ["session", "remove", f"{RECORD}/S1", "--why", "x"], ["session", "shelve", f"{RECORD}/S1"],
        ["session", "restore", f"{RECORD}/S1"],
        ["session", "book", RECORD, "--room", "room-a", "--with", "pat", "--on", "2027-03-01", "--hours", "10:30-18",
         "--days", "2", "--line", "studio"],
        ["session", "book", RECORD, "--room", "room-a", "--from", "2027-03-01T10:00", "--to", "2027-03-01T12:00"],
        ["budget", "correct", RECORD, "R1", "--amount", "90", "--line", "studio", "--session", "S1"],
        ["budget", "void", RECORD, "R1", "--why", "x"],
        ["budget", "spend", RECORD, "studio", "1.00", "--invoice", "R2", "--payee", "Ann", "--session", "S1"],
        ["budget", "set", RECORD, "studio=60000", "mixing=5"],
        ["song", "rename", SONG, "Tin"], ["song", "order", RECORD, "tin-roof"], ["song", "remove", SONG],
        ["song", "add", RECORD, "A", "--like", SONG], ["song", "restore", SONG],
        ["song", "drop", SONG, "--why", "x"], ["record", "drop", RECORD, "--why", "x"],
        ["song", "form", SONG, "verse=0:00"], ["song", "attach", SONG, "--lyrics", "x"],
        ["take", "move", f"{DRUMS}/1", f"{SONG}/bass"], ["take", "reject", f"{DRUMS}/1"], ["take", "list", DRUMS],
        ["take", "approve", f"{DRUMS}/1", f"{DRUMS}/2", "--from", "0:00", "--to", "0:00.1", "--why", "x"],
        ["take", "ingest", DRUMS, wave, "--at", "0:01", "--pass", "1", "--session", "S1"],
        ["take", "show", f"{DRUMS}/1"], ["comp", "set", DRUMS, "0:00=1", "0:00.1=2"],
        ["part", "edit", DRUMS, "--player", "pat", "--instrument", "kit"], ["part", "rename", DRUMS, "Kit"],
        ["part", "add", SONG, "Horn", "--player", "Joe", "--instrument", "x"],
        ["record", "edit", RECORD, "--artist", "X", "--due", "2027-01-01"], ["record", "rename", RECORD, "N"],
        ["record", "new", "X", "--artist", "Y", "--due", "2027-01-01"], ["record", "show", RECORD],
        ["note", "add", DRUMS, "x", "--at", "0:01"], ["note", "list", RECORD],
        ["send", MIX, "--to", "ann", "--format", "flac", "--for", "pitch", "--what", "main", "--out",
         str(folder / "sent")],
        ["send", f"{DRUMS}/1", "--to", "ann", "--out", str(folder / "sent")], ["send", "list", RECORD],
        ["answer", MIX, recipe, "--from", "ann", "--verdict", "later", "--why", "x"],
        ["note", "done", "n1", "--record", RECORD, "--in", MIX],
        ["note", "export", MIX, str(folder / "notes"), "--format", "csv"],
        ["note", "import", MIX, wave, "--format", "wav-cue"],
        ["mix", "revise", SONG, recipe, "--why", "x"], ["mix", "approve", MIX, "--output", "abcd1234", "--why", "x"],
        ["mix", "rename", MIX, "T"], ["mix", "show", MIX], ["master", "remove", f"{RECORD}@master1"],
        ["master", "plan", RECORD, "--target", "cd", "--lufs", "-14", "--songs", "tin-roof"],
        ["user", "add", "Bo", "--role", "mixer"], ["user", "rename", "pat", "P"],
        ["user", "add", "Bo", "--role", "producer", "--record", RECORD, "--until", "2127-01-01", "--limit", "5"],
        ["user", "revoke", "pat", "--role", "label", "--record", RECORD], ["user", "show", "pat"],
        ["user", "contact", "pat", "--email", "a@b"],
        ["resource", "add", "x", "--kind", "room", "--rate", "1/day"], ["resource", "rename", "room-a", "X"],
        ["undo", SONG], ["redo", SONG], ["at", SONG], ["why", f"{DRUMS}/1", "--at", "0:01"],
        ["search", "note:x", "who:pat"], ["log", "doubt", "1", "2", "--why", "x"],
        ["log", "show", SONG, "--limit", "3", "--before", "9", "--kind", "note-added", "--by", "pat", "--since",
         "2026-01-01", "--until", "2027-01-01"],
        ["log", "receipt", "3", str(folder / "receipt")], ["board", "--as-of", "3"], ["next", SONG],
        ["export", f"{DRUMS}/1", str(folder / "out")], ["show", f"{DRUMS}/1"], ["vault", "usage", RECORD],
        ["edit", "part", f"{DRUMS}/1@0:00-0:00.1", "--nudge", "3ms", "--gain", "-3"],
        ["edit", "song", SONG, "--repeat", "verse"], ["pass", "sections", f"{SONG}@pass1", "verse=0:00"],
        ["comp", "band", SONG, "verse=1"],
    ]  # fmt: skip


class HostileOptions:
    """A label, and random commands at it.

    Args:
        folder: an empty folder.
        seed: of the random choices.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - dice, not secrets
        self.label = open_label(folder, "Drums", "Bass")
        self.commands = good_commands(folder)
        self.codes = Counter[int]()
        begin_hostile(self.label)

    def run(self, count: int) -> None:
        """Run *count* commands.  Raises: AssertionError with a command that faulted."""
        for _ in range(count):
            words = list(self.random.choice(self.commands))
            for _ in range(self.random.choice((1, 1, 1, 2))):
                words[self.random.randrange(1, len(words))] = self.random.choice(HOSTILE)
            more = self.random.choice(((), ("--json",), ("--as", "pat")))
            said = self.label.run(*words, "--no-input", *more)
            assert said.code != UNEXPECTED, (words, said)
            self.codes[said.code] += 1
        assert self.label.run("log", "verify").code == 0


def begin_hostile(label: Label) -> None:
    """Give *label* takes, money, a session, a note and a mix."""
    label.does("user", "add", "pat", "--role", "producer", "--role", "label")
    for number in (1, 2):
        label.does("take", "ingest", DRUMS, note(label.folder / f"{number}.wav", 100 + number, seconds=0.2))
    label.does("resource", "add", "room-a", "--kind", "room", "--rate", "600/day")
    label.does("budget", "set", RECORD, "studio=50000")
    label.does("session", "book", RECORD, "--room", "room-a", "--on", "2027-01-04", "--hours", "10-18",
               "--line", "studio")  # fmt: skip
    label.does("budget", "spend", RECORD, "studio", "100", "--invoice", "R1", "--session", "S1")
    label.does("note", SONG, "hello")
    (label.folder / "mix.toml").write_text("[strips.drums]\n", encoding="utf-8")
    label.does("mix", "revise", SONG, label.folder / "mix.toml")
