"""The commands of rule: what the label asks of everybody."""

from typing import Annotated

import typer

from orchestrator.cli.shell.arguments import WhyOption
from orchestrator.cli.shell.frame import Call, command, noun

rule = noun("House rules of the label: set, list.")


@command(rule, "set")
def set_(
    call: Call,
    name: Annotated[
        str,
        typer.Argument(
            metavar="RULE", help="approve.quorum.mix, approve.quorum.master, approve.self, park.takes or park.minutes."
        ),
    ],
    value: Annotated[
        str, typer.Argument(metavar="VALUE", help="Roles with commas between them, none, on, off or a number.")
    ],
    why: WhyOption = None,
) -> None:
    """Set a house rule; takes the role label. What was approved before stays approved.

    approve.quorum.mix and approve.quorum.master: roles that must all have approved, such as producer,label.
    approve.self off: whoever revised a mix may not be the only one who approves it.
    park.takes, park.minutes: when session run advises to go on to another part, or off.
    """
    from orchestrator.desk.label.house_rules import set_rule

    with call.studio() as studio:
        now = set_rule(studio, name, value, why=why)
    call.done({"rule": name, "value": now}, f"{name}: {now}")


@command(rule, "list", reads=True)
def list_(call: Call) -> None:
    """List the house rules, their values, and what these mean."""
    from orchestrator.desk.label.house_rules import rule_rows

    with call.studio() as studio:
        rows = rule_rows(studio)
    call.table(rows, ["rule", "value", "meaning"], wrapped=["meaning"])
