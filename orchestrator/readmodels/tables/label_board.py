"""Declared table of the label's board."""

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel


class LabelBoard(SQLModel, table=True):
    """Counts of one song, or of a record if *song* is empty, valid from position *since* to the one before *until*."""

    __tablename__ = "label_board_v3"
    __table_args__ = (
        Index("label_board_v3_now", "record", "song", sqlite_where=text("until IS NULL"),
              postgresql_where=text("until IS NULL")),
    )  # fmt: skip

    record: str = Field(primary_key=True, sa_type=Text)
    song: str = Field(primary_key=True, sa_type=Text)
    since: int = Field(primary_key=True)
    until: int | None = None
    title: str = Field(sa_type=Text)
    artist: str = Field(sa_type=Text)
    due: str | None = Field(sa_type=Text)
    opened: int
    """Position at which the record was opened."""
    parts: int
    takes: int
    unheard: int
    """Takes without a verdict."""
    mixes: int
    masters: int
    stage: str = Field(sa_type=Text)
    """Stage of the song's production; empty for a record."""
    mastered: int
    """1 for a record with an approved master, else 0."""
    last_us: int
    """Time of the last counted event, microseconds since 1970 UTC."""
