"""Mix revisions of a song, each from a recipe or made outside."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, Sha, SongId, Stage, Traits, Value
from domain.core.refusal import Misused, NotFound, suggest
from domain.label.catalog import Song
from domain.label.corrections import Absence, EntryEvent, EntryRenamed, absences_after
from domain.mixes.versions import VersionSummed
from domain.recipe import NOT_REPRODUCIBLE, MixRecipe, parse_mix, refuse_too_high
from domain.recipe.text.lines import line_of
from domain.render.jobs import Impulse, Named


class FromRecipe(Value):
    """Origin of a revision that is rendered here from a recipe text."""

    source: Literal["recipe"] = "recipe"
    text: Annotated[str, StringConstraints(min_length=1, max_length=1_000_000)]
    impulses: tuple[Impulse, ...] = ()
    """Impulses named by the text, sorted by name."""

    @property
    def plug_ins(self) -> tuple[tuple[str, str], ...]:
        """Channel and name of each plug-in in the recipe, such as ``("lead-vocal", "limiter")``."""
        return _plug_ins(self.text) if "external" in self.text else ()

    def describe(self) -> str:
        """The impulse responses and plug-ins of the recipe, as text; empty without any."""
        through = [impulse.file for impulse in self.impulses] + [name for _, name in self.plug_ins]
        return "".join(f", through {name}" for name in through) + (f", {NOT_REPRODUCIBLE}" if self.plug_ins else "")


@lru_cache(maxsize=1024)
def _plug_ins(text: str) -> tuple[tuple[str, str], ...]:
    return parse_mix(text).plug_ins  # a board asks this of the same few texts again and again


class FromOutside(Value):
    """Origin of a revision made outside: its prints, and the hashes of the comps that were given to its maker."""

    source: Literal["outside"] = "outside"
    prints: Annotated[tuple[Named, ...], Field(min_length=1)]
    maker: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    given: Mapping[str, Sha]
    """Comp hash by part; the mix lapses when one changes."""

    def describe(self) -> str:
        """Maker of the outside mix, as the log shows it."""
        return f" by {self.maker}"


class MixRevised(Event):
    """A mix revision was added to a song."""

    schema_number: ClassVar[int] = 3
    kind: Literal["mix-revised"] = "mix-revised"
    traits = Traits(undoable=False, newsworthy=True, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("song",)
    song: SongId
    number: Annotated[int, Field(gt=0)]
    made: FromRecipe | FromOutside = Field(discriminator="source")
    awaited: bool = False
    """True if the revision is rendered once even if a newer one follows before; False in stores of earlier releases."""

    @property
    @override
    def address(self) -> str:
        return f"{self.song}@mix{self.number}"

    @property
    @override
    def stage_evidence(self) -> Stage:
        return "mixing"

    @override
    def describe(self) -> str:
        return f"{self.address}{self.made.describe()}"

    @override
    def blobs(self) -> Iterator[BlobReference]:
        if isinstance(self.made, FromOutside):
            return (print_.sound.refer(self.address, "audio") for print_ in self.made.prints)
        return (impulse.sound.refer(f"{self.address} impulse", "impulse") for impulse in self.made.impulses)


@dataclass(frozen=True, slots=True)
class Mixes:
    """The mix revisions of one song by number, including removed and shelved ones."""

    revisions: Mapping[int, MixRevised] = field(default_factory=dict)
    absent: Mapping[int, Absence] = field(default_factory=dict)
    """Removed and shelved revisions."""
    titles: Mapping[int, str] = field(default_factory=dict)
    """Titles of the revisions that were given one."""
    summed: Mapping[int, Mapping[str, VersionSummed]] = field(default_factory=dict)
    """The versions that were summed last from the stems of a revision, by its number and by the version's name."""

    def revision(self, song: str, number: int) -> MixRevised:
        """The revision by number.  Raises: NotFound ``mix.unknown``."""
        if number not in self.revisions:
            raise NotFound("mix.unknown", f"{song} has no mix{number}", next=suggest("mix list", song))
        return self.revisions[number]

    @property
    def living(self) -> Mapping[int, MixRevised]:
        """The revisions that are neither removed nor shelved."""
        if not self.absent:
            return self.revisions
        return {number: revision for number, revision in self.revisions.items() if number not in self.absent}

    @property
    def latest(self) -> MixRevised | None:
        """The newest revision that is neither removed nor shelved; None if there is none."""
        living = self.living
        return living[max(living)] if living else None

    @property
    def impulses(self) -> dict[str, Impulse]:
        """The newest impulse of each name in all revisions."""
        revisions = (self.revisions[number].made for number in sorted(self.revisions))
        return {one.name: one for made in revisions if isinstance(made, FromRecipe) for one in made.impulses}


