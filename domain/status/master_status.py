"""Status of a master, and its files as they follow from the current outputs of its mixes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from domain.masters.masters import MasterPlanned, Masters, OutsideMaster, OutsideMasterFile, SongBinding
from domain.recipe import Target, parse_master
from domain.render.jobs import Named, Report, Sound, album_gain_plan, curve_of, manifest, song_master_plan
from domain.status.chosen_mixes import in_words, other_choices
from domain.status.record_state import RecordState, mix_prints, mix_status
from domain.status.verdicts import Status, derive_status


@dataclass(frozen=True, slots=True)
class MasterFile:
    """One song of a master for one target, with its plan if that can be computed, and its report if it is rendered."""

    target: str
    number: int
    song: str
    mix: Sound
    gain_db: str | None
    plan: str | None
    report: Report | None
    curve: Mapping[str, str] = field(default_factory=dict)
    """Curve that matches the master's reference, dB by Hz."""
    brought: OutsideMasterFile | None = None
    """The file, for a master made outside."""

    @property
    def sound(self) -> Sound | None:
        """Audio of the file; None while it is not rendered."""
        if self.brought:
            return self.brought.sound
        return self.report.outputs[0].sound if self.report else None

    @property
    def measures(self) -> Mapping[str, str | None]:
        """Measures of the file; empty while it is not rendered."""
        return self.brought.measures if self.brought else self.report.measures if self.report else {}


def gain_plan(master: MasterPlanned, target: str, mixes: tuple[Named, ...]) -> str:
    """The plan of a target's album gain, which includes the matching to the master's reference if it has one."""
    return album_gain_plan(master.recipe, target, mixes, master.reference)


def master_plan(
    master: MasterPlanned, target: str, mix: Sound, gain_db: str, curve: Mapping[str, str] | None = None
) -> str:
    """The plan of one song for one target; an empty curve is not part of it."""
    return song_master_plan(master.recipe, target, mix, gain_db, curve or {})


def measured_first(master: MasterPlanned, target: Target) -> bool:
    """True if a gain job must run before the songs: for a loudness target or a reference."""
    return target.integrated_lufs is not None or master.reference is not None


def main_mixes(state: RecordState, songs: Iterable[SongBinding]) -> tuple[Named, ...]:
    """The current main print of each bound song, in order; songs without a rendered mix are left out."""
    found = []
    for bound in songs:
        prints = {print_.name: print_.sound for print_ in mix_prints(state, bound.song, bound.revision)}
        if "main" in prints:
            found.append(Named(name=bound.song, sound=prints["main"]))
    return tuple(found)


def master_files(state: RecordState, master: MasterPlanned) -> Iterator[MasterFile]:
    """Every file of *master*; none while a song has no rendered mix, or if the outside maker was given other mixes."""
    mixes = main_mixes(state, master.songs)
    if len(mixes) < len(master.songs):
        return
    if master.outside:
        yield from _brought(state, master, master.outside, mixes)
        return
    for name, target in parse_master(master.recipe).targets.items():
        first = measured_first(master, target)
        found = state.report(gain_plan(master, name, mixes)) if first else None
        gain, curve = (found.measures.get("gain_db") if found else None) if first else "0", curve_of(found)
        for number, mix in enumerate(mixes, start=1):
            plan_ = master_plan(master, name, mix.sound, gain, curve) if gain is not None else None
            yield MasterFile(name, number, mix.name, mix.sound, gain, plan_, state.report(plan_), curve)


def _brought(
    state: RecordState, master: MasterPlanned, made: OutsideMaster, mixes: tuple[Named, ...]
) -> Iterator[MasterFile]:
    if given_mixes(state, master.songs) != made.given:
        return
    sounds = {mix.name: (number, mix.sound) for number, mix in enumerate(mixes, start=1)}
    for file in made.files:
        number, mix = sounds[file.song]
        yield MasterFile(file.target, number, file.song, mix, None, None, None, brought=file)


def given_mixes(state: RecordState, songs: Iterable[SongBinding]) -> dict[str, str]:
    """Current mix output by song, as a mastering engineer is given it; songs without a rendered mix are left out."""
    found = ((bound.song, mix_status(state, bound.song, bound.revision).output) for bound in songs)
    return {song: output for song, output in found if output}


def master_status(state: RecordState, record: str, number: int) -> Status:
    """Status of master *number* of *record* today.  Raises: NotFound ``master.unknown``."""
    master = state.masters.get(record, Masters()).master(record, number)
    blocked = ""
    for bound in master.songs:
        mix = mix_status(state, bound.song, bound.revision)
        if mix.state != "approved":
            blocked = f"{mix.address} is {mix}"
            break
    files = list(master_files(state, master))
    complete = bool(files) and all(file.sound for file in files)
    lines = [(_line(file.target, file.number, file.song), file.sound.pcm) for file in files if file.sound]
    if master.outside and not files:
        blocked = blocked or f"the mixes have changed since {master.outside.maker} got them"
    status = derive_status(
        state.verdicts,
        address=f"{record}@master{number}",
        subject=f"{record}@master",
        output=manifest(lines) if complete else None,
        files=[pcm for _, pcm in lines] if complete else [],
        had=frozenset({_output_of(master, master.outside)}) if master.outside else frozenset(),
        blocked=blocked,
    )
    return replace(status, remark=in_words(other_choices(state, master)))


def _output_of(master: MasterPlanned, made: OutsideMaster) -> str:
    """Manifest hash of a master made outside, over its own files."""
    numbers = {bound.song: number for number, bound in enumerate(master.songs, start=1)}
    return manifest((_line(one.target, numbers[one.song], one.song), one.sound.pcm) for one in made.files)


def _line(target: str, number: int, song: str) -> str:
    return f"{target} {number:02d} {song}"
