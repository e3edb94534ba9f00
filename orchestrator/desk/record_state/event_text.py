"""The log as people read it: what was decided, in words."""

from collections.abc import Mapping, Sequence
from typing import Final

from domain.booking.budget import BookingRefused, BudgetSet, CostCommitted, MoneySpent
from domain.booking.schedule import ResourceAdded, SessionBooked
from domain.core.event import Event, Recorded
from domain.core.frames import Range
from domain.core.ids import IdParts
from domain.label.catalog import PartAdded, RecordOpened, SongAdded, SongClockSet
from domain.label.notes import NoteAdded
from domain.label.people import PersonAdded, RolesGranted, StoreOpened, StoreUpgraded
from domain.masters.masters import MasterPlanned
from domain.mixes.mixes import FromOutside, FromRecipe, MixRevised
from domain.mixes.rough_mix import RoughPinned
from domain.recipe import NOT_REPRODUCIBLE, midi_words
from domain.render.engine import Cause, EnginePaused, EngineResumed
from domain.render.jobs import RenderAsked, Rendered, RenderFailed
from domain.song.arrangement import SongArranged
from domain.song.form import SongFormed
from domain.song.lyrics import LyricsAttached, LyricsTimed
from domain.song.passes import BasicSet, PassMarked
from domain.status.event_types import KINDS
from domain.status.reproducibility import plug_ins
from domain.status.undo import DecisionUndone
from domain.status.verdicts import VerdictGiven
from domain.store.clocks import ClockDoubted
from domain.store.relocation import LogMoved
from domain.takes.midi_takes import MidiPlayed
from domain.takes.outside_comps import CompSubmitted
from domain.takes.take_edits import EditChange, TakeEdited
from domain.takes.takes import CompSet, TakeIngested, TakeJudged
from orchestrator.desk.addressing import addresses
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import shown
from orchestrator.log.query import Query, QueryItem
from orchestrator.studio import Studio

OUTAGES: Final[Mapping[Cause, str]] = {
    "database": "the log cannot be reached",
    "vault": "the vault cannot be reached",
    "disk": "no disk space",
    "prefect": "Prefect's server cannot be used",
}
"""What is away, for a person."""


def log_rows(studio: Studio, target: str | None, limit: int | None = None) -> list[Row]:
    """Every event, or what concerns the record, song or part at *target*; with *limit* the last so many."""
    return [
        {
            "position": recorded.position,
            "time": shown(studio, recorded.recorded_at),
            "actor": recorded.actor,
            "kind": recorded.event.kind,
            "what": _what(studio, recorded.event),
            "why": recorded.why or "",
        }
        for recorded in _events(studio, target, limit)
    ]


def _events(studio: Studio, target: str | None, limit: int | None) -> Sequence[Recorded[Event]]:
    if target is None:
        return studio.read_all() if limit is None else studio.last(limit)
    address = addresses.find(studio, target)
    noun = {1: "record", 2: "song", 3: "part"}[len(address.path)]
    query = Query((QueryItem(frozenset(KINDS), frozenset({f"{noun}:{'/'.join(address.path)}"})),))
    return studio.read(query) if limit is None else studio.last(limit, query)


def _what(studio: Studio, event: Event) -> str:
    """What an event says; of an undoing, what it was that no longer counts."""
    if not isinstance(event, DecisionUndone):
        return event_text(event)
    undone = studio.log.find(event.decision)
    return event_text(event) if undone is None else f"takes back {undone.position}: {_what(studio, undone.event)}"


