"""Errors of Prefect's server."""

from domain.core.refusal import OperationalError


class ServerFault(OperationalError):
    """Prefect's server does not start or does not answer; *reason* is one sentence."""

    rule = "engine"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
