"""Completion of songs and records: all that is missing, and the roles that owe it.

A song is complete with a keeper of every part that needs one, an approved mix, no open note, and the yes of every
writer to the shares that were proposed; a record is complete with complete songs, an approved master of their chosen
mixes, and every yes that its sign-offs ask for.
``SONG_CHECKS`` and ``RECORD_CHECKS`` hold one check for each kind of thing that can be missing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from domain.completion.coverage import PartCover, coverage
from domain.completion.signed_outputs import outputs_today
from domain.completion.song_stages import needed_parts
from domain.core.ids import IdParts
from domain.core.refusal import FreeText, Suggestion, suggest
from domain.correspondence.signoffs import Signoff
from domain.label.people import MAY, Role
from domain.masters.masters import Masters
from domain.mixes.mixes import Mixes
from domain.song.splits import Splits
from domain.status.chosen_mixes import chosen_mix
from domain.status.master_status import master_status
from domain.status.note_list import NumberedNote
from domain.status.record_state import RecordState, mix_status
from domain.status.verdicts import Status

What = Literal["song", "part", "form", "keeper", "mix", "note", "split", "master", "signoff"]

RECORDS_TAKES: Final[tuple[Role, ...]] = ("engineer", "producer")
"""Roles that owe a take which nobody has recorded."""
PLURALS: Final = {"mix": "mixes"}
SHORT_TEXT: Final = 60
"""Characters of a note that are repeated."""


@dataclass(frozen=True, slots=True)
class MissingItem:
    """One thing that is missing, with the roles that owe it and the next step."""

    what: What
    address: str
    why: str
    owed_by: tuple[Role, ...]
    """Roles, any of which can do it."""
    next: Suggestion
    person: str | None = None
    """Id of the person who owes it, if one is named, such as the player of a part."""


@dataclass(frozen=True, slots=True)
class CompletionFacts:
    """The facts by which completion is checked: a record's state, and the notes that the reader may see."""

    state: RecordState
    record: str
    notes: Sequence[NumberedNote] = ()
    splits: Mapping[str, Splits] = field(default_factory=dict)
    """Splits by song id, of songs with a proposal."""
    signoffs: Sequence[Signoff] = ()
    """The newest sign-off of each acceptance."""


SongCheck = Callable[[CompletionFacts, str], Iterator[MissingItem]]
"""Yields what is missing of the song with the given id."""
RecordCheck = Callable[[CompletionFacts], Iterator[MissingItem]]
"""Yields what is missing of the record beside its songs."""


def missing_of_song(facts: CompletionFacts, song: str) -> list[MissingItem]:
    """All that is missing of *song*, in the order of work.

    Raises:
        NotFound: ``song.unknown``.
        Refused: ``entry.removed``, ``entry.shelved``.
    """
    facts.state.catalog.song(song)
    facts.state.catalog.refuse_absent(song)
    return [item for check in SONG_CHECKS for item in check(facts, song)]


def missing_of_record(facts: CompletionFacts) -> list[MissingItem]:
    """All that is missing of the record: of each song on it in order, then of the record as a whole.

    Raises:
        NotFound: ``record.unknown``.
        Refused: ``entry.removed``, ``entry.shelved``.
    """
    catalog = facts.state.catalog
    catalog.record(facts.record)
    catalog.refuse_absent(facts.record)
    songs = [item for song in catalog.songs_of(facts.record) for item in missing_of_song(facts, song.id)]
    return [*songs, *(item for check in RECORD_CHECKS for item in check(facts))]


def _parts(facts: CompletionFacts, song: str) -> Iterator[MissingItem]:
    state = facts.state
    if not state.catalog.song(song).mixable and not state.mixes.get(song, Mixes()).living:
        yield MissingItem("part", song, "no part yet", MAY["record"], suggest("part add", song, "PART"))


def _keepers(facts: CompletionFacts, song: str) -> Iterator[MissingItem]:
    needed = {f"{song}/{slug}": part for slug, part in needed_parts(facts.state, song).items()}
    for cover in coverage(facts.state, song):
        part = needed.get(cover.part)
        if part is None:
            continue
        if cover.unformed:
            names = ", ".join(cover.unformed)
            why = f"wanted in {names}, which the form does not have"
            yield MissingItem("form", cover.part, why, MAY["edit-take"], suggest("song form", song))
        if not cover.kept or cover.missing:
            yield _keeper(facts.state, cover, part.player)


def _keeper(state: RecordState, cover: PartCover, player: str | None) -> MissingItem:
    """The missing keeper of a part: of takes that are there, or of takes that are still to be recorded."""
    where = f" in {', '.join(cover.missing)}" if cover.kept else ""
    waiting = cover.unheard and (not cover.kept or any(cover.sections[name] == "takes" for name in cover.missing))
    if waiting:
        count = f"{cover.unheard} take{'s' if cover.unheard > 1 else ''} to judge"
        return MissingItem(
            "keeper", cover.part, f"no keeper{where}; {count}", MAY["judge-take"], suggest("review", cover.part)
        )
    recorded = len(state.takes_of(cover.part).takes)
    why = f"no keeper{where}" if recorded else "no take yet"
    return MissingItem(
        "keeper", cover.part, why, RECORDS_TAKES, suggest("take ingest", cover.part, "FILE"), person=player
    )