def event_text(event: Event) -> str:  # noqa: C901, PLR0911, PLR0912 - one row a kind, told from top to bottom
    """What an event says, in a line."""
    match event:
        case StoreOpened(label=label, currency=currency, timezone=timezone):
            return f"{label}, {currency}, {timezone}"
        case PersonAdded(person=person, name=name):
            return f"{person} ({name})"
        case RolesGranted(person=person, roles=roles):
            return f"{person}: {', '.join(roles)}"
        case RecordOpened(record=record, title=title, artist=artist):
            return f"{record}: {title} by {artist}"
        case SongAdded(song=song, title=title):
            return f"{song}: {title}"
        case PartAdded(part=part, name=name):
            return f"{part}: {name}"
        case SongClockSet(song=song, rate=rate, bits=bits):
            return f"{song} runs at {rate} Hz, {bits} bits"
        case ResourceAdded(resource=resource, rate=price):
            return f"{resource}{f' at {price.amount}/{price.per}' if price else ''}"
        case SessionBooked(session=session, resources=resources):
            return f"{session}: {', '.join(resources)}"
        case BudgetSet(record=record, lines=lines):
            return f"{record}: " + ", ".join(f"{name} {amount}" for name, amount in lines.items())
        case CostCommitted(line=line, session=session, amount=amount):
            return f"{amount} of {line} to {session}"
        case MoneySpent(record=record, line=line, amount=amount, payee=payee, invoice=invoice):
            return f"{record}: {amount} from {line}{f' to {payee}' if payee else ''}, invoice {invoice}"
        case BookingRefused(record=record, line=line, cost=cost, short=short):
            return f"{record}: {line} cannot pay {cost}: {short} short"
        case SongFormed(song=song, sections=sections):
            return f"{song}: {' '.join(section.name for section in sections)}"
        case SongArranged(song=song, deed=deed, section=section, row=row):
            return f"{song}: {' '.join(row) or 'as recorded'}{f' ({section} {deed})' if section else ''}"
        case LyricsAttached(song=song, lines=lines, file=file):
            return f"{song}: {lines} lines from {file}"
        case LyricsTimed(song=song, times=times):
            return f"{song}: {', '.join(f'L{one.line}' for one in times)}"
        case PassMarked(song=song, pass_number=number, sections=sections):
            return f"{song}@pass{number}: {' '.join(section.name for section in sections)}"
        case BasicSet(song=song, pieces=pieces):
            return f"{song}: " + ", ".join(
                f"{' '.join(section.name for section in piece.sections)} of pass {piece.pass_number}"
                for piece in pieces
            )
        case TakeIngested(take=take, tracks=tracks):
            return f"{take}, {len(tracks)} track{'s' if len(tracks) > 1 else ''}"
        case MidiPlayed(take=take, recipe=recipe):
            return f"{take}, played by {midi_words(recipe)}"
        case TakeJudged(take=take, verdict=verdict, range=span):
            return f"{take} {verdict}{' in a span' if span else ''}"
        case TakeEdited(take=take, range=span, change=change):
            return f"{take}{' in a span' if span else ''}: {_changed(change)}"
        case CompSet(part=part, spans=spans):
            return f"{part}: {', '.join(str(span.take or 'silence') for span in spans)}"
        case CompSubmitted(part=part, tracks=tracks, maker=maker):
            return f"{part} edited by {maker}, {len(tracks)} track{'s' if len(tracks) > 1 else ''}"
        case MixRevised(song=song, number=number, made=made):
            return f"{song}@mix{number}{_of_mix(made)}"
        case RoughPinned(song=song, origin=origin):
            return f"{song}: {origin}"
        case MasterPlanned(record=record, number=number, songs=songs, reference=reference, outside=outside):
            towards = f" by {outside.maker}" if outside else f", towards {reference.name}" if reference else ""
            return f"{record}@master{number}, {len(songs)} song{'s' if len(songs) > 1 else ''}{towards}"
        case VerdictGiven(subject=subject, revision=revision, verdict=verdict, output=output):
            return f"{IdParts.of(subject).path}@{revision} {verdict} ({output[:12]})"
        case NoteAdded(target=target, text=text):
            return f"{target}: {text}"
        case DecisionUndone():
            return "takes back an earlier decision"
        case Rendered(report=report):
            return f"{report.kind} {report.subject} in {report.seconds} s"
        case RenderFailed(job=job, subject=subject, failure=failure, reason=reason):
            return f"{job} {subject}: {failure}, {reason}"
        case RenderAsked(target=target, plans=plans):
            return f"{target or 'everything'}{' anew' if plans else ''}"
        case LogMoved(to=to):
            return f"the log moves to {to}"
        case StoreUpgraded(version=version, min_writer=min_writer):
            return f"tables of version {version}, written by programs from {min_writer} on"
        case ClockDoubted(first=first, last=last):
            return f"the clock of {first} to {last} is left out when times are looked up"
        case EnginePaused(cause=cause):
            return f"the engine waits: {OUTAGES[cause]}"
        case EngineResumed():
            return "the engine renders again"
        case _:
            return event.kind


def _of_mix(made: FromRecipe | FromOutside) -> str:
    """Who made a mix, where that was elsewhere, or the rooms and plug-ins it sounds through."""
    if isinstance(made, FromOutside):
        return f" by {made.maker}"
    through = [impulse.file for impulse in made.impulses] + [name for _, name in plug_ins(made)]
    return "".join(f", through {name}" for name in through) + (f", {NOT_REPRODUCIBLE}" if plug_ins(made) else "")


def _changed(change: EditChange | None) -> str:
    """What an edit sets, in the words of its fields; a log does not know the rate."""
    if change is None:
        return "edits taken off"
    return ", ".join(
        f"{name.replace('_', ' ')} {f'{value.start}-{value.end}' if isinstance(value, Range) else value}"
        for name, value in change
        if value is not None
    )
