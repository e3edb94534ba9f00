"""Takes and comps: their state, verdicts on takes, and painting.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import get_args

from domain.core.address import Address, clock
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.ids import number_of, part_of, slug_of, song_of
from domain.core.refusal import NotFound, Refused, suggest
from domain.label import catalog
from domain.label.catalog import Catalog, CatalogEvent, PartAdded
from domain.label.corrections import Absence, TakeMoved
from domain.label.people import Role
from domain.song.band_comp import refuse_unlaid
from domain.song.passes import BasicSet
from domain.song.places import Places
from domain.status.undo import effective_events
from domain.takes import take_verdicts, takes
from domain.takes.comps import Comp, comp_of
from domain.takes.midi_takes import MidiPlayed
from domain.takes.take_edits import TakeEdited
from domain.takes.take_verdicts import judge_together
from domain.takes.takes import CompSet, Take, TakeEvent, TakeIngested, TakeJudged, Takes, TakeVerdict
from domain.takes.track_names import refuse_other_tracks
from orchestrator.desk.record_state.concurrent_verdicts import SeenState
from orchestrator.desk.record_state.song_places import places_of, places_query
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio


@dataclass(frozen=True, slots=True)
class PartState:
    """A part, its takes, and the judgements of these takes that are in force."""

    part: PartAdded
    takes: Takes
    judgements: tuple[TakeEvent, ...]
    absence: Absence | None = None
    """Set if the part is removed or shelved, and so left out of lists and new decisions."""

    @property
    def comp(self) -> Comp:
        """The comp that the judgements paint."""
        return comp_of(self.part, self.takes, self.judgements)


def song_query(song: str) -> Query:
    """Query for a song's parts, takes, judgements, clock and places."""
    kinds = (*get_args(CatalogEvent), *get_args(TakeEvent), MidiPlayed, TakeEdited, TakeMoved)
    own = Query.of(*kinds, tags=[f"song:{song}"])
    return own | places_query(song)


def parts_of(history: History) -> dict[str, PartState]:
    """State of every part in *history*, by the part's id, including removed and shelved parts."""
    known, own, said = Catalog(), dict[str, Takes](), dict[str, list[TakeEvent]]()
    for recorded in effective_events(history):
        event = recorded.event
        if isinstance(event, CatalogEvent):
            known = catalog.evolve(known, event)
        elif isinstance(event, TakeEdited | MidiPlayed | TakeMoved) and (part := part_of(event.take)) in own:
            own[part] = _changed(own[part], event)
        for one in event.cuts() if isinstance(event, BasicSet) else (event,):
            if isinstance(one, TakeIngested | TakeJudged | CompSet):
                part = _part_of(one)
                own[part] = takes.evolve(own.get(part, Takes()), one)
                if not isinstance(one, TakeIngested):
                    said.setdefault(part, []).append(one)
    return {
        part.part: PartState(
            part, own.get(part.part, Takes()), tuple(said.get(part.part, ())), song.absent_parts.get(name)
        )
        for song in known.songs.values()
        for name, part in song.parts.items()
    }


def _changed(there: Takes, event: TakeEdited | MidiPlayed | TakeMoved) -> Takes:
    if isinstance(event, TakeEdited):
        return takes.evolve_edited(there, event)
    return takes.evolve_moved(there, event) if isinstance(event, TakeMoved) else takes.evolve(there, event)


def parts_read(studio: Studio, song: str) -> dict[str, PartState]:
    """State of every part of *song*, by the part's id, including removed and shelved parts."""
    return parts_of(studio.read(song_query(song)))


def living_parts(studio: Studio, song: str) -> dict[str, PartState]:
    """State of the parts of *song* that are neither removed nor shelved, by the part's id."""
    return {name: state for name, state in parts_read(studio, song).items() if state.absence is None}


@dataclass(frozen=True, slots=True)
class VerdictResult:
    """Result of judging takes or painting a comp."""

    takes: tuple[str, ...]
    replaced: tuple[str, ...] = ()
    """Ranges in which another take, or silence, sounds after the verdict, in words."""
    again: bool = False
    """True if nothing new was recorded."""


