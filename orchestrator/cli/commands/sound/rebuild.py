"""The command rebuild: audio rendered again and compared bit for bit.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from orchestrator.cli.shell.arguments import AddressArgument
from orchestrator.cli.shell.frame import Call, command, noun

rebuild = noun("Render again what was made, and compare it bit for bit.")


@command(rebuild, "rebuild")
def rebuild_audio(call: Call, address: AddressArgument) -> None:
    """Render the mix or master at ADDRESS again from its takes, and compare it bit for bit with the recorded one."""
    from domain.core.refusal import Unfit
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.provenance.rebuild import Rebuilder

    made = []
    with call.studio() as studio:
        for one in Rebuilder(studio, addresses.find(studio, address, "mix", "master")).run():
            made.append(one)
            call.say(f"{one.kind} {one.subject}: {one.how}")
    data = [{"kind": one.kind, "subject": one.subject, "equal": one.equal, "how": one.how} for one in made]
    wrong = [one for one in made if not one.equal]
    if wrong:
        raise Unfit("rebuild", f"{len(wrong)} of {len(made)} differ: {wrong[0].subject}: {wrong[0].how}", data=data)
    call.done(data, f"{len(made)} of {len(made)} equal")
