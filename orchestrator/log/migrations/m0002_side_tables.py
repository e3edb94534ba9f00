"""Migration 2, tables beside the log and outside its proof: subscriptions with their outbox, and contact data."""

from typing import Final

from orchestrator.log.migrations.migration import Migration

CONTACTS: Final = """
    CREATE TABLE contacts (
        person TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (person, field)
    )
"""

BESIDE_THE_LOG: Final = Migration(
    2,
    "subscriptions, their outbox, contact data",
    up=(
        "CREATE TABLE subscriptions (name TEXT PRIMARY KEY, position INTEGER NOT NULL)",
        """
        CREATE TABLE outbox (
            subscription TEXT NOT NULL, position INTEGER NOT NULL, number INTEGER NOT NULL, notice TEXT NOT NULL,
            PRIMARY KEY (subscription, position, number)
        )
        """,
        """
        CREATE TABLE parked (
            subscription TEXT NOT NULL, position INTEGER NOT NULL, reason TEXT NOT NULL,
            PRIMARY KEY (subscription, position)
        )
        """,
        CONTACTS,
    ),
    down=("DROP TABLE contacts", "DROP TABLE parked", "DROP TABLE outbox", "DROP TABLE subscriptions"),
)
