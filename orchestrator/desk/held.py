"""The files in the vault that events name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.event import Event
from domain.jobs import Named, Reference, Rendered, Sound
from domain.lyrics import LyricsAttached
from domain.masters import MasterPlanned, Outside
from domain.midi import MidiPlayed
from domain.mixes import FromOutside, FromRecipe, MixRevised
from domain.roughs import RoughPinned
from domain.submitted import CompSubmitted
from domain.takes import TakeIngested, Track


@dataclass(frozen=True, slots=True)
class Held:
    """A blob, and the address it belongs to."""

    address: str
    blob: str
    size: int | None
    """Bytes; None where the log does not say: of an original that was converted."""


def held_by(event: Event) -> Iterator[Held]:
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
            yield Held(song, blob, size)
        case _:
            yield from _made_outside(event)
            yield from _held_against(event)


def _made_outside(event: Event) -> Iterator[Held]:
    """What came finished from elsewhere."""
    named: tuple[Named, ...] = ()
    match event:
        case CompSubmitted(part=part, tracks=named):
            yield from (_held(f"{part} {track.name}", track.sound) for track in named)
        case MixRevised(song=song, number=number, made=FromOutside(prints=named)):
            yield from (_held(f"{song}@mix{number}", print_.sound) for print_ in named)
        case MasterPlanned(record=record, number=number, outside=Outside(files=files)):
            for file in files:
                yield _held(f"{record}@master{number} {file.target} {file.song.partition('/')[2]}", file.sound)
        case _:
            pass


def _held_against(event: Event) -> Iterator[Held]:
    """A recording that others are held against."""
    match event:
        case MasterPlanned(record=record, number=number, reference=Reference(sound=sound)):
            yield _held(f"{record}@master{number} reference", sound)
        case RoughPinned(song=song, sound=sound):
            yield _held(f"{song} rough", sound)
        case _:
            pass


def _played(event: MidiPlayed) -> Iterator[Held]:
    yield _held(event.take, event.sound)
    yield Held(f"{event.take} MIDI", event.file, event.size)
    if font := event.recipe.soundfont:
        yield Held(f"{event.take} SoundFont", font.blob, font.size)


def _tracks(take: str, tracks: Iterable[Track]) -> Iterator[Held]:
    for track in tracks:
        yield _held(f"{take}.{track.name}", track.sound)
        if track.original is not None:
            yield Held(f"{take}.{track.name} original", track.original, None)


def _held(address: str, sound: Sound) -> Held:
    return Held(address, sound.blob, sound.size)
