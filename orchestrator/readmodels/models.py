"""All read models of a store."""

from typing import Final

from orchestrator.readmodels.activity import ACTIVITY
from orchestrator.readmodels.base.read_model import ReadModel
from orchestrator.readmodels.budget_status import BUDGET_STATUS
from orchestrator.readmodels.calendar import CALENDAR
from orchestrator.readmodels.due_renders import DUE_RENDERS
from orchestrator.readmodels.judgements import JUDGEMENTS
from orchestrator.readmodels.label_board import LABEL_BOARD
from orchestrator.readmodels.notes import NOTES
from orchestrator.readmodels.review_queue import REVIEW_QUEUE
from orchestrator.readmodels.search import SEARCH
from orchestrator.readmodels.takes import TAKES

MODELS: Final[tuple[ReadModel, ...]] = (
    LABEL_BOARD, REVIEW_QUEUE, DUE_RENDERS, TAKES, CALENDAR, BUDGET_STATUS, NOTES, JUDGEMENTS, SEARCH, ACTIVITY,
)  # fmt: skip
