"""Records opened from a template: a built-in one, or a file of the label.

Tests: ``tests/orchestrator/cli/commands/label/test_record_template.py``.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from domain.completion.templates import (
    BUILT_IN,
    LIMITS,
    RecordTemplate,
    open_from_template,
    read_template,
    template_named,
)
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.refusal import Misused, NotFound, suggest
from domain.label import catalog
from domain.label.catalog import CatalogEvent, catalog_after
from domain.label.catalog_additions import record_named
from domain.label.people import Role
from orchestrator.desk.label.corrections import records_query
from orchestrator.desk.song.song_form import read_small
from orchestrator.studio import History, Studio


def new_record_from_template(
    studio: Studio, name: str, *, title: str, artist: str, due: date | None, songs: Sequence[str] = ()
) -> tuple[str, RecordTemplate]:
    """Open a record with the songs and parts of a template; return its address, even if it is open already.

    Args:
        studio: the store.
        name: a built-in template, or else the path of a TOML file.
        title: of the record.
        artist: of the record.
        due: its due date.
        songs: titles of its first songs.

    Raises:
        NotFound: ``template.unknown``; there is neither a template nor a file of that name.
        Misused: ``template.text``, ``template.title``.
    """
    template = template_named(name) or _template_file(Path(name))

    def decision(history: History, _: Role) -> tuple[str, Sequence[Event]]:
        state = catalog_after(history)
        events = open_from_template(
            state, template, title=title, artist=artist, due=due, currency=studio.config.currency, titles=songs
        )
        opened = [one for one in events if isinstance(one, CatalogEvent)]
        return str(record_named(fold_events(catalog.evolve, state, opened), title, artist)), events

    return studio.decide(records_query(), decision, deed="record"), template


def _template_file(file: Path) -> RecordTemplate:
    if not file.exists():
        raise NotFound(
            "template.unknown",
            f"there is no template {str(file)[:200]}: neither a file, nor one of {', '.join(BUILT_IN)}",
            next=suggest("record new", "TITLE", artist="ARTIST", template="ep"),
        )
    data = read_small(file, LIMITS.characters)
    try:
        return read_template(data.decode("utf-8"), file.name)
    except UnicodeDecodeError:
        raise Misused("template.text", f"{file.name} is not UTF-8 text") from None
