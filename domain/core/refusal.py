"""The one family of errors a user can cause; each carries the rule, the numbers and what would help."""

from dataclasses import dataclass
from typing import ClassVar


class FreeText(str):
    """An argument that a person or a file system wrote: it may hold blanks, so that a prompt quotes it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A use case that would help; a prompt shows it as a command, a page as a link.

    Args:
        use_case: its name, such as ``take approve``.
        arguments: in their order: ids, :class:`FreeText`, and words in capitals for what is still to be filled in.
        options: name and value of each, such as ``("role", "producer")``; True is the value of one that takes none.
    """

    use_case: str
    arguments: tuple[str, ...] = ()
    options: tuple[tuple[str, str | bool], ...] = ()


def suggest(use_case: str, *arguments: str, **options: str | bool) -> Suggestion:
    """Name a use case that helps, with its arguments; an underscore in the name of an option stands for a hyphen."""
    return Suggestion(use_case, arguments, tuple((name.replace("_", "-"), value) for name, value in options.items()))


class Refusal(Exception):
    """Something the user asked for will not be done, and nothing was changed.

    Args:
        rule: the rule's name, such as ``budget.guard``; stable, for scripts.
        detail: one line with the numbers.
        next: what would help: a use case, words where none would, or an empty string.
        values: what the sentence was made from, for programs and tests.
    """

    def __init__(self, rule: str, detail: str, *, next: Suggestion | str = "", **values: object) -> None:  # noqa: A002 - the field of `--json`
        super().__init__(f"{rule}: {detail}")
        self.rule, self.detail, self.next, self.values = rule, detail, next, values


class OperationalError(Exception):
    """Sound, a vault or an engine that cannot be worked with; the message is one sentence for a person.

    The base of errors that are raised below the use cases, so that a command line recognises them without importing
    the modules that raise them.
    """

    rule: ClassVar[str]
    """The rule under which a user is told of it, such as ``vault``; stable, for scripts."""


class Misused(Refusal):
    """A word, recipe or address does not parse (exit 2)."""


class Refused(Refusal):
    """A rule of the domain forbids the request (exit 3)."""


class NotFound(Refusal):
    """Nothing has this name, or more than one thing does (exit 4)."""


class Clash(Refusal):
    """A double booking or a concurrent decision (exit 5)."""


class Unfit(Refusal):
    """A check of audio, a deliverable or a rebuild failed (exit 6)."""
