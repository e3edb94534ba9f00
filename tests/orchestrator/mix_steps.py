"""Random steps of mixes made outside, of verdicts on them, and of masters that hold them."""

from tests.orchestrator.label_model import Decision, Mix, Verdict
from tests.orchestrator.label_runner import RECORD, LabelRunner
from tests.orchestrator.sounds import note


class MixSteps:
    """Mixes are submitted, judged, removed and restored; masters are planned."""

    def __init__(self, runner: LabelRunner) -> None:
        self.runner, self.label, self.model = runner, runner.label, runner.model
        self._sounds = 0

    def submit_mix(self) -> None:
        """A mix of its own sound, or of that of an earlier one; the newest one again is that one."""
        song = self._song()
        known, given = self.model.mixes.setdefault(song, []), self.model.given(song)
        if known and self.runner.random.random() < 0.3:
            sound = self.runner.random.choice(known).sound
        else:
            self._sounds += 1
            sound = self._sounds
        file = note(self.label.folder / "mix.wav", 200 + sound, seconds=0.2, channels=2)
        made = self.runner.does("mix", "submit", song, file, "--by", "Ann").splitlines()[-1]
        file.unlink()
        latest = next(reversed(self.model.living_mixes(song)), None)
        if latest is None or (latest.sound, latest.given) != (sound, given):
            latest = Mix(len(known) + 1, sound, given)
            known.append(latest)
        assert made == f"{song}@mix{latest.number}"
        self.compare(song)

    def judge_mix(self) -> None:
        """Approve a mix, perhaps as an alternate, or reject it; a lapsed one is refused."""
        if not (found := self._mix()):
            return
        song, mix = found
        verb, word = self.runner.random.choice(
            (("approve", "approved"), ("approve", "approved"), ("reject", "rejected"))
        )
        alternate = verb == "approve" and self.runner.random.random() < 0.3
        words = ["mix", verb, f"{song}@mix{mix.number}", "--as", by := self.runner.person()]
        words += ["--alternate"] if alternate else []
        words += ["--yes"] if verb == "approve" else []
        if self.model.mix_state(song, mix) == "blocked":
            assert self.label.refuses(3, *words).rule == "approve.pending"
            return
        head = self.label.head
        expected = self._is_new(song, mix, word, alternate=alternate)
        self.runner.does(*words)
        assert self.label.head == head + expected, (words, "recorded", self.label.head - head)
        if expected:
            event = ("mix", song, str(mix.number), str(mix.sound), word, "alternate" if alternate else "")
            self.model.decisions.append(Decision(by, [event]))
        self.compare(song)

    def _is_new(self, song: str, mix: Mix, word: str, *, alternate: bool) -> bool:
        """True if a verdict says something that is not so already."""
        last, choices = self.model.last_word(song, mix.sound), self.model.choices(song)
        if last is None or last.word != word:
            return True
        chooses = word == "approved" and not alternate
        return chooses and (not choices or choices[0].sound != mix.sound)

    def remove_mix(self) -> None:
        """A mix is removed or shelved, unless a master holds it."""
        if not (found := self._mix()):
            return
        song, mix = found
        words = ("mix", self.runner.random.choice(("remove", "shelve")), f"{song}@mix{mix.number}")
        if any(master.get(song) == mix.number for master in self.model.masters):
            assert self.label.refuses(3, *words).rule == "entry.bound"
            return
        self.runner.does(*words)
        self.model.absent_mixes.add((song, mix.number))
        self.compare(song)

    def restore_mix(self) -> None:
        """A removed or shelved mix comes back."""
        gone = sorted(one for one in self.model.absent_mixes if self.model.is_living(one[0]))
        if gone:
            song, number = self.runner.random.choice(gone)
            self.runner.does("mix", "restore", f"{song}@mix{number}")
            self.model.absent_mixes.discard((song, number))
            self.compare(song)

    def plan_master(self) -> None:
        """A master of each song's chosen mix, in the order of the record."""
        songs = [f"{RECORD}/{slug}" for slug in self.model.songs if slug not in self.model.absent]
        held = {song: mix.number for song in songs if song in self.model.mixes and (mix := self.model.chosen(song))}
        words = ("master", "plan", RECORD, "--as", self.runner.person())
        if not held:
            assert self.label.refuses(3, *words).rule == "master.source"
            return
        made = self.runner.does(*words)
        if not self.model.masters or self.model.masters[-1] != held or list(self.model.masters[-1]) != list(held):
            self.model.masters.append(held)
        assert made.splitlines()[-1] == f"{RECORD}@master{len(self.model.masters)}"
        self.compare_masters()

    def compare(self, song: str) -> None:
        """Readers of the mixes of *song*, and of the masters, against the model and against each other."""
        if song not in self.model.mixes or not self.model.is_living(song):
            return
        rows = {row["address"]: row for row in self.label.data("mix", "list", song)}
        living = self.model.living_mixes(song)
        assert list(rows) == [f"{song}@mix{mix.number}" for mix in living]
        for mix in living:
            row, state = rows[f"{song}@mix{mix.number}"], self.model.mix_state(song, mix)
            told = row["standing"].removeprefix("lapsed, ").split(" (")[0]
            assert (told, row["remark"]) == (state, self.model.remark(song, mix)), (song, mix, row)
        chosen, word = self.model.chosen(song), next(iter(self.model.signed(song)[-1:]), None)
        (listed,) = [row for row in self.label.data("song", "list", RECORD) if row["address"] == song]
        assert listed["chosen"] == (f"mix{chosen.number}" if chosen else ""), song
        assert listed["mix"] == (f"mix{living[-1].number}" if living else "")
        mixes = (row["address"] for row in self.label.data("next", song) if row["what"] == "mix")
        waiting = [address for address in mixes if address != song]
        assert waiting == [f"{song}@mix{number}" for number in self.model.waiting_mixes(song)]
        self._compare_shown(song, word)
        self.compare_masters()

    def _compare_shown(self, song: str, word: Verdict | None) -> None:
        """``mix show``, ``why`` and ``record show`` of one mix say what ``mix list`` says."""
        if word and (mix := self.model.mixes[song][word.number - 1]) in self.model.living_mixes(song):
            address, remark = f"{song}@mix{mix.number}", self.model.remark(song, mix)
            assert self.label.data("mix", "show", address)["remark"] == remark
            told = self.label.data("why", address)["what"]
            assert told.endswith(f", {remark}") if remark else not told.endswith((", chosen", ", alternate")), told
            shown = {row["address"]: row["remark"] for row in self.label.data("record", "show", RECORD)}
            assert shown.get(address, remark) == remark

    def compare_masters(self) -> None:
        """Readers of the masters against the model and against each other."""
        rows = self.label.data("master", "list", RECORD)
        songs = [
            ", ".join(f"{song.split('/')[1]}@mix{number}" for song, number in held.items())
            for held in self.model.masters
        ]
        remarks = [self.model.master_remark(held) for held in self.model.masters]
        assert [(row["songs"], row["remark"]) for row in rows] == list(zip(songs, remarks, strict=True))
        newest = f"master{len(remarks)}: {remarks[-1]}" if remarks and remarks[-1] else ""
        assert self.runner.board()["remark"] == newest
        plans = [row["why"] for row in self.label.data("next", RECORD) if row["what"] == "plan"]
        if remarks:
            assert plans == [remark for remark in remarks[-1:] if remark]
        else:
            assert plans in ([], ["every mix is approved, no master yet"])
        if remarks:
            address = f"{RECORD}@master{len(remarks)}"
            shown = {row["address"]: row["remark"] for row in self.label.data("record", "show", RECORD)}
            assert shown[address] == remarks[-1]
            assert not remarks[-1] or remarks[-1] in self.label.data("why", address)["facts"]

    def _song(self) -> str:
        return (
            f"{RECORD}/{self.runner.random.choice([one for one in self.model.songs if one not in self.model.absent])}"
        )

    def _mix(self) -> tuple[str, Mix] | None:
        living = [song for song in self.model.mixes if self.model.is_living(song)]
        found = [(song, mix) for song in living for mix in self.model.living_mixes(song)]
        return self.runner.random.choice(found) if found else None
