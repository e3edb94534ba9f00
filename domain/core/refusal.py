"""Refusals: all errors that a user can cause, each with its rule, its numbers and a next step."""

from dataclasses import dataclass
from typing import ClassVar


class FreeText(str):
    """An argument typed by a person or read from a file system; it may hold blanks, so a command line quotes it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A use case that would help; a prompt shows it as a command, a page as a link.

    Args:
        use_case: its name, such as ``take approve``.
        arguments: in order: ids, :class:`FreeText`, and words in capitals as placeholders.
        options: name and value of each option, such as ``("role", "producer")``; True for an option without a value.
    """

    use_case: str
    arguments: tuple[str, ...] = ()
    options: tuple[tuple[str, str | bool], ...] = ()


def suggest(use_case: str, *arguments: str, **options: str | bool) -> Suggestion:
    """Suggest a use case with its arguments; an underscore in the name of an option stands for a hyphen."""
    return Suggestion(use_case, arguments, tuple((name.replace("_", "-"), value) for name, value in options.items()))


class Refusal(Exception):
    """A request of the user is refused, and nothing was changed.

    Args:
        rule: the rule's name, such as ``budget.guard``; stable, for scripts.
        detail: one line with the numbers.
        next: the next step: a use case, a sentence, or an empty string.
        values: the values in the sentence, for programs and tests.
    """

    def __init__(self, rule: str, detail: str, *, next: Suggestion | str = "", **values: object) -> None:  # noqa: A002 - the field of `--json`
        super().__init__(f"{rule}: {detail}")
        self.rule, self.detail, self.next, self.values = rule, detail, next, values


class OperationalError(Exception):
    """Unusable sound, vault or engine; the message is one sentence for a person.

    Base of the errors raised below the use cases; the command line recognises them by it, without importing the modules
    that raise them.
    """

    rule: ClassVar[str]
    """The rule under which the error is reported, such as ``vault``; stable, for scripts."""


class Misused(Refusal):
    """A word, recipe or address does not parse (exit 2)."""


class Refused(Refusal):
    """A rule of the domain forbids the request (exit 3)."""


class NotFound(Refusal):
    """Nothing has the given name, or several things have it (exit 4)."""


class Clash(Refusal):
    """A double booking or a concurrent decision (exit 5)."""


class Unfit(Refusal):
    """A check of audio, a deliverable or a rebuild failed (exit 6)."""
