"""Mix revisions: how a song is balanced, by a recipe of ours or by somebody outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, StringConstraints

from domain.core.event import Event, Sha, SongId, Value
from domain.core.refusal import Misused, NotFound, suggest
from domain.label.catalog import Song
from domain.recipe import MixRecipe, parse_mix, refuse_too_high
from domain.recipe.lines import line_of
from domain.render.jobs import Impulse, Named


class FromRecipe(Value):
    """Rendered here, from this text."""

    source: Literal["recipe"] = "recipe"
    text: Annotated[str, StringConstraints(min_length=1, max_length=1_000_000)]
    impulses: tuple[Impulse, ...] = ()
    """Those that the text names, in the order of their names."""


class FromOutside(Value):
    """Made elsewhere: the prints as they came, and the hashes of the comps their maker was given."""

    source: Literal["outside"] = "outside"
    prints: Annotated[tuple[Named, ...], Field(min_length=1)]
    maker: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    given: Mapping[str, Sha]
    """By part; the mix lapses when one of them changes."""


class MixRevised(Event):
    """A song has a new mix revision."""

    schema_number: ClassVar[int] = 2
    kind: Literal["mix-revised"] = "mix-revised"
    song: SongId
    number: Annotated[int, Field(gt=0)]
    made: FromRecipe | FromOutside = Field(discriminator="source")


@dataclass(frozen=True, slots=True)
class Mixes:
    """The revisions of one song, by number."""

    revisions: Mapping[int, MixRevised] = field(default_factory=dict)

    def revision(self, song: str, number: int) -> MixRevised:
        """The revision.  Raises: NotFound ``mix.unknown``."""
        if number not in self.revisions:
            raise NotFound("mix.unknown", f"{song} has no mix{number}", next=suggest("mix list", song))
        return self.revisions[number]

    @property
    def latest(self) -> MixRevised | None:
        """The newest revision."""
        return self.revisions[max(self.revisions)] if self.revisions else None

    @property
    def impulses(self) -> dict[str, Impulse]:
        """The impulses that revisions were made with, by name; of each the newest."""
        revisions = (self.revisions[number].made for number in sorted(self.revisions))
        return {one.name: one for made in revisions if isinstance(made, FromRecipe) for one in made.impulses}


def evolve(mixes: Mixes, event: MixRevised) -> Mixes:
    """Fold one event into the state."""
    return replace(mixes, revisions={**mixes.revisions, event.number: event})


NOTHING_BROUGHT: Final[Mapping[str, Impulse]] = {}


def revise(
    mixes: Mixes, song: Song, *, text: str, brought: Mapping[str, Impulse] = NOTHING_BROUGHT
) -> list[MixRevised]:
    """Balance *song* by the recipe *text*.  The latest revision's own text and impulses yield nothing new.

    Args:
        mixes: what there is of the song.
        song: as the catalogue has it.
        text: of the recipe.
        brought: impulses by name; of those that were brought for an earlier revision only what is new.

    Raises:
        Misused: ``recipe.mix``; it does not parse, names a part that the song does not have or that is a guide, or has
            a filter that the song's rate has no room for.  ``mix.impulse``; it names an impulse that nobody brought,
            or does not name one that was.
    """
    recipe = parse_mix(text)
    for part in recipe.parts:
        if part not in song.heard:
            why = "is a guide and never mixed" if part in song.parts else f"is no part of {song.id}"
            raise Misused("recipe.mix", f"strips.{part}: {part} {why}", next=suggest("part list", song.id))
    new = _next(mixes, song.id, FromRecipe(text=text, impulses=_heard(mixes, song.id, recipe, text, brought)))
    if new and song.clock:
        refuse_too_high(recipe, text, "recipe.mix", rate=song.clock.rate, whose=song.id)
    return new


def _heard(
    mixes: Mixes, song: str, recipe: MixRecipe, text: str, brought: Mapping[str, Impulse]
) -> tuple[Impulse, ...]:
    """The impulses that *recipe* names: as they were brought now, else as the newest revision has them."""
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
    """Take in a mix made elsewhere.  The same prints on the same comps again yield nothing new."""
    return _next(mixes, song.id, FromOutside(prints=prints, maker=maker, given=given))


def _next(mixes: Mixes, song: str, made: FromRecipe | FromOutside) -> list[MixRevised]:
    if mixes.latest and mixes.latest.made == made:
        return []
    return [MixRevised(song=song, number=max(mixes.revisions, default=0) + 1, made=made)]
