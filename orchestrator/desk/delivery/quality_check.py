"""Quality control: every file of a master is decoded and measured again by independent meters before export.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from domain.core.address import Address
from domain.core.ids import slug_of
from domain.core.refusal import Unfit, suggest
from domain.masters.masters import Masters
from domain.recipe import Target, parse_master
from domain.render.jobs import Sound
from domain.status.master_status import MasterFile, master_files
from flows.vault.vault import Vault
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.listening.audio_files import pending
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.studio import Studio

AT_ONCE = 4
"""Most files judged at once; each takes about 50 MB of memory, whatever its length."""


@dataclass(frozen=True, slots=True)
class FileJudgement:
    """A file of a master, and the differences between its recorded measurements and independent ones."""

    name: str
    row: Row
    disputes: tuple[str, ...]
    """One sentence for each disagreement; empty for a file that may leave."""
    made_here: bool


def judge_master(studio: Studio, address: Address, say: Callable[[str], None]) -> list[FileJudgement]:
    """Check every file of the master at *address*; *say* gets a line first, because a long record takes minutes.

    Raises:
        NotFound: ``master.unknown``.
        Refused: ``audio.pending``; the master is not rendered yet, or was made outside from what has changed.
        VaultFault: a file is missing from the vault, or its bytes do not match its hash.
    """
    record, number = address.path[0], address.revision[1] if address.revision else 0
    state = read_record(studio, record).state
    master = state.masters.get(record, Masters()).master(record, number)
    files = list(master_files(state, master))
    if not files or not all(file.sound for file in files):
        raise pending(state, address)
    vault, alone = Vault(studio.config.vault), len(master.songs) == 1
    targets = {} if master.outside else parse_master(master.recipe).targets
    say(f"decoding {len(files)} file{'s' if len(files) > 1 else ''} of {address}, to compare with other meters")

    def one(file: MasterFile) -> FileJudgement:
        assert file.sound, "only what is rendered is judged"
        return _judged(file, file.sound, targets.get(file.target), vault, alone=alone)

    with ThreadPoolExecutor(max_workers=min(AT_ONCE, os.cpu_count() or 1)) as pool:
        return list(pool.map(one, files))


def _judged(file: MasterFile, sound: Sound, target: Target | None, vault: Vault, *, alone: bool) -> FileJudgement:
    """Check a file; a file made outside has no target, and is compared with the measurements of its submission."""
    from dsp.meter.independent_meter import disagreements, measure_independently

    path = vault.checked(sound.blob)
    readings = measure_independently(path)
    lufs, dbtp = (_number(file.measures.get(name)) for name in ("integrated_lufs", "true_peak_dbtp"))
    ceiling = float(target.ceiling_dbtp) if target else None
    bits, rate = (target.bits, target.rate) if target else (file.brought.bits if file.brought else 0, None)
    found = [*_form(path, sound, bits, rate or sound.rate), *disagreements(readings, lufs, dbtp, ceiling)]
    if alone and target:
        found += _missed(readings.integrated_lufs, target)
    name = f"{file.target}/{file.number:02d}_{slug_of(file.song)}"
    row: Row = {
        "file": name, "integrated_lufs": lufs, "judged_lufs": _rounded(readings.integrated_lufs),
        "true_peak_dbtp": dbtp, "judged_dbtp": _rounded(readings.true_peak_dbtp),
        "ceiling_dbtp": ceiling, "fit": not found,
    }  # fmt: skip
    return FileJudgement(name, row, tuple(found), made_here=file.brought is None)


def _form(path: Path, sound: Sound, bits: int, rate: int) -> Iterator[str]:
    """Yield a sentence for each of rate, bits, frames and channels that differs from the required value."""
    from dsp.files.sound import inspect

    facts = inspect(path)
    orders = [
        ("Hz", facts.rate, rate), ("bits", facts.bits, bits),
        ("frames", facts.frames, sound.frames), ("channels", facts.channels, sound.channels),
    ]  # fmt: skip
    for what, there, ordered in orders:
        if there != ordered:
            yield f"it has {there} {what} and should have {ordered}"


def _missed(lufs: float | None, target: Target) -> Iterator[str]:
    from dsp.meter.independent_meter import AGREEMENT_LU

    wanted = target.integrated_lufs
    if wanted is not None and lufs is not None and abs(lufs - float(wanted)) > AGREEMENT_LU:
        yield f"it was to be {wanted} LUFS and a second meter reads {lufs:.2f} LUFS"


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2) + 0.0


def fit(address: Address, judged: Sequence[FileJudgement]) -> None:
    """Refuse a master with a file whose measurements differ from the record.

    Raises:
        Unfit: ``master.judge``, with the first such file.
    """
    wrong = [one for one in judged if one.disputes]
    if wrong:
        raise Unfit(
            "master.judge",
            f"{len(wrong)} of {len(judged)} files of {address} are not what they are declared to be: "
            f"{wrong[0].name}: {'; '.join(wrong[0].disputes)}",
            next=suggest("render", str(address), again=True, why="TEXT")
            if wrong[0].made_here
            else suggest("master submit", address.path[0], "DIR", by="NAME"),
            data=[{**one.row, "disputes": list(one.disputes)} for one in judged],
        )
