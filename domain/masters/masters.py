"""Masters of a record: the mix revision of each song, the recipe or the files made outside, and the targets."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, StringConstraints, model_validator
from typing_extensions import override

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, RecordId, Sha, SongId, Traits, Value
from domain.core.ids import record_of, slug_of
from domain.core.refusal import Misused, NotFound, Refused, suggest
from domain.label.corrections import Absence, EntryEvent, EntryRenamed, absences_after
from domain.recipe import Target, parse_master, refuse_too_high
from domain.render.jobs import Decimals, Reference, Sound

NO_RATES: Final[Mapping[str, int]] = MappingProxyType({})


class SongBinding(Value):
    """A song of a master and the mix revision of it that the master holds."""

    song: SongId
    revision: Annotated[int, Field(gt=0)]


class OutsideMasterFile(Value):
    """The file of one song for one target, mastered outside."""

    target: Annotated[str, StringConstraints(pattern=r"^[^\s/\\@.:]{1,120}$")]
    song: SongId
    sound: Sound
    bits: Annotated[int, Field(gt=0)]
    measures: Mapping[str, Decimals | None]
    """Measures as a render reports them; None for silence."""


class OutsideMaster(Value):
    """A master made outside: its files, and the outputs of the mixes that were given to its maker."""

    files: Annotated[tuple[OutsideMasterFile, ...], Field(min_length=1)]
    """Target by target, songs in the order of the record."""
    maker: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    given: Mapping[SongId, Sha]
    """Manifest hash of the mix by song; the master lapses when one changes."""


class MasterPlanned(Event):
    """A master of a record was planned here or submitted finished; its bindings never change."""

    schema_number: ClassVar[int] = 4
    kind: Literal["master-planned"] = "master-planned"
    traits = Traits(undoable=False, newsworthy=True, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    record: RecordId
    number: Annotated[int, Field(gt=0)]
    songs: Annotated[tuple[SongBinding, ...], Field(min_length=1)]
    """Songs in the order of the master."""
    recipe: Annotated[str, StringConstraints(max_length=1_000_000)] = ""
    """Recipe text; empty if the master was made outside."""
    reference: Reference | None = None
    """Recording whose spectrum the master is matched to."""
    outside: OutsideMaster | None = None
    awaited: bool = False
    """True if it is rendered once even if a newer master is planned before; False in stores of earlier releases."""

    @model_validator(mode="after")
    def _is_made_somewhere(self) -> "MasterPlanned":
        if bool(self.recipe) == bool(self.outside):
            raise ValueError("a master has a recipe or was made outside, one of the two")
        return self

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the targets of this master."""
        made = self.outside
        return tuple(dict.fromkeys(one.target for one in made.files) if made else parse_master(self.recipe).targets)

    @override
    def describe(self) -> str:
        reference = f", towards {self.reference.name}" if self.reference else ""
        made = f" by {self.outside.maker}" if self.outside else reference
        return f"{self._label}, {len(self.songs)} song{'s' if len(self.songs) > 1 else ''}{made}"

    @override
    def blobs(self) -> Iterator[BlobReference]:
        for file in self.outside.files if self.outside else ():
            yield file.sound.refer(f"{self._label} {file.target} {slug_of(file.song)}", "master")
        if self.reference:
            yield self.reference.sound.refer(f"{self._label} reference", "reference")

    @property
    def _label(self) -> str:
        return f"{self.record}@master{self.number}"


@dataclass(frozen=True, slots=True)
class Masters:
    """The masters of one record by number, including removed and shelved ones."""

    masters: Mapping[int, MasterPlanned] = field(default_factory=dict)
    absent: Mapping[int, Absence] = field(default_factory=dict)
    """Removed and shelved masters."""
    titles: Mapping[int, str] = field(default_factory=dict)
    """Titles of the masters that were given one."""

    def master(self, record: str, number: int) -> MasterPlanned:
        """The master by number.  Raises: NotFound ``master.unknown``."""
        if number not in self.masters:
            raise NotFound("master.unknown", f"{record} has no master{number}", next=suggest("master plan", record))
        return self.masters[number]

    @property
    def living(self) -> Mapping[int, MasterPlanned]:
        """The masters that are neither removed nor shelved."""
        if not self.absent:
            return self.masters
        return {number: master for number, master in self.masters.items() if number not in self.absent}

    @property
    def latest(self) -> MasterPlanned | None:
        """The newest master that is neither removed nor shelved; None if there is none."""
        living = self.living
        return living[max(living)] if living else None

    @property
    def next(self) -> int:
        """Number of the next master."""
        return max(self.masters, default=0) + 1


TARGETS: Final[Mapping[str, Target]] = {
    "streaming": Target(bits=24, integrated_lufs=Decimal(-14), ceiling_dbtp=Decimal(-1), dither="none"),
    "cd": Target(rate=44100, bits=16, integrated_lufs=Decimal(-12), ceiling_dbtp=Decimal("-0.5"), dither="tpdf"),
}
"""-14 LUFS and -1 dBTP: the large services ask for or play at these values; a CD is played without normalisation."""


