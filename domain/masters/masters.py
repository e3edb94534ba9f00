"""Masters: which revision of each song a record is finished from, for what, and whether here or elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, StringConstraints, model_validator

from domain.core.event import Event, RecordId, Sha, SongId, Value
from domain.core.refusal import Misused, NotFound, Refused, suggest
from domain.recipe import Target, parse_master, refuse_too_high
from domain.render.jobs import Decimals, Reference, Sound

NO_RATES: Final[Mapping[str, int]] = MappingProxyType({})


class BoundMix(Value):
    """A song of a master and the mix revision it is made from."""

    song: SongId
    revision: Annotated[int, Field(gt=0)]


class FinishedFile(Value):
    """One song for one target, as it came from elsewhere."""

    target: Annotated[str, StringConstraints(pattern=r"^[^\s/\\@.:]{1,120}$")]
    song: SongId
    sound: Sound
    bits: Annotated[int, Field(gt=0)]
    measures: Mapping[str, Decimals | None]
    """As a render of ours would report them; None of silence."""


class OutsideMaster(Value):
    """FinishedFile elsewhere: the files as they came, and the outputs of the mixes their maker was given."""

    files: Annotated[tuple[FinishedFile, ...], Field(min_length=1)]
    """Target by target, in the order of the record."""
    maker: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    given: Mapping[SongId, Sha]
    """By song; the master lapses when one of them changes."""


class MasterPlanned(Event):
    """A master of a record was planned, or came finished; it never binds anew."""

    schema_number: ClassVar[int] = 3
    kind: Literal["master-planned"] = "master-planned"
    record: RecordId
    number: Annotated[int, Field(gt=0)]
    songs: Annotated[tuple[BoundMix, ...], Field(min_length=1)]
    """In the order of the record."""
    recipe: Annotated[str, StringConstraints(max_length=1_000_000)] = ""
    """What it is rendered by here; none where it was made outside."""
    reference: Reference | None = None
    """What its spectrum is brought nearer to."""
    outside: OutsideMaster | None = None

    @model_validator(mode="after")
    def _is_made_somewhere(self) -> "MasterPlanned":
        if bool(self.recipe) == bool(self.outside):
            raise ValueError("a master has a recipe or was made outside, one of the two")
        return self

    @property
    def targets(self) -> tuple[str, ...]:
        """What it is for."""
        made = self.outside
        return tuple(dict.fromkeys(one.target for one in made.files) if made else parse_master(self.recipe).targets)


@dataclass(frozen=True, slots=True)
class Masters:
    """The masters of one record, by number."""

    masters: Mapping[int, MasterPlanned] = field(default_factory=dict)

    def master(self, record: str, number: int) -> MasterPlanned:
        """The master.  Raises: NotFound ``master.unknown``."""
        if number not in self.masters:
            raise NotFound("master.unknown", f"{record} has no master{number}", next=suggest("master plan", record))
        return self.masters[number]

    @property
    def next(self) -> int:
        """The number that the next one will have."""
        return max(self.masters, default=0) + 1


TARGETS: Final[Mapping[str, Target]] = {
    "streaming": Target(bits=24, integrated_lufs=Decimal(-14), ceiling_dbtp=Decimal(-1), dither="none"),
    "cd": Target(rate=44100, bits=16, integrated_lufs=Decimal(-12), ceiling_dbtp=Decimal("-0.5"), dither="tpdf"),
}
"""-14 LUFS and -1 dBTP are what the large services ask or play at; the CD is for ears without a normaliser."""


def evolve(masters: Masters, event: MasterPlanned) -> Masters:
    """Fold one event into the state."""
    return replace(masters, masters={**masters.masters, event.number: event})


def draft(targets: Sequence[str], *, lufs: Decimal | None = None, as_mixed: bool = False, seed: int = 0) -> str:
    """The text of a plain master recipe: no tone, no glue, the house's targets.

    Raises:
        Misused: ``master.target`` for a target that the house does not know.
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
    """Plan the next master of *record* from each song's newest approved revision.

    Args:
        masters: what was planned before; the latest master's own plan yields nothing new.
        record: its id.
        songs: its songs, in order.
        approved: the newest approved revision of each song that has one.
        recipe: the text of the master recipe.
        reference: what its spectrum is brought nearer to.
        rates: of its songs, in Hz.

    Raises:
        Misused: ``recipe.master``; it does not parse, or has a filter that the rate of a song has no room for.
        Refused: ``master.source``; a song has no approved mix, or the record no song.
    """
    chain = parse_master(recipe).chain
    bound = bind(record, songs, approved)
    new = _next(
        masters,
        MasterPlanned(record=record, number=masters.next, songs=bound, recipe=recipe, reference=reference),
    )
    for song in songs if new else ():
        if song in rates:
            refuse_too_high(chain, recipe, "recipe.master", rate=rates[song], whose=song, path="chain")
    return new


def bind(record: str, songs: Sequence[str], approved: Mapping[str, int]) -> tuple[BoundMix, ...]:
    """The *songs* of a record, each with its *approved* revision.

    Raises:
        Refused: ``master.source``; one has none, or there is no song.
    """
    missing = [song for song in songs if song not in approved]
    if missing or not songs:
        what = f"{missing[0]} has no approved mix" if missing else f"{record} has no songs"
        hint = suggest("mix list", missing[0]) if missing else suggest("song add", record, "TITLE")
        raise Refused("master.source", f"{what}: no master without one", next=hint)
    return tuple(BoundMix(song=song, revision=approved[song]) for song in songs)


def submit(
    masters: Masters, *, record: str, songs: tuple[BoundMix, ...], outside: OutsideMaster
) -> list[MasterPlanned]:
    """Take in a master of *record* made elsewhere.  The latest master's own files on the same mixes are nothing new."""
    return _next(masters, MasterPlanned(record=record, number=masters.next, songs=songs, outside=outside))


def _next(masters: Masters, new: MasterPlanned) -> list[MasterPlanned]:
    """*new*, unless the latest master is the same but for its number."""
    latest = masters.masters.get(masters.next - 1)
    return [] if latest and latest.model_copy(update={"number": new.number}) == new else [new]
