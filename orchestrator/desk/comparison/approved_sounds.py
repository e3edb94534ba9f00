"""Sounds as they were approved, also if decisions made since give others: the audio of an approval's own output.

Tests: ``tests/orchestrator/cli/commands/daily/test_review_comparison.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.core.ids import number_of_revision, slug_of
from domain.masters.masters import Masters
from domain.mixes.mixes import FromOutside, Mixes
from domain.render.jobs import Sound, manifest
from domain.status.record_state import RecordState
from domain.status.verdicts import VerdictGiven


@dataclass(frozen=True, slots=True)
class ApprovedMaster:
    """The master of a record that was approved last, as it was heard then."""

    address: str
    output: str
    sounds: Mapping[tuple[str, str], Sound]
    """Sound by target and song id."""

    def sound(self, target: str, song: str) -> Sound | None:
        """The sound of *song* for *target*, else for the first target that has it; None without one."""
        others = (sound for (_, own), sound in self.sounds.items() if own == song)
        return self.sounds.get((target, song)) or next(others, None)


def approved_print(state: RecordState, song: str) -> tuple[VerdictGiven, Sound] | None:
    """The approval of *song* in force that was given last, and the main print that it signed; None without one."""
    given = next(state.verdicts.choices(f"{song}@mix"), None)
    if given is None:
        return None
    made = state.mixes.get(song, Mixes()).revision(song, number_of_revision(given.revision)).made
    own = f"{song}@{given.revision}"
    rendered = [report.outputs for report in state.subjects.get(own, ()) if report.kind == "mix"]
    for prints in [*rendered, *([made.prints] if isinstance(made, FromOutside) else [])]:
        main = next((one.sound for one in prints if one.name == "main"), None)
        if main and manifest((one.name, one.sound.pcm) for one in prints) == given.output:
            return given, main
    return None


def approved_master(state: RecordState, record: str) -> ApprovedMaster | None:
    """The master of *record* whose approval in force was given last; None without one."""
    given = next(state.verdicts.choices(f"{record}@master"), None)
    if given is None:
        return None
    own = f"{record}@{given.revision}"
    master = state.masters.get(record, Masters()).master(record, number_of_revision(given.revision))
    sounds = {(one.target, one.song): one.sound for one in master.outside.files} if master.outside else {}
    for target in master.targets if not master.outside else ():
        for song in (bound.song for bound in master.songs):
            for report in state.subjects.get(f"{own} {target} {slug_of(song)}", ()):
                if report.outputs and report.outputs[0].sound.pcm in given.files:
                    sounds[target, song] = report.outputs[0].sound
    return ApprovedMaster(own, given.output, sounds)
