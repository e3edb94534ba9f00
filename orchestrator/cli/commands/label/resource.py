"""The commands of resource: rooms, people and gear that can be booked.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from typing import Annotated

import typer

from orchestrator.cli.shell.arguments import RESOURCES
from orchestrator.cli.shell.corrections import add_corrections
from orchestrator.cli.shell.frame import Call, command, noun

resource = noun("Rooms, people and gear that can be booked.")

ResourceArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="A room, a person or gear, such as room-a."), RESOURCES
]


@command(resource, "add")
def add_resource(
    call: Call,
    name: ResourceArgument,
    kind: Annotated[str, typer.Option(help="room, person or gear.")] = "room",
    rate: Annotated[str | None, typer.Option(help="600/day, 45.50/hour or 250/call.")] = None,
) -> None:
    """Make NAME bookable, or change its rate."""
    from domain.booking.resources import parse_kind
    from orchestrator.desk.booking.booking import add_resource as add

    sort = parse_kind(kind)
    with call.studio() as studio:
        found = add(studio, name, sort=sort, rate=rate)
    call.done({"resource": found.resource}, found.resource)
    if found.new_person:
        call.say(f"{found.resource} is new among the people of this label: takesheet user list")


@command(resource, "list", reads=True)
def list_resources(call: Call) -> None:
    """List the resources that can be booked."""
    from orchestrator.desk.booking.booking import resource_rows

    with call.studio() as studio:
        call.table(resource_rows(studio), ["resource", "title", "kind", "rate"])


@command(resource, "show", reads=True)
def show_resource(call: Call, name: ResourceArgument) -> None:
    """One resource and when it is booked."""
    from orchestrator.desk.booking.booking import booking_rows

    with call.studio() as studio:
        call.table(booking_rows(studio, name), ["session", "from", "to"], empty="not booked")


add_corrections(
    resource, "resource", "room-a", metavar="NAME", leaves="It is in no list and is not booked any more; sessions stay."
)
