"""Declared table of the takes."""

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel


class TakeRecord(SQLModel, table=True):
    """One take with its state at the log's head."""

    __tablename__ = "takes_v2"
    __table_args__ = (Index("takes_v2_song", "song"),)

    part: str = Field(primary_key=True, sa_type=Text)
    number: int = Field(primary_key=True)
    record: str = Field(sa_type=Text)
    song: str = Field(sa_type=Text)
    pass_number: int | None = None
    session: str | None = Field(sa_type=Text)
    starts_at: int
    """Frame of song time on which the first frame falls."""
    frames: int
    rate: int
    """Hz."""
    tracks: int
    verdict: str | None = Field(sa_type=Text)
    warnings: str = Field(sa_type=Text)
    """Warnings of the take check, one a line."""
    recorded_on: str | None = Field(sa_type=Text)
