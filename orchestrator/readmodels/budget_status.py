"""Budgets: how much of each line is approved, committed and spent, now and at any earlier position."""

from typing import Final

from domain.booking.budget import Budget, BudgetEvent
from domain.core.fold import fold_events
from domain.finance import finances
from domain.finance.deals import DealEvent
from domain.finance.finances import FinanceEvent, Finances
from orchestrator.log.database.connection import Connection
from orchestrator.readmodels.base.interval_rows import IntervalRows, at
from orchestrator.readmodels.base.read_model import ReadModel
from orchestrator.readmodels.base.record_walk import RecordWriter, WalkStep
from orchestrator.readmodels.compiled import BUDGET_STATUS as TABLE
from orchestrator.readmodels.compiled import BudgetStatusRow

BESIDE: Final = -1
"""Value of ``place`` for the row of unbudgeted costs."""


class BudgetStatusWriter:
    """Writer of the budget model for one record."""

    def __init__(self, connection: Connection, record: str) -> None:
        self._record, self._rows = record, IntervalRows(TABLE, connection, record)
        self._finances: Finances | None = None
        self._begun = 0

    def observe(self, step: WalkStep) -> None:
        """Observe an event of the budget, or one that a deal's price follows."""
        event = step.recorded.event
        if not isinstance(event, FinanceEvent):
            return
        if self._finances is None:
            history = step.fold.history
            begun = next((one.position for one in history if isinstance(one.event, BudgetEvent | DealEvent)), None)
            if begun is None:
                return
            self._begun = begun
            events = (one.event for one in history if isinstance(one.event, FinanceEvent))
            self._finances = fold_events(finances.evolve, Finances(), events)
        else:
            self._finances = finances.evolve(self._finances, event)
        self._set(self._finances.budget, step)

    def _set(self, budget: Budget, step: WalkStep) -> None:
        for place, (name, line) in enumerate(budget.lines.items()):
            figures = (line.approved, line.promised, line.invoiced, line.spent, line.forecast)
            amounts = (*(one.minor for one in figures), 0)
            self._rows.set((self._record, name), (place, self._begun, line.approved.currency, *amounts), step.position)
        if (beside := budget.beside) is None:
            self._rows.drop((self._record, ""), step.position)
        else:
            values = (BESIDE, self._begun, beside.currency, 0, 0, 0, 0, beside.minor, beside.minor)
            self._rows.set((self._record, ""), values, step.position)

    def write(self) -> None:
        """Write what changed."""
        self._rows.write()


class _BudgetStatus:
    def writer(self, connection: Connection, record: str) -> RecordWriter:
        return BudgetStatusWriter(connection, record)


BUDGET_STATUS: Final = ReadModel("budget_status", TABLE, _BudgetStatus(), by_record=True)


def rows(connection: Connection, upto: int | None = None) -> list[BudgetStatusRow]:
    """Return one row for each line of every record's budget, and one row with an empty line for unbudgeted costs.

    The rows are in the order in which the budgets were begun.

    Args:
        connection: to the model's tables.
        upto: position of an earlier moment; None for the position that the model has reached.
    """
    return [BudgetStatusRow.of(row) for row in at(TABLE, connection, upto, "ORDER BY begun, place")]
