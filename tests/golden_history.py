"""The golden events as one history, for tests of what is folded from all kinds."""

import json
from datetime import UTC, datetime

from domain.core.event import Event, Recorded
from domain.status.events.event_types import KINDS
from orchestrator.log.codec import microseconds
from tests.paths import GOLDEN

ORDER = ("record-opened", "song-added", "part-added", "take-ingested", "take-judged", "comp-set")
LATER = (
    "song-formed", "song-arranged", "lyrics-attached", "lyrics-timed", "rough-pinned", "take-edited", "pass-marked",
    "basic-set", "midi-played", "comp-submitted", "store-upgraded", "clock-doubted", "engine-paused", "engine-resumed",
    "log-moved", "payment-corrected", "payment-voided", "cost-unbudgeted", "commitment-released",
    "session-moved", "session-cancelled", "note-answered",
    "entry-renamed", "record-edited", "part-edited", "songs-ordered", "take-moved", "roles-revoked",
    "entry-shelved", "entry-removed", "entry-restored", "texts-erased",
    "budget-moved", "overrun-authorised", "deal-agreed", "invoice-received", "invoice-withdrawn", "deal-ended",
    "song-staged", "brief-written", "song-described", "stage-durations-set",
    "splits-proposed", "splits-agreed", "idea-captured", "idea-promoted",
    "rate-card-set", "working-hours-set", "resource-blocked", "resource-unblocked", "terms-agreed",
    "cancellation-charged", "session-held", "session-challenged", "session-released", "players-asked",
    "session-answered", "player-replaced", "session-worked",
    "leave-noted", "leave-ended", "house-rule-set",
    "session-started", "parts-started", "roll-started", "roll-stopped", "slate-marked", "moment-marked",
    "session-goal-set", "part-parked", "part-resumed",
    "sound-sent", "answer-received", "handoff-given",
    "session-wrapped", "session-archived", "run-order-set",
    "recorder-clock-set", "recording-found", "recording-claimed", "entry-dropped", "sound-rated",
    "setup-saved", "setup-approved", "setup-recalled",
    "signoff-opened", "signoff-given",
    "version-summed",
)  # fmt: skip
"""Kinds that came after the first release; placed at the end, so that earlier events keep their positions."""


def golden_history() -> list[Recorded[Event]]:
    """The golden events in their first shapes, in an order in which they may have happened."""
    files = [json.loads(file.read_text("utf-8")) for file in sorted((GOLDEN / "events").glob("*.json"))]
    golden = [one for one in files if one["schema"] == 1]
    golden.sort(key=lambda one: _place(one["kind"]))
    return [
        Recorded(
            position, KINDS[one["kind"]].model_validate(one["data"]), "pat", "pat@desk", None, b"",
            position.to_bytes(16, "big"), None, microseconds(datetime(2026, 12, 7, 10, position % 60, tzinfo=UTC)),
        )
        for position, one in enumerate(golden, start=1)
    ]  # fmt: skip


def _place(kind: str) -> int:
    if kind in LATER:
        return len(ORDER) + 1 + LATER.index(kind)
    return ORDER.index(kind) if kind in ORDER else len(ORDER)
