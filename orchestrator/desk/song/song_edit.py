"""Edits of a whole song, and its running order.

Tests: ``tests/orchestrator/desk/song/test_song_form.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.core.address import clock
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.label.people import Role
from domain.song import arrangement
from domain.song.arrangement import Arrangement, SongArranged
from domain.song.song_edit import SongEdit, edit_song
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.record_state.concurrent_verdicts import SeenState
from orchestrator.desk.record_state.song_places import places_of, places_query
from orchestrator.studio import History, Studio


@dataclass(frozen=True, slots=True)
class ArrangementResult:
    """The arrangement of a song before and after an edit of the whole song."""

    song: str
    rate: int
    before: Arrangement
    after: Arrangement

    @property
    def again(self) -> bool:
        """True if nothing changed."""
        return self.before.row == self.after.row


def edit(studio: Studio, song: str, requested: SongEdit, *, why: str | None = None) -> ArrangementResult:
    """Apply the edit *requested* to the whole *song*, in all parts at once.

    Raises:
        Refused, NotFound, Misused: see :func:`domain.song.song_edit.edit_song`.
        Clash: ``review.meanwhile``; somebody edited the song as a whole since the first read.
    """
    look = SeenState(lambda event: isinstance(event, SongArranged), song)

    def decision(history: History, role: Role) -> tuple[ArrangementResult, Sequence[Event]]:
        look.tell(history)
        there = places_of(song, history)
        events = edit_song(there.arrangement, requested, song=song, by=studio.who.actor, role=role)
        after = fold_events(arrangement.evolve, there.arrangement, events)
        return ArrangementResult(song, there.rate, there.arrangement, after), events

    return studio.decide(places_query(song), decision, deed="judge-take", why=why)


def order_rows(there: Arrangement, rate: int) -> list[Row]:
    """One row for each section of the running order, in arranged time."""
    return [
        {
            "place": place,
            "section": section.name,
            "from": clock(section.start, rate),
            "to": clock(section.end, rate),
            "length": clock(section.end - section.start, rate),
        }
        for place, section in enumerate(there.running_order, start=1)
    ]


def describe_order(there: Arrangement, rate: int) -> str:
    """Describe the running order and its length in one line of text."""
    return f"{' '.join(there.row)} · {clock(there.frames, rate)}"
