"""The commands of plan: what must happen when, over all records."""

from orchestrator.cli.commands.label.plan_calendar import add_calendar
from orchestrator.cli.commands.label.stage_plans import add_stage_plans
from orchestrator.cli.shell.frame import noun

plan = noun("The plan of all records: what must happen when, conflicts, free times, calendar files.")

add_stage_plans(plan)
add_calendar(plan)
