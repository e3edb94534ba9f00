from tests.orchestrator.log.conftest import databases, server

__all__ = ["databases", "server"]