def judge_takes(
    studio: Studio, wanted: Sequence[str], verdict: TakeVerdict, *, span: tuple[str, str] | None = None,
    why: str | None = None, since: int | None = None, kept: Sequence[str] = (),
) -> VerdictResult:  # fmt: skip
    """Give one verdict on several takes, of one song or of several, in one decision.

    Args:
        studio: the store.
        wanted: the takes' ids.
        verdict: the verdict.
        span: two song times, as typed, that limit an approval.
        why: the reason given.
        since: last log position that the person had seen; None for the end of this command's first read.
        kept: ids of other takes that the same decision circles as keepers.

    Raises:
        Clash: ``review.meanwhile``; after *since* somebody judged one of the takes, or set the comp of its part.
        Refused: ``comp.tracks``; an approved take would be spliced with one whose tracks have other names.
    """
    all_takes = [*kept, *wanted]
    songs, parts = list(dict.fromkeys(map(song_of, all_takes))), list(dict.fromkeys(map(part_of, all_takes)))

    def same(event: Event) -> bool:
        match event:
            case TakeJudged(take=take):
                return take in all_takes
            case CompSet(part=part):
                return part in parts
        return False

    look = SeenState(same, all_takes[0] if len(all_takes) == 1 else songs[0], since)

    def decision(history: History, role: Role) -> tuple[VerdictResult, Sequence[Event]]:
        look.tell(history)
        before = parts_of(history)
        places = {song: places_in(song, before, history) for song in songs}
        new: list[TakeEvent] = []
        for part in parts:
            state, place = before[part], places[song_of(part)]
            own = [take for take in wanted if part_of(take) == part]
            for take in own:
                state.takes.take(part, number_of(take))
                if span:
                    refuse_unlaid(place.arrangement, state.takes, number_of(take))
            circled = judge_together(
                state.takes, state.judgements, wanted=[take for take in kept if part_of(take) == part], verdict="kept",
                span=None, by=studio.who.actor, role=role,
            )  # fmt: skip
            new += circled
            new += judge_together(
                state.takes, (*state.judgements, *circled), wanted=own, verdict=verdict,
                span=place.span(span) if span else None, by=studio.who.actor, role=role,
            )  # fmt: skip
        refuse_spliced_names(before, new)
        return VerdictResult(tuple(all_takes), _replaced(before, new), again=not new), new

    return studio.decide(reduce(or_, map(song_query, songs)), decision, deed="judge-take", why=why)


def places_in(song: str, parts: Mapping[str, PartState], history: History) -> Places:
    """Places of *song*, at the one rate of its takes (0 without takes)."""
    own = (part for name, part in parts.items() if song_of(name) == song)
    rates = (take.rate for part in own for take in part.takes.takes.values())
    return replace(places_of(song, history), rate=next(rates, 0))


def _part_of(event: TakeEvent) -> str:
    """Id of the part that an event is about."""
    return part_of(event.take) if isinstance(event, TakeJudged) else event.part


def refuse_spliced_names(before: Mapping[str, PartState], new: Sequence[TakeEvent]) -> None:
    """Check the comp of each part that *new* paints.  Raises: Refused ``comp.tracks``."""
    for name in dict.fromkeys(_part_of(event) for event in new if not _lifts(event)):
        old, own = before[name], [event for event in new if _part_of(event) == name]
        own_takes = fold_events(takes.evolve, old.takes, own)
        refuse_other_tracks(name, comp_of(old.part, own_takes, (*old.judgements, *own)), own_takes)


def _lifts(event: TakeEvent) -> bool:
    """True if *event* paints nothing: it keeps, holds or rejects a take."""
    return isinstance(event, TakeJudged) and event.verdict != "approved"


def _replaced(before: dict[str, PartState], new: Sequence[TakeEvent]) -> tuple[str, ...]:
    """Ranges in which the judgements *new* change the comp, in words."""
    said = []
    for name in dict.fromkeys(_part_of(event) for event in new):
        old = before[name]
        own = [event for event in new if _part_of(event) == name]
        own_takes = fold_events(takes.evolve, old.takes, own)
        after = comp_of(old.part, own_takes, (*old.judgements, *own))
        rate = next((take.rate for take in own_takes.takes.values()), 0)
        said += [f"{name}: {line}" for line in changes(old.comp, after, rate)]
    return tuple(said)


