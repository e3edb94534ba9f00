"""Declared table of the budgets."""

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel


class BudgetStatus(SQLModel, table=True):
    """One budget line, or the unbudgeted costs, in minor units, from position *since* to the one before *until*."""

    __tablename__ = "budget_status_v4"
    __table_args__ = (
        Index("budget_status_v4_now", "record", sqlite_where=text("until IS NULL"),
              postgresql_where=text("until IS NULL")),
    )  # fmt: skip

    record: str = Field(primary_key=True, sa_type=Text)
    line: str = Field(primary_key=True, sa_type=Text)
    since: int = Field(primary_key=True)
    until: int | None = None
    place: int
    """Rank among the record's lines."""
    begun: int
    """Position of the record's first budget event."""
    currency: str = Field(sa_type=Text)
    approved: int
    committed: int
    invoiced: int
    """Unpaid parts of the invoices received."""
    spent: int
    """Spent amount; approved minus committed, invoiced and spent is left."""
    forecast: int
    """Cost at completion: see :mod:`domain.booking.budget_line`."""
    unbudgeted: int
    """Open cost of sessions and deals that no line pays, in a row of its own whose line is empty."""
