"""Ideas: what comes before a song, such as a memo from a telephone, a MIDI file, words or chords.

An idea is kept whole and is never a take.  Promoted, it becomes a song, or belongs to one, as its reference.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Final, Literal, assert_never

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, IdeaId, PersonId, Sha, SongId, Traits, Value
from domain.core.refusal import Misused, NotFound, Refused, suggest
from domain.render.jobs import Sound

IdeaSort = Literal["audio", "midi", "text", "chords"]
IdeaText = Annotated[str, StringConstraints(max_length=4000, strip_whitespace=True)]
IdeaTitle = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]

WRITTEN: Final[frozenset[IdeaSort]] = frozenset({"text", "chords"})
"""Sorts of ideas that are words; the others are files."""


class IdeaFile(Value):
    """The file of an idea in the vault, and how it sounds."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    blob: Sha
    size: Annotated[int, Field(gt=0)]
    """Bytes of the file."""
    sound: Sound
    """Sound of the file: its own, decoded if it is lossy, or played by the built-in keys if it is MIDI."""


class IdeaCaptured(Event):
    """An idea was captured: a sound, a MIDI file, words or chords."""

    kind: Literal["idea-captured"] = "idea-captured"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("idea",)
    erasable_since = 1
    idea: IdeaId
    sort: IdeaSort
    title: IdeaTitle = ""
    text: IdeaText = ""
    """Words or chords; empty for a file."""
    file: IdeaFile | None = None
    by: PersonId

    @property
    @override
    def erasable_fields(self) -> tuple[str, ...]:
        return ("title", "text")

    @override
    def describe(self) -> str:
        content = self.title or self.text or (self.file.name if self.file else "")
        return f"{self.idea} ({self.sort}): {content}"

    @override
    def blobs(self) -> Iterator[BlobReference]:
        if self.file is not None:
            if self.file.blob != self.file.sound.blob:
                yield BlobReference(
                    f"{self.idea} {self.file.name}", self.file.blob, self.file.size,
                    "MIDI" if self.sort == "midi" else "original",
                )  # fmt: skip
            yield self.file.sound.refer(f"{self.idea} sound", "audio")


class IdeaPromoted(Event):
    """An idea became a song, or came to belong to one."""

    kind: Literal["idea-promoted"] = "idea-promoted"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("idea",)
    idea: IdeaId
    song: SongId

    @override
    def describe(self) -> str:
        return f"{self.idea} belongs to {self.song}"


IdeaEvent = IdeaCaptured | IdeaPromoted


@dataclass(frozen=True, slots=True)
class Idea:
    """An idea and the songs it belongs to."""

    captured: IdeaCaptured
    songs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ideas:
    """Every idea of the label, by id."""

    ideas: Mapping[str, Idea] = field(default_factory=dict)

    def idea(self, name: str) -> Idea:
        """The idea called *name*, such as ``I3``.  Raises: NotFound ``idea.unknown``."""
        found = self.ideas.get(name) or self.ideas.get(name.upper())
        if found is None:
            raise NotFound("idea.unknown", f"there is no idea {name[:40]}", next=suggest("idea list"))
        return found


def evolve(ideas: Ideas, event: IdeaEvent) -> Ideas:
    """Fold one event into the state."""
    match event:
        case IdeaCaptured(idea=name):
            return Ideas({**ideas.ideas, name: Idea(event)})
        case IdeaPromoted(idea=name, song=song):
            old = ideas.ideas.get(name)
            return Ideas({**ideas.ideas, name: replace(old, songs=(*old.songs, song))}) if old else ideas
        case _:
            assert_never(event)


def capture_idea(
    ideas: Ideas, *, sort: IdeaSort, by: str, title: str = "", text: str = "", file: IdeaFile | None = None
) -> tuple[str, list[IdeaCaptured]]:
    """Capture an idea; return its id and the new event.  The same file or the same words again yield no event.

    Raises:
        Misused: ``idea.empty``; there is neither a file nor a word.
    """
    if file is None and not text.strip():
        raise Misused("idea.empty", "an idea is a sound, a MIDI file, words or chords: give a FILE, --text or --chords")
    for name, idea in ideas.ideas.items():
        known = idea.captured
        same_file = file is not None and known.file is not None and known.file.blob == file.blob
        if same_file or (file is None and (known.sort, known.text) == (sort, text.strip())):
            return name, []
    new = IdeaCaptured(idea=f"I{len(ideas.ideas) + 1}", sort=sort, title=title, text=text, file=file, by=by)
    return new.idea, [new]


def promote_idea(ideas: Ideas, *, idea: str, song: str) -> list[IdeaPromoted]:
    """Let *idea* belong to *song*.  A song it belongs to already yields no event.

    Raises:
        NotFound: ``idea.unknown``.
    """
    known = ideas.idea(idea)
    return [] if song in known.songs else [IdeaPromoted(idea=known.captured.idea, song=song)]


def title_of_song(idea: IdeaCaptured, given: str | None) -> str:
    """The title of the song that *idea* becomes: *given*, or that of the idea.

    Raises:
        Refused: ``idea.title``; neither is there.
    """
    title = (given or idea.title).strip()
    if not title:
        raise Refused(
            "idea.title",
            f"{idea.idea} has no title, so the song needs one",
            next=suggest("idea promote", idea.idea, "RECORD", title="TITLE"),
        )
    return title
