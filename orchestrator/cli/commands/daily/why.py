"""The command why: the decisions behind a sound.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from typing import Annotated

import typer

from orchestrator.cli.shell.arguments import AddressArgument
from orchestrator.cli.shell.frame import Call, command, noun

why = noun("Why a master, mix, comp or take sounds as it does, and who decided it.")


@command(why, "why", reads=True)
def tell_why(
    call: Call,
    address: AddressArgument,
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="Only what sounds at this second.")] = None,
) -> None:
    """Show the tree behind ADDRESS: master, mixes, comps, takes and sessions, with who decided what, when and why.

    --at limits the tree to one second of the sound, which can also be part of the address: @mix1@1:12.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.provenance.why import tree

    whole, _, second = address.rpartition("@")
    if at is None and second[:1].isdigit() and "-" not in second:
        address, at = whole, second
    with call.studio() as studio:
        found = tree(studio, addresses.find(studio, address), second=at)
    call.paragraphs(found.as_dict(), *found.lines())
