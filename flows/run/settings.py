"""Settings of a run, which come from the machine alone, never from a flow parameter or a job file."""

from flows.jobs.plug_ins import AllowedPlugIns
from flows.run.progress import RunMonitor
from flows.vault.vault import Vault, vault_at


class RunSettings:
    """The vault, the render threads, the allowed plug-ins and the observer of a run.

    A plain class, so that Prefect does not walk through it as it does through dataclasses; its vault's URL may hold a
    secret, so it is never a parameter of a flow.

    Args:
        vault: the vault's folder or URL.
        threads: number of render threads.
        plug_ins: the plug-ins that this machine allows.
        monitor: receives the progress of every job.
    """

    def __init__(
        self,
        vault: str,
        threads: int,
        plug_ins: AllowedPlugIns | None = None,
        monitor: RunMonitor | None = None,
    ) -> None:
        self._vault, self.threads = vault, threads
        self.plug_ins = AllowedPlugIns() if plug_ins is None else plug_ins
        self.monitor = RunMonitor() if monitor is None else monitor

    @property
    def vault(self) -> Vault:
        """The vault, opened at its first use in this process.  Raises: VaultFault."""
        return vault_at(self._vault)
