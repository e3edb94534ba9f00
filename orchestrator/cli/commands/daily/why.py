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
    """The tree behind ADDRESS: master, mixes, comps, takes, sessions; who approved what, when and why.

    A second of it is asked for with --at, or in one word: @mix1@1:12.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.provenance.why import tree

    whole, _, second = address.rpartition("@")
    if at is None and second[:1].isdigit() and "-" not in second:
        address, at = whole, second
    with call.studio() as studio:
        found = tree(studio, addresses.find(studio, address), second=at)
    call.done(found.as_dict(), *found.lines())
