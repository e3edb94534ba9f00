"""Declared table of the calendar."""

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel


class CalendarEntry(SQLModel, table=True):
    """One slot in which a resource is booked or held for a session."""

    __tablename__ = "calendar_v3"
    __table_args__ = (Index("calendar_v3_resource", "resource", "starts_us"), Index("calendar_v3_ends", "ends_us"))

    session: str = Field(primary_key=True, sa_type=Text)
    slot: int = Field(primary_key=True)
    resource: str = Field(primary_key=True, sa_type=Text)
    record: str = Field(sa_type=Text)
    starts_us: int
    """Microseconds since 1970 UTC."""
    ends_us: int
    state: str = Field(sa_type=Text)
    """``firm``, ``held`` or ``worked``."""
    rank: int
    """Rank of a hold; 0 for a firm session."""
    expires_us: int
    """When the hold ends by itself; 0: never."""
    deadline_us: int
    """Until when a challenged hold must be firm; 0: nobody challenged it."""
    answer: str = Field(sa_type=Text)
    """Answer of the person to this time: ``yes``, ``no``, ``other``, ``asked`` for no answer yet, or empty."""
