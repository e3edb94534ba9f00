"""Templates of records: songs, parts, days of stages and budget lines, with which a new record begins.

A template is TOML; ``single``, ``ep`` and ``album`` are built in, and a label writes its own in the same way::

    songs = 4
    budget = ["studio", "mixing"]
    [durations]
    recording = 2
    [[parts]]
    name = "Lead Vocal"
    sections = ["verse1", "chorus1"]
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Final

from pydantic import Field, StringConstraints, ValidationError, field_validator

from domain.core.address import slug
from domain.core.event import SectionName, Stage, Title, Value
from domain.core.fold import fold_events
from domain.core.plain_errors import plain_words
from domain.core.refusal import Misused, suggest
from domain.core.toml_text import TomlFault, TomlLimits, parse_toml
from domain.label import catalog
from domain.label.catalog import Catalog, CatalogEvent
from domain.label.catalog_additions import add_part, add_song, open_record, record_named, song_named
from domain.label.stage_durations import HOUSE_DAYS, Days, StageDurations, StageDurationsSet, set_durations

LIMITS: Final = TomlLimits(characters=64 * 1024)
MOST_SONGS: Final = 100
MOST_PARTS: Final = 200
LineName = Annotated[str, StringConstraints(pattern=r"^[^\s=]{1,60}$")]

_BAND: Final = """
budget = ["studio", "musicians", "engineer", "mixing", "mastering", "contingency"]
[[parts]]
name = "Click"
guide = true
[[parts]]
name = "Drums"
[[parts]]
name = "Bass"
[[parts]]
name = "Guitar"
[[parts]]
name = "Keys"
optional = true
[[parts]]
name = "Lead Vocal"
[[parts]]
name = "Backing Vocals"
optional = true
stack = true
"""
BUILT_IN: Final[Mapping[str, str]] = {
    "single": f"songs = 1\n{_BAND}",
    "ep": f"songs = 5\n{_BAND}",
    "album": f"songs = 10\n{_BAND}",
}
"""Templates by name, each with the parts of a band; house settings."""


class TemplatePart(Value):
    """A part that each song of a new record gets."""

    name: Title
    instrument: Annotated[str, StringConstraints(max_length=200)] = ""
    guide: bool = False
    optional: bool = False
    stack: bool = False
    sections: tuple[SectionName, ...] = ()


class RecordTemplate(Value):
    """Songs, parts, days of stages and budget lines with which a new record begins."""

    songs: Annotated[int, Field(ge=0, le=MOST_SONGS, strict=True)] = 0
    """Number of songs."""
    parts: Annotated[tuple[TemplatePart, ...], Field(max_length=MOST_PARTS)] = ()
    durations: Mapping[Stage, Days] = {}
    """Days of stages that differ from those of the label."""
    budget: Annotated[tuple[LineName, ...], Field(max_length=50)] = ()
    """Names of budget lines; their amounts are set by the label."""

    @field_validator("durations")
    @classmethod
    def _of_stages_that_take_time(cls, days: Mapping[Stage, int]) -> Mapping[Stage, int]:
        if timeless := [stage for stage in days if stage not in HOUSE_DAYS]:
            raise ValueError(f"{timeless[0]} takes no days; the stages are {', '.join(HOUSE_DAYS)}")
        return days


def read_template(text: str, name: str) -> RecordTemplate:
    """The template in the TOML *text* of the file or built-in template *name*.

    Raises:
        Misused: ``template.text``; it is no TOML, or a field of it does not fit.
    """
    try:
        return RecordTemplate.model_validate(parse_toml(text, LIMITS))
    except TomlFault as fault:
        raise Misused("template.text", f"{name}: {fault}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(word) for word in first["loc"])
        raise Misused("template.text", f"{name}: {place or 'the template'}: {plain_words(first)}") from None


def template_named(name: str) -> RecordTemplate | None:
    """The built-in template called *name*; None if there is none."""
    return read_template(BUILT_IN[name], name) if name in BUILT_IN else None


def song_titles(template: RecordTemplate, given: Sequence[str]) -> list[str]:
    """Titles of the songs of a new record: the *given* ones, then ``Song 3`` and so on up to the template's number."""
    return [*given, *(f"Song {number}" for number in range(len(given) + 1, template.songs + 1))]


def open_from_template(
    known: Catalog,
    template: RecordTemplate,
    *,
    title: str,
    artist: str,
    currency: str,
    due: date | None = None,
    titles: Sequence[str] = (),
) -> list[CatalogEvent | StageDurationsSet]:
    """Open a record with the songs, parts and durations of *template*.  A record that is open yields no event.

    Args:
        known: the catalog.
        template: what the record begins with.
        title: of the record.
        artist: of the record.
        currency: of its money, ISO 4217.
        due: its due date.
        titles: titles of its songs; others are called ``Song 3`` and so on.

    Raises:
        Misused: ``money.currency``; ``part.guide``, a part of the template is a guide and also optional or a stack.
            ``template.title``; a title is given twice.
        Refused: ``record.exists``; it is open with another due date.
    """
    if len(set(titles)) < len(titles):
        raise Misused("template.title", "a title is given twice", next=suggest("song list", slug(title)))
    opened = open_record(known, title=title, artist=artist, due=due, currency=currency)
    if not opened:
        return []
    events, state = list[CatalogEvent](opened), fold_events(catalog.evolve, known, opened)
    record = str(record_named(state, title, artist))
    for name in song_titles(template, titles):
        new = add_song(state, record=record, title=name)
        state = fold_events(catalog.evolve, state, new)
        events += new
        song = str(song_named(state, record, name))
        for part in template.parts:
            more = add_part(state, song=song, **part.model_dump())
            state = fold_events(catalog.evolve, state, more)
            events += more
    return [*events, *(set_durations(StageDurations(), days=template.durations, record=record))]
