"""Setups of parts: how each was recorded, saved, approved as its sound, and set up again.

Tests: ``tests/orchestrator/cli/commands/song/test_setup.py``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from domain.core.address import Address
from domain.core.event import Event
from domain.core.ids import lineage, record_of
from domain.label.people import Role
from domain.session import setups
from domain.session.setups import SetupEvent, Setups, SetupSaved, read_line
from flows.vault.vault import Vault
from orchestrator import new_file
from orchestrator.desk.addressing.addresses import catalog_of
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.booking.booking import schedule_of, sessions_query
from orchestrator.desk.session.parked_parts import refuse_other_record
from orchestrator.desk.session.photo_files import read_photo
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

KINDS = get_args(SetupEvent)


@dataclass(frozen=True, slots=True)
class TypedSetup:
    """A setup as it was typed."""

    lines: Sequence[str] = ()
    """Such as ``kick-in: mic=D112; preamp=1073``."""
    cue_mix: str | None = None
    words: str | None = None
    photo: Path | None = None
    session: str | None = None
    """Id of the session in which it is set up."""
    start: int | None = None
    """Number of the setup from which it begins."""


@dataclass(frozen=True, slots=True)
class SetupChange:
    """A setup, and whether the command recorded anything."""

    setup: SetupSaved
    changed: bool


def setups_of(studio: Studio, address: str) -> Mapping[str, Setups]:
    """The setups of the parts at *address*, a record, a song or a part, by part."""
    noun = ("record", "song", "part")[len(lineage(address)) - 1]
    return setups_after(studio.read(Query.of(*KINDS, tags=[f"{noun}:{address}"])))


def setups_after(history: History) -> Mapping[str, Setups]:
    """The setups after *history*, by part."""
    found: dict[str, Setups] = {}
    for one in history:
        if isinstance(one.event, SetupEvent):
            found[one.event.part] = setups.evolve(found.get(one.event.part, Setups()), one.event)
    return found


def save_setup(studio: Studio, part: str, typed: TypedSetup) -> SetupChange:
    """Save how *part* is set up; a setup equal to the last one is not saved again.

    Raises:
        Misused: ``setup.line``, ``setup.lines``, ``setup.empty``, ``setup.words``, ``setup.photo``, ``file.unfit``,
            ``part.session``.
        NotFound: ``setup.unknown``, ``file.missing``.
        VaultFault: the photo cannot be stored.
    """
    refuse_other_record(part, typed.session)
    lines = [read_line(text) for text in typed.lines]
    picture = read_photo(typed.photo) if typed.photo else None
    photo = _stored(Vault(studio.config.vault), picture) if picture is not None else None

    def decision(history: History, _: Role) -> tuple[SetupChange, Sequence[Event]]:
        known = setups_after(history).get(part, Setups())
        events = setups.save_setup(
            known, part=part, session=typed.session, lines=lines, cue_mix=typed.cue_mix, words=typed.words,
            photo=photo, start=typed.start,
        )  # fmt: skip
        saved = events[-1] if events else setups.setup_of(known, part, None)
        return SetupChange(saved, changed=bool(events)), events

    return studio.decide(_query(part), decision, deed="ingest")


def approve_setup(studio: Studio, part: str, number: int | None) -> SetupChange:
    """Approve a setup as the sound of *part*: the one of *number*, else the one saved last.

    Raises:
        NotFound: ``setup.unknown``.
    """

    def decision(history: History, role: Role) -> tuple[SetupChange, Sequence[Event]]:
        known = setups_after(history).get(part, Setups())
        events = setups.approve_setup(known, part=part, number=number, by=studio.who.actor, role=role)
        return SetupChange(setups.setup_of(known, part, number), changed=bool(events)), events

    return studio.decide(_query(part), decision, deed="judge-take")


def recall_setup(studio: Studio, part: str, *, session: str, number: int | None) -> SetupChange:
    """Set *part* up again in *session*: as the setup of *number* says, else as the approved one does.

    Raises:
        NotFound: ``setup.unknown``, ``session.unknown``.
        Refused: ``setup.unapproved``, ``session.cancelled``.
        Misused: ``part.session``.
    """
    refuse_other_record(part, session)
    record = record_of(part)

    def decision(history: History, _: Role) -> tuple[SetupChange, Sequence[Event]]:
        schedule_of(history).place(session, record=record)
        known = setups_after(history).get(part, Setups())
        events = setups.recall_setup(known, part=part, session=session, number=number)
        return SetupChange(setups.recalled_setup(known, part, number), changed=bool(events)), events

    return studio.decide(_query(part) | sessions_query(f"record:{record}"), decision, deed="ingest")


def setup_shown(studio: Studio, part: str, number: int | None) -> SetupSaved:
    """The setup of *number*, else the approved one, else the one saved last.  Raises: NotFound ``setup.unknown``."""
    known = setups_of(studio, part).get(part, Setups())
    return setups.setup_of(known, part, number if number or not known.current else known.current.number)


def write_photo(studio: Studio, setup: SetupSaved, file: Path) -> bool:
    """Write the photo of *setup*, which holds no metadata, into *file*; False if there is none.

    Raises:
        VaultFault: it is missing from the vault.
        NotFound: ``file.folder``.
    """
    if setup.photo is None:
        return False
    new_file.replace(file, Vault(studio.config.vault).checked(setup.photo).read_bytes())
    return True


def setup_rows(studio: Studio, address: Address) -> list[Row]:
    """One row for each setup of the parts at *address* that are still there."""
    known = setups_of(studio, "/".join(address.path))
    return [
        setup_row(studio, one, is_current=setups_.current == one)
        for part, setups_ in known.items()
        if part in living_parts(studio, record_of(part))
        for one in setups_.saved.values()
    ]


def setup_row(studio: Studio, setup: SetupSaved, *, is_current: bool | None = None) -> Row:
    """One setup as data."""
    if is_current is None:
        is_current = setups_of(studio, setup.part)[setup.part].current == setup
    return {
        "address": setup.part, "number": setup.number, "approved": is_current, "session": setup.session or "",
        "lines": [one.model_dump() for one in setup.lines], "cue_mix": setup.cue_mix, "words": setup.words,
        "photo": setup.photo is not None,
    }  # fmt: skip


def setup_lines(setup: SetupSaved, title: str, *, is_current: bool) -> list[str]:
    """The lines from which *setup* is set up again; *title* is the name of its part."""
    told = [f"{title}: setup {setup.number}{', approved' if is_current else ''}"]
    told += [f"  {one.text}" for one in setup.lines]
    told += [f"  cue mix: {setup.cue_mix}"] if setup.cue_mix else []
    told += [f"  {setup.words}"] if setup.words else []
    return [*told, "  with a photo"] if setup.photo else told


def current_setups(studio: Studio, record: str, parts: Iterable[str]) -> list[SetupSaved]:
    """The approved setups of *parts*, those that have one, in their order."""
    known = setups_of(studio, record)
    found = (known[part].current for part in parts if part in known)
    return [one for one in found if one is not None]


def living_parts(studio: Studio, record: str) -> list[str]:
    """Ids of the parts of *record* that are there, in the order of its songs."""
    return [f"{song.id}/{slug}" for song in catalog_of(studio, record).songs_of(record) for slug in song.living]


def _query(part: str) -> Query:
    return Query.of(*KINDS, tags=[f"part:{part}"])


def _stored(vault: Vault, data: bytes) -> str:
    with vault.scratch() as room:
        file = room / "photo"
        file.write_bytes(data)
        return vault.publish(file).hash
