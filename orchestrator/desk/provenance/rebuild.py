"""Rebuild: a mix or master is rendered again from its takes, and every output compared bit for bit.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.core.address import Address
from domain.core.ids import slug_of
from domain.core.refusal import Refused, suggest
from domain.masters.masters import MasterPlanned, Masters
from domain.mixes.mixes import FromRecipe, Mixes
from domain.recipe import external_noted, parse_master
from domain.render.jobs import EPOCHS, EditJob, GainJob, MasterJob, MixJob, Named, Report, curve_of
from domain.status.master_status import MasterFile, gain_plan, main_mixes, master_files, master_status, measured_first
from domain.status.record_state import RecordState, mix_inputs, own_prints, parts_of, summed_versions
from flows.vault.vault import Vault
from flows.vault.vault_faults import VaultMissing
from orchestrator.desk.curtain import shown_status
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.studio import Studio


@dataclass(frozen=True, slots=True)
class RebuildResult:
    """The comparison of an output that was rendered again with the recorded one."""

    kind: str
    subject: str
    equal: bool
    how: str
    """Result in words, such as ``rebuilt, equal to the bit`` or ``made outside, bytes kept``, or the difference."""


class Rebuilder:
    """Renders again into an empty vault that reads its sources from the store's vault."""

    def __init__(self, studio: Studio, address: Address) -> None:
        self.studio, self.address = studio, address
        self.state: RecordState = read_record(studio, address.path[0]).state
        self.vault = Vault(studio.config.vault)
        self.fresh: Vault
        self._made: dict[str, Report] = {}

    def run(self) -> Iterator[RebuildResult]:
        """Render everything again from the takes, and yield the comparisons.

        Raises:
            Refused: ``rebuild.pending``; the mix or master is not rendered, or was made outside from what has changed.
        """
        with tempfile.TemporaryDirectory(prefix="takesheet-rebuild-", dir=self.studio.config.folder) as folder:
            self.fresh = Overlay(folder, self.vault)
            kind, number = self.address.revision or ("", 0)
            if kind == "mix":
                yield from self._mix("/".join(self.address.path), number)
            else:
                yield from self._master(number)

    def _master(self, number: int) -> Iterator[RebuildResult]:
        record = self.address.path[0]
        master = self.state.masters.get(record, Masters()).master(record, number)
        files = list(master_files(self.state, master))
        if master.outside and not files:
            there = shown_status(self.studio, master_status(self.state, record, number))
            raise Refused("rebuild.pending", f"{self.address} is {there}", next=suggest("why", str(self.address)))
        if not files or not all(file.sound for file in files):
            raise Refused(
                "rebuild.pending", f"{self.address} is not rendered", next=suggest("render", str(self.address))
            )
        for bound in master.songs:
            yield from self._mix(bound.song, bound.revision)
        if master.outside:
            for one in master.outside.files:
                file = Named(name=slug_of(one.song), sound=one.sound)
                yield from self._kept("master", f"{self.address} {one.target}", (file,))
        else:
            yield from self._gains(master)
            yield from self._finished(master, files)

    def _gains(self, master: MasterPlanned) -> Iterator[RebuildResult]:
        """Find the album gain of each target again, and compare it with the recorded gain."""
        from flows.jobs.master import gain

        mixes = main_mixes(self.state, master.songs)
        for name, target in parse_master(master.recipe).targets.items():
            plan = gain_plan(master, name, mixes)
            old = self.state.report(plan)
            if measured_first(master, target) and old:
                job = GainJob(
                    record=master.record,
                    master=master.number,
                    target=name,
                    plan=plan,
                    again=old.again,
                    recipe=master.recipe,
                    mixes=mixes,
                    reference=master.reference,
                )
                yield self._compared(old, gain(job, self.fresh))

    def _finished(self, master: MasterPlanned, files: Iterable[MasterFile]) -> Iterator[RebuildResult]:
        """Render each file of the master again, and compare it with the recorded file."""
        from flows.jobs.master import master as finish

        for file in files:
            if file.report and file.plan and file.gain_db is not None:
                again = MasterJob(
                    record=master.record, song=file.song, master=master.number, target=file.target, plan=file.plan,
                    again=file.report.again, recipe=master.recipe, mix=file.mix, gain_db=file.gain_db,
                    curve=file.curve,
                )  # fmt: skip
                yield self._compared(file.report, finish(again, self.fresh))

    def _mix(self, song: str, number: int) -> Iterator[RebuildResult]:
        revision = self.state.mixes.get(song, Mixes()).revision(song, number)
        address = f"{song}@mix{number}"
        if not isinstance(revision.made, FromRecipe):
            yield from self._kept("mix", address, own_prints(self.state, song, number))
            yield from self._versions(song, number)
            return
        from flows.jobs.mix import mix

        inputs = mix_inputs(self.state, song, revision)
        prints = own_prints(self.state, song, number)
        if not prints or inputs.waiting:
            raise Refused("rebuild.pending", f"{address} is not rendered", next=suggest("render", address))
        edits: dict[str, Report] = {}
        keys: dict[str, str] = {}
        brought: dict[str, tuple[Named, ...]] = {}
        for part in parts_of(self.state, revision):
            sound = self.state.sound(f"{song}/{part}")
            if sound and sound.submitted:
                yield from self._kept("edit", f"{song}/{part}", sound.tracks)
                brought[part] = sound.tracks
                continue
            if sound and sound.arranged:
                yield from self._kept("edit", f"{song}/{part}", sound.arranged.submitted.tracks)
            else:
                yield from self._played(f"{song}/{part}")
            found = self._edit(f"{song}/{part}")
            if found:
                old, new = found
                yield self._compared(old, new)
                keys[part] = new.key
                edits[new.key] = new
        old_mix = self._report_of(prints)
        if made_by := external_noted(old_mix.notes):
            yield self._external(old_mix, made_by)
            yield from self._versions(song, number)
            return
        job = MixJob(
            song=song,
            revision=number,
            again=old_mix.again,
            recipe=revision.made.text,
            inputs=brought,
            edits=keys,
            impulses=revision.made.impulses,
        )
        yield self._compared(old_mix, mix(job, edits, self.fresh))
        yield from self._versions(song, number)

    def _versions(self, song: str, number: int) -> Iterator[RebuildResult]:
        """Sum each version of a mix again from its recorded stems, and compare it bit for bit."""
        from dsp.mix.stem_sum import sum_stems
        from flows.jobs.rendering import source

        prints = {print_.name: print_.sound for print_ in own_prints(self.state, song, number)}
        for one in summed_versions(self.state, song, number):
            with self.fresh.scratch() as room:
                stems = [source(self.fresh, prints[stem.name]) for stem in one.stems]
                again = sum_stems(stems, room / f"{one.version}.wav", one.version)
            equal = again.pcm == one.sound.pcm and self._intact(Named(name=one.version, sound=one.sound))
            how = "summed again, equal to the bit" if equal else "its bytes changed, or its stems sum to other bits"
            yield RebuildResult("version", f"{one.address} {one.version}", equal, how)

    def _kept(self, kind: str, address: str, files: tuple[Named, ...]) -> Iterator[RebuildResult]:
        """Check the hashes of files made outside."""
        for file in files:
            intact = self._intact(file)
            how = "made outside, bytes kept" if intact else "made outside, and its bytes changed"
            yield RebuildResult(kind, f"{address} {file.name}", intact, how)

    def _external(self, old: Report, made_by: tuple[str, ...]) -> RebuildResult:
        """Check the hashes of a mix with external plug-ins, which cannot be rendered again."""
        changed = [output.name for output in old.outputs if not self._intact(output)]
        how = f"not rebuilt: external ({'; '.join(note.partition(': ')[2] for note in made_by)})"
        state = f"its bytes changed or are gone: {', '.join(changed)}" if changed else "bytes kept"
        return RebuildResult(old.kind, old.subject, not changed, f"{how}, {state}")

    def _intact(self, output: Named) -> bool:
        try:
            return self.vault.rehash(output.sound.blob) == output.sound.blob
        except VaultMissing:
            return False

    def _played(self, part: str) -> Iterator[RebuildResult]:
        """Play the part's MIDI takes again from their files, and compare their sounds."""
        from dsp.audio import Unsound
        from flows.jobs.midi import perform

        takes = self.state.takes_of(part)
        for number in self.state.comp(part).used:
            played = takes.take(part, number).played
            if played is None:
                continue
            try:
                equal = perform(self.fresh, played.file, played.recipe, played.sound.rate).pcm == played.sound.pcm
                how = "played again, equal to the bit" if equal else "differs under the same version of its instrument"
            except Unsound as other:
                equal, how = False, other.reason
            yield RebuildResult("midi", played.take, equal, how)

    def _edit(self, part: str) -> tuple[Report, Report] | None:
        found = self.state.rendered_edit(part)
        old = self.state.report(found.plan) if found else None
        if not (found and old):
            return None
        from flows.jobs.edit import edit

        job = EditJob(
            part=part, plan=found.plan, again=old.again, recipe=found.recipe.model_dump_json(), takes=found.sources
        )
        return old, edit(job, self.fresh)

    def _compared(self, old: Report, new: Report) -> RebuildResult:
        return compared(old, new, self.vault, self.fresh)

    def _report_of(self, prints: tuple[Named, ...]) -> Report:
        for reports in self.state.reports.values():
            for report in reports:
                if report.kind == "mix" and report.outputs == prints:
                    return report
        raise Refused("rebuild.pending", f"{self.address} is not rendered", next=suggest("render", str(self.address)))


