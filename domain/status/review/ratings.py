"""Ratings: how much a take, a mix or a master moves whoever listens, from 0 to 3, before any number is looked at.

A rating decides nothing.  It is of a sound: of a take the hash of its tracks, of a mix or a master its output.  Like a
rejection, it is seen by the team and by its author alone.

Tests: ``tests/domain/status/review/test_ratings.py``.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Final, Literal, cast

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.event import Event, PersonId, Recorded, RecordId, Sha, SongId, Traits
from domain.core.ids import IdParts
from domain.core.refusal import Misused
from domain.label.curtain import Reader, sees
from domain.label.people import Role
from domain.status.review.blind_order import HIGHEST_SEED
from domain.status.undo import effective_events

MOST_MOVED: Final = 3


class SoundRated(Event):
    """A person who listened said how much a take, a mix or a master moves them."""

    kind: Literal["sound-rated"] = "sound-rated"
    traits = Traits(undoable=True, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("target",)
    record: RecordId
    song: SongId | None = None
    """Song of a take or mix; None for a master."""
    target: Annotated[str, StringConstraints(min_length=1, max_length=600)]
    """Address of the take, mix or master."""
    sound: Sha
    """Hash of what was heard: of the tracks of a take, or the manifest hash of an output."""
    moved: Annotated[int, Field(ge=0, le=MOST_MOVED)]
    """From 0, not at all, to 3."""
    blind: bool = False
    """True if player, number, times, earlier ratings and verdicts were hidden."""
    seed: Annotated[int, Field(ge=0, le=HIGHEST_SEED)] | None = None
    """Seed of the order in which a blind review presented its items."""
    by: PersonId
    role: Role

    @property
    @override
    def secret(self) -> Literal["rejections"]:
        return "rejections"

    @override
    def describe(self) -> str:
        return f"{self.target} {self.in_words}"

    @property
    def in_words(self) -> str:
        """The rating without its address, such as ``moves 2 of 3, heard blind``."""
        return f"moves {self.moved} of {MOST_MOVED}{', heard blind' if self.blind else ''}"


def rate(
    known: Sequence[SoundRated], *, target: str, sound: str, moved: int, by: str, role: Role, seed: int | None = None
) -> list[SoundRated]:
    """Rate *target*, a full address; the same rating of a sound again yields no event.

    Args:
        known: ratings that are not undone, in order.
        target: address of the take, mix or master.
        sound: hash of what was heard.
        moved: from 0 to ``MOST_MOVED``.
        by: person who rates.
        role: role of that person.
        seed: seed of the order of a blind review; None if the review was not blind.

    Raises:
        Misused: ``rating.moved``.
    """
    if not 0 <= moved <= MOST_MOVED:
        raise Misused("rating.moved", f"{moved} is no rating: it is a number from 0, not at all, to {MOST_MOVED}")
    place = IdParts.of(target)
    new = SoundRated(
        record=place.record, song=place.song, target=target, sound=sound, moved=moved, blind=seed is not None,
        seed=seed, by=by, role=role,
    )  # fmt: skip
    last = next((one for one in reversed(known) if (one.target, one.sound, one.by) == (target, sound, by)), None)
    return [] if last and (last.moved, last.seed) == (moved, seed) else [new]


def ratings_in(history: Iterable[Recorded[Event]], reader: Reader) -> list[Recorded[SoundRated]]:
    """The ratings in *history* that are in force and that *reader* may see, in order."""
    return [
        cast("Recorded[SoundRated]", one)
        for one in effective_events(history)
        if isinstance(one.event, SoundRated) and sees(reader, one.event)
    ]


def ratings_in_words(ratings: Iterable[SoundRated], target: str, sound: str | None) -> str:
    """The last rating of *target* by each person, such as ``3 by pat, 1 by kim (blind)``; empty without any.

    A rating of another sound than *sound*, the present one, is marked.
    """
    last = {one.by: one for one in ratings if one.target == target}
    return ", ".join(f"{one.moved} by {one.by}{_marks(one, sound)}" for one in last.values())


def _marks(rating: SoundRated, sound: str | None) -> str:
    marks = [*(["blind"] if rating.blind else []), *(["before it changed"] if rating.sound != sound else [])]
    return f" ({', '.join(marks)})" if marks else ""
