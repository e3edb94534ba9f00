"""One change of a store's tables, with its reversal."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Migration:
    """A released change of the tables.

    Args:
        number: version of the tables after it, from 1.
        what: description in a few words.
        up: statements, in the SQL that ``log.database`` describes.
        down: statements that revert it; the tables they drop lie beside the log, and their rows are lost.
        min_writer: the least ``columns.WRITER`` of a program that may append to a store of this version.
    """

    number: int
    what: str
    up: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    min_writer: int = 1
