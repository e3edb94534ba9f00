"""The log as it was first laid: events, their index, the head, checkpoints, views."""

from typing import Final

from orchestrator.log.migrations.migration import Migration

THE_LOG: Final = Migration(1, "the log")
"""Its tables are made whole with the store, by ``lay`` of each database."""
