"""Verification of the log and of the audio that its events name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, Recorded
from domain.core.ids import lies_under
from flows.vault.vault import Vault
from orchestrator.desk.curtain import refuse_audit
from orchestrator.desk.provenance.blob_dependents import dependents_by_blob
from orchestrator.log.proof.checkpoint_audit import OutsideCheckpoints
from orchestrator.log.proof.problem import Problem
from orchestrator.log.proof.verify import NOBODY, REMEDY, VerifyResult, verify
from orchestrator.log.refusals import StoreDamaged
from orchestrator.readmodels.models import MODELS
from orchestrator.studio import Studio


@dataclass
class VaultCheck:
    """Checks the files that events name, each file once."""

    vault: Vault
    events: Callable[[], list[Recorded[Event]]]
    """Reads all events; called if a file is damaged, to name its dependents."""
    rehash: bool
    below: str = ""
    looked: int = 0
    hashed: int = 0
    known: dict[tuple[str, bool], str] = field(default_factory=dict)
    """The fault of each blob (empty if sound), by hash and by whether its bytes were hashed."""

    def look(self, recorded: Recorded[Event]) -> Iterator[str]:
        """Yield the faults of the files that *recorded* names."""
        for file in recorded.event.blobs():
            how = (file.blob, self.rehash and lies_under(file.address, self.below))
            fault = self.known.get(how)
            if fault is None:
                fault = self.known[how] = self._fault(file, rehash=how[1])
            if fault:
                yield f"{file.address}: {fault}; needed by {', '.join(self._needs[file.blob])}"

    @cached_property
    def _needs(self) -> Mapping[str, tuple[str, ...]]:
        return dependents_by_blob(self.events())

    def _fault(self, file: BlobReference, *, rehash: bool) -> str:
        self.looked += 1
        if not self.vault.has(file.blob):
            return f"blob {file.blob[:12]} is missing"
        if not self.vault.has(file.blob, file.size):
            return f"blob {file.blob[:12]} has {self.vault.size(file.blob)} bytes, not {file.size}"
        if rehash:
            self.hashed += 1
            found = self.vault.rehash(file.blob)
            return "" if found == file.blob else f"blob {file.blob[:12]} is altered: its bytes hash to {found[:12]}"
        return ""


MODELS_HOLD = "a read model that differs from one made anew of the same events"
MODELS_LEFT = "the read models: --views makes each anew and compares"
MODELS_NEWER = "the read models: a newer takesheet, which understands more events of this log, may have moved them"
MODELS_UNREAD = "the read models: the log of which they are made cannot be read"


def verify_store(
    studio: Studio, *, models: bool, audio: bool, below: str = "", witnesses: OutsideCheckpoints = NOBODY
) -> tuple[VerifyResult, VaultCheck]:
    """Verify the log, and that the vault holds each blob with its size.

    Args:
        studio: the store.
        models: also compare every read model with one rebuilt from the log.
        audio: also hash the blobs under *below*.
        below: address; empty for all.
        witnesses: checkpoints kept outside, and their trusted signers.

    Raises:
        Refused: ``curtain.verify``; the log holds, and the caller may not audit it.  Damage is told to anybody.
    """
    shelf = VaultCheck(Vault(studio.config.vault), studio.read_all, rehash=audio, below=below)
    found = verify(studio.log, blobs=shelf.look, witnesses=witnesses)
    if found.sound:
        refuse_audit(studio)
    return (_with_models(studio, found) if models else _without(found, MODELS_LEFT)), shelf


def _with_models(studio: Studio, found: VerifyResult) -> VerifyResult:
    if studio.log.unknown_kinds():
        return _without(found, MODELS_NEWER)
    try:
        differences = studio.models.disagreements(*MODELS)
    except StoreDamaged:  # which is among the problems found
        return _without(found, MODELS_UNREAD)
    problems = (Problem(None, difference, REMEDY) for difference in differences)
    return replace(found, problems=(*found.problems, *problems), looked_for=(*found.looked_for, MODELS_HOLD))


def _without(found: VerifyResult, left_out: str) -> VerifyResult:
    return replace(found, not_checked=(*found.not_checked, left_out))
