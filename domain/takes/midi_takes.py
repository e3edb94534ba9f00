"""MIDI takes: which instrument plays what was played, and what is changed of it.

The take's file is the original of its one track.  Its sound is decided here, and again whenever somebody quantises it,
moves its key, its touch or its instrument; the take stays the take it is, and what was said of it stands.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.core.event import Event, Sha, TakeId
from domain.recipe import MidiRecipe
from domain.render.jobs import Sound


class MidiPlayed(Event):
    """A MIDI take was given its sound: its file, played as the recipe says."""

    schema_number: ClassVar[int] = 2
    kind: Literal["midi-played"] = "midi-played"
    take: TakeId
    file: Sha
    """The bytes of the MIDI file."""
    size: Annotated[int, Field(gt=0)]
    """Of the file."""
    notes: Annotated[int, Field(gt=0)]
    """In the file, of all instruments."""
    recipe: MidiRecipe
    sound: Sound


def play(last: MidiPlayed | None, new: MidiPlayed) -> list[MidiPlayed]:
    """Give a take the sound of *new*; what its last recipe says already yields nothing."""
    same = last is not None and (last.recipe, last.sound.pcm) == (new.recipe, new.sound.pcm)
    return [] if same else [new]
