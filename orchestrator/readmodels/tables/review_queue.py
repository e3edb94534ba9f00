"""Declared table of the review queue."""

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel


class ReviewQueue(SQLModel, table=True):
    """One waiting item of a record, valid from position *since* to the one before *until*."""

    __tablename__ = "review_queue_v4"
    __table_args__ = (
        Index("review_queue_v4_now", "record", sqlite_where=text("until IS NULL"),
              postgresql_where=text("until IS NULL")),
    )  # fmt: skip

    record: str = Field(primary_key=True, sa_type=Text)
    sort: str = Field(primary_key=True, sa_type=Text)
    """``take``, ``mix`` or ``master`` if it is to be judged; else ``gap``, ``render``, ``plan``,
    ``blocked`` or ``edit``."""
    address: str = Field(primary_key=True, sa_type=Text)
    output: str = Field(primary_key=True, sa_type=Text)
    """Manifest hash of the output to hear; empty where there is none."""
    since: int = Field(primary_key=True)
    until: int | None = None
    why: str = Field(sa_type=Text)
    deed: str = Field(sa_type=Text)
    """Permission needed to resolve the item; empty for ``blocked``."""
    place: int
    """Rank among the record's rows, as they are shown."""
    opened: int
    """Position at which the record was opened."""
    waits: int
    """Position since which the item waits, even if the reason has changed since then."""
