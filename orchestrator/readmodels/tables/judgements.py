"""Declared table of the judgements: the decisions that can be undone."""

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel


class Judgement(SQLModel, table=True):
    """One decision that can be undone, and its present state: in force or undone."""

    __tablename__ = "judgements_v2"
    __table_args__ = (Index("judgements_v2_actor", "actor", "position"),)

    position: int = Field(primary_key=True)
    id: bytes
    actor: str = Field(sa_type=Text)
    record: str = Field(sa_type=Text)
    song: str | None = Field(sa_type=Text)
    part: str | None = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    stands: int
    last: int
    """1 for a decision that ``undo`` may take back (not the first sound of a MIDI take); 2 for an undo of such a
    decision, which ``redo`` may take back; else 0."""
    command: str = Field(sa_type=Text)
    """Command that recorded it: equal for all events recorded at once."""
