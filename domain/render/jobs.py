"""Render jobs, their reports, and the two hashes that identify them.

A *plan* is the hash of a recipe's text and its inputs' pcm hashes, which determine the sound.  A *job key* adds the
engine epoch.  An engine upgrade therefore makes nothing stale: a plan with an output of any epoch is done.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.blob_reference import BlobReference, BlobRole
from domain.core.event import Event, PartId, RecordId, Sha, SongId, Traits, Value
from domain.core.ids import slug_of
from domain.recipe import EditRecipe, edit_text

Kind = Literal["edit", "mix", "gain", "master"]

EPOCHS: Mapping[Kind, int] = {"edit": 2, "mix": 3, "gain": 2, "master": 2}
"""Engine epoch by job kind; raised by hand in the commit that moves a golden audio hash of that kind, and only then."""

PLAN = "takesheet-plan-1"
KEY = "takesheet-key-1"
MANIFEST = "takesheet-manifest-1"


Decimals = Annotated[str, StringConstraints(pattern=r"^-?[0-9]+(\.[0-9]+)?(E[+-]?[0-9]+)?$")]
"""A finite decimal number as text."""


class Sound(Value):
    """Audio in the vault: hash of the file, hash of the samples, and the channels of the file that are used."""

    blob: Sha
    size: Annotated[int, Field(gt=0)]
    """Bytes of the file."""
    pcm: Sha
    rate: Annotated[int, Field(gt=0)]
    frames: Annotated[int, Field(ge=0)]
    channels: Annotated[int, Field(gt=0)]
    first_channel: Annotated[int, Field(ge=0)] = 0
    """Index of the first channel in a file that holds more."""

    def refer(self, address: str, role: BlobRole) -> BlobReference:
        """A blob reference to the sound's file, as *role* of *address*."""
        return BlobReference(address, self.blob, self.size, role)


class Named(Value):
    """One named input or output of a job: a track, a strip, a version or a song."""

    name: Annotated[str, StringConstraints(pattern=r"^\S{1,400}$")]
    """No spaces or line ends, so that the hashed lines are unambiguous."""
    sound: Sound


class Reference(Value):
    """A recording to whose spectrum a master is matched; an input of the master, never a take."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    """Name of the original file."""
    sound: Sound
    amount: Annotated[Decimal, Field(ge=0, le=1)] = Decimal(1)
    """Share of the match: 0 none, 1 all, within the bounds."""


class Impulse(Value):
    """An impulse response for the convolution of a bus: an input of the mix, never a take."""

    name: Annotated[str, StringConstraints(pattern=r"^\S{1,120}$")]
    """Name in the recipe."""
    file: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    """Name of the original file."""
    sound: Sound


class EditJob(Value):
    """Job that cuts one part from its takes."""

    kind: Literal["edit"] = "edit"
    part: PartId
    plan: Sha
    again: int = 0
    recipe: str
    """JSON of an ``EditRecipe``; the plan hashes its ``edit_text``."""
    takes: Mapping[int, tuple[Named, ...]]
    """Tracks of each take that is used, by take number."""


class MixJob(Value):
    """Job that mixes one song.  Parts in ``inputs`` are rendered already, parts in ``edits`` by the same run."""

    kind: Literal["mix"] = "mix"
    song: SongId
    revision: int
    again: int = 0
    recipe: str
    inputs: Mapping[str, tuple[Named, ...]]
    """Tracks of each rendered part, by the part's slug."""
    edits: Mapping[str, Sha]
    """Key of the edit that renders a part, by the part's slug."""
    impulses: tuple[Impulse, ...] = ()
    plugins: Mapping[str, Sha] = Field(default_factory=dict)
    """Tree hash of each plug-in that the recipe names, by its name; not part of the plan."""


class SongJob(Value):
    """Job of all due renders of one song, edits before mixes; run as one Prefect task."""

    kind: Literal["song"] = "song"
    song: SongId
    edits: tuple[EditJob, ...] = ()
    mixes: tuple[MixJob, ...] = ()


class GainJob(Value):
    """Job that finds the one gain for all songs of a record at which the record has a target's loudness."""

    kind: Literal["gain"] = "gain"
    record: RecordId
    master: int
    target: str
    plan: Sha
    again: int = 0
    recipe: str
    mixes: tuple[Named, ...]
    """Main prints in the order of the record."""
    reference: Reference | None = None
    """Recording the spectrum is matched to; the report then holds the curve, see ``curve_of``."""


class MasterJob(Value):
    """Job that masters one song for one target."""

    kind: Literal["master"] = "master"
    record: RecordId
    song: SongId
    master: int
    target: str
    plan: Sha
    again: int = 0
    recipe: str
    mix: Sound
    gain_db: Decimals
    """From the gain job."""
    alone: bool = False
    """True if the song is the whole record: its own loudness must then meet the target."""
    curve: Mapping[Decimals, Decimals] = Field(default_factory=dict)
    """Matching curve from the gain job: dB by band centre in Hz."""


AnyJob = EditJob | MixJob | GainJob | MasterJob


