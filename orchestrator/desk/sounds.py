"""The audio that events name."""

from collections.abc import Iterator

from domain.event import Event
from domain.jobs import Named, Rendered, Sound
from domain.mixes import FromOutside, MixRevised
from domain.takes import TakeIngested


def sounds_of(event: Event) -> Iterator[tuple[str, Sound]]:
    """The audio an event names, with the address it belongs to."""
    named: tuple[Named, ...] = ()
    match event:
        case TakeIngested(take=take, tracks=tracks):
            yield from ((f"{take}.{track.name}", track.sound) for track in tracks)
        case Rendered(report=report):
            yield from ((report.subject, output.sound) for output in report.outputs)
        case MixRevised(song=song, number=number, made=FromOutside(prints=named)):
            yield from ((f"{song}@mix{number}", print_.sound) for print_ in named)
        case _:
            pass