def evolve(masters: Masters, event: MasterPlanned | EntryEvent) -> Masters:
    """Fold one event into the state."""
    if isinstance(event, EntryRenamed):
        return replace(masters, titles={**masters.titles, event.number: event.title})
    if isinstance(event, EntryEvent):
        return replace(masters, absent=absences_after(masters.absent, event.number, event))
    return replace(masters, masters={**masters.masters, event.number: event})


def draft(targets: Sequence[str], *, lufs: Decimal | None = None, as_mixed: bool = False, seed: int = 0) -> str:
    """Text of a default master recipe: the house's targets, without tone or glue.

    Raises:
        Misused: ``master.target`` for a target that is not in TARGETS.
    """
    lines = ["# Takesheet master recipe: tone and glue of every song go under [chain].", "format = 1", "", "[chain]"]
    for name in dict.fromkeys(targets):
        if name not in TARGETS:
            raise Misused("master.target", f"{name!r} is no target; there are {', '.join(TARGETS)}")
        target = TARGETS[name]
        loudness = None if as_mixed else (lufs if lufs is not None else target.integrated_lufs)
        lines += ["", f"[targets.{name}]", *([f"rate = {target.rate}"] if target.rate else []), f"bits = {target.bits}"]
        lines += [f"integrated_lufs = {loudness}"] if loudness is not None else []
        lines += [f"ceiling_dbtp = {target.ceiling_dbtp}", f'dither = "{target.dither}"', f"seed = {seed}"]
    return "\n".join(lines) + "\n"


def plan(
    masters: Masters, *, record: str, songs: Sequence[str], approved: Mapping[str, int], recipe: str,
    reference: Reference | None = None, rates: Mapping[str, int] = NO_RATES,
) -> list[MasterPlanned]:  # fmt: skip
    """Plan the next master of *record* from the chosen mix of each of *songs*.

    Args:
        masters: the existing masters; a plan equal to the latest yields no event.
        record: record id.
        songs: song ids, in order.
        approved: number of the chosen mix of each song that has one.
        recipe: the text of the master recipe.
        reference: recording to whose spectrum the master is matched.
        rates: sample rate by song, in Hz.

    Raises:
        Misused: ``recipe.master``; the recipe does not parse, or has a filter at or above half the rate of a song.
        Refused: ``master.source``; a song has no approved mix, or the record has no songs.
    """
    chain = parse_master(recipe).chain
    bound = bind(record, songs, approved)
    new = _next(
        masters,
        MasterPlanned(
            record=record, number=masters.next, songs=bound, recipe=recipe, reference=reference, awaited=True
        ),
    )
    for song in songs if new else ():
        if song in rates:
            refuse_too_high(chain, recipe, "recipe.master", rate=rates[song], whose=song, path="chain")
    return new


def refuse_foreign(record: str, songs: Iterable[str]) -> None:
    """Refuse songs of other records.  Raises: Misused ``master.songs``."""
    for song in songs:
        if record_of(song) != record:
            raise Misused("master.songs", f"{song} is no song of {record}", next=suggest("song list", record))


def choose_songs(
    songs: Sequence[str], chosen: Mapping[str, int], *, named: Sequence[str] = (), without: Collection[str] = ()
) -> tuple[list[str], list[str]]:
    """Choose the songs of a master.

    Args:
        songs: the songs of the record, in order.
        chosen: the chosen mix of each song that has one.
        named: exactly these songs, in this order; empty for all that have a chosen mix.
        without: songs that are left out on purpose.

    Returns:
        The songs of the master, and the songs left out for lack of a chosen mix.  If no song has one, all are returned
        as songs of the master, for :func:`bind` to refuse.
    """
    if named:
        return list(dict.fromkeys(named)), []
    wanted = [song for song in songs if song not in without]
    ready = [song for song in wanted if song in chosen]
    return (ready, [song for song in wanted if song not in chosen]) if ready else (wanted, [])


def bind(record: str, songs: Sequence[str], approved: Mapping[str, int]) -> tuple[SongBinding, ...]:
    """Bind each of *songs* to its *approved* revision.

    Raises:
        Refused: ``master.source``; a song has no approved mix, or there are no songs.
    """
    missing = [song for song in songs if song not in approved]
    if missing or not songs:
        what = f"{missing[0]} has no approved mix" if missing else f"{record} has no songs"
        hint = suggest("mix list", missing[0]) if missing else suggest("song add", record, "TITLE")
        raise Refused("master.source", f"{what}: no master without one", next=hint)
    return tuple(SongBinding(song=song, revision=approved[song]) for song in songs)


def submit(
    masters: Masters, *, record: str, songs: tuple[SongBinding, ...], outside: OutsideMaster
) -> list[MasterPlanned]:
    """Add a master of *record* made outside.  Files and bindings equal to the latest master yield no event."""
    return _next(masters, MasterPlanned(record=record, number=masters.next, songs=songs, outside=outside, awaited=True))


def _next(masters: Masters, new: MasterPlanned) -> list[MasterPlanned]:
    """*new*, or nothing if the latest master differs from it only in number."""
    latest = masters.latest
    same = latest and latest.model_copy(update={"number": new.number, "awaited": new.awaited}) == new
    return [] if same else [new]
