"""Session reports: who played what on which song, from when to when, as unions and performers' societies ask for it.

A part is reported if something was recorded of it in the session: a pass rolled, or a take came from it.  What was
merely planned is not.  There is no money in a report, and no verdict.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from domain.core.ids import song_of
from domain.label.catalog import PartAdded, Song
from domain.session.session_day import SessionDay

AttendanceSource = Literal["recorded", "booked", "none"]


@dataclass(frozen=True, slots=True)
class Stay:
    """One person's stay in a session, as it was recorded at its end or else as it was booked."""

    person: str
    came: datetime
    left: datetime
    source: AttendanceSource = "recorded"


@dataclass(frozen=True, slots=True)
class SessionTake:
    """A take that came from the session."""

    part: str
    pass_number: int | None = None


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """Facts by which one session is reported."""

    day: SessionDay
    songs: Sequence[Song]
    stays: Sequence[Stay] = ()
    takes: Sequence[SessionTake] = ()
    roles: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Roles of people by id, such as engineer, for those who play nothing."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One person's work in one session: on one part of one song, or without a part."""

    person: str
    """Id; empty if nobody is named as the player of the part."""
    role: str
    """``performer``, or the roles of somebody who plays nothing."""
    came: datetime | None
    left: datetime | None
    minutes: int
    """Minutes of all their stays in the session."""
    attendance: AttendanceSource
    song: str = ""
    """Id; empty for somebody who plays nothing."""
    part: str = ""
    """Id."""
    instrument: str = ""
    passes: int = 0
    """Number of passes in which the part was recorded, false starts left out."""
    first: datetime | None = None
    """When the first of these passes began; None if nobody slated one."""
    last: datetime | None = None
    """When the last of them ended."""


def report_rows(facts: ReportFacts) -> list[ReportRow]:
    """All rows of one session: by person, performers first, and theirs by song and part."""
    played = list(_played(facts))
    players = {row.person for row in played}
    others = dict.fromkeys(stay.person for stay in facts.stays if stay.person not in players)
    return [*played, *(_row(facts, person, ", ".join(facts.roles.get(person, ())) or "other") for person in others)]


def _played(facts: ReportFacts) -> Iterator[ReportRow]:
    parts = {f"{song.id}/{slug}": part for song in facts.songs for slug, part in song.living.items()}
    recorded = [(part, known) for part, known in parts.items() if _passes(facts, part)]
    players = dict.fromkeys(known.player or "" for _, known in recorded)
    for player in players:
        for part, known in recorded:
            if (known.player or "") == player:
                yield _played_row(facts, player, part, known)


def _played_row(facts: ReportFacts, player: str, part: str, known: PartAdded) -> ReportRow:
    slates = [one for one in facts.day.slates.values() if part in one.parts and one.mark != "false-start"]
    return _row(
        facts, player, "performer", song=song_of(part), part=part, instrument=known.instrument or known.name,
        passes=len(_passes(facts, part)), first=min((one.started for one in slates), default=None),
        last=max((one.stopped or one.started for one in slates), default=None),
    )  # fmt: skip


def _passes(facts: ReportFacts, part: str) -> set[tuple[str, int]]:
    """Numbers of the passes in which *part* was recorded, each take without a number as one of its own."""
    slated = {
        ("pass", one.pass_number)
        for one in facts.day.slates.values()
        if part in one.parts and one.mark != "false-start"
    }  # fmt: skip
    takes = (one for one in facts.takes if one.part == part)
    return slated | {
        ("take", number) if one.pass_number is None else ("pass", one.pass_number) for number, one in enumerate(takes)
    }


def _row(
    facts: ReportFacts, person: str, role: str, *, song: str = "", part: str = "", instrument: str = "",
    passes: int = 0, first: datetime | None = None, last: datetime | None = None,
) -> ReportRow:  # fmt: skip
    stays = [one for one in facts.stays if one.person == person]
    return ReportRow(
        person, role, min((one.came for one in stays), default=None), max((one.left for one in stays), default=None),
        minutes_of(stays), stays[0].source if stays else "none", song, part, instrument, passes, first, last,
    )  # fmt: skip


def minutes_of(stays: Iterable[Stay]) -> int:
    """Minutes of all *stays*, begun ones left out."""
    return sum(int((one.left - one.came).total_seconds()) // 60 for one in stays)
