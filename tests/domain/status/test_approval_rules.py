"""Approvals under house rules, against a model that walks through all verdicts anew."""

from typing import Final, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.refusal import Refused
from domain.label.people import Role
from domain.status.verdicts import Status, Verdict, Verdicts, derive_status, evolve, judge, refuse_lacking

OUTPUT: Final = "0" * 64
SUBJECT: Final = "night-bus/tin-roof@mix"
MIX: Final = f"{SUBJECT}1"
PEOPLE: Final[dict[str, Role]] = {"pat": "producer", "kim": "producer", "lou": "label", "ari": "artist"}


class Said(NamedTuple):
    """One verdict, and the rules under which it was given."""

    by: str
    verdict: Verdict
    quorum: tuple[Role, ...] = ()
    bars_own: bool = False
    """True if by the rule of that moment the approval of pat, who revised the mix, is not enough."""


def status(verdicts: Verdicts) -> Status:
    return derive_status(verdicts, address=MIX, subject=SUBJECT, output=OUTPUT, files=[OUTPUT])


def after(*history: Said) -> Verdicts:
    verdicts = Verdicts()
    for said in history:
        events = judge(
            verdicts, status(verdicts), record="night-bus", song="night-bus/tin-roof", verdict=said.verdict, by=said.by,
            role=PEOPLE[said.by], needs=said.quorum, own_work=said.bars_own and said.by == "pat",
        )  # fmt: skip
        for event in events:
            verdicts = evolve(verdicts, event)
    return verdicts


def approved_by_model(history: list[Said]) -> bool:
    """True if the last verdict approves and nothing that was asked for is missing, told by the words of the rules."""
    asked: tuple[Role, ...] = ()
    approved = False
    heard: list[Said] = []
    for said in history:
        heard.append(said)
        if said.verdict != "approved":
            approved = False
            continue
        asked = asked if approved else said.quorum
        of_role = {PEOPLE[one.by]: one.verdict for one in heard}
        of_person = {one.by: one for one in heard}
        yes = [one for one in of_person.values() if one.verdict == "approved"]
        others = [one for one in yes if not (one.by == "pat" and one.bars_own)]
        approved = all(of_role.get(role) == "approved" for role in asked) and bool(others)
    return approved


SAID = st.builds(Said, st.sampled_from(tuple(PEOPLE)), st.sampled_from(("approved", "approved", "rejected", "held")))


@given(st.lists(SAID, max_size=12), st.sampled_from(((), ("producer",), ("producer", "label"))), st.booleans())
def test_an_output_is_approved_as_the_rules_say(
    history: list[Said],
    quorum: tuple[Role, ...],
    bars_own: bool,  # noqa: FBT001 - hypothesis gives it by place
) -> None:
    under = [said._replace(quorum=quorum, bars_own=bars_own) for said in history]
    found = status(after(*under))
    assert (found.state == "approved") == approved_by_model(under)
    assert (found.lack is not None) == (bool(under) and under[-1].verdict == "approved" and found.state == "to hear")
    if not quorum and not bars_own:
        assert found.state == (under[-1].verdict if under else "to hear"), "without rules the last verdict counts"


def test_what_is_missing_is_told_with_who_gave_what() -> None:
    both: tuple[Role, ...] = ("producer", "label")
    found = status(after(Said("pat", "approved", both)))
    assert str(found) == "to hear (approved by pat (producer); the label's is missing)"
    with pytest.raises(Refused, match=r"approve\.quorum: night-bus/tin-roof@mix1: .*; label may"):
        refuse_lacking(found)
    found = status(after(Said("ari", "approved", both)))
    assert str(found) == "to hear (approved by ari (artist); the producer's and the label's are missing)"
    found = status(after(Said("pat", "approved", (), bars_own=True)))
    assert str(found) == "to hear (approved by pat (producer), whose own work it is; somebody else's is missing)"
    with pytest.raises(Refused, match=r"approve\.self"):
        refuse_lacking(found)


def test_what_was_approved_before_a_rule_stays_approved_by_another_signature() -> None:
    before = after(Said("pat", "approved"))
    assert status(before).state == "approved"
    assert status(after(Said("pat", "approved"), Said("ari", "approved", ("producer", "label")))).state == "approved"


def test_an_incomplete_approval_is_asked_anew_when_the_rule_is_lifted() -> None:
    history = (Said("pat", "approved", ("producer", "label")), Said("pat", "approved"))
    assert status(after(*history)).state == "approved"
