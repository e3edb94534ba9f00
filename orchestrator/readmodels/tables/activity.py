"""Declared table of the activity: who did what, where and when."""

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel


class Activity(SQLModel, table=True):
    """The kind, actor, place and time of one event."""

    __tablename__ = "activity_v3"
    __table_args__ = (
        Index("activity_v3_kind", "kind", "position"),
        Index("activity_v3_actor", "actor", "position"),
        Index("activity_v3_record", "record", "position"),
    )

    position: int = Field(primary_key=True)
    kind: str = Field(sa_type=Text)
    actor: str = Field(sa_type=Text)
    record: str = Field(sa_type=Text)
    """Empty for an event of no record."""
    song: str = Field(sa_type=Text)
    """Empty for an event of no song."""
    recorded_us: int
    """Time of recording, microseconds since 1970 UTC, by the clocks of the writers."""
