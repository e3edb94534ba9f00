"""Jobs and reports: what the desk asks of the flows, what they answer, and the two hashes that tie them.

A *plan* says what is to sound: the recipe's own text and the inputs' pcm hashes.  A *job key* adds the engine epoch.
An upgrade of the engine so makes nothing stale: a plan that has an output, of any epoch, is done.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from domain.core.event import Event, PartId, RecordId, Sha, SongId, Value
from domain.core.ids import slug_of
from domain.recipe import EditRecipe, edit_text

Kind = Literal["edit", "mix", "gain", "master"]

EPOCHS: Mapping[Kind, int] = {"edit": 1, "mix": 3, "gain": 2, "master": 2}
"""Raised by hand in the commit that moves a golden audio hash of that kind, and only then."""

PLAN = "takesheet-plan-1"
KEY = "takesheet-key-1"
MANIFEST = "takesheet-manifest-1"


Decimals = Annotated[str, StringConstraints(pattern=r"^-?[0-9]+(\.[0-9]+)?(E[+-]?[0-9]+)?$")]
"""A number as text: never NaN, and never without bounds."""


class Sound(Value):
    """Audio in the vault: where its bytes lie, what it sounds like, and which channels of it are meant."""

    blob: Sha
    size: Annotated[int, Field(gt=0)]
    """Bytes of the file."""
    pcm: Sha
    rate: Annotated[int, Field(gt=0)]
    frames: Annotated[int, Field(ge=0)]
    channels: Annotated[int, Field(gt=0)]
    first_channel: Annotated[int, Field(ge=0)] = 0
    """Where the channels begin in a file that holds more."""


class Named(Value):
    """One named input or output of a job: a track, a strip, a version or a song."""

    name: Annotated[str, StringConstraints(pattern=r"^\S{1,400}$")]
    """Without spaces or line ends, so that the lines a hash is made of can be read in one way alone."""
    sound: Sound


class Reference(Value):
    """A recording that the spectrum of a master is brought nearer to: an input of it, and never a take."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    """Of the file that was brought."""
    sound: Sound
    amount: Annotated[Decimal, Field(ge=0, le=1)] = Decimal(1)
    """How far: 1 is all the way, within the bounds."""


class Impulse(Value):
    """A recorded room that a bus of a mix sounds through: an input of it, and never a take."""

    name: Annotated[str, StringConstraints(pattern=r"^\S{1,120}$")]
    """What the recipe calls it."""
    file: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    """The name of the file that was brought."""
    sound: Sound


class EditJob(Value):
    """Cut one part from its takes."""

    kind: Literal["edit"] = "edit"
    part: PartId
    plan: Sha
    again: int = 0
    recipe: str
    """JSON of an ``EditRecipe``; the plan hashes its ``edit_text``."""
    takes: Mapping[int, tuple[Named, ...]]
    """The tracks of each take that is used."""


class MixJob(Value):
    """Mix one song.  The inputs are known once its edits are: those named in ``edits`` come from this very run."""

    kind: Literal["mix"] = "mix"
    song: SongId
    revision: int
    again: int = 0
    recipe: str
    inputs: Mapping[str, tuple[Named, ...]]
    """The tracks of each part that is rendered already, by the part's slug."""
    edits: Mapping[str, Sha]
    """The key of the edit that will give the part's tracks, by the part's slug."""
    impulses: tuple[Impulse, ...] = ()
    plugins: Mapping[str, str] = Field(default_factory=dict)
    """Where the plug-ins lie that the house allows, by name; no part of the plan."""


class SongJob(Value):
    """All that one song owes: edits before mixes; one Prefect task."""

    song: SongId
    edits: tuple[EditJob, ...] = ()
    mixes: tuple[MixJob, ...] = ()


class GainJob(Value):
    """Find the one gain that brings a whole record to a target's loudness and keeps its songs' relations."""

    kind: Literal["gain"] = "gain"
    record: RecordId
    master: int
    target: str
    plan: Sha
    again: int = 0
    recipe: str
    mixes: tuple[Named, ...]
    """In the order of the record."""
    reference: Reference | None = None
    """What the record's spectrum is brought nearer to; the curve then stands in the report, see ``curve_of``."""


class MasterJob(Value):
    """Finish one song for one target."""

    kind: Literal["master"] = "master"
    record: RecordId
    song: SongId
    master: int
    target: str
    plan: Sha
    again: int = 0
    recipe: str
    mix: Sound
    gain_db: str
    """A decimal, as the gain job found it."""
    alone: bool = False
    """Whether the song is the whole record: its own loudness is then the target's, and is held against it."""
    curve: Mapping[str, Decimals] = Field(default_factory=dict)
    """What brings the record nearer to its reference, as the gain job found it: dB by the middle of a band in Hz."""


