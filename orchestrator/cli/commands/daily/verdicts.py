"""Verdicts on takes: common code of ``take approve``, ``keep``, ``hold`` and ``reject``.

Tests: ``tests/orchestrator/cli/commands/daily/test_review.py``.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.core.ids import slug_of
from domain.core.refusal import Misused
from orchestrator.cli.shell.frame import Call

if TYPE_CHECKING:
    from domain.takes.takes import TakeVerdict
    from orchestrator.desk.takes.takes import VerdictResult
    from orchestrator.studio import Studio

SHOWN = {"approved": "approved", "kept": "kept", "held": "held for later", "rejected": "not this one"}


def judge(
    call: Call,
    targets: Sequence[str],
    verdict: "TakeVerdict",
    *,
    times: tuple[str | None, str | None] = (None, None),
    leave: Sequence[str] = (),
    why: str | None = None,
) -> None:
    """Judge all takes that *targets* name, in one decision."""
    from orchestrator.desk.takes.takes import judge_takes

    with call.studio() as studio:
        takes, span = _named(studio, targets, verdict, times, leave)
        said = judge_takes(studio, takes, verdict, span=span, why=why)
    print_verdict(call, said, verdict)


def _named(
    studio: "Studio", targets: Sequence[str], verdict: "TakeVerdict", times: tuple[str | None, str | None],
    leave: Sequence[str],
) -> tuple[list[str], tuple[str, str] | None]:  # fmt: skip
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.takes.takes import end_of, takes_of_pass

    found: list[str] = []
    span = None
    for target in targets:
        address = addresses.find(studio, target, "take", "pass")
        if address.revision:
            without = [slug_of(addresses.part(studio, part)) for part in leave]
            found += takes_of_pass(studio, address, leave=without, verdict=verdict)
        else:
            found.append("/".join((*address.path, str(address.take))))
        span = address.span or span
    if leave and not any("@pass" in target for target in targets):
        raise Misused("take.except", "--except goes with a pass, like @pass3 --except bass")
    if span and any(times):
        raise Misused("take.span", "give the span once: in the address, or with --from and --to")
    if span and len(found) > 1:
        raise Misused("take.span", "a span in an address is of one take; with several takes use --from and --to")
    if any(times):
        span = (times[0] or "0:00", times[1] or end_of(studio, found[0]))
    return found, span


def print_verdict(call: Call, judged: "VerdictResult", verdict: str) -> None:
    """Print *judged*: the verdict, and the stretches of the comp that it replaced."""
    data = {"takes": list(judged.takes), "verdict": verdict, "replaced": list(judged.replaced), "again": judged.again}
    call.done(data, *(f"{take} {SHOWN[verdict]}" for take in judged.takes))
    call.say(*judged.replaced)
