"""ModelTable of due renders."""

from sqlalchemy import Text
from sqlmodel import Field, SQLModel


class DueRender(SQLModel, table=True):
    """The due renders of one record, and the position that last moved its sound."""

    __tablename__ = "due_renders_v1"

    record: str = Field(primary_key=True, sa_type=Text)
    moved: int
    opened: int
    """Position at which the record was opened."""
    due: int
    """Songs, and the master, with due jobs."""
    failed: int
    """Jobs that failed and wait for somebody to ask for them."""
    outputs: str = Field(sa_type=Text)
    """Hashes of the audio that stands, one a line: whatever is missing from the vault is due again."""
