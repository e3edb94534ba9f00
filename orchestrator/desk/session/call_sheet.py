"""Call sheets: when and where a session is, who comes, and what is recorded; without money and private words.

Tests: ``tests/orchestrator/cli/commands/session/test_session_call.py``.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from domain.booking.session_events import SessionHeld
from domain.booking.slots import Slot
from domain.core.address import slug
from domain.core.refusal import NotFound, suggest
from domain.label.catalog import Song
from orchestrator.desk.addressing.addresses import catalog_of
from orchestrator.desk.addressing.register import EVERYBODY, everybody
from orchestrator.desk.addressing.times import shown_exactly
from orchestrator.desk.booking.calendar_file import CalendarFile, session_calendar
from orchestrator.desk.session.goals import goal_of
from orchestrator.desk.session.readiness import place_of, songs_of_session
from orchestrator.desk.session.run_order import calls_of
from orchestrator.desk.session.setups import current_setups
from orchestrator.desk.session.sheet import Sheet, SheetSection
from orchestrator.desk.song.song_facts import song_facts
from orchestrator.studio import Studio


def call_sheet(studio: Studio, record: str, session: str, *, person: str | None = None) -> Sheet:
    """The call sheet of *session*, for everybody or for one *person*, whose own parts alone it lists.

    Raises:
        NotFound: ``session.unknown``; ``session.player``, *person* is not one of its people.
        Refused: ``session.cancelled``, ``session.released``.
    """
    state, place = place_of(studio, record, session)
    sorts = {name: state.resource(name).sort for name in place.resources}
    people = [name for name in place.resources if sorts[name] == "person"]
    chosen = slug(person) if person is not None else None
    if chosen is not None and chosen not in people:
        raise NotFound(
            "session.player", f"{chosen} is not one of the people in {session} ({', '.join(people) or 'nobody'})",
            next=suggest("session show", session),
        )  # fmt: skip
    names = everybody(studio.read(EVERYBODY)).names
    known = catalog_of(studio, record).record(record)
    held = " · held, not yet firm" if isinstance(place, SessionHeld) else ""
    goal, calls = goal_of(studio, session), calls_of(studio, place)
    songs = songs_of_session(studio, place)
    players = {part.player for song in songs for part in song.living.values()}
    own = chosen if chosen in players else None
    sections = [
        SheetSection("When", [[_times(studio, slot)] for slot in place.slots]),
        SheetSection("Where", [[name] for name in place.resources if sorts[name] == "room"]),
        SheetSection("Goal", [[goal]] if goal else []),
        SheetSection(
            "Who", [_who(studio, names.get(name, name), calls.get(name), *_plays(songs, name)) for name in people]
        ),
        SheetSection("What", [row for song in songs for row in _song_rows(studio, song, names, own)]),
        SheetSection("Setups", [] if own else [*_setups(studio, record, songs)]),
        SheetSection("Gear", [[name] for name in place.resources if sorts[name] == "gear"]),
    ]
    title = f"{known.title} · {session}"
    greeting = f" · for {names.get(chosen, chosen)}" if chosen is not None else ""
    return Sheet(title, f"{known.artist} · {studio.config.label}{held}{greeting}", sections)


def _times(studio: Studio, slot: Slot) -> str:
    begins = slot.start.astimezone(studio.config.zone)
    return f"{begins:%A}, {shown_exactly(studio, slot.start)} to {shown_exactly(studio, slot.end)}"


def _who(studio: Studio, name: str, call: datetime | None, plays: str) -> list[str]:
    """Name, call time by the run order, and parts of one person."""
    return [name, f"call {call.astimezone(studio.config.zone):%H:%M}" if call else "", plays]


def _plays(songs: list[Song], person: str) -> list[str]:
    """Names of the parts that *person* plays, in one cell."""
    parts = dict.fromkeys(part.name for song in songs for part in song.living.values() if part.player == person)
    return [", ".join(parts)]


def _song_rows(studio: Studio, song: Song, names: Mapping[str, str], person: str | None) -> list[list[str]]:
    """One row for each part of *song*, or for those of *person*; the song's facts stand in the first."""
    facts = song_facts(studio, song.id)
    told = [str(facts["key"]), f"{facts['tempo']} bpm" if facts["tempo"] else ""]
    parts = [part for part in song.living.values() if person is None or part.player == person]
    return [
        [
            " · ".join(filter(None, [song.title, *told])) if number == 0 else "", part.name,
            names.get(part.player, part.player) if part.player else "",
        ]
        for number, part in enumerate(parts)
    ]  # fmt: skip


def _setups(studio: Studio, record: str, songs: list[Song]) -> Iterator[list[str]]:
    """The lines of the approved setups, for whoever sets up; the name of a part stands in its first one."""
    parts = {f"{song.id}/{slug}": part.name for song in songs for slug, part in song.living.items()}
    for setup in current_setups(studio, record, parts):
        told = [one.text for one in setup.lines]
        told += [f"cue mix: {setup.cue_mix}"] if setup.cue_mix else []
        for number, line in enumerate(told or ["as in its photo" if setup.photo else setup.words]):
            yield [parts[setup.part] if number == 0 else "", line]


def call_calendar(studio: Studio, record: str, session: str) -> CalendarFile:
    """The session as an iCalendar file, with the UIDs of the calendar of its record."""
    place_of(studio, record, session)
    return session_calendar(studio, record, session)