def _mix(facts: CompletionFacts, song: str) -> Iterator[MissingItem]:
    state = facts.state
    mixes = state.mixes.get(song, Mixes()).living
    if chosen_mix(state, song) is not None:
        return
    if not mixes:
        yield MissingItem("mix", song, "no mix yet", MAY["mix"], suggest("mix draft", song))
    else:
        status = mix_status(state, song, max(mixes))
        revise = suggest("mix revise", song, "RECIPE")
        yield _to_approve("mix", status, MAY["mix"], MAY["judge-mix"], revise)


def _notes(facts: CompletionFacts, song: str) -> Iterator[MissingItem]:
    for note in facts.notes:
        place = IdParts.of(note.added.target)
        if note.state == "open" and place.song == song:
            yield _note(facts.record, note, MAY["mix"] if place.revision else MAY["edit-take"])


def _splits(facts: CompletionFacts, song: str) -> Iterator[MissingItem]:
    for person in facts.splits.get(song, Splits()).missing:
        agree = suggest("split agree", song, **{"as": FreeText(person)})
        yield MissingItem("split", song, f"{person} has not agreed to the shares", (), agree, person=person)


def _songs(facts: CompletionFacts) -> Iterator[MissingItem]:
    if not facts.state.catalog.songs_of(facts.record):
        yield MissingItem(
            "song", facts.record, "no song yet", MAY["record"], suggest("song add", facts.record, "TITLE")
        )


def _master(facts: CompletionFacts) -> Iterator[MissingItem]:
    state, record = facts.state, facts.record
    masters = state.masters.get(record, Masters()).living
    plan = suggest("master plan", record)
    if not masters:
        yield MissingItem("master", record, "no master yet", MAY["plan-master"], plan)
        return
    status = master_status(state, record, max(masters))
    if status.remark:
        yield MissingItem("master", status.address, status.remark, MAY["plan-master"], plan)
    elif status.state != "approved":
        yield _to_approve("master", status, MAY["plan-master"], MAY["judge-master"], plan)


def _record_notes(facts: CompletionFacts) -> Iterator[MissingItem]:
    for note in facts.notes:
        if note.state == "open" and IdParts.of(note.added.target).song is None:
            yield _note(facts.record, note, MAY["record"])


def _signoffs(facts: CompletionFacts) -> Iterator[MissingItem]:
    for signoff in facts.signoffs:
        opened, today = signoff.opened, outputs_today(facts.state, facts.record, signoff)
        name = f"{facts.record}/{opened.signoff}"
        for one in signoff.owing(today):
            count = len(signoff.asked(one, today))
            sort = f"{opened.acceptance} " if opened.acceptance else ""
            why = f"{opened.signoff}: the {sort}yes of {one} to {count} output{'' if count == 1 else 's'} is missing"
            give = suggest("signoff give", name, **{"as": FreeText(one.person)})
            yield MissingItem("signoff", facts.record, why, (), give, person=one.person)


def _to_approve(
    what: Literal["mix", "master"], status: Status, makers: tuple[Role, ...], judges: tuple[Role, ...], make: Suggestion
) -> MissingItem:
    """The missing approval of a mix or master: to render, to judge, or to make anew."""
    why = str(status)
    match status.state:
        case "pending":
            return MissingItem(what, status.address, why, makers, suggest("render", status.address))
        case "to hear" | "held" | "approved":
            return MissingItem(what, status.address, why, judges, suggest("review", status.address))
        case "blocked":
            return MissingItem(what, status.address, why, makers, suggest("why", status.address))
        case _:
            return MissingItem(what, status.address, why, makers, make)


def _note(record: str, note: NumberedNote, roles: tuple[Role, ...]) -> MissingItem:
    text = note.added.text
    shown = text if len(text) <= SHORT_TEXT else f"{text[: SHORT_TEXT - 1]}…"
    done = suggest("note done", note.name, record=record)
    return MissingItem("note", note.added.target, f"{note.name} is open: {shown}", roles, done)


SONG_CHECKS: Final[tuple[SongCheck, ...]] = (_parts, _keepers, _mix, _notes, _splits)
"""Checks of one song, in the order of work."""
RECORD_CHECKS: Final[tuple[RecordCheck, ...]] = (_songs, _master, _record_notes, _signoffs)
"""Checks of a record beside its songs, in the order of work."""


def in_words(items: Sequence[MissingItem]) -> str:
    """How much is missing, such as ``2 keepers, 1 mix``."""
    counts: dict[str, int] = {}
    for item in items:
        counts[item.what] = counts.get(item.what, 0) + 1
    return ", ".join(
        f"{count} {what if count == 1 else PLURALS.get(what, f'{what}s')}" for what, count in counts.items()
    )