def evolve(mixes: Mixes, event: MixRevised | VersionSummed | EntryEvent) -> Mixes:
    """Fold one event into the state."""
    if isinstance(event, EntryRenamed):
        return replace(mixes, titles={**mixes.titles, event.number: event.title})
    if isinstance(event, EntryEvent):
        return replace(mixes, absent=absences_after(mixes.absent, event.number, event))
    if isinstance(event, VersionSummed):
        own = {**mixes.summed.get(event.number, {}), event.version: event}
        return replace(mixes, summed={**mixes.summed, event.number: own})
    return replace(mixes, revisions={**mixes.revisions, event.number: event})


NOTHING_BROUGHT: Final[Mapping[str, Impulse]] = {}


def revise(
    mixes: Mixes, song: Song, *, text: str, brought: Mapping[str, Impulse] = NOTHING_BROUGHT
) -> list[MixRevised]:
    """Add a mix revision of *song* from the recipe *text*.  Text and impulses of the latest revision yield no event.

    Args:
        mixes: existing revisions.
        song: the song in the catalog.
        text: recipe text.
        brought: new or replaced impulses by name; those of earlier revisions need not be repeated.

    Raises:
        Misused: ``recipe.mix``; the text does not parse, names an unknown part, a guide, or a part that is removed or
            shelved, or has a filter at or above half the song's rate.  ``mix.impulse``; it names an unknown impulse,
            or does not name one of *brought*.
    """
    recipe = parse_mix(text)
    for part in recipe.parts:
        if part not in song.mixable:
            why = "is a guide and never mixed" if part in song.parts else f"is no part of {song.id}"
            why = f"is {song.absent_parts[part]}" if part in song.absent_parts else why
            raise Misused("recipe.mix", f"strips.{part}: {part} {why}", next=suggest("part list", song.id))
    new = _next(mixes, song.id, FromRecipe(text=text, impulses=_impulses_of(mixes, song.id, recipe, text, brought)))
    if new and song.clock:
        refuse_too_high(recipe, text, "recipe.mix", rate=song.clock.rate, whose=song.id)
    return new


def _impulses_of(
    mixes: Mixes, song: str, recipe: MixRecipe, text: str, brought: Mapping[str, Impulse]
) -> tuple[Impulse, ...]:
    """The impulses that *recipe* names: from *brought*, else from the newest revision with an impulse of that name."""
    wanted, known = recipe.impulses, {**mixes.impulses, **brought}
    for name, bus in wanted.items():
        if name not in known:
            field_ = f"buses.{bus}.convolution.impulse"
            raise Misused(
                "mix.impulse", f"line {line_of(text, field_)}, {field_}: there is no impulse {name!r} yet",
                next=suggest("mix revise", song, "RECIPE", impulse=f"{name}=FILE"),
            )  # fmt: skip
    for name in brought:
        if name not in wanted:
            there = f"it uses {', '.join(wanted)}" if wanted else "no bus of it has a convolution"
            raise Misused(
                "mix.impulse",
                f"the recipe names no impulse {name!r}; {there}",
                next=suggest("mix fields", "convolution"),
            )
    return tuple(known[name] for name in wanted)


def submit(
    mixes: Mixes, song: Song, *, prints: tuple[Named, ...], maker: str, given: Mapping[str, str]
) -> list[MixRevised]:
    """Add a mix made outside.  Prints and comps equal to those of the latest revision yield no event."""
    return _next(mixes, song.id, FromOutside(prints=prints, maker=maker, given=given))


def _next(mixes: Mixes, song: str, made: FromRecipe | FromOutside) -> list[MixRevised]:
    if mixes.latest and mixes.latest.made == made:
        return []
    return [MixRevised(song=song, number=max(mixes.revisions, default=0) + 1, made=made, awaited=True)]
