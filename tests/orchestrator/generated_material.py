"""Material of a generated label: parts and words, sounds that only have hashes, and drafts that follow from a seed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from random import Random
from typing import Final
from uuid import UUID

from domain.core.event import Event, Recorded
from domain.core.named_id import named_id
from domain.render.jobs import (
    EPOCHS,
    AnyJob,
    EditJob,
    Engine,
    Kind,
    MixJob,
    Named,
    Report,
    Sound,
    key,
    subject_of,
)  # fmt: skip
from domain.status import undo
from orchestrator.log.append_condition import Draft

RATE: Final = 48_000
ROBOT: Final = "robot"
ENGINE: Final = Engine(
    takesheet="0.2.0", python="3.11.9", platform="linux-x86_64",
    packages={"numpy": "2.3.0", "numba": "0.62.0", "soxr": "0.5.0"},
)  # fmt: skip

Decision = list[Draft]
"""The drafts of one decision: recorded together, under one correlation."""

RARE_WORD: Final = "harmonium"
"""Stands in one note of some thousands: a search for it finds little among much."""
WORDS: Final = (
    "the snare rings a little too long here", "more air on the voice", "pocket is great, keep this feel",
    "breath before the line", "bass rushes into the chorus", "lovely, this is the one", "headphone bleed at the end",
    "pitch drifts in the last bar", "try it softer", "the room sounds boxy", "louder guitars from here",
    "tail cut too early", "string noise, could be charm", "count-in is off", "best ending so far", "chair creaks",
    "double this line", "less reverb", "hi-hat too bright", "leave the mistake, it moves", "vocal sits too low",
    "kick and bass fight", "amp hum between phrases", "capo slipped", "check the phase of the overheads",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """A part as a producer plans it, and the names of its tracks."""

    name: str
    tracks: tuple[str, ...]
    guide: bool = False
    optional: bool = False
    stack: bool = False
    midi: bool = False


PARTS: Final = (
    PlannedPart("Drums", ("kick", "snare", "overhead-l", "overhead-r")),
    PlannedPart("Bass", ("di",)),
    PlannedPart("Guitar", ("close", "room")),
    PlannedPart("Keys", ("main",), midi=True),
    PlannedPart("Click", ("line",), guide=True),
    PlannedPart("Lead Vocal", ("u47",)),
    PlannedPart("Backing Vocals", ("ribbon",), stack=True),
    PlannedPart("Percussion", ("room",)),
    PlannedPart("Organ", ("high", "low")),
    PlannedPart("Second Guitar", ("close",)),
    PlannedPart("Tambourine", ("room",), optional=True),
    PlannedPart("Strings", ("left", "right")),
    PlannedPart("Horns", ("near", "far")),
    PlannedPart("Whistle", ("u47",), optional=True),
)
BAND: Final = frozenset({"drums", "bass", "guitar", "keys"})
"""Parts that are played together on one pass; the others are overdubbed."""
BY_SLUG: Final[Mapping[str, PlannedPart]] = {part.name.lower().replace(" ", "-"): part for part in PARTS}
PART_COUNTS: Final = (6, 6, 7, 7, 8, 8, 9, 10, 12, 14)


def sha(*words: object) -> str:
    return sha256(" ".join(map(str, words)).encode()).hexdigest()


def sound(*words: object, frames: int, channels: int = 1) -> Sound:
    """A sound identified by *words*."""
    name = " ".join(map(str, words))
    return Sound(
        blob=sha("blob", name), size=88 + 3 * frames * channels, pcm=sha("pcm", name), rate=RATE, frames=frames,
        channels=channels,
    )  # fmt: skip


@dataclass(slots=True)
class Pen:
    """Writes drafts whose content follows from *seed* and *name* alone.

    The log makes the ids, in the order of time as in any store; only decisions that are taken back bring their own.
    """

    seed: int
    name: str
    dice: Random = field(init=False)
    _decisions: int = 0

    def __post_init__(self) -> None:
        self.dice = Random(f"{self.seed} {self.name}")  # noqa: S311 - a made-up label, no secret

    def write(self, events: Sequence[Event], by: str, why: str | None = None, *, named: bool = False) -> Decision:
        """The drafts of one decision of *by*; with ids derived from the seed if *named*."""
        self._decisions += 1
        words = (f"{self.seed}", self.name, f"{self._decisions}")
        correlation = named_id("generated decision", *words)
        return [
            Draft(
                event, by, f"{by}@desk", why=why, correlation=correlation,
                id=named_id("generated event", *words, f"{number}") if named else None,
            )
            for number, event in enumerate(events)
        ]  # fmt: skip

    def taken_back(self, decision: Decision) -> Decision:
        """The undo of *decision*, by the person who made it."""
        by = decision[0].actor
        history = [
            Recorded(
                position, draft.event, by, draft.via, None, b"", _bytes(draft.id), None, 0, _bytes(draft.correlation)
            )
            for position, draft in enumerate(decision, start=1)
        ]
        return self.write(undo.undo(history, by=by), by)

    def text(self) -> str:
        """A line of one or two remarks."""
        words = "; ".join(self.dice.sample(WORDS, self.dice.choice((1, 1, 2))))
        return f"{words}, like a {RARE_WORD}" if self.dice.random() < 1 / 500 else words


def _bytes(id_: UUID | None) -> bytes:
    assert id_ is not None
    return id_.bytes


@dataclass(frozen=True, slots=True)
class Staff:
    """The people who make a record."""

    producer: str
    engineer: str
    mixer: str
    artist: str


@lru_cache(maxsize=1024)
def recipe_text(parts: tuple[str, ...], balance: int) -> str:
    """A mix recipe of *parts*, with an instrumental version."""
    strips = "".join(
        f"[strips.{part}]\ngain_db = -{3 + (balance + number) % 7}\npan = {(number % 5 - 2) / 4}\n"
        for number, part in enumerate(parts)
    )
    return f'format = 1\n{strips}[versions.instrumental]\nwithout = ["lead-vocal"]\n'


def report_of(
    job: AnyJob, plan: str, outputs: tuple[Named, ...], measures: Callable[[], Mapping[str, str]] = dict
) -> Report:
    """The report of *job* for *plan*, which of a mix is known only when its edits are rendered."""
    kind: Kind = job.kind
    return Report(
        kind=kind, key=key(kind, plan, again=job.again), plan=plan, epoch=EPOCHS[kind], again=job.again,
        subject=subject_of(job), outputs=outputs, measures=dict(measures()), seconds="1.25", engine=ENGINE,
    )  # fmt: skip


def edit_outputs(job: EditJob, frames: int) -> tuple[Named, ...]:
    """One track a name among the tracks of the takes used."""
    names = sorted({track.name for tracks in job.takes.values() for track in tracks})
    return tuple(Named(name=name, sound=sound("edit", job.plan, name, job.again, frames=frames)) for name in names)


def mix_outputs(job: MixJob, plan: str, frames: int) -> tuple[Named, ...]:
    """The main print and the instrumental."""
    return tuple(
        Named(name=name, sound=sound("mix", plan, name, job.again, frames=frames, channels=2))
        for name in ("main", "instrumental")
    )
