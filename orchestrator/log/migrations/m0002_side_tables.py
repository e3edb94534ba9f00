"""Migration 2, tables beside the log and outside its proof: subscriptions with their outbox, and contact data."""

from typing import Final

from orchestrator.log.database.side_table import CONTACTS, OUTBOX
from orchestrator.log.migrations.migration import Migration

BESIDE_THE_LOG: Final = Migration(
    2,
    "subscriptions, their outbox, contact data",
    up=(
        "CREATE TABLE subscriptions (name TEXT PRIMARY KEY, position INTEGER NOT NULL)",
        OUTBOX.statement,
        """
        CREATE TABLE parked (
            subscription TEXT NOT NULL, position INTEGER NOT NULL, reason TEXT NOT NULL,
            PRIMARY KEY (subscription, position)
        )
        """,
        CONTACTS.statement,
    ),
    down=("DROP TABLE contacts", "DROP TABLE parked", "DROP TABLE outbox", "DROP TABLE subscriptions"),
)
