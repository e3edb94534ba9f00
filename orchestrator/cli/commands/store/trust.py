"""``trust``: allow what a store may start and reach, list trusted stores, or withdraw trust.

Tests: ``tests/orchestrator/store/test_trust.py``.
"""

from typing import Annotated

import typer

from orchestrator.cli.shell.frame import Call, command, noun

trust = noun("Allow a store to start and reach what its settings say.")


@command(trust, "trust")
def allow(
    call: Call,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    every: Annotated[bool, typer.Option("--list", help="Only list the stores you trust.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Trust the store no longer.")] = False,
) -> None:
    """Show the owner of the store and the programs and places it would use; allow them for you alone.

    Trust ends by itself when the settings change, or when the store is moved.
    """
    if every:
        _list(call)
    elif forget:
        _forget(call)
    else:
        _allow(call, yes=yes)


def _allow(call: Call, *, yes: bool) -> None:
    from orchestrator.cli.commands.song.ingest_result import ask
    from orchestrator.store import config
    from orchestrator.store.trust_request import TrustRequest

    request = TrustRequest.of(config.find(call.store))
    data = {"store": str(request.folder), "facts": request.lines}
    if request.trusted:
        call.done(data, f"{request.folder} is trusted already", *request.lines)
        return
    call.say(str(request.folder), *(f"  {line}" for line in request.lines))
    if not (yes or ask(call, "trust this store?")):
        call.say("nothing was changed")
        return
    if sentence := request.allow():
        call.say(sentence)
    call.done(data, f"{request.folder} is trusted")


def _list(call: Call) -> None:
    from pathlib import Path

    from orchestrator.store.trust import records

    rows: list[dict[str, object]] = [
        {"store": found.path, "id": found.id or None, "there": Path(found.path).is_dir()} for found in records()
    ]
    call.table(rows, ["store", "id", "there"], empty="you trust no store")


def _forget(call: Call) -> None:
    from orchestrator.store import config
    from orchestrator.store.trust import forget

    # A named store may be deleted: its record of trust is removed all the same.
    folder = config.find(None) if call.store is None else config.named_folder(call.store)
    known = forget(folder)
    call.done({"store": str(folder), "was": known}, f"{folder} is {'no longer' if known else 'not'} trusted")
