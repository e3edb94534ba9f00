"""The prints of a recipe, and the tracks of each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from domain.recipe import MixRecipe, Version, part_of
from dsp.audio import Unsound

MAIN = "main"
STEM = "stem-"


@dataclass(frozen=True, slots=True)
class PrintRange:
    """The tracks of one print.

    Attributes:
        tracks: names such as ``drums.kick-in``.
        clean: True to mute the explicit words.
        share: True for a stem: the sum of all shares is the main version.
    """

    tracks: frozenset[str]
    clean: bool = False
    share: bool = False


@dataclass(frozen=True, slots=True)
class Print:
    """One file of a revision.

    Attributes:
        name: name of the file and of the report's output.
        cut: the tracks in it.
        tap: after the master bus, before it (a stem), or after it and the listening limiter.
    """

    name: str
    cut: PrintRange
    tap: Literal["master", "stem", "listen"] = "master"


def prints_of(recipe: MixRecipe, tracks: Iterable[str]) -> list[Print]:
    """Every print: ``main`` first, then the others sorted by name.

    Args:
        recipe: mix recipe.
        tracks: names of all tracks, such as ``drums.kick-in``.

    Raises:
        Unsound: two prints would have one name.
    """
    main, *others = _all(recipe, frozenset(tracks))
    others.sort(key=lambda one: one.name)
    names = [main.name, *(one.name for one in others)]
    for name in names:
        if names.count(name) > 1:
            raise Unsound(f"Two prints would be called {name}.")
    return [main, *others]


def _all(recipe: MixRecipe, tracks: frozenset[str]) -> Iterator[Print]:
    heard = main_cut(recipe, tracks)
    yield Print(MAIN, heard)
    for name, version in recipe.versions.items():
        yield Print(name, _only(recipe, heard, version))
    for kind in dict.fromkeys(recipe.prints):
        if kind == "stems":
            yield from _stems(recipe, heard)
        elif kind == "clean":
            yield Print(kind, PrintRange(heard.tracks, clean=True))
        elif kind == "listen":
            yield Print(kind, heard, "listen")
        else:
            yield Print(kind, _only(recipe, heard, _version(recipe, kind)))


def _version(recipe: MixRecipe, kind: Literal["instrumental", "a-cappella", "tv"]) -> Version:
    voices = recipe.lead_vocals + recipe.backing_vocals
    match kind:
        case "instrumental":
            return Version(without=voices)
        case "a-cappella":
            return Version(only=voices)
        case "tv":
            return Version(without=recipe.lead_vocals)


def main_cut(recipe: MixRecipe, tracks: frozenset[str]) -> PrintRange:
    """All tracks except muted ones; a track is muted by its own strip, its part's strip, or a group on its path."""
    channels = recipe.routing.grouped
    muted = {name for name, channel in channels.items() if channel.mute}
    return PrintRange(frozenset(track for track in tracks if not muted & _names(recipe, track)))


def _names(recipe: MixRecipe, track: str) -> set[str]:
    """Names that apply to a track: its own, its part, and the strips and groups on its path."""
    return {track, part_of(track), *recipe.routing.way(track)}


def _only(recipe: MixRecipe, cut: PrintRange, version: Version) -> PrintRange:
    def sounds(track: str) -> bool:
        names = _names(recipe, track)
        return not names & set(version.without) and (not version.only or bool(names & set(version.only)))

    return PrintRange(frozenset(track for track in cut.tracks if sounds(track)))


def _stems(recipe: MixRecipe, cut: PrintRange) -> Iterator[Print]:
    """A stem for each strip or group that feeds the master bus and has tracks."""
    members: dict[str, set[str]] = {}
    for track in cut.tracks:
        if way := recipe.routing.way(track):
            members.setdefault(way[-1], set()).add(track)
    for top, tracks in sorted(members.items()):
        yield Print(STEM + top.replace(".", "_"), PrintRange(frozenset(tracks), share=True), "stem")
