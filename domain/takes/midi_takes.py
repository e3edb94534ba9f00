"""MIDI takes: the instrument that plays a performance, and changes to it.

The take's file is the original of its one track.  Its sound is decided here, and again whenever somebody quantises it,
or changes its key, velocity or instrument; the take and its verdicts stay.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.core.event import Event, Sha, TakeId
from domain.recipe import MidiRecipe
from domain.render.jobs import Sound


class MidiPlayed(Event):
    """A MIDI take got its sound: its file, played as the recipe says."""

    schema_number: ClassVar[int] = 2
    kind: Literal["midi-played"] = "midi-played"
    take: TakeId
    file: Sha
    """SHA-256 of the MIDI file."""
    size: Annotated[int, Field(gt=0)]
    """Bytes of the file."""
    notes: Annotated[int, Field(gt=0)]
    """Notes in the file, of all instruments."""
    recipe: MidiRecipe
    sound: Sound


def play(last: MidiPlayed | None, new: MidiPlayed) -> list[MidiPlayed]:
    """Give a take the sound of *new*; recipe and sound equal to the last yield no event."""
    same = last is not None and (last.recipe, last.sound.pcm) == (new.recipe, new.sound.pcm)
    return [] if same else [new]
