"""``doctor``: versions, file system, vault and disk space that a store depends on."""

from orchestrator.cli.shell.frame import Call, command, noun

doctor = noun("The health of a store: versions, file system, vault, disk space.")


@command(doctor, "doctor")
def examine(call: Call) -> None:
    """Check the health of this store and of everything it depends on; exit code 6 if anything is wrong."""
    from dataclasses import asdict

    from domain.core.refusal import Refusal
    from orchestrator.desk.upkeep.doctor import examine as look

    with call.studio() as studio:
        found = look(studio)
    rows = [asdict(one) for one in found]
    wrong = [one for one in found if not one.well]
    if not (call.json and wrong):
        call.table(rows, ["what", "found", "well", "note"], wrapped=["found", "note"])
    if wrong:
        detail = "; ".join(f"{one.what} is {one.found}: {one.note}" for one in wrong)
        raise Refusal("store.unwell", detail, data=rows)
