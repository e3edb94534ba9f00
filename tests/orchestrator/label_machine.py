"""Random commands at a label, checked against a model that shares no code with the program.

The model knows cells of a twentieth of a second, the decisions in their order, and sums of money; a step is one
command, after which the readers that it concerns must say what the model says.
"""

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.orchestrator.label import Label
from tests.orchestrator.label_model import CELLS, Decision, Payment
from tests.orchestrator.label_runner import PEOPLE, RECORD, LabelRunner
from tests.orchestrator.mix_steps import MixSteps
from tests.orchestrator.people_steps import PeopleSteps
from tests.orchestrator.session_steps import SessionSteps
from tests.orchestrator.sounds import note

CELL_MS: Final = 50
HOSTILE: Final = (
    "", " ", "-", "--", "../..", "\x1b[2J", "a\nb", "٣", "1e3", "-1", "NaN", "0" * 400, "9" * 30, "=", "=1",
    "night-bus/",
    "/", "@", "@mix0", "@master99999999", "n0", "🎤", "'; DROP TABLE events; --", "%s%n", "\udcff", "null", "1:75",
    "12,50",
)  # fmt: skip
"""Words that mean nothing, in any place."""


class LabelMachine:
    """Draws commands, runs them, and compares what the readers say with the model.

    Args:
        label: a new label with the record ``night-bus`` and no song.
        seed: of the random choices.
    """

    def __init__(self, label: Label, seed: int) -> None:
        self.runner = LabelRunner(label, Random(seed))  # noqa: S311 - dice, not secrets
        self.label, self.random, self.model = label, self.runner.random, self.runner.model
        self.steps = Counter[str]()
        self._sounds = 0
        self._moments: list[tuple[int, dict[str, Any]]] = []
        """Positions of the log, and what the readers said there."""
        for name in PEOPLE:
            label.does("user", "add", name, "--role", "producer", "--role", "label")
        self.mixes, self.sessions = MixSteps(self.runner), SessionSteps(self.runner)
        self.people = PeopleSteps(self.runner)
        self._budget("studio", 300_000)
        self._song("Tin Roof")
        self._ingest(self._part())

    def run(self, steps: int) -> None:
        """Take *steps* random steps.  Raises: AssertionError with the command."""
        kinds = (
            (self.judge, 30), (self.write_note, 6), (self.undo, 14), (self.redo, 10), (self.add_take, 6),
            (self.add_song, 3), (self.remove_song, 3), (self.restore_song, 4), (self.rename_song, 2),
            (self.remove_part, 2), (self.restore_part, 2), (self.rename_part, 1),
            (self.set_budget, 4), (self.pay, 8), (self.void, 3), (self.look_back, 6), (self.say_nonsense, 12),
            (self.sessions.book, 5), (self.sessions.cancel, 2), (self.sessions.remove_session, 3),
            (self.sessions.restore_session, 3), (self.people.change_roles, 3), (self.people.change_presence, 1),
            (self.people.change_leave, 2),
            (self.people.decide, 3), (self.mixes.submit_mix, 8), (self.mixes.judge_mix, 14),
            (self.mixes.remove_mix, 2), (self.mixes.restore_mix, 2), (self.mixes.plan_master, 4),
        )  # fmt: skip
        for number in range(steps):
            (step,) = self.random.choices([one for one, _ in kinds], [weight for _, weight in kinds])
            step()
            self.steps[step.__name__] += 1
            if number % 10 == 0:
                self._remember()

    # Commands.

    def judge(self) -> None:
        """One or two takes of a part: approve, keep, hold or reject, an approval perhaps in a span."""
        part = self._part()
        count = self.model.takes[part]
        takes = [self.random.randint(1, count) for _ in range(self.random.choice((1, 1, 2)))]
        word, verdict = self.random.choice(
            (("approve", "approved"), ("keep", "kept"), ("hold", "held"), ("reject", "rejected"))
        )
        first, end = 0, CELLS
        span: list[str] = []
        if verdict == "approved" and self.random.random() < 0.5:
            first = self.random.randrange(CELLS)
            end = self.random.randint(first + 1, CELLS)
            span = ["--from", _time(first), "--to", _time(end)]
        by = self.random.choice(PEOPLE)
        head = self.label.head
        self.runner.does("take", word, *(f"{part}/{take}" for take in takes), *span, "--as", by)
        if self.label.head > head:
            recorded = self.label.data("log", "show", "--limit", str(self.label.head - head))
            told = [row["what"].split("/")[-1].split(" ")[0] for row in recorded]
            events = [(part, take, verdict, str(first), str(end)) for take in told]
            self.model.decisions.append(Decision(by, [tuple(map(str, event)) for event in events]))
        self._compare_part(part)

    def write_note(self) -> None:
        """A note of its own words about a part."""
        text, by = f"word{len(self.model.decisions)}", self.random.choice(PEOPLE)
        self.runner.does("note", self._part(), text, "--as", by)
        self.model.decisions.append(Decision(by, [("note", text)]))
        assert len(self.label.data("search", text)) == 1

    def undo(self) -> None:
        """The last decision that stands, of one person."""
        by = self.random.choice(PEOPLE)
        standing = [one for one in self.model.decisions if one.by == by and one.stands]
        if standing and standing[-1].is_signature:
            assert self.label.refuses(8, "undo", "--as", by).rule == "undo.signature"
        said = self.runner.says("undo", "--as", by, "--yes")
        assert said.code == (0 if standing else 4), said
        if standing:
            standing[-1].stands = False
            self.model.undos.append((by, standing[-1], len(self.model.decisions)))
            self._compare_decision(standing[-1])

    def redo(self) -> None:
        """The last undo of one person, unless that person decided something since."""
        by = self.random.choice(PEOPLE)
        own = [number for number, (who, _, _) in enumerate(self.model.undos) if who == by]
        free = False
        if own:
            _, decision, count = self.model.undos[own[-1]]
            free = not any(one.by == by and one.stands for one in self.model.decisions[count:])
        said = self.runner.says("redo", "--as", by)
        assert said.code == (0 if free else 4), (said, by)
        if free:
            del self.model.undos[own[-1]]
            decision.stands = True
            self._compare_decision(decision)

    def add_take(self) -> None:
        """A take that sounds like no other."""
        self._ingest(self._part())

    def add_song(self) -> None:
        """A new song, or one whose title is there already; a removed or shelved song leaves its title free."""
        if len(self.model.songs) < 6:
            self._song(self.random.choice(("Tin Roof", "Ferry Song", "Tin Rooof")))

    def remove_song(self) -> None:
        """A song is removed, shelved or dropped; one song with a living part always stays."""
        living = [slug for slug in self.model.songs if slug not in self.model.absent]
        slug, word = self.random.choice(living), self.random.choice(("remove", "shelve", "drop"))
        if any(self.model.is_living(part) for part in self.model.takes if part.split("/")[1] != slug):
            self.runner.does("song", word, f"{RECORD}/{slug}", *(("--why", "no") if word == "drop" else ()))
            self.model.absent[slug] = word
            self._compare_songs()

    def restore_song(self) -> None:
        """An absent song comes back, unless its title was taken in the meantime."""
        if self.model.absent:
            slug = self.random.choice(list(self.model.absent))
            living = [one for one in self.model.songs if one not in self.model.absent]
            if self.model.songs[slug] in [self.model.songs[one] for one in living]:
                said = self.label.refuses(3, "song", "restore", f"{RECORD}/{slug}", "--why", "yes")
                assert said.rule == "entry.exists"
                return
            self.runner.does("song", "restore", f"{RECORD}/{slug}", "--why", "yes")
            del self.model.absent[slug]
            self._compare_songs()

    def rename_song(self) -> None:
        """A song gets another title, unless a living one has it."""
        living = [slug for slug in self.model.songs if slug not in self.model.absent]
        slug, title = self.random.choice(living), self.random.choice(("Tin Roof", "Low Water", "Last Train"))
        words = ("song", "rename", f"{RECORD}/{slug}", title)
        if title in [self.model.songs[one] for one in living if one != slug]:
            assert self.label.refuses(3, *words).rule == "entry.exists"
            return
        self.runner.does(*words)
        self.model.songs[slug] = title
        self._compare_songs()

    def remove_part(self) -> None:
        """A part is removed or shelved; one part always stays."""
        living = [part for part in self.model.takes if self.model.is_living(part)]
        if len(living) > 1:
            part = self.random.choice(living)
            self.runner.does("part", self.random.choice(("remove", "shelve")), part)
            self.model.absent_parts.add(part)
            self._compare_songs()
            self.mixes.compare(part.rpartition("/")[0])

    def restore_part(self) -> None:
        """A removed or shelved part of a living song comes back with its takes and its comp."""
        gone = sorted(part for part in self.model.absent_parts if part.split("/")[1] not in self.model.absent)
        if gone:
            part = self.random.choice(gone)
            self.runner.does("part", "restore", part)
            self.model.absent_parts.discard(part)
            self._compare_songs()
            self._compare_part(part)

    def rename_part(self) -> None:
        """A part gets another title; its address stays."""
        part, title = self._part(), self.random.choice(("Drums", "Kit"))
        self.runner.does("part", "rename", part, title)
        assert self.label.data("part", "show", part)["name"] == title
        self._compare_part(part)

    def set_budget(self) -> None:
        """A line is raised or lowered, to what is spent and committed at least."""
        line = self.random.choice(("studio", "mixing"))
        self._budget(line, self.random.randrange(0, 400_000))

    def pay(self) -> None:
        """An invoice, perhaps of a session, perhaps the last of it."""
        line, cents = self.random.choice(list(self.model.approved)), self.random.randrange(1, 80_000)
        session = self.random.choice(["", "", *self.model.sessions])
        final = bool(session) and self.random.random() < 0.3
        invoice = f"R{len(self.model.paid) + self.steps['void'] + self.label.head}"
        words = ["budget", "spend", RECORD, line, f"{cents // 100}.{cents % 100:02}", "--invoice", invoice]
        words += ["--session", session] if session else []
        words += ["--final"] if final else []
        before = self.model.left(line)
        self.model.paid[invoice] = Payment(line, cents, session, final)
        fits = self.model.left(line) >= 0 or self.model.left(line) >= before
        said = self.runner.says(*words)
        assert said.code == (0 if fits else 3), (words, said, before, self.model.left(line))
        if not fits:
            del self.model.paid[invoice]
        self._compare_budget()

    def void(self) -> None:
        """A payment is voided: what it settled is committed again."""
        if self.model.paid:
            invoice = self.random.choice(list(self.model.paid))
            kept = self.model.paid.pop(invoice)
            fits = all(self.model.left(line) >= 0 for line in self.model.approved)
            said = self.runner.says("budget", "void", RECORD, invoice)
            assert said.code in ({0} if fits else {0, 3}), said
            if said.code:
                self.model.paid[invoice] = kept
            self._compare_budget()

    def look_back(self) -> None:
        """The readers say of an earlier position what they said there."""
        if self._moments:
            position, told = self.random.choice(self._moments)
            then = self._told("--as-of", position)
            different = {words: (then[words], told[words]) for words in told if then.get(words) != told[words]}
            assert not different, (position, different)

    def say_nonsense(self) -> None:
        """A command with hostile words in the places of good ones: nothing is recorded, or it is a good command."""
        words = list(self.random.choice(self._good_commands()))
        for _ in range(self.random.choice((1, 1, 2))):
            words[self.random.randrange(1, len(words))] = self.random.choice(HOSTILE)
        self.runner.says(*words, "--no-input")
        self._after_nonsense()

    def _good_commands(self) -> list[list[str]]:
        part = self._part()
        return [
            ["take", "approve", f"{part}/1", "--from", "0:00", "--to", "0:00.1", "--as", "nobody"],
            ["take", "list", part], ["comp", "show", part], ["comp", "set", part, "0:00=1", "--as", "nobody"],
            ["song", "list", RECORD], ["record", "show", RECORD], ["budget", "report", RECORD],
            ["budget", "set", RECORD, "studio=1", "--as", "nobody"], ["undo", part, "--as", "nobody"],
            ["session", "show", RECORD, "S1"], ["note", "list", RECORD], ["why", f"{part}/1"], ["search", "word1"],
            ["log", "show", "--limit", "3"], ["board", "--as-of", "3"], ["next", part],
            ["budget", "spend", RECORD, "studio", "1", "--invoice", "X", "--as", "nobody"],
        ]  # fmt: skip

    def _after_nonsense(self) -> None:
        self._compare_budget()
        self._compare_songs()

    # Parts of the label.

    def _part(self) -> str:
        return self.random.choice([part for part in self.model.takes if self.model.is_living(part)])

    def _song(self, title: str) -> None:
        living = {self.model.songs[slug]: slug for slug in self.model.songs if slug not in self.model.absent}
        (made,) = [row["address"] for row in self.label.data("song", "add", RECORD, title)]
        slug = made.split("/")[1]
        if title in living:
            assert slug == living[title], "a living title again is the existing song"
            return
        assert slug not in self.model.songs, "a slug is never given again"
        self.model.songs[slug] = title
        self.runner.does("part", "add", made, "Drums")
        self.model.takes[f"{made}/drums"] = 0
        self._ingest(f"{made}/drums")
        self._compare_songs()

    def _ingest(self, part: str) -> None:
        self._sounds += 1
        file = note(self.label.folder / "take.wav", 100 + self._sounds, seconds=CELLS * CELL_MS / 1000)
        self.runner.does("take", "ingest", part, file)
        file.unlink()
        self.model.takes[part] += 1
        self._compare_part(part)

    def _budget(self, line: str, cents: int) -> None:
        old = self.model.approved.get(line)
        used = old - self.model.left(line) if old is not None else 0
        words = ("budget", "set", RECORD, f"{line}={cents // 100}.{cents % 100:02}")
        if cents < used:
            said = self.runner.says(*words)
            assert (said.code, said.rule) == (3, "budget.floor"), said
        else:
            self.runner.does(*words)
            self.model.approved[line] = cents
        self._compare_budget()

    # Readers against the model, and against each other.

    def _compare_decision(self, decision: Decision) -> None:
        for event in decision.events:
            if event[0] == "note":
                assert bool(self.label.data("note", "list", RECORD, "--all")) or not decision.stands
                texts = [row["text"] for row in self.label.data("note", "list", RECORD, "--all")]
                assert (event[1] in texts) is decision.stands, event
            elif event[0] == "mix":
                self.mixes.compare(event[1])
            elif self.model.is_living(event[0]):
                self._compare_part(event[0])

    def _compare_part(self, part: str) -> None:
        rows = self.label.data("take", "list", part)
        assert [row["verdict"] for row in rows] == self.model.verdicts(part), part
        comp = self.model.comp(part)
        assert _cells(self.label.data("comp", "show", part)) == comp, part
        assert [row["sounds"] for row in rows] == [number in comp for number in range(1, len(rows) + 1)], part
        waiting = [(row["address"], row["why"]) for row in self.label.data("next", part) if row["what"] == "take"]
        unheard = [f"{part}/{n}" for n, verdict in enumerate(self.model.verdicts(part), start=1) if not verdict]
        assert [address for address, _ in waiting] == (unheard if len(unheard) < 2 else [part]), part
        assert len(unheard) < 2 or f"{len(unheard)} new takes" in waiting[0][1], waiting
        self.mixes.compare(part.rpartition("/")[0])

    def _compare_songs(self) -> None:
        living = [slug for slug in self.model.songs if slug not in self.model.absent]
        rows = self.label.data("song", "list", RECORD)
        assert sorted(row["address"].split("/")[1] for row in rows) == sorted(living)
        titles = {row["address"].split("/")[1]: row["title"] for row in rows}
        assert titles == {slug: self.model.songs[slug] for slug in living}
        board = self.runner.board()
        parts = [part for part in self.model.takes if self.model.is_living(part)]
        unheard = sum(verdict == "" for part in parts for verdict in self.model.verdicts(part))
        takes = sum(self.model.takes[part] for part in parts)
        assert (board["songs"], board["takes"], board["unheard"]) == (len(living), takes, unheard)

    def _compare_budget(self) -> None:
        rows = {row["line"]: row for row in self.label.data("budget", "report", RECORD)}
        assert {name: row["left"]["minor"] for name, row in rows.items() if name in self.model.approved} == {
            name: self.model.left(name) for name in self.model.approved
        }

    def _told(self, *as_of: object) -> dict[str, Any]:
        """Answers of the readers, by command."""
        calls = (
            ("board",),
            ("song", "list", RECORD),
            ("budget", "report", RECORD),
            ("next",),
            ("record", "show", RECORD),
            ("session", "list", RECORD),
            ("resource", "show", "room-a"),
            ("master", "list", RECORD),
            ("user", "show", "ann"),
        )
        calls += tuple(("mix", "list", song) for song in self.model.mixes)
        calls += tuple(("take", "list", part) for part in self.model.takes)
        calls += tuple(("comp", "show", part) for part in self.model.takes)
        found = {}
        for words in calls:
            said = self.runner.says(*words, *as_of, "--json")
            found[" ".join(words)] = said.json["data"] if said.code == 0 else said.code
        return found

    def _remember(self) -> None:
        self._moments.append((self.label.head, self._told()))
        if len(self._moments) > 12:
            del self._moments[self.random.randrange(len(self._moments))]


def _time(cell: int) -> str:
    return f"0:00.{cell * CELL_MS:03}"


def _cells(rows: list[dict[str, Any]]) -> list[int | None]:
    """The take in each cell, as ``comp show`` lists them."""
    found: list[int | None] = [None] * CELLS
    for row in rows:
        if row["take"] != "silence":
            for cell in range(_cell(row["from"]), _cell(row["to"])):
                found[cell] = int(row["take"])
    return found


def _cell(time: str) -> int:
    minutes, _, seconds = time.partition(":")
    return round((int(minutes) * 60 + float(seconds)) * 1000 / CELL_MS)


def new_machine(folder: Path, seed: int) -> LabelMachine:
    """A machine at a new label in *folder*."""
    label = Label(folder)
    label.does("init", ".", "--label", "Harbour Records", "--currency", "EUR", "--timezone", "Europe/Berlin")
    label.does("record", "new", "Night Bus", "--artist", "The Ferrymen")
    return LabelMachine(label, seed)
