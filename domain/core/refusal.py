"""The one family of errors a user can cause; each carries the rule, the numbers and the next command."""

from typing import ClassVar


class Refusal(Exception):
    """Something the user asked for will not be done, and nothing was changed.

    Args:
        rule: the rule's name, such as ``budget.guard``; stable, for scripts.
        detail: one line with the numbers.
        next: the exact command that would help, or an empty string.
        values: what the sentence was made from, for programs and tests.
    """

    def __init__(self, rule: str, detail: str, *, next: str = "", **values: object) -> None:  # noqa: A002 - the word users read
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
    """A word, a recipe or an address that does not parse (exit 2)."""


class Refused(Refusal):
    """A rule of the house says no (exit 3)."""


class NotFound(Refusal):
    """No such thing, or more than one answers to the name (exit 4)."""


class Clash(Refusal):
    """Double booking, or somebody decided meanwhile (exit 5)."""


class Unfit(Refusal):
    """A check of audio, a deliverable or a rebuild failed (exit 6)."""
