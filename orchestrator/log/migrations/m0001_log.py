"""Migration 1, the log itself: events, their index, the head, checkpoints, views."""

from typing import Final

from orchestrator.log.migrations.migration import Migration

THE_LOG: Final = Migration(1, "the log")
"""Has no statements: ``lay`` of each database creates these tables with the store."""
