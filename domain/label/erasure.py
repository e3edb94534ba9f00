"""Erasure of texts: which words of a person may be erased, and by whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.erasable_text import ERASED, REASON
from domain.core.event import Event, PersonId, Recorded, Traits, Value
from domain.label.corrections import EntryRenamed
from domain.label.notes import NoteAdded
from domain.label.people import PersonAdded

MOST: Final = 10_000
"""Most texts that one event erases."""


class ErasedText(Value):
    """One text that was erased."""

    position: Annotated[int, Field(ge=1)]
    """Position of the event that contains the commitment to the text."""
    field: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]


class TextsErased(Event):
    """Texts of a person were erased; the events that contain the commitments to them remain."""

    kind: Literal["texts-erased"] = "texts-erased"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("person",)
    person: PersonId
    """The person whose texts they were."""
    texts: Annotated[tuple[ErasedText, ...], Field(min_length=1, max_length=MOST)]

    @override
    def describe(self) -> str:
        return f"{self.person}: {len(self.texts)} {'text' if len(self.texts) == 1 else 'texts'} erased"


TextSort = Literal["private note", "note", "reason", "name", "text"]
"""Sort of a text; ``text`` is a brief, or another text of an event that names its author."""


@dataclass(frozen=True, slots=True)
class WrittenText:
    """A text of a person that can still be read."""

    position: int
    field: str
    sort: TextSort
    address: str
    text: str

    @property
    def is_private(self) -> bool:
        """True for a private note, which its author may always erase."""
        return self.sort == "private note"


def texts_of(person: str, history: Iterable[Recorded[Event]]) -> list[WrittenText]:
    """Return the texts of *person* in *history* that were not erased: notes, reasons, names and other words."""
    found: list[WrittenText] = []
    for recorded in history:
        event = recorded.event
        if recorded.why is not None and recorded.actor == person:
            found.append(WrittenText(recorded.position, REASON, "reason", event.address, recorded.why))
        match event:
            case NoteAdded(by=by) if by == person:
                sort: TextSort = "private note" if event.visibility == "private" else "note"
                found.append(WrittenText(recorded.position, "text", sort, event.target, event.text))
            case PersonAdded(person=named) if named == person:
                found.append(WrittenText(recorded.position, "name", "name", person, event.name))
            case EntryRenamed(person=named) if named == person:
                found.append(WrittenText(recorded.position, "title", "name", person, event.title))
            case _ if getattr(event, "by", None) == person:
                texts = ((field, getattr(event, field)) for field in event.erasable_fields)
                found += [
                    WrittenText(recorded.position, field, "text", event.address, text) for field, text in texts if text
                ]
            case _:
                pass
    return [one for one in found if one.text != ERASED]


def erase(person: str, texts: Sequence[WrittenText]) -> list[TextsErased]:
    """Erase *texts* of *person*; none yields no event."""
    erased = tuple(ErasedText(position=one.position, field=one.field) for one in texts)
    firsts = range(0, len(erased), MOST)
    return [TextsErased(person=person, texts=erased[first : first + MOST]) for first in firsts]
