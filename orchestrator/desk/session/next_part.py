"""The next part of a session: what is recorded from now on, and what whoever plays it needs.

Tests: ``tests/orchestrator/cli/commands/session/test_session_next.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.core.ids import song_of
from orchestrator.desk.addressing.addresses import catalog_of
from orchestrator.desk.session.parked_parts import parked_rows, resume_part
from orchestrator.desk.session.session_day import SessionKeys
from orchestrator.desk.session.session_views import part_title, session_view
from orchestrator.desk.session.setups import current_setups, setup_lines
from orchestrator.desk.song.song_facts import fact_lines
from orchestrator.studio import Studio


@dataclass(frozen=True, slots=True)
class NextPart:
    """The parts that are recorded from now on."""

    parts: tuple[str, ...]
    """Ids; empty if no part is left."""
    names: tuple[str, ...]
    take: int | None
    """Number of the pass that comes next."""
    facts: Sequence[str]
    """Key, tempo, lyrics, charts and references of the song, in lines."""
    setups: Sequence[str]
    """The approved setups of the parts, in lines; empty for parts without one."""
    parked: tuple[str, ...]
    """Names of the parts that are still parked, as far as the reader sees them."""
    changed: bool
    """False if these parts were running already, and nothing was recorded."""


def start_next(studio: Studio, record: str, session: str, *, parts: Sequence[str] = ()) -> NextPart:
    """Close the running parts of *session* and open the next ones.

    Args:
        studio: the store.
        record: id of its record.
        session: its id.
        parts: ids of the parts to open, all of one song; none for the first one that has neither a keeper nor is
            parked.  A parked one is resumed.

    Raises:
        NotFound: ``session.unknown``, ``part.unknown``.
        Refused: ``session.cancelled``.
        Misused: ``session.parts``; the parts are of several songs.
    """
    keys = SessionKeys(studio, record, session)
    keys.start()
    chosen = tuple(parts) or session_view(studio, record, session).following
    changed = keys.start_parts(chosen) if chosen else False
    for part in chosen:
        resume_part(studio, part, session=session)
    catalog = catalog_of(studio, record)
    parked = tuple(part_title(catalog, str(row["address"])) for row in parked_rows(studio, record))
    if not chosen:
        return NextPart((), (), None, (), (), parked, changed=False)
    song = song_of(chosen[0])
    names = tuple(part_title(catalog, part, song) for part in chosen)
    take = session_view(studio, record, session).room.take
    setups = [
        line
        for setup in current_setups(studio, record, chosen)
        for line in setup_lines(setup, part_title(catalog, setup.part, song), is_current=True)
    ]
    return NextPart(chosen, names, take, fact_lines(studio, song), setups, parked, changed)
