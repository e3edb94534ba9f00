"""Declared table of the words that a search finds."""

from sqlalchemy import Text
from sqlmodel import Field, SQLModel


class SearchWord(SQLModel, table=True):
    """One word of the text of the event at *position*."""

    __tablename__ = "search_v3"
    __table_args__ = {"sqlite_with_rowid": False}

    word: str = Field(primary_key=True, sa_type=Text)
    position: int = Field(primary_key=True)
