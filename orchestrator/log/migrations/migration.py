"""One change of a store's tables, there and back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Migration:
    """A released change.

    Args:
        number: the version of the tables once it is done, from 1.
        what: what it brings, in a few words.
        up: statements in the words of ``log.database``, which both databases understand.
        down: the same back; what they drop lay beside the log, and is lost.
        min_writer: what a program must write (``schema.WRITER``) to append to a store that stands here.
    """

    number: int
    what: str
    up: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    min_writer: int = 1
