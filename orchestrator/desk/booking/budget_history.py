"""The history of a budget: its versions, and the events that make each figure of a line.

Tests: ``tests/orchestrator/cli/commands/label/test_budget_history.py``.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate, pairwise

from domain.booking.budget_line import BudgetLine
from domain.core.event import Event, Recorded
from domain.core.money import Money, zero
from domain.finance import finances
from domain.finance.finances import FinanceEvent, Finances
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import shown
from orchestrator.desk.booking.budget import budget_query, finances_of
from orchestrator.desk.curtain import refuse_money
from orchestrator.studio import History, Studio

FIGURES = ("approved", "committed", "invoiced", "spent", "left", "forecast")
"""Figures of a line whose running values are shown."""


def version_rows(studio: Studio, record: str) -> list[Row]:
    """One row for each version of the approved amounts of *record*: who changed them, when, why, and the new total.

    Raises:
        Refused: ``curtain.money``.
    """
    refuse_money(studio, record)
    rows: list[Row] = []
    for one, before, after in _steps(studio.read(budget_query(record))):
        known = len(before.budget.versions)
        if len(after.budget.versions) > known:
            approved = list(after.budget.versions[-1].values())
            rows.append(
                {
                    "version": known + 1, "total": sum(approved[1:], approved[0]),
                    "when": shown(studio, one.recorded_at), "who": one.actor,
                    "change": one.event.describe().removeprefix(f"{record}: "), "why": one.why or "",
                    "position": one.position,
                }
            )  # fmt: skip
    return rows


def line_history(studio: Studio, record: str, line: str) -> list[Row]:
    """One row for each event that changed a figure of *line*, with the figures after it.

    Raises:
        Refused: ``curtain.money``.
        NotFound: ``budget.line``.
    """
    refuse_money(studio, record)
    history = studio.read(budget_query(record))
    finances_of(history, studio.today()).budget.line(line, record=record)
    rows: list[Row] = []
    for one, before, after in _steps(history):
        if line in after.budget.lines:
            had = _figures(before.budget.lines[line]) if line in before.budget.lines else {}
            has = _figures(after.budget.lines[line])
            if had != has:
                rows.append(_row(studio, one, had, has))
    return rows


def _steps(history: History) -> Iterator[tuple[Recorded[Event], Finances, Finances]]:
    """The events of a record's finances, each with the state before and after it."""
    own = [one for one in history if isinstance(one.event, FinanceEvent)]
    states = accumulate((one.event for one in own), _evolve, initial=Finances())
    return ((one, before, after) for one, (before, after) in zip(own, pairwise(states), strict=True))


def _evolve(state: Finances, event: Event) -> Finances:
    return finances.evolve(state, event) if isinstance(event, FinanceEvent) else state


def _figures(line: BudgetLine) -> dict[str, Money]:
    """The figures of *line*, and its overrun, whatever the day."""
    overrun = line.overrun.amount if line.overrun else zero(line.approved.currency)
    bare = replace(line, day=None)
    return {
        "approved": bare.approved, "committed": bare.promised, "invoiced": bare.invoiced, "spent": bare.spent,
        "left": bare.left, "forecast": bare.forecast, "overrun": overrun,
    }  # fmt: skip


def _row(studio: Studio, one: Recorded[Event], before: dict[str, Money], after: dict[str, Money]) -> Row:
    changes = []
    for name in ("approved", "committed", "invoiced", "spent", "overrun"):
        had = before.get(name, zero(after[name].currency))
        if after[name] != had:
            change = after[name] - had
            changes.append(f"{name} {'+' if change.minor > 0 else ''}{change}")
    return {
        "position": one.position, "when": shown(studio, one.recorded_at), "who": one.actor,
        "event": one.event.describe(), "why": one.why or "", "change": ", ".join(changes), **after,
    }  # fmt: skip
