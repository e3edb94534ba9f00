"""Declared table of the calendar."""

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel


class CalendarEntry(SQLModel, table=True):
    """One slot in which a resource is booked for a session."""

    __tablename__ = "calendar_v2"
    __table_args__ = (Index("calendar_v2_resource", "resource", "starts_us"),)

    session: str = Field(primary_key=True, sa_type=Text)
    slot: int = Field(primary_key=True)
    resource: str = Field(primary_key=True, sa_type=Text)
    record: str = Field(sa_type=Text)
    starts_us: int
    """Microseconds since 1970 UTC."""
    ends_us: int
    booked: int
    """Position of the booking, or of the last move."""
