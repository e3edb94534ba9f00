"""A model of a label that shares no code with the program: what its readers must say after each command.

Songs have one part each, of takes as long as the song; sound is cells of a twentieth of a second, money is cents.
"""

from dataclasses import dataclass, field
from typing import Final

CELLS: Final = 8
"""Cells of each take, which is as long as the song."""

Comp = tuple[int | None, ...]
"""The take that sounds in each cell; None is silence, and an empty comp none at all."""


@dataclass(slots=True)
class Decision:
    """One command's decisions that undo takes back together."""

    by: str
    events: list[tuple[str, ...]]
    """``(part, take, verdict, first cell, end cell)``, ``("note", text)``, or
    ``("mix", song, number, sound, verdict, "alternate" or "")``.
    """
    stands: bool = True

    @property
    def is_signature(self) -> bool:
        """True if undo asks before it takes this back."""
        return self.events[0][0] == "mix"


@dataclass(slots=True)
class Payment:
    line: str
    cents: int
    session: str
    final: bool


@dataclass(slots=True)
class Booking:
    line: str
    cents: int
    day: int
    state: str = "booked"
    """``booked``, ``cancelled``, ``removed`` or ``shelved``."""
    was: str = "booked"
    """State before it was removed or shelved."""


@dataclass(frozen=True, slots=True)
class Mix:
    number: int
    sound: int
    """Equal for mixes of equal audio."""
    given: Comp
    """The comp that its maker got; empty where the part had none."""


@dataclass(frozen=True, slots=True)
class Verdict:
    number: int
    sound: int
    word: str
    alternate: bool


