"""Declared table of the notes."""

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel


class NoteRecord(SQLModel, table=True):
    """One note, and its present state: in force or undone."""

    __tablename__ = "notes_v2"
    __table_args__ = (Index("notes_v2_record", "record"),)

    position: int = Field(primary_key=True)
    id: bytes
    record: str = Field(sa_type=Text)
    song: str | None = Field(sa_type=Text)
    target: str = Field(sa_type=Text)
    at: int | None = None
    """Frame of song time."""
    visibility: str = Field(sa_type=Text)
    by: str = Field(sa_type=Text)
    stands: int
