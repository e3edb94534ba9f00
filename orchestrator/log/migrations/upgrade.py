"""The event that records a change of ``meta``, appended within the transaction of the change."""

import time
from typing import Final

from domain.store.upgrade import StoreUpgraded
from orchestrator.log.append import Appender
from orchestrator.log.append_condition import Draft
from orchestrator.log.codec import Codec
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.database import Database
from orchestrator.log.database.meta import UPGRADED, Meta
from orchestrator.origin import user_at_host

ACTOR: Final = "robot"
"""No person decides an upgrade: the first writer of a newer release makes it."""


def record_upgrade(database: Database, connection: Connection, meta: Meta) -> None:
    """Append ``store-upgraded`` within the open transaction."""
    now_us = time.time_ns() // 1000
    codec = Codec({UPGRADED: StoreUpgraded}, database.place)
    event = StoreUpgraded(version=meta.version, min_writer=meta.min_writer)
    batch = [codec.encode(Draft(event, ACTOR, user_at_host()), now_us=now_us)]
    Appender(database, codec).append(connection, batch, None, now_us=now_us)
