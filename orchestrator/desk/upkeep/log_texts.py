"""Texts beside the log, as far as the caller may see them.

Tests: ``tests/orchestrator/cli/commands/label/test_erasure.py``.
"""

from typing import IO, Final

from domain.core.erasable_text import Opening
from domain.label.curtain import sees
from domain.label.notes import NoteAdded
from orchestrator.desk.curtain import refuse_export
from orchestrator.log.append_condition import Head
from orchestrator.log.proof.export import export
from orchestrator.log.query import Query
from orchestrator.studio import Studio

AT_ONCE: Final = 1000
"""Events looked at together."""


def export_log(studio: Studio, out: IO[bytes], *, texts: bool) -> Head:
    """Write every event as it is stored to *out*; return the head of the log.

    Args:
        studio: the store.
        out: an empty file.
        texts: also write the texts that the caller may see.

    Raises:
        Refused: ``curtain.export``; the caller may not audit the label.
    """
    refuse_export(studio)
    return export(studio.log, out, visible_texts(studio) if texts else {})


def visible_texts(studio: Studio) -> dict[int, dict[str, Opening]]:
    """Return the texts that the caller may see, by the position of their event and the name of their field."""
    found: dict[int, dict[str, Opening]] = {}
    stored = studio.log.texts_stored()
    for first in range(0, len(stored), AT_ONCE):
        events = studio.log.events_at(stored[first : first + AT_ONCE])
        visible = [one.position for one in events if sees(studio.reader, one.event)]
        for (position, field), opening in studio.log.texts(visible).items():
            found.setdefault(position, {})[field] = opening
    return found


def plain_private_notes(studio: Studio) -> int:
    """Return the number of private notes that an older release wrote into the log itself."""
    private = [
        one.position
        for one in studio.log.read(Query.of(NoteAdded), strict=False)
        if isinstance(one.event, NoteAdded) and one.event.visibility == "private"
    ]
    return len(private) - sum(field == "text" for _, field in studio.log.texts(private))
