"""Errors of Prefect's server."""


class ServerFault(Exception):
    """Prefect's server does not start or does not answer; *reason* is one sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