class Overlay(Vault):
    """A vault, empty at first, that reads missing blobs from another vault, which is never written to."""

    def __init__(self, folder: str, under: Vault) -> None:
        super().__init__(folder)
        self._under = under

    def path(self, hash: str) -> Path:  # noqa: A002 - the word of the vault
        """Path of a blob in this vault, else in the other one."""
        return super().path(hash) if self.has(hash) else self._under.path(hash)

    def checked(self, hash: str) -> Path:  # noqa: A002 - the word of the vault
        """Path of a blob in this vault, else in the other, after checking its bytes against its hash."""
        return super().checked(hash) if self.has(hash) else self._under.checked(hash)


def compared(old: Report, new: Report, vault: Vault, fresh: Vault) -> RebuildResult:
    """Compare the report *new* of a second render, in the vault *fresh*, with the recorded report *old*, in *vault*."""
    gains = old.measures.get("gain_db"), new.measures.get("gain_db")
    if _sounds(old) == _sounds(new) and gains[0] == gains[1] and curve_of(old) == curve_of(new):
        return RebuildResult(old.kind, old.subject, True, "rebuilt, equal to the bit")
    left = (
        "; ".join(_left(old, new, vault, fresh))
        or f"gain {gains[1]} dB and match {curve_of(new)}, not {gains[0]} dB and {curve_of(old)}"
    )
    epoch = EPOCHS[old.kind]
    if old.epoch != epoch:
        how = f"made by takesheet {old.engine.takesheet} (epoch {old.epoch}), this is epoch {epoch}: {left}"
    else:
        how = f"differs under the same engine epoch: {left}"
    return RebuildResult(old.kind, old.subject, False, how)


def _sounds(report: Report) -> list[tuple[str, str, str]]:
    return [(output.name, output.sound.pcm, output.sound.blob) for output in report.outputs]


def _left(old: Report, new: Report, vault: Vault, fresh: Vault) -> Iterator[str]:
    """Yield a sentence for each output that differs, with its null test, or that is missing."""
    from dsp.audio import Source
    from dsp.meter.null import residual_dbfs

    made = {output.name: output.sound for output in new.outputs}
    for output in old.outputs:
        if output.name not in made:
            yield f"{output.name} is missing"
        elif output.sound.pcm != made[output.name].pcm:
            rest = residual_dbfs(Source(vault.path(output.sound.blob)), Source(fresh.path(made[output.name].blob)))
            yield f"{output.name} nulls to {f'{rest:.1f} dBFS' if rest is not None else 'silence, with another length'}"
