"""Versions of a mix that are summed from its stems, without a render: instrumental, a cappella, TV and clean."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Final, Literal, get_args

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, Sha, SongId, Traits, Value
from domain.core.refusal import Misused, Refused, suggest
from domain.render.jobs import Named, Sound

SummedName = Literal["instrumental", "a-cappella", "tv", "clean"]
SUMMED: Final[tuple[str, ...]] = get_args(SummedName)

VERSIONS: Final = frozenset({*SUMMED, "listen"})
"""Names of prints that are whole versions; the others beside the main one are stems."""

StemKind = Literal["lead", "backing", "other", "clean"]
"""Kind of a sound in a stem: lead vocal, backing vocal, anything else, or a vocal without its explicit words."""

KEPT: Final[Mapping[str, frozenset[StemKind]]] = {
    "instrumental": frozenset({"other"}),
    "a-cappella": frozenset({"lead", "backing"}),
    "tv": frozenset({"backing", "other"}),
}
"""Kinds of the sounds in each version; the clean one is the whole mix with other vocals."""
CLEAN: Final = "clean-"
"""Beginning of the name of a stem that takes the place of a vocal: ``clean-lead-vocal``."""
STEM: Final = "stem-"
NULLS_CB: Final = -1000
"""Highest peak, in tenths of a dB under full scale, of a difference that counts as a null; nobody hears -100 dBFS."""


class SummedStem(Value):
    """A stem in a version: its name and the hash of its samples."""

    name: Annotated[str, StringConstraints(pattern=r"^\S{1,400}$")]
    pcm: Sha


class VersionSummed(Event):
    """A version of a mix was summed from its stems."""

    kind: Literal["version-summed"] = "version-summed"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("song",)
    song: SongId
    number: Annotated[int, Field(gt=0)]
    version: SummedName
    stems: Annotated[tuple[SummedStem, ...], Field(min_length=1)]
    """The stems in it, in the order in which they were added."""
    sound: Sound
    null_cb: int | None
    """Peak of the difference between the sum of all stems and the main print, in tenths of a dB relative to full scale;
    None if they are equal.
    """

    @property
    @override
    def address(self) -> str:
        return f"{self.song}@mix{self.number}"

    @override
    def describe(self) -> str:
        return f"{self.address} {self.version}: {' + '.join(stem.name for stem in self.stems)}"

    @override
    def blobs(self) -> Iterator[BlobReference]:
        yield self.sound.refer(f"{self.address} {self.version}", "audio")

    def is_of(self, prints: Sequence[Named]) -> bool:
        """True if every stem in it is one of *prints*, with the same samples."""
        today = {print_.name: print_.sound.pcm for print_ in prints}
        return all(today.get(stem.name) == stem.pcm for stem in self.stems)


def summed_name(text: str) -> SummedName:
    """The version that *text* names.  Raises: Misused ``version.name``; no such version is summed."""
    names: tuple[SummedName, ...] = get_args(SummedName)
    for name in names:
        if name == text:
            return name
    raise Misused("version.name", f"{text!r} is no version that stems are summed to; write {', '.join(SUMMED)}")


def bare_name(stem: str) -> str:
    """Name of a stem without the ``stem-`` of stems that are rendered here."""
    return stem.removeprefix(STEM)


def stems_of(
    version: SummedName, stems: Mapping[str, frozenset[StemKind]], *, song: str, number: int
) -> tuple[str, ...]:
    """Names of the stems that are summed to *version*, in the order of *stems*.

    Args:
        version: name of the version.
        stems: the kinds of the sounds in each stem, by its name.
        song: id of the song.
        number: number of the mix.

    Raises:
        Refused: ``version.vocals``; no stem is a vocal, or a lead vocal for TV.  ``version.empty``; nothing is left.
            ``version.mixed``; a stem holds both what belongs to the version and what does not.
            ``version.clean``; no stem is a vocal without its explicit words.
    """
    address, whole = f"{song}@mix{number}", {name: kinds for name, kinds in stems.items() if "clean" not in kinds}
    if version == "clean":
        return _clean_stems(stems, song, address)
    absent = {"lead"} if version == "tv" else {"lead", "backing"}
    if not any(kinds & absent for kinds in whole.values()):
        vocal = "lead vocal" if version == "tv" else "vocal"
        raise Refused(
            "version.vocals",
            f"none of the stems of {address} is a {vocal}: {_named(whole)}; call one lead-vocal or backing-vocals",
            next=suggest("mix submit", song, "FILE", by="NAME"),
        )
    kept = KEPT[version]
    for name, kinds in whole.items():
        if kinds & kept and kinds - kept:
            raise Refused(
                "version.mixed",
                f"{name} holds {' and '.join(sorted(kinds))} sounds together, which {version} needs apart",
                next=suggest("mix edit", song),
            )
    chosen = tuple(name for name, kinds in whole.items() if kinds <= kept)
    if not chosen:
        raise Refused(
            "version.empty",
            f"no stem of {address} belongs to {version}: {_named(whole)}",
            next=suggest("mix show", address),
        )
    return chosen


def _clean_stems(stems: Mapping[str, frozenset[StemKind]], song: str, address: str) -> tuple[str, ...]:
    """The stems of the clean version: those called clean-… in place of the stems they are named after.

    A clean stem that is named after no other stem takes the place of all lead vocals.
    """
    clean = [name for name, kinds in stems.items() if "clean" in kinds]
    if not clean:
        raise Refused(
            "version.clean",
            f"none of the stems of {address} is a clean vocal: {_named(stems)}; "
            "submit the mix with clean-lead-vocal=FILE too, or print clean from its recipe",
            next=suggest("mix submit", song, "FILE", by="NAME"),
        )
    others = {bare_name(name): name for name in stems if name not in clean}
    named = {bare_name(name).removeprefix(CLEAN) for name in clean}
    replaced = {others[name] for name in named if name in others}
    if named - others.keys():
        replaced |= {name for name, kinds in stems.items() if kinds == {"lead"}}
    return tuple(name for name in stems if name not in replaced)


def _named(stems: Mapping[str, object]) -> str:
    return ", ".join(bare_name(name) for name in stems)


def refuse_unlike(main: Named, stems: Sequence[Named]) -> None:
    """Raise Refused ``version.match`` if a stem differs from *main* in rate, channels or length."""
    for stem in stems:
        for unit, own, other in (
            ("Hz", stem.sound.rate, main.sound.rate),
            ("channels", stem.sound.channels, main.sound.channels),
            ("frames", stem.sound.frames, main.sound.frames),
        ):
            if own != other:
                raise Refused(
                    "version.match",
                    f"{stem.name} has {own} {unit}, {main.name} {other}: they cannot be summed",
                    next="submit the mix again with stems of one rate and length",
                )


def sum_version(known: Mapping[str, VersionSummed], new: VersionSummed) -> list[VersionSummed]:
    """Record the version *new* of a mix, unless the *known* one of this name has its stems and its sound.

    Args:
        known: the versions of the mix that were summed last, by name.
        new: the version.
    """
    last = known.get(new.version)
    if last and (last.stems, last.sound.pcm) == (new.stems, new.sound.pcm):
        return []
    return [new]


def null_line(version: VersionSummed) -> str:
    """The null of all stems against the main print, as a sentence."""
    if version.null_cb is None:
        return "all stems add up to the main print, equal to the bit"
    level = f"{version.null_cb / 10:.1f} dBFS"
    if version.null_cb <= NULLS_CB:
        return f"all stems add up to the main print: the difference peaks at {level}"
    return (
        f"the stems do not add up to the main print: the difference peaks at {level}, "
        f"and {version.version} is only as good as that"
    )