def subject_of(job: AnyJob) -> str:
    """The address of *job* for people; with the target for a gain, with target and song for a master."""
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
    """Software and platform of a render, for its report; no part of the job key."""

    takesheet: str
    python: str
    platform: str
    packages: Mapping[str, str]


class Report(Value):
    """Result of a job.  ``measures`` are decimals as text, or None for silence."""

    kind: Kind
    key: Sha
    plan: Sha
    epoch: int
    again: int = 0
    subject: str
    """Address of the job for people, such as ``night-bus/tin-roof@mix1``."""
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
    """The curve in a gain job's report, dB by Hz; empty if there is none."""
    measures = report.measures if report else {}
    return {
        name.removeprefix(MATCHED).removesuffix(HZ): gain
        for name, gain in measures.items()
        if name.startswith(MATCHED) and gain is not None
    }


class Rendered(Event):
    """A job was rendered: its report is in the vault."""

    kind: Literal["rendered"] = "rendered"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=True)
    address_fields = ("song", "record")
    record: RecordId
    song: SongId | None = None
    report: Report

    @override
    def describe(self) -> str:
        return f"{self.report.kind} {self.report.subject} in {self.report.seconds} s"

    @override
    def blobs(self) -> Iterator[BlobReference]:
        return (output.sound.refer(self.report.subject, "audio") for output in self.report.outputs)


class RenderFailed(Event):
    """A job failed; ``failure`` is the class of the failure, by which a retry is decided."""

    kind: Literal["render-failed"] = "render-failed"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=True)
    address_fields = ("song", "record")
    record: RecordId
    song: SongId | None = None
    job: Kind
    key: Sha
    subject: str
    failure: Literal["transient", "input", "bug"]
    reason: str

    @override
    def describe(self) -> str:
        return f"{self.job} {self.subject}: {self.failure}, {self.reason}"


class RenderAsked(Event):
    """A person requested renders: of *plans* again, of the mix or master *target*, or of all failed jobs."""

    schema_number: ClassVar[int] = 2
    kind: Literal["render-asked"] = "render-asked"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("target", "record")
    record: RecordId | None = None
    target: str = ""
    plans: tuple[Sha, ...] = ()
    named: bool = False
    """True if *target* is to be rendered once although it is not kept up to date; failed jobs are not retried."""

    @override
    def describe(self) -> str:
        return f"{self.target or 'everything'}{' anew' if self.plans else ''}"


def plan(kind: Kind, recipe: str, inputs: Iterable[str]) -> str:
    """The plan hash of *recipe*, exactly as stored, over *inputs*: lines such as ``drums.kick-in PCM``, in order."""
    digest = sha256()
    for piece in (PLAN, kind, recipe, *inputs):
        raw = piece.encode()
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()


def key(kind: Kind, plan: str, *, again: int = 0) -> str:
    """The job key: a hash of plan and engine epoch; *again* counts the repeats that people requested."""
    return sha256(f"{KEY}\n{kind}\n{plan}\n{EPOCHS[kind]}\n{again}\n".encode()).hexdigest()


def edit_plan(recipe: EditRecipe, takes: Mapping[int, tuple[Named, ...]]) -> str:
    """The plan of an edit over its takes' tracks, sorted by take number and track name."""
    lines = [
        f"{number}.{track.name} {track.sound.pcm}"
        for number, tracks in sorted(takes.items())
        for track in sorted(tracks, key=lambda track: track.name)
    ]
    return plan("edit", edit_text(recipe), lines)


def mix_plan(recipe: str, inputs: Mapping[str, tuple[Named, ...]], impulses: Iterable[Impulse] = ()) -> str:
    """The plan of a mix over its tracks and its impulses, each sorted by name."""
    lines = sorted(f"{part}.{track.name} {track.sound.pcm}" for part, tracks in inputs.items() for track in tracks)
    rooms = sorted(f"impulse {impulse.name} {impulse.sound.pcm}" for impulse in impulses)
    return plan("mix", recipe, [*lines, *rooms])


def album_gain_plan(recipe: str, target: str, mixes: Iterable[Named], reference: Reference | None) -> str:
    """The plan of a target's album gain, and of the matching to a reference if there is one."""
    lines = [f"target {target}", *(f"{mix.name} {mix.sound.pcm}" for mix in mixes)]
    if reference:
        lines.append(f"reference {reference.sound.pcm} {reference.amount}")
    return plan("gain", recipe, lines)


def song_master_plan(recipe: str, target: str, mix: Sound, gain_db: str, curve: Mapping[str, str]) -> str:
    """The plan of one song for one target; an empty curve is not part of it."""
    nearer = [f"match {hz} {gain}" for hz, gain in sorted(curve.items(), key=lambda band: Decimal(band[0]))]
    return plan("master", recipe, [f"target {target}", f"mix {mix.pcm}", f"gain {gain_db}", *nearer])


def manifest(outputs: Iterable[tuple[str, str]]) -> str:
    """One hash for several files, over the sorted lines of name and pcm hash."""
    lines = "".join(f"{name} {pcm}\n" for name, pcm in sorted(outputs))
    return sha256(f"{MANIFEST}\n{lines}".encode()).hexdigest()
