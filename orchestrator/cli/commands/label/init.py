"""The command init: a new store for a label."""

from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.shell.frame import Call, command, noun

init = noun("Make a store for a label.")


@command(init, "init")
def make(
    call: Call,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where; here by default.")] = Path(),
    label: Annotated[str, typer.Option(help="The label's name.")] = "",
    currency: Annotated[str, typer.Option(help="ISO 4217, such as EUR.")] = "EUR",
    timezone: Annotated[str, typer.Option(help="IANA name, such as Europe/Berlin.")] = "UTC",
    log: Annotated[
        str, typer.Option(metavar="URL", help="Keep the log in PostgreSQL: postgresql+psycopg://USER@HOST/DATABASE.")
    ] = "",
    shared: Annotated[
        str, typer.Option(metavar="GROUP", help="Share the store with the accounts of this group of the machine.")
    ] = "",
) -> None:
    """Make a store in DIR.  You hold every role in it, and no other account can read it unless it is shared."""
    from orchestrator.desk.upkeep.move_log import address
    from orchestrator.log.store import utc_now
    from orchestrator.studio import Studio

    given = {"log": address(log)} if log else {}
    place = Studio.create(
        folder,
        label=label,
        currency=currency,
        timezone=timezone,
        claimed=call.claimed,
        group=shared,
        clock=call.clock or utc_now,
        **given,
    )
    call.done({"store": str(place), "label": label}, str(place))
    call.say(*([f"shared with the group {shared}; each of them runs takesheet trust there once"] if shared else []))
    call.say(f"store of {label} is ready · next: takesheet record new TITLE --artist NAME")
