"""The files in the vault that events name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.core.event import Event
from domain.core.ids import slug_of
from domain.masters.masters import MasterPlanned, OutsideMaster
from domain.mixes.mixes import FromOutside, FromRecipe, MixRevised
from domain.mixes.rough_mix import RoughPinned
from domain.render.jobs import Named, Reference, Rendered, Sound
from domain.song.lyrics import LyricsAttached
from domain.takes.midi_takes import MidiPlayed
from domain.takes.outside_comps import CompSubmitted
from domain.takes.takes import TakeIngested, Track


@dataclass(frozen=True, slots=True)
class BlobReference:
    """A blob, and the address it belongs to."""

    address: str
    blob: str
    size: int | None
    """Bytes; None where the log does not say: of an original that was converted."""


def blobs_of(event: Event) -> Iterator[BlobReference]:
    """The blobs an event names."""
    match event:
        case TakeIngested(take=take, tracks=tracks):
            yield from _tracks(take, tracks)
        case MidiPlayed():
            yield from _played(event)
        case Rendered(report=report):
            yield from (_held(report.subject, output.sound) for output in report.outputs)
        case MixRevised(song=song, number=number, made=FromRecipe(impulses=impulses)):
            yield from (_held(f"{song}@mix{number} impulse", impulse.sound) for impulse in impulses)
        case LyricsAttached(song=song, blob=blob, size=size):
            yield BlobReference(song, blob, size)
        case _:
            yield from _made_outside(event)
            yield from _held_against(event)


def _made_outside(event: Event) -> Iterator[BlobReference]:
    """What came finished from elsewhere."""
    named: tuple[Named, ...] = ()
    match event:
        case CompSubmitted(part=part, tracks=named):
            yield from (_held(f"{part} {track.name}", track.sound) for track in named)
        case MixRevised(song=song, number=number, made=FromOutside(prints=named)):
            yield from (_held(f"{song}@mix{number}", print_.sound) for print_ in named)
        case MasterPlanned(record=record, number=number, outside=OutsideMaster(files=files)):
            for file in files:
                yield _held(f"{record}@master{number} {file.target} {slug_of(file.song)}", file.sound)
        case _:
            pass


def _held_against(event: Event) -> Iterator[BlobReference]:
    """A recording that others are held against."""
    match event:
        case MasterPlanned(record=record, number=number, reference=Reference(sound=sound)):
            yield _held(f"{record}@master{number} reference", sound)
        case RoughPinned(song=song, sound=sound):
            yield _held(f"{song} rough", sound)
        case _:
            pass


def _played(event: MidiPlayed) -> Iterator[BlobReference]:
    yield _held(event.take, event.sound)
    yield BlobReference(f"{event.take} MIDI", event.file, event.size)
    if font := event.recipe.soundfont:
        yield BlobReference(f"{event.take} SoundFont", font.blob, font.size)


def _tracks(take: str, tracks: Iterable[Track]) -> Iterator[BlobReference]:
    for track in tracks:
        yield _held(f"{take}.{track.name}", track.sound)
        if track.original is not None:
            yield BlobReference(f"{take}.{track.name} original", track.original, None)


def _held(address: str, sound: Sound) -> BlobReference:
    return BlobReference(address, sound.blob, sound.size)
