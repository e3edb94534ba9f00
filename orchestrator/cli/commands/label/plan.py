"""The commands of plan: what must happen when, over all records.

Tests: ``tests/orchestrator/cli/commands/label/test_plan_critical.py``.
"""

from orchestrator.cli.commands.label.stage_plans import add_stage_plans
from orchestrator.cli.shell.frame import noun

plan = noun("The plan of all records: what must happen when.")

add_stage_plans(plan)
