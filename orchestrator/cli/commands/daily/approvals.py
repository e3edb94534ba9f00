"""Verdicts on mixes and masters: common code of ``mix`` and ``master`` ``approve`` and ``reject``.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from typing import TYPE_CHECKING, Literal

from orchestrator.cli.shell.frame import Call

if TYPE_CHECKING:
    from domain.status.verdicts import Verdict


def sign(
    call: Call, text: str, noun: Literal["mix", "master"], verdict: "Verdict", heard: str | None, why: str | None,
    *, alternate: bool = False,
) -> None:  # fmt: skip
    """Judge the current output of the mix or master at *text*, and print the result."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.mixes.mixes import judge_revision

    with call.studio() as studio:
        address = addresses.find(studio, text, noun)
        judged = judge_revision(studio, address, verdict, heard=heard, alternate=alternate, why=why)
    word = "approved" if verdict == "approved" else "not this one"
    word += " as an alternate" if alternate else ""
    call.done(
        {"address": judged.address, "verdict": verdict, "output": judged.output},
        f"{judged.address} {word} ({(judged.output or '')[:12]})",
    )
