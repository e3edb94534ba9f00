"""Notes, and taking back."""

from collections.abc import Sequence
from uuid import UUID

from domain.address import Address, frames_of
from domain.event import Event
from domain.notes import NoteAdded, Visibility
from domain.notes import note as noted
from domain.people import Role
from domain.refusal import Clash
from domain.takes import CompSet, TakeJudged
from domain.undo import DecisionUndone, standing, undo
from domain.verdicts import VerdictGiven
from orchestrator.desk import where
from orchestrator.desk.history import words
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

JUDGEMENTS = (TakeJudged, CompSet, VerdictGiven, NoteAdded, DecisionUndone)


def undo_last(studio: Studio, target: str | None) -> str:
    """Take back the caller's last judgement or note at or under *target*; what it was, in words.

    Raises:
        NotFound: ``undo.nothing``.
        Clash: ``undo.meanwhile``; the caller said something newer elsewhere, and means one of the two.
    """
    tags, meant = [], set[UUID]()
    if target:
        address = where.find(studio, target, "record", "song", "part", "take", "mix", "master")
        tags = [f"{ {1: 'record', 2: 'song', 3: 'part'}[len(address.path)] }:{'/'.join(address.path)}"]

    def decision(history: History, _: Role) -> tuple[str, Sequence[Event]]:
        nonlocal meant
        back = undo(history, by=studio.who.actor)
        taken = {event.decision for event in back}
        meant = meant or taken
        if taken != meant:
            raise Clash(
                "undo.meanwhile", f"{studio.who.actor} has said something newer meanwhile", next="takesheet undo"
            )
        return "; ".join(words(old.event) for old in history if old.id in taken), back

    return studio.decide(Query.of(*JUDGEMENTS, tags=tags), decision, deed="note")


def add_note(
    studio: Studio, target: Address, text: str, *, at: str | None = None, visibility: Visibility = "team"
) -> None:
    """Write *text* down about *target*, at a song time where one is named."""
    frame = None
    if at is not None:
        known = where.catalog_of(studio, target.path[0])
        song = known.songs.get("/".join(target.path[:2]))
        frame = frames_of(at, song.clock.rate if song and song.clock else 48_000)

    def decision(history: History, _: Role) -> tuple[None, Sequence[Event]]:
        known = [old.event for old in standing(history) if isinstance(old.event, NoteAdded)]
        return None, noted(str(target), text=text, by=studio.who.actor, at=frame, visibility=visibility, known=known)

    studio.decide(Query.of(NoteAdded, DecisionUndone, tags=[f"record:{target.path[0]}"]), decision, deed="note")
