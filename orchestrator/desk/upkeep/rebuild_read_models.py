"""Rebuild of the read models, which are replaced in one step and compared with their former rows."""

from collections.abc import Iterator

from orchestrator.desk.addressing.rows import Row
from orchestrator.readmodels.models import MODELS
from orchestrator.readmodels.storage.model_check import ModelContent
from orchestrator.studio import Studio


def rebuild_models(studio: Studio) -> Iterator[Row]:
    """Rebuild every read model; yield its position, its row count, and how it differs from before.

    Also corrects the table ``meta`` from the events.
    """
    studio.log.bring_up()
    before = studio.models.contents(*MODELS)
    studio.models.rebuild(*MODELS)
    for model, old, new in zip(MODELS, before, studio.models.contents(*MODELS), strict=True):
        yield {
            "model": model.name,
            "version": model.version,
            "position": new.position if new else None,
            "rows": new.rows.rows if new and new.rows else 0,
            "before": _compared(old, new),
        }


def _compared(old: ModelContent | None, new: ModelContent | None) -> str:
    if old is None:
        return "was never made"
    if old.rows is None:
        return "was lost"
    if old == new:
        return "the same"
    if new is not None and (old.log, old.position, old.hash) != (new.log, new.position, new.hash):
        return f"stood at {old.position}"
    return f"stood at {old.position}, and differed"
