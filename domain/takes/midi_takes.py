"""MIDI takes: the instrument that plays a performance, and changes to it.

The MIDI file is the original of the take's one track.  An event states its sound, and another one follows whenever a
person quantises it or changes its key, velocity or instrument; the take and its verdicts stay.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, Sha, Stage, TakeId, Traits
from domain.recipe import MidiRecipe, midi_words
from domain.render.jobs import Sound


class MidiPlayed(Event):
    """A MIDI take got its sound: its file, played by the recipe."""

    schema_number: ClassVar[int] = 2
    kind: Literal["midi-played"] = "midi-played"
    traits = Traits(undoable=True, newsworthy=False, searchable=True, moves_sound=True, by_driver=False)
    address_fields = ("take",)
    take: TakeId
    file: Sha
    """SHA-256 of the MIDI file."""
    size: Annotated[int, Field(gt=0)]
    """Bytes of the file."""
    notes: Annotated[int, Field(gt=0)]
    """Notes in the file, of all instruments."""
    recipe: MidiRecipe
    sound: Sound

    @property
    @override
    def stage_evidence(self) -> Stage:
        return "recording"

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
    """Set the sound of a MIDI take to *new*; recipe and sound equal to the last ones yield no event."""
    same = last is not None and (last.recipe, last.sound.pcm) == (new.recipe, new.sound.pcm)
    return [] if same else [new]
