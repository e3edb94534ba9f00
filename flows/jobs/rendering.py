"""Running a job: returns an earlier report from the vault, else renders and publishes the report."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from domain.recipe import external_noted
from domain.render.jobs import EPOCHS, Kind, Named, Report, Sound, key
from dsp.audio import Printed, Source
from flows.jobs.engine_facts import engine
from flows.vault.vault import Vault
from flows.vault.vault_faults import VaultFault


class Unequal(Exception):
    """Error: two renders of one job differ in sound, so the engine is not reproducible, or the vault was changed."""


@dataclass(frozen=True, slots=True)
class JobId:
    """Identity of a job."""

    kind: Kind
    plan: str
    again: int
    subject: str

    @property
    def key(self) -> str:
        """The job key: plan and engine epoch."""
        return key(self.kind, self.plan, again=self.again)


@dataclass(frozen=True, slots=True)
class Rendering:
    """Result of a render: files in scratch, measures (decimals as text, None for silence) and notes."""

    printed: Sequence[Printed] = ()
    measures: Mapping[str, str | None] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def existing_report(vault: Vault, key: str) -> Report | None:
    """The report of the job *key* if it exists and all its audio is in the vault; else None.

    Raises:
        VaultFault: the vault cannot be read, or the report in it is damaged.
    """
    data = vault.report(key)
    report = _read(key, data) if data is not None else None
    return (
        report if report and all(vault.has(output.sound.blob, output.sound.size) for output in report.outputs) else None
    )


def answer(vault: Vault, ask: JobId, render: Callable[[Path], Rendering]) -> Report:
    """The report of a job: an earlier one, else that of *render*, which is called with an empty folder.

    Raises:
        Unequal: a report of different sound is published under the key.
        VaultFault: the vault cannot take the result.
    """
    found = existing_report(vault, ask.key)
    if found:
        return found
    begun = time.monotonic()
    with vault.scratch() as room:
        work = render(room)
        outputs = tuple(published(vault, printed) for printed in work.printed)
    report = Report(
        kind=ask.kind,
        key=ask.key,
        plan=ask.plan,
        epoch=EPOCHS[ask.kind],
        again=ask.again,
        subject=ask.subject,
        outputs=outputs,
        measures=work.measures,
        notes=work.notes,
        seconds=f"{time.monotonic() - begun:.3f}",
        engine=engine(),
    )
    return _the_standing_one(vault, report)


def source(vault: Vault, sound: Sound) -> Source:
    """The file of *sound* on this machine; its bytes are hashed again at their first use in a run.

    Raises:
        VaultMissing: the sound is not in the vault.
        VaultCorrupt: its bytes do not have the recorded hash.
    """
    return Source(vault.checked(sound.blob), sound.first_channel, sound.channels)


def sources(vault: Vault, tracks: Sequence[Named]) -> dict[str, Source]:
    """Sources by track name.  Raises: as :func:`source`."""
    return {track.name: source(vault, track.sound) for track in tracks}


def published(vault: Vault, printed: Printed) -> Named:
    """Move a finished file into the vault under its hash, and keep its peaks.  Raises: VaultFault."""
    from dsp.meter.peaks import measure_peaks
    from flows.vault.peaks import keep_peaks

    keep_peaks(vault, printed.pcm, measure_peaks(Source(printed.path)))
    blob = vault.publish(printed.path)
    sound = Sound(
        blob=blob.hash,
        size=blob.size,
        pcm=printed.pcm,
        rate=printed.rate,
        frames=printed.frames,
        channels=printed.channels,
    )
    return Named(name=printed.name, sound=sound)


def _the_standing_one(vault: Vault, report: Report) -> Report:
    first = _read(report.key, vault.publish_report(report.key, report.model_dump_json().encode()))
    if external_noted(report.notes):
        return _kept(vault, first)
    if _sound_of(first) != _sound_of(report):
        raise Unequal(f"{report.subject} renders to other sound than the report that stands under {report.key[:12]}")
    return first


def _kept(vault: Vault, first: Report) -> Report:
    """The published report of an unrepeatable render, through plug-ins.  Raises: Unequal; its audio is lost."""
    if not all(vault.has(output.sound.blob, output.sound.size) for output in first.outputs):
        raise Unequal(
            f"{first.subject} went through plug-ins, its output is lost, and no second render is the same: "
            f"takesheet render --again {first.subject} gives another to hear"
        )
    return first


def _sound_of(report: Report) -> tuple[object, ...]:
    pcm = tuple((output.name, output.sound.pcm, output.sound.blob) for output in report.outputs)
    return pcm, dict(report.measures)


def _read(key: str, data: bytes) -> Report:
    try:
        return Report.model_validate_json(data)
    except ValidationError as error:
        reason = f"report {key} in the vault is damaged ({error.error_count()} errors); remove it and render again"
        raise VaultFault(reason) from error
