"""Versions of a mix without a render: its stems, rendered or submitted, are summed.

Tests: ``tests/orchestrator/cli/commands/sound/test_mix_version.py``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.core.address import Address
from domain.core.event import Event
from domain.core.ids import record_of
from domain.core.refusal import NotFound, Refused, suggest
from domain.label.catalog import Song
from domain.label.people import Role
from domain.mixes import versions
from domain.mixes.mixes import FromRecipe, Mixes, MixRevised
from domain.mixes.versions import (
    CLEAN,
    STEM,
    VERSIONS,
    StemKind,
    SummedName,
    SummedStem,
    VersionSummed,
    bare_name,
    null_line,
)
from domain.recipe import MixRecipe, parse_mix, part_of
from domain.render.jobs import Named
from domain.status.record_fold import fold
from domain.status.record_state import own_prints
from flows.jobs.rendering import published, source
from flows.vault.vault import Vault
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.listening.audio_files import pending
from orchestrator.desk.record_state.record_state import production_query, read_record
from orchestrator.studio import History, Studio

MAIN = "main"


@dataclass(frozen=True, slots=True)
class VersionResult:
    """A version that was summed, or was there already with the same stems and sound."""

    version: VersionSummed
    left_out: Sequence[str]
    """Names of the stems that are not in it."""
    remarks: Sequence[str]
    changed: bool
    """True if it was recorded now."""

    def row(self) -> Row:
        """For ``--json``: the null in dBFS, null for none."""
        one = self.version
        return {
            "address": one.address,
            "version": one.version,
            "stems": [stem.name for stem in one.stems],
            "left_out": list(self.left_out),
            "null_dbfs": None if one.null_cb is None else one.null_cb / 10,
            "pcm": one.sound.pcm,
            "remarks": list(self.remarks),
            "changed": self.changed,
        }

    def lines(self) -> list[str]:
        """The stems that were summed, and how nearly all stems add up to the main print."""
        one = self.version
        left_out = f", without {', '.join(map(bare_name, self.left_out))}" if self.left_out else ""
        stems = " + ".join(bare_name(stem.name) for stem in one.stems)
        return [f"{one.version}: {stems}{left_out}", null_line(one), *self.remarks]


def make_version(studio: Studio, mix: Address, name: SummedName, *, why: str | None) -> VersionResult:
    """Sum the version *name* of the mix at a full address from its current stems, and record it.

    Raises:
        NotFound: ``mix.unknown``.  ``version.stems``; the mix has no stems.
        Refused: ``audio.pending``; the mix is not rendered, or no longer holds.  ``version.printed``; it has a print of
            this name.  ``version.match``, ``version.vocals``, ``version.mixed``, ``version.empty``, ``version.clean``.
        Unsound, VaultFault: a stem cannot be read, or the sum cannot be stored.
    """
    from dsp.mix.stem_sum import null_dbfs, sum_stems

    song, number = "/".join(mix.path), mix.revision[1] if mix.revision else 0
    state, vault = read_record(studio, record_of(song)).state, Vault(studio.config.vault)
    revision, prints = state.mixes.get(song, Mixes()).revision(song, number), own_prints(state, song, number)
    if not prints:
        raise pending(state, mix)
    main, stems = _stems(revision, prints, name)
    kinds = stem_kinds(revision, state.catalog.song(song), list(stems))
    chosen = versions.stems_of(name, kinds, song=song, number=number)
    versions.refuse_unlike(main, list(stems.values()))
    with vault.scratch() as room:
        printed = sum_stems([source(vault, stems[stem].sound) for stem in chosen], room / f"{name}.wav", name)
        sound = published(vault, printed).sound
    whole = [source(vault, stems[stem].sound) for stem in stems if "clean" not in kinds[stem]]
    level = null_dbfs(whole, source(vault, main.sound))
    new = VersionSummed(
        song=song, number=number, version=name, sound=sound, null_cb=None if level is None else round(level * 10),
        stems=tuple(SummedStem(name=stem, pcm=stems[stem].sound.pcm) for stem in chosen),
    )  # fmt: skip

    def decision(history: History, _: Role) -> tuple[bool, Sequence[Event]]:
        known = fold(history).mixes[song].summed.get(number, {})
        events = versions.sum_version(known, new)
        return bool(events), events

    changed = studio.decide(production_query(record_of(song)), decision, deed="mix", why=why)
    left_out = [stem for stem in stems if stem not in chosen]
    return VersionResult(new, left_out, _remarks(name, kinds, chosen), changed)


def _stems(revision: MixRevised, prints: Sequence[Named], name: SummedName) -> tuple[Named, dict[str, Named]]:
    """The main print of a mix, and its stems by name, sorted."""
    named = {print_.name: print_ for print_ in prints}
    if name in named:
        raise Refused(
            "version.printed",
            f"{revision.address} has a print called {name}, which needs no sum",
            next=suggest("play", revision.address, print=name),
        )
    is_ours = isinstance(revision.made, FromRecipe) or any(one.startswith(STEM) for one in named)
    stems = {
        one: named[one]
        for one in sorted(named)
        if one != MAIN and (one.startswith((STEM, CLEAN)) if is_ours else one not in VERSIONS)
    }
    if not stems:
        ours = isinstance(revision.made, FromRecipe)
        how = 'write prints = ["stems"] in its recipe' if ours else "submit it again with drums=FILE lead-vocal=FILE …"
        after = suggest("mix edit", revision.song) if ours else suggest("mix submit", revision.song, "FILE", by="NAME")
        raise NotFound("version.stems", f"{revision.address} has no stems; {how}", next=after)
    return named[MAIN], stems


def stem_kinds(revision: MixRevised, song: Song, stems: Sequence[str]) -> dict[str, frozenset[StemKind]]:
    """The kinds of the sounds in each of *stems* of a mix.

    They follow from the ``lead_vocals`` and ``backing_vocals`` of a recipe that names any, else from the instruments
    of the song's parts, and from the stems' names.
    """
    recipe = parse_mix(revision.made.text) if isinstance(revision.made, FromRecipe) else None
    tracks = _tracks(recipe) if recipe else {}
    return {
        stem: frozenset(_kind(one, recipe, song) for one in tracks.get(stem, ())) or frozenset({_named(stem, song)})
        for stem in stems
    }


def _tracks(recipe: MixRecipe) -> Mapping[str, frozenset[str]]:
    """The strips in each stem of *recipe*."""
    from dsp.mix.prints import prints_of

    return {one.name: one.cut.tracks for one in prints_of(recipe, recipe.strips) if one.tap == "stem"}


def _kind(track: str, recipe: MixRecipe | None, song: Song) -> StemKind:
    if recipe and (recipe.lead_vocals or recipe.backing_vocals):
        names = {track, part_of(track), *recipe.routing.way(track)}
        if names.intersection(recipe.lead_vocals):
            return "lead"
        return "backing" if names.intersection(recipe.backing_vocals) else "other"
    kind = _named(track, song)
    return "lead" if kind == "clean" else kind


def _named(stem: str, song: Song) -> StemKind:
    """The kind of a stem by the instrument of the part that it is named after, or by its own name."""
    from dsp.draft.roles import role_of

    name = bare_name(stem)
    known = song.parts.get(part_of(name).removeprefix(CLEAN)) or song.parts.get(name.partition("_")[0])
    role = role_of(*((known.instrument, known.name) if known else ()), name)
    if role.family != "vocals":
        return "other"
    if name.startswith(CLEAN) and name not in song.parts:
        return "clean"
    return "backing" if role.name == "backing vocal" else "lead"


def _remarks(name: SummedName, kinds: Mapping[str, frozenset[StemKind]], chosen: Sequence[str]) -> list[str]:
    """Remarks on what the names of stems do not tell."""
    if name == "tv" and not any("backing" in kinds[stem] for stem in chosen):
        return ["no stem is called backing vocals: if they lie in the lead's stem, they are left out with it"]
    left = [bare_name(stem) for stem in chosen if "lead" in kinds[stem]] if name == "clean" else []
    return [f"as it is, for want of a clean one: {', '.join(left)}"] if left else []
