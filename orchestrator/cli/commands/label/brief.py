"""The command brief: what a record is to express, and whom it is to reach."""

from typing import Annotated

import typer

from orchestrator.cli.shell.arguments import RecordArgument, WhyOption
from orchestrator.cli.shell.frame import Call, command, noun

brief = noun("The brief of a record: its intent and its audience.")


@command(brief, "brief", shows=True)
def write(
    call: Call,
    record: RecordArgument,
    intent: Annotated[str | None, typer.Option(help='What it is to express; "" takes it away.')] = None,
    audience: Annotated[str | None, typer.Option(help='Whom it is to reach, and how; "" takes it away.')] = None,
    why: WhyOption = None,
) -> None:
    """Write the brief of RECORD, or show it; review shows it above what is to be judged."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.label.briefs import brief_facts, set_brief

    with call.studio() as studio:
        name = addresses.record(studio, record)
        if intent is not None or audience is not None:
            set_brief(studio, name, intent=intent, audience=audience, why=why)
        facts = brief_facts(studio, name)
    call.facts(facts)
