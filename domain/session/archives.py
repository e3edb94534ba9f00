"""Archives of a session: the recorder's whole folder in several places, each copy read back and compared."""

from collections.abc import Iterable
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.event import Event, RecordId, SessionId, Sha, Traits
from domain.core.refusal import Misused, suggest

SAFE_COPIES: Final = 2
MOST_COPIES: Final = 9
Label = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class SessionArchived(Event):
    """Every file of a folder was copied to several places, read back from each and found equal."""

    kind: Literal["session-archived"] = "session-archived"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("record",)
    session: SessionId
    record: RecordId
    folder: Label
    """Name of the folder, without its path."""
    manifest: Sha
    """SHA-256 of the list of all files with their hashes."""
    files: Annotated[int, Field(ge=1, strict=True)]
    bytes: Annotated[int, Field(ge=0, strict=True)]
    copies: Annotated[tuple[Label, ...], Field(min_length=1, max_length=MOST_COPIES)]
    """Names of the places."""

    @override
    def describe(self) -> str:
        return f"{self.session}: {self.folder}, {self.files} files in {', '.join(self.copies)}"


def is_safe(archives: Iterable[SessionArchived]) -> bool:
    """True if the state of a folder that was archived last is in two places."""
    last = next(reversed(list(archives)), None)
    return last is not None and len(set(last.copies)) >= SAFE_COPIES


def evolve(_: SessionArchived | None, event: SessionArchived) -> SessionArchived:
    """Fold one event of one session: the last one counts."""
    return event


def archive(known: SessionArchived | None, *, new: SessionArchived) -> list[SessionArchived]:
    """Record copies that were read back and found equal.  The *known* ones yield no event.

    Raises:
        Misused: ``session.copies``; fewer than two places, or one twice.
    """
    refuse_few(new.session, new.copies)
    return [] if new == known else [new]


def refuse_few(session: str, copies: Iterable[str]) -> None:
    """Refuse fewer than two places, too many, or one twice.  Raises: Misused ``session.copies``."""
    names = [*copies]
    if not SAFE_COPIES <= len(names) <= MOST_COPIES or len(set(names)) != len(names):
        raise Misused(
            "session.copies",
            f"{len(set(names))} places; a session is safe in {SAFE_COPIES} to {MOST_COPIES} of different names",
            next=suggest("session archive", session, "FOLDER", copies="DIR,DIR"),
        )
