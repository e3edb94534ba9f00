"""MIDI takes: which instrument plays what was played, and what is changed of it.

The take's file is the original of its one track.  Its sound is decided here, and again whenever somebody quantises it,
moves its key, its touch or its instrument; the take stays the take it is, and what was said of it stands.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, Sha, TakeId, Traits
from domain.recipe import MidiRecipe, midi_words
from domain.render.jobs import Sound


class MidiPlayed(Event):
    """A MIDI take was given its sound: its file, played as the recipe says."""

    schema_number: ClassVar[int] = 2
    kind: Literal["midi-played"] = "midi-played"
    traits = Traits(undoable=True, newsworthy=False, searchable=True, moves_sound=True, by_driver=False)
    address_fields = ("take",)
    take: TakeId
    file: Sha
    """The bytes of the MIDI file."""
    size: Annotated[int, Field(gt=0)]
    """Of the file."""
    notes: Annotated[int, Field(gt=0)]
    """In the file, of all instruments."""
    recipe: MidiRecipe
    sound: Sound

    @override
    def describe(self) -> str:
        return f"{self.take}, played by {midi_words(self.recipe)}"

    @override
    def blobs(self) -> Iterator[BlobReference]:
        yield self.sound.refer(self.take, "audio")
        yield BlobReference(f"{self.take} MIDI", self.file, self.size, "MIDI")
        if font := self.recipe.soundfont:
            yield BlobReference(f"{self.take} SoundFont", font.blob, font.size, "SoundFont")


def play(last: MidiPlayed | None, new: MidiPlayed) -> list[MidiPlayed]:
    """Give a take the sound of *new*; what its last recipe says already yields nothing."""
    same = last is not None and (last.recipe, last.sound.pcm) == (new.recipe, new.sound.pcm)
    return [] if same else [new]
