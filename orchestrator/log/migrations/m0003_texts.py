"""Migration 3, texts that can be erased: they lie beside the log, whose events hold commitments to them."""

from typing import Final

from orchestrator.log.database.side_table import TEXTS
from orchestrator.log.migrations.migration import Migration

ERASABLE_TEXTS: Final = Migration(
    3,
    "texts that can be erased",
    up=(TEXTS.statement,),
    down=("DROP TABLE texts",),
    min_writer=2,  # an older program would write notes and reasons into the log, and lose the texts when it moves it
)
