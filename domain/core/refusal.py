"""Errors that a user can cause, one family; each carries the rule, the numbers and the next command."""


class Refusal(Exception):
    """A request was refused and nothing was changed.

    Args:
        rule: the rule's name, such as ``budget.guard``; stable, for scripts.
        detail: one line with the numbers.
        next: the exact command to run next, or an empty string.
        values: numbers and names in *detail*, for programs and tests.
    """

    def __init__(self, rule: str, detail: str, *, next: str = "", **values: object) -> None:  # noqa: A002 - the field's name in `--json`
        super().__init__(f"{rule}: {detail}")
        self.rule, self.detail, self.next, self.values = rule, detail, next, values


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
