"""Background of an item of review: the brief of its record and the facts of its song.

Tests: ``tests/orchestrator/cli/commands/label/test_brief.py``.
"""

from domain.core.ids import IdParts
from orchestrator.desk.label.briefs import brief_lines
from orchestrator.desk.song.song_facts import fact_lines
from orchestrator.studio import Studio


def background_of(studio: Studio, address: str) -> list[str]:
    """The lines about the record and the song of the item at *address*; none where nothing is written."""
    place = IdParts.of(address)
    return [*brief_lines(studio, place.record), *(fact_lines(studio, place.song) if place.song else ())]
