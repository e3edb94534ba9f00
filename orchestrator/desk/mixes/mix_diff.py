"""Comparison of two mixes of a song: changes of the recipe, and null tests of the prints."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.core.address import clock
from domain.mixes.mixes import FromOutside, FromRecipe
from domain.recipe import MixRecipe, parse_mix
from domain.recipe.differences import RecipeChange, differences
from dsp.audio import Unsound
from dsp.meter.null import Difference, DifferingRange, difference
from flows.vault.vault import Vault
from orchestrator.desk.mixes.impulses import changed
from orchestrator.desk.mixes.print_channels import channels_of_prints
from orchestrator.desk.record_state.revisions import AudiblePrint, source_of
from orchestrator.studio import Studio

MOST_PLACES = 3
"""Greatest number of changed places that are named as the cause of a difference."""


@dataclass(frozen=True, slots=True)
class MixComparison:
    """Differences between two mixes of one song."""

    one: str
    other: str
    changes: Sequence[RecipeChange]
    prints: Mapping[str, Difference]
    """Null test of each version that both mixes have."""
    places: Mapping[str, Sequence[str]]
    """Changed places that each of these versions hears."""
    notes: Sequence[str]
    """Remarks: prints that are not current, and comparisons that were left out, with the reason."""

    def as_dict(self) -> dict[str, object]:
        """For ``--json``: times in seconds, levels in dBFS, null for silence."""
        return {
            "one": self.one,
            "other": self.other,
            "changes": [{"place": change.place, "what": change.what} for change in self.changes],
            "prints": {name: _as_dict(found) for name, found in self.prints.items()},
            "notes": list(self.notes),
        }

    def lines(self) -> list[str]:
        """Lines of text for people."""
        changes = [str(change) for change in self.changes] or ["no change of the recipe"]
        heard = [f"{name}: {line}" for name, found in self.prints.items() for line in _lines(found, self.places[name])]
        return [*(changes if not any("recipe" in note for note in self.notes) else []), *heard]


def compare(studio: Studio, one: AudiblePrint, other: AudiblePrint) -> MixComparison:
    """Compare the recipe of *other* with that of *one*, and every print that both have."""
    vault = Vault(studio.config.vault)
    notes = [note for note in (one.note, other.note) if note]
    changes: list[RecipeChange] = []
    recipes: list[MixRecipe] = []
    if isinstance(one.revision.made, FromRecipe) and isinstance(other.revision.made, FromRecipe):
        recipes = [parse_mix(one.revision.made.text), parse_mix(other.revision.made.text)]
        changes = differences(*recipes)
        changes += changed(one.revision.made, other.revision.made)
    else:
        outside = [mix for mix in (one, other) if isinstance(mix.revision.made, FromOutside)]
        notes.append(f"no recipe to compare: {' and '.join(mix.address for mix in outside)} made outside")
    prints: dict[str, Difference] = {}
    for name in dict.fromkeys([*one.prints, *other.prints]):
        try:
            if name in one.prints and name in other.prints:
                prints[name] = difference(*(source_of(vault, mix.prints[name].sound) for mix in (one, other)))
            else:
                notes.append(f"{name}: a print of {(one if name in one.prints else other).address} alone")
        except Unsound as error:
            notes.append(f"{name}: {error.reason}")
    places = _places_heard(changes, recipes, prints)
    return MixComparison(one.address, other.address, changes, prints, places, notes)


def _places_heard(
    changes: Sequence[RecipeChange], recipes: Sequence[MixRecipe], prints: Iterable[str]
) -> dict[str, list[str]]:
    """The places of *changes* that each of *prints* hears in one of *recipes*; what is no channel concerns them all."""
    places = list(dict.fromkeys(change.place for change in changes))
    heard = [channels_of_prints(recipe) for recipe in recipes]
    channels = {place for recipe in recipes for place in _channels(recipe)}
    return {
        name: [
            place
            for place in places
            if (place not in channels or any(place in own.get(name, ()) for own in heard))
            and (not place.startswith("version ") or place == f"version {name}")
        ]
        for name in prints
    }


def _channels(recipe: MixRecipe) -> list[str]:
    """Names of all channels of *recipe*, as changes call them."""
    groups, buses = (f"group {name}" for name in recipe.groups), (f"bus {name}" for name in recipe.buses)
    return [*recipe.strips, *groups, *buses, "master"]


def _as_dict(found: Difference) -> dict[str, object]:
    def stretch(one: DifferingRange) -> dict[str, object]:
        return {
            "from_s": one.start / found.rate,
            "to_s": one.end / found.rate,
            "rms_dbfs": one.rms_dbfs,
            "peak_dbfs": one.peak_dbfs,
        }

    return {"equal": found.equal, **stretch(found.whole), "stretches": [stretch(one) for one in found.stretches]}


def _lines(found: Difference, places: Sequence[str]) -> list[str]:
    if found.equal:
        return ["equal to the bit"]
    lines = []
    if found.frames[0] != found.frames[1]:
        lines.append(f"{clock(found.frames[0], found.rate)} long, then {clock(found.frames[1], found.rate)}")
    because = f", {', '.join(places)}" if 0 < len(places) <= MOST_PLACES else ""
    spans = [f"{clock(one.start, found.rate)}-{clock(one.end, found.rate)}" for one in found.stretches]
    if not spans:
        peak = found.whole.peak_dbfs
        return [*lines, "nothing that 24 bits can hold differs" + (f" ({peak:.0f} dBFS peak)" if peak else "")]
    if spans == [f"0:00-{clock(found.whole.end, found.rate)}"]:
        return [*lines, f"all of it differs, {_levels(found.whole)}{because}"]
    if len(spans) == 1:
        return [*lines, f"only {spans[0]} differ, {_levels(found.stretches[0])}{because}"]
    lines.append(f"{len(spans)} stretches differ, {_levels(found.whole)} over the whole{because}")
    return lines + [f"  {span} {_levels(one)}" for span, one in zip(spans, found.stretches, strict=True)]


def _levels(one: DifferingRange) -> str:
    rms = f"{one.rms_dbfs:.1f}" if one.rms_dbfs is not None else "-"
    peak = f"{one.peak_dbfs:.1f}" if one.peak_dbfs is not None else "-"
    return f"{rms} dB RMS, {peak} dB peak"
