"""The house rules as the events of a log state them.

Tests: ``tests/orchestrator/cli/commands/label/test_rule.py``.
"""

from typing import Final

from domain.core.fold import fold_events
from domain.label import house_rules
from domain.label.house_rules import HouseRules, HouseRuleSet
from orchestrator.log.query import Query
from orchestrator.studio import History

HOUSE_RULES: Final = Query.of(HouseRuleSet)


def rules_after(history: History) -> HouseRules:
    """The house rules after *history*."""
    events = (one.event for one in history if isinstance(one.event, HouseRuleSet))
    return fold_events(house_rules.evolve, HouseRules(), events)
