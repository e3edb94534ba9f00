"""``init`` and ``user``: the store and its people."""

from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.frame import Call, command, noun

init = noun("Make a store for a label.")
user = noun("People and their roles.")

PersonArgument = Annotated[str, typer.Argument(metavar="NAME", help="What they are called here.")]


@command(init, "init")
def make(
    call: Call,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where; here by default.")] = Path(),
    label: Annotated[str, typer.Option(help="The label's name.")] = "",
    currency: Annotated[str, typer.Option(help="ISO 4217, such as EUR.")] = "EUR",
    timezone: Annotated[str, typer.Option(help="IANA name, such as Europe/Berlin.")] = "UTC",
) -> None:
    """Make a store in DIR.  Whoever runs it holds every role."""
    from orchestrator.studio import Studio

    place = Studio.create(folder, label=label, currency=currency, timezone=timezone, claimed=call.claimed)
    call.done({"store": str(place), "label": label}, str(place))
    call.say(f"store of {label} is ready · next: takesheet record new TITLE --artist NAME")


@command(user)
def add(
    call: Call,
    name: PersonArgument,
    role: Annotated[list[str], typer.Option(help="producer, engineer, mixer, label, …; may be given often.")],
) -> None:
    """Add NAME, or give them another role."""
    from orchestrator.desk.house import add_user

    with call.studio() as studio:
        person = add_user(studio, name, role)
    call.done({"person": person, "roles": role}, person)


@command(user, "list", reads=True)
def list_(call: Call) -> None:
    """Everybody and their roles."""
    from orchestrator.desk.house import people_rows

    with call.studio() as studio:
        call.table(people_rows(studio), ["person", "name", "roles"])


@command(user, reads=True)
def show(call: Call, name: PersonArgument) -> None:
    """One person and their roles."""
    from orchestrator.desk.house import people_rows
    from orchestrator.desk.rows import one

    with call.studio() as studio:
        row = one(people_rows(studio), "person", name, "takesheet user list")
    call.done(row, *(f"{key}: {value}" for key, value in row.items()))
