"""Decisions on the approved amounts of a budget: to move them between lines, and to authorise an overrun."""

from dataclasses import replace
from datetime import date

from domain.booking.budget import Budget, BudgetEvent
from domain.booking.budget_line import BudgetMoved, OverrunAuthorised
from domain.core.money import Money, zero
from domain.core.refusal import Misused, NotFound, Refused, suggest


def move_amount(
    budget: Budget, *, record: str, source: str, target: str, amount: Money, again: bool = False
) -> list[BudgetEvent]:
    """Move *amount* from the line *source* to the line *target*; the total stays.

    The move that was made last yields no event, unless it is to be made *again*.

    Raises:
        NotFound: ``budget.line``.
        Misused: ``budget.move`` when nothing would move.
        Refused: ``budget.floor`` when *source* has less left; an authorised overrun cannot be moved.
    """
    line = budget.line(source, record=record)
    budget.line(target, record=record)
    if source == target or not amount.minor:
        raise Misused("budget.move", f"{amount} from {source} to {target} moves nothing; name two lines and an amount")
    new = BudgetMoved(record=record, source=source, target=target, amount=amount)
    if budget.last_move == new and not again:
        return []
    left = line.left - line.authorised
    if amount > left:
        nothing = zero(amount.currency)
        movable = max(nothing, left)
        raise Refused(
            "budget.floor",
            f"{source} has {movable} left, {amount} cannot be moved: short {amount - movable}",
            next=suggest("budget report", record),
            short=amount - movable,
        )
    return [new]


def authorise_overrun(
    budget: Budget, *, record: str, line: str, amount: Money, until: date, today: date
) -> list[BudgetEvent]:
    """Let *line* exceed its approved amount by *amount* through the day *until*.

    That replaces the overrun authorised before; an amount of 0 takes it back.  The same overrun again yields no event.

    Raises:
        NotFound: ``budget.line``.
        Misused: ``budget.until`` when the day is past; ``money.currency``.
    """
    approved, known = budget.line(line, record=record).approved, budget.lines[line].overrun
    _ = approved - amount  # refuses another currency
    new = OverrunAuthorised(record=record, line=line, amount=amount, until=until)
    if known == new or (known is None and not amount.minor):
        return []
    if until < today:
        raise Misused("budget.until", f"{until} is past, today is {today}: an overrun is authorised from today on")
    return [new]


def at_version(budget: Budget, version: int, *, record: str) -> Budget:
    """The budget with the approved amounts of *version*, and the costs it has now.

    Lines that came later are approved at nothing.

    Raises:
        NotFound: ``budget.version``.
    """
    if not 1 <= version <= len(budget.versions):
        raise NotFound(
            "budget.version",
            f"{record} has {len(budget.versions)} versions of its budget, and none numbered {version}",
            next=suggest("budget versions", record),
        )
    approved = budget.versions[version - 1]
    lines = {
        name: replace(line, approved=approved.get(name, zero(line.approved.currency)))
        for name, line in budget.lines.items()
    }
    return replace(budget, lines=lines)
