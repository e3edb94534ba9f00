"""Declared table of the due renders."""

from sqlalchemy import Text
from sqlmodel import Field, SQLModel


class DueRender(SQLModel, table=True):
    """Count of the due renders of one record, and the position of the last event that could change them."""

    __tablename__ = "due_renders_v3"

    record: str = Field(primary_key=True, sa_type=Text)
    moved: int
    opened: int
    """Position at which the record was opened."""
    due: int
    """Number of songs with due jobs, and 1 more if the master has due jobs."""
    failed: int
    """Jobs that failed and are not retried without a person's request."""
    outputs: str = Field(sa_type=Text)
    """Hashes of the record's rendered audio, one a line; audio that the vault lacks is due again."""
