"""Edits of a whole song, and its running order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from domain.core.address import clock
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.ids import record_of
from domain.label.people import Role
from domain.song import arrangement
from domain.song.arrangement import Arrangement, SongArranged
from domain.song.song_edit import SongEdit, edit_song
from domain.status.record_state import RecordState
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.record_state.concurrent_verdicts import SeenState
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.record_state.song_places import places_of, places_query
from orchestrator.studio import History, Studio


@dataclass(frozen=True, slots=True)
class ArrangementResult:
    """The arrangement of a song before and after an edit of the whole song."""

    song: str
    rate: int
    before: Arrangement
    after: Arrangement
    notes: tuple[str, ...] = ()
    """Remarks on edits made outside for another order, and on what lies behind the form's end."""

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
    state = read_record(studio, record_of(song)).state

    def decision(history: History, role: Role) -> tuple[ArrangementResult, Sequence[Event]]:
        look.tell(history)
        there = places_of(song, history)
        events = edit_song(there.arrangement, requested, song=song, by=studio.who.actor, role=role)
        after = fold_events(arrangement.evolve, there.arrangement, events)
        return ArrangementResult(song, there.rate, there.arrangement, after), events

    done = studio.decide(places_query(song), decision, deed="judge-take", why=why)
    if done.again:
        return done
    now = read_record(studio, record_of(song)).state
    return replace(done, notes=(*_outside_edits(state, now, song), *_left_out(now, song, done.rate)))


def _outside_edits(before: RecordState, now: RecordState, song: str) -> Iterator[str]:
    """Yield a remark for each part whose edit made outside is arranged, no longer sounds, or sounds again."""
    for part in now.catalog.song(song).mixable:
        old, new = (state.sound(f"{song}/{part}") for state in (before, now))
        was, is_now = (sound.outside if sound else None for sound in (old, new))
        if was and not is_now:
            yield (
                f"the edit of {part} by {was.maker} was made for another order and cannot be put into this one, so it "
                f"no longer sounds; its takes do, until an edit for this order is submitted (comp manifest {part}, "
                f"then comp submit), or the former order is set again"
            )
        elif is_now and new and new.arranged:
            yield f"the edit of {part} by {is_now.maker} is put into this order too"
        elif is_now and not was:
            yield f"the edit of {part} by {is_now.maker} sounds again"


def _left_out(now: RecordState, song: str, rate: int) -> Iterator[str]:
    """Yield a remark if parts sound behind the end of the form, which an edited song leaves out."""
    there = now.arrangement(song)
    ends = {part: now.comp(f"{song}/{part}").end for part in now.catalog.song(song).mixable}
    end = there.sections[-1].end if there.stretches else max(ends.values(), default=0)
    behind = [part for part, last in ends.items() if last > end]
    if behind:
        last = max(ends[part] for part in behind)
        yield (
            f"{', '.join(behind)}: {clock(end, rate)}-{clock(last, rate)} is left out: it lies behind the end of "
            f"the form; a form with end={clock(last, rate)} keeps it"
        )


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