AnyJob = EditJob | MixJob | GainJob | MasterJob


def subject_of(job: AnyJob) -> str:
    """The address a person knows *job* by; those of masters name the target, and the song behind it."""
    match job:
        case EditJob():
            return job.part
        case MixJob():
            return f"{job.song}@mix{job.revision}"
        case GainJob():
            return f"{job.record}@master{job.master} {job.target}"
        case MasterJob():
            return f"{job.record}@master{job.master} {job.target} {slug_of(job.song)}"


class Engine(Value):
    """What rendered, for the report; never part of a key."""

    takesheet: str
    python: str
    platform: str
    packages: Mapping[str, str]


class Report(Value):
    """What a job gave.  ``measures`` are decimals as text, or None where there is nothing to measure (silence)."""

    kind: Kind
    key: Sha
    plan: Sha
    epoch: int
    again: int = 0
    subject: str
    """The address a person knows it by, such as ``night-bus/tin-roof@mix1``."""
    outputs: tuple[Named, ...] = ()
    measures: Mapping[str, Decimals | None] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()
    seconds: Decimals
    engine: Engine


MATCHED, HZ = "matched_", "_hz_db"


def curve_measures(curve: Mapping[str, str]) -> dict[str, str]:
    """A curve, dB by Hz, as measures of a gain job's report."""
    return {f"{MATCHED}{hz}{HZ}": gain for hz, gain in curve.items()}


def curve_of(report: Report | None) -> dict[str, str]:
    """The curve that a gain job's report holds, dB by Hz; empty where it changes nothing."""
    measures = report.measures if report else {}
    return {
        name.removeprefix(MATCHED).removesuffix(HZ): gain
        for name, gain in measures.items()
        if name.startswith(MATCHED) and gain is not None
    }


class Rendered(Event):
    """A job's report was found in the vault."""

    kind: Literal["rendered"] = "rendered"
    record: RecordId
    song: SongId | None = None
    report: Report


class RenderFailed(Event):
    """A job failed; its class says whether trying again may help."""

    kind: Literal["render-failed"] = "render-failed"
    record: RecordId
    song: SongId | None = None
    job: Kind
    key: Sha
    subject: str
    failure: Literal["transient", "input", "bug"]
    reason: str


class RenderAsked(Event):
    """Somebody asked for renders by hand: these plans anew, or, where none is named, whatever failed once more."""

    kind: Literal["render-asked"] = "render-asked"
    record: RecordId | None = None
    target: str = ""
    plans: tuple[Sha, ...] = ()


def plan(kind: Kind, recipe: str, inputs: Iterable[str]) -> str:
    """The plan hash of *recipe*, exactly as stored, over *inputs*: lines such as ``drums.kick-in PCM``, in order."""
    digest = sha256()
    for piece in (PLAN, kind, recipe, *inputs):
        raw = piece.encode()
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()


def key(kind: Kind, plan: str, *, again: int = 0) -> str:
    """The job key: plan and engine epoch; *again* counts renders asked for anew by hand."""
    return sha256(f"{KEY}\n{kind}\n{plan}\n{EPOCHS[kind]}\n{again}\n".encode()).hexdigest()


def edit_plan(recipe: EditRecipe, takes: Mapping[int, tuple[Named, ...]]) -> str:
    """The plan of an edit over its takes' tracks, in the order of their numbers and names."""
    lines = [
        f"{number}.{track.name} {track.sound.pcm}"
        for number, tracks in sorted(takes.items())
        for track in sorted(tracks, key=lambda track: track.name)
    ]
    return plan("edit", edit_text(recipe), lines)


def mix_plan(recipe: str, inputs: Mapping[str, tuple[Named, ...]], impulses: Iterable[Impulse] = ()) -> str:
    """The plan of a mix over its parts' tracks, in the order of their names, and its impulses, in that of theirs."""
    lines = sorted(f"{part}.{track.name} {track.sound.pcm}" for part, tracks in inputs.items() for track in tracks)
    rooms = sorted(f"impulse {impulse.name} {impulse.sound.pcm}" for impulse in impulses)
    return plan("mix", recipe, [*lines, *rooms])


def manifest(outputs: Iterable[tuple[str, str]]) -> str:
    """One hash for several files: over the sorted lines of (name, pcm hash)."""
    lines = "".join(f"{name} {pcm}\n" for name, pcm in sorted(outputs))
    return sha256(f"{MANIFEST}\n{lines}".encode()).hexdigest()