@dataclass(slots=True)
class LabelModel:
    """The state that the label must have."""

    songs: dict[str, str] = field(default_factory=dict)
    """Title by slug, in order; also of songs that are removed or shelved."""
    absent: dict[str, str] = field(default_factory=dict)
    absent_parts: set[str] = field(default_factory=set)
    takes: dict[str, int] = field(default_factory=dict)
    """Number of takes by part."""
    decisions: list[Decision] = field(default_factory=list)
    undos: list[tuple[str, Decision, int]] = field(default_factory=list)
    """Person, the decision taken back, and the number of decisions there were."""
    approved: dict[str, int] = field(default_factory=dict)
    """Cents by budget line."""
    sessions: dict[str, Booking] = field(default_factory=dict)
    paid: dict[str, Payment] = field(default_factory=dict)
    mixes: dict[str, list[Mix]] = field(default_factory=dict)
    """Every mix by song, the oldest first."""
    absent_mixes: set[tuple[str, int]] = field(default_factory=set)
    masters: list[dict[str, int]] = field(default_factory=list)
    """The mix by song that each master holds, in order."""

    def is_living(self, part: str) -> bool:
        """True if neither *part* nor its song is removed or shelved; a song stands for itself."""
        return part.split("/")[1] not in self.absent and part not in self.absent_parts

    def judgements(self, part: str) -> list[tuple[int, str, int, int]]:
        """Take, verdict and cells of each judgement of *part* that stands, in order."""
        found = (event for one in self.decisions if one.stands for event in one.events if event[0] == part)
        return [(int(take), verdict, int(first), int(end)) for _, take, verdict, first, end in found]

    def comp(self, part: str) -> list[int | None]:
        """The take that sounds in each cell of *part*; None is silence."""
        cells: list[int | None] = [None] * CELLS
        lifted, filled = set[int](), [False] * CELLS
        for take, verdict, first, end in reversed(self.judgements(part)):
            if verdict in {"held", "rejected"}:
                lifted.add(take)
            elif verdict == "approved" and take not in lifted:
                for cell in range(first, end):
                    if not filled[cell]:
                        filled[cell], cells[cell] = True, take
        return cells

    def verdicts(self, part: str) -> list[str]:
        """The verdict on each take of *part*; empty for none."""
        found = [""] * self.takes[part]
        for take, verdict, *_ in self.judgements(part):
            if not (verdict == "kept" and found[take - 1] == "approved"):
                found[take - 1] = verdict
        return found

    # Money.

    def open_cents(self, session: str) -> int:
        """Cents that are still committed to *session*."""
        booking = self.sessions[session]
        own = [one for one in self.paid.values() if one.session == session]
        if booking.state != "booked" or any(one.final for one in own):
            return 0
        return max(0, booking.cents - sum(one.cents for one in own))

    def left(self, line: str) -> int:
        """Cents of *line* that are neither committed nor spent."""
        promised = sum(self.open_cents(name) for name, one in self.sessions.items() if one.line == line)
        return self.approved[line] - promised - sum(one.cents for one in self.paid.values() if one.line == line)

    # Mixes and masters.

    def given(self, song: str) -> Comp:
        """The comp of the song's part as a mixer gets it now; empty if nothing sounds or the part is gone."""
        part = f"{song}/drums"
        comp = tuple(self.comp(part))
        return comp if any(comp) and part not in self.absent_parts else ()

    def signed(self, song: str) -> list[Verdict]:
        """The verdicts on mixes of *song* that stand, in order."""
        found = (event for one in self.decisions if one.stands for event in one.events if event[:2] == ("mix", song))
        return [
            Verdict(int(number), int(sound), word, alternate == "alternate")
            for _, _, number, sound, word, alternate in found
        ]

    def last_word(self, song: str, sound: int) -> Verdict | None:
        """The last verdict on audio of *song*; None without one."""
        return next((one for one in reversed(self.signed(song)) if one.sound == sound), None)

    def mix_state(self, song: str, mix: Mix) -> str:
        """``blocked``, ``to hear``, ``approved`` or ``rejected``."""
        now = tuple(self.comp(f"{song}/drums")) if mix.given else self.given(song)
        if mix.given != now:  # a part that was given and is gone sounds in it as it did
            return "blocked"
        word = self.last_word(song, mix.sound)
        return word.word if word else "to hear"

    def living_mixes(self, song: str) -> list[Mix]:
        """The mixes of *song* that are neither removed nor shelved."""
        return [mix for mix in self.mixes[song] if (song, mix.number) not in self.absent_mixes]

    def choices(self, song: str) -> list[Verdict]:
        """The approvals in force that choose, the last one first."""
        signed = reversed(self.signed(song))
        return [
            one for one in signed
            if one.word == "approved" and not one.alternate and self._is_approved(song, one.sound)
        ]  # fmt: skip

    def _is_approved(self, song: str, sound: int) -> bool:
        word = self.last_word(song, sound)
        return word is not None and word.word == "approved"

    def chosen(self, song: str) -> Mix | None:
        """The mix approved last of those whose approval is in force."""
        for choice in self.choices(song):
            living = self.living_mixes(song)
            ordered = [mix for mix in living if mix.number == choice.number]
            ordered += [mix for mix in reversed(living) if mix.number != choice.number]
            for mix in ordered:
                if mix.sound == choice.sound and self.mix_state(song, mix) == "approved":
                    return mix
        return None

    def remark(self, song: str, mix: Mix) -> str:
        """The remark of *mix* in ``mix list``."""
        if self.mix_state(song, mix) != "approved":
            return ""
        chosen, word = self.chosen(song), self.last_word(song, mix.sound)
        if chosen and chosen.sound == mix.sound:
            return "chosen"
        return "alternate" if word and word.alternate else ""

    def waiting_mixes(self, song: str) -> list[int]:
        """Numbers of the mixes that ``next`` asks about."""
        living, choices, chosen = self.living_mixes(song), self.choices(song), self.chosen(song)
        kept = {living[-1].number} if living else set[int]()
        kept |= {chosen.number} if chosen else set()
        kept |= {choices[0].number} if choices else set()
        kept |= {self.masters[-1][song]} if self.masters and song in self.masters[-1] else set()
        since = max((choice.number for choice in choices), default=0)
        return [
            mix.number for mix in living
            if self.mix_state(song, mix) == "to hear" and (mix.number in kept or mix.number > since)
        ]  # fmt: skip

    def master_remark(self, master: dict[str, int]) -> str:
        """The remark of a master that holds other mixes than the chosen ones; empty for one that does not."""
        told = []
        for song, number in master.items():
            held, chosen = self.mixes[song][number - 1], self.chosen(song)
            if chosen and (self.mix_state(song, held) == "blocked" or chosen.sound != held.sound):
                told.append(f"mix{number} of {song.split('/')[1]}, where mix{chosen.number} is chosen")
        return f"it holds {', '.join(told)}" if told else ""
