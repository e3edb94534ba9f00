"""The history of a budget: its versions, and the events that make each figure of a line.

Tests: ``tests/orchestrator/cli/commands/money/test_budget_history.py``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from domain.booking.budget import UNBUDGETED, Budget
from domain.core.event import Event, Recorded
from domain.core.money import Money, zero
from domain.finance import finances
from domain.finance.finances import FinanceEvent, Finances
from orchestrator.desk.addressing import addresses
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import shown
from orchestrator.desk.booking.budget import budget_query, finances_of
from orchestrator.desk.booking.instalments import record_instalments
from orchestrator.desk.curtain import refuse_money
from orchestrator.studio import History, Studio

Step = tuple[Recorded[Event], Finances, Finances]
"""An event, and the finances before and after it."""


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


def budget_history(studio: Studio, text: str) -> list[Row]:
    """One row for each event that changed a figure of a line, with all figures after it.

    After those of a line, one row for each instalment of the deals that it pays, with what of it is due now.

    Args:
        studio: the store.
        text: a line, such as ``night-bus/studio``; what no line pays, ``night-bus/unbudgeted``; or a record, for all.

    Raises:
        Refused: ``curtain.money``.
        NotFound: ``budget.line``; there is no such record or line.
    """
    of, slash, name = text.rpartition("/")
    record = addresses.record(studio, of if slash else text)
    refuse_money(studio, record)
    history = studio.read(budget_query(record))
    state = finances_of(history, studio.day_seen())
    budget = state.budget
    if slash and name != UNBUDGETED:
        budget.line(name, record=record)
    wanted = [name] if slash else [*budget.lines, *([UNBUDGETED] if budget.unbudgeted else [])]
    steps = list(_steps(history))
    found: list[Row] = []
    for line in wanted:
        rows = list(_line_rows(studio, steps, line))
        found += [*rows, *_instalment_rows(studio, record, state, line, rows[-1])] if rows else []
    return found


def _instalment_rows(studio: Studio, record: str, state: Finances, line: str, last: Row) -> Iterator[Row]:
    """One row for each instalment of the deals that *line* pays, with the figures of its *last* row."""
    for deal, parts in record_instalments(studio, record, state).items():
        terms = state.deals[deal].terms
        if (terms.line or UNBUDGETED) != line or state.deals[deal].ended:
            continue
        for part in parts if len(parts) > 1 or terms.due else [one for one in parts if one.due.minor]:
            told = f"{deal}, instalment {part.name}: {part.amount}"
            yield last | {"when": "", "who": terms.person, "event": told, "why": "", "change": part.state}


def _line_rows(studio: Studio, steps: Sequence[Step], line: str) -> Iterator[Row]:
    for one, before, after in steps:
        had, has = _figures(before.budget, line), _figures(after.budget, line)
        if had != has:
            yield {"line": line, **_row(studio, one, had, has)}


def _steps(history: History) -> Iterator[Step]:
    """The events of a record's finances, each with the state before and after it."""
    own = [one for one in history if isinstance(one.event, FinanceEvent)]
    states = accumulate((one.event for one in own), _evolve, initial=Finances())
    return ((one, before, after) for one, (before, after) in zip(own, pairwise(states), strict=True))


def _evolve(state: Finances, event: Event) -> Finances:
    return finances.evolve(state, event) if isinstance(event, FinanceEvent) else state


def _figures(budget: Budget, name: str) -> dict[str, Money]:
    """The figures of a line, and its overrun, whatever the day; none of a line that is not there yet."""
    if name == UNBUDGETED and name not in budget.lines:
        return {} if budget.beside is None else {"committed": budget.beside, "forecast": budget.beside}
    if name not in budget.lines:
        return {}
    line = replace(budget.lines[name], day=None)
    return {
        "approved": line.approved, "committed": line.promised, "invoiced": line.invoiced, "spent": line.spent,
        "left": line.left, "forecast": line.forecast,
        "overrun": line.overrun.amount if line.overrun else zero(line.approved.currency),
    }  # fmt: skip


def _row(studio: Studio, one: Recorded[Event], before: dict[str, Money], after: dict[str, Money]) -> Row:
    changes = []
    for name in ("approved", "committed", "invoiced", "spent", "overrun"):
        if name not in after:
            continue
        had = before.get(name, zero(after[name].currency))
        if after[name] != had:
            change = after[name] - had
            changes.append(f"{name} {'+' if change.minor > 0 else ''}{change}")
    return {
        "position": one.position, "when": shown(studio, one.recorded_at), "who": one.actor,
        "event": one.event.describe(), "why": one.why or "", "change": ", ".join(changes), **after,
    }  # fmt: skip
