"""House rules: the label sets them, and everybody may read them.

Tests: ``tests/orchestrator/cli/commands/label/test_rule.py``.
"""

from collections.abc import Sequence

from domain.core.event import Event
from domain.label import house_rules
from domain.label.house_rules import RULES, UNSET
from domain.label.people import Role
from orchestrator.desk.addressing.house_rules import HOUSE_RULES, rules_after
from orchestrator.desk.addressing.rows import Row
from orchestrator.studio import History, Studio


def set_rule(studio: Studio, rule: str, value: str, *, why: str | None) -> str:
    """Set a house rule; return its value in canonical form.  Raises: Misused ``rule.unknown``, ``rule.value``."""

    def decision(history: History, _: Role) -> tuple[str, Sequence[Event]]:
        rules = rules_after(history)
        events = house_rules.set_rule(rules, rule, value=value)
        return events[0].value if events else rules.value(rule), events

    return studio.decide(HOUSE_RULES, decision, deed="rules", why=why)


def rule_rows(studio: Studio) -> list[Row]:
    """One row for each rule: its value, whether the label set it, and what the values mean."""
    rules = rules_after(studio.read(HOUSE_RULES))
    return [
        {"rule": rule, "value": rules.value(rule), "set": rule in rules.values and rules.value(rule) != UNSET[rule],
         "meaning": meaning}
        for rule, meaning in RULES.items()
    ]  # fmt: skip