def changes(old: Comp, new: Comp, rate: int) -> list[str]:
    """Ranges in which the comp *old* sounds and *new* has another take or silence, in words."""
    edges = sorted({edge for comp in (old, new) for layer in comp.layers for s in layer for edge in (s.start, s.end)})
    found: list[tuple[int, int, str]] = []
    for start, end in pairwise(edges):
        was, now = _sounds(old, start), _sounds(new, start)
        if was and was != now:
            words = (
                f"take {'+'.join(map(str, was))} gave way to {'take ' + '+'.join(map(str, now)) if now else 'silence'}"
            )
            if found and found[-1][1] == start and found[-1][2] == words:
                start = found.pop()[0]  # noqa: PLW2901 - the stretch goes on
            found.append((start, end, words))
    return [f"{clock(start, rate)}-{clock(end, rate)} {words}" for start, end, words in found]


def _sounds(comp: Comp, frame: int) -> tuple[int, ...]:
    return tuple(s.take for layer in comp.layers for s in layer if s.take and s.start <= frame < s.end)


def takes_of_pass(
    studio: Studio, address: Address, *, leave: Sequence[str] = (), verdict: TakeVerdict = "approved"
) -> list[str]:
    """Ids of the takes of a pass without the parts in *leave*: for an approval one a part, else all.

    Raises:
        NotFound: ``pass.unknown``; no part has a take of this pass, or a part in *leave* has none.
        Refused: ``pass.several``; a part has several takes of it, and an approval would choose one of them.
    """
    song, number = "/".join(address.path), address.revision[1] if address.revision else 0
    found: dict[str, list[Take]] = {}
    for name, state in living_parts(studio, song).items():
        own = [take for take in state.takes.takes.values() if take.ingested.pass_number == number]
        if own:
            found[slug_of(name)] = own
    unknown = [part for part in leave if part not in found]
    if not found or unknown:
        what = f"no take of {unknown[0]}" if unknown and found else "no takes"
        raise NotFound("pass.unknown", f"{address} has {what}", next=suggest("take list", song))
    chosen = [own for part, own in found.items() if part not in leave]
    if verdict != "approved":
        return [take.ingested.take for own in chosen for take in own]
    living = [[take for take in own if take.verdict != "rejected"] or own[-1:] for own in chosen]
    if several := next((own for own in living if len(own) > 1), None):
        names = " and ".join(take.ingested.take for take in several)
        hint = suggest("take approve", str(address), **{"except": slug_of(part_of(several[0].ingested.take))})
        raise Refused("pass.several", f"{address} has {len(several)} takes of one part: {names}; choose one", next=hint)
    return [take.ingested.take for (take,) in living]


def paint(studio: Studio, part: str, spans: Sequence[str], *, why: str | None = None) -> VerdictResult:
    """Paint a part's whole comp from words such as ``0:48=3`` (a time and a take); ``-`` is silence.

    Raises:
        Misused: ``comp.span``.
        NotFound: ``take.unknown``.
        Refused: ``comp.tracks``; takes whose tracks have other names would be spliced.
        Clash: ``review.meanwhile``; somebody painted this part, or judged a take of it, since the first read.
    """
    song = song_of(part)

    def same(event: Event) -> bool:
        return isinstance(event, CompSet | TakeJudged) and _part_of(event) == part

    look = SeenState(same, part)

    def decision(history: History, role: Role) -> tuple[VerdictResult, Sequence[Event]]:
        look.tell(history)
        before = parts_of(history)
        state = before[part]
        if not state.takes.takes:
            raise NotFound("take.unknown", f"{part} has no takes", next=suggest("take ingest", part, "FILE"))
        places = places_in(song, before, history)
        wanted = places.painting(spans)
        for one in wanted:
            refuse_unlaid(places.arrangement, state.takes, one.take)
        new = take_verdicts.set_comp(
            state.takes, state.judgements, part=part, spans=wanted, by=studio.who.actor, role=role
        )  # fmt: skip
        refuse_spliced_names(before, new)
        used = tuple(dict.fromkeys(f"{part}/{span.take}" for span in wanted if span.take))
        return VerdictResult(used, _replaced(before, new), again=not new), new

    return studio.decide(song_query(song), decision, deed="judge-take", why=why)


def end_of(studio: Studio, take: str) -> str:
    """Song time in seconds at which *take* ends, as text with enough digits to give the exact frame."""
    part = part_of(take)
    there = parts_read(studio, song_of(part))[part].takes.take(part, number_of(take))
    return f"{there.end // there.rate}.{there.end % there.rate * 10**9 // there.rate:09d}"
