"""House rules: roles that must all have approved, and approval of one's own mix."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.written import MASTER, MIX, production

PARTLY = "approved by pat (producer); the label's is missing"


@pytest.fixture
def house(tmp_path: Path) -> Label:
    """A finished record whose mix and master are approved by pat, with lou of the label and ari the artist."""
    label, *_ = production(tmp_path)
    label.does("user", "add", "lou", "--role", "label")
    label.does("user", "add", "ari", "--role", "artist")
    return label


def standing(label: Label, address: str, *who: str) -> str:
    """Status of a mix or a master, as ``why`` tells it."""
    return label.does("why", address, *who).splitlines()[0]


def needs_both(label: Label, noun: str = "mix") -> None:
    """Ask for producer and label, and bring the subject back to where nobody approved it."""
    label.does("rule", "set", f"approve.quorum.{noun}", "label, producer")
    label.does(noun, "reject", MIX if noun == "mix" else MASTER, "--as", "pat")


def test_without_rules_one_approval_is_enough_and_what_was_approved_stays_when_one_is_set(house: Label) -> None:
    assert [row["value"] for row in house.data("rule", "list")] == ["none", "none", "on", "8", "45"]
    before = [standing(house, one) for one in (MIX, MASTER)]
    house.does("rule", "set", "approve.quorum.mix", "producer,label")
    house.does("rule", "set", "approve.quorum.master", "producer,label")
    assert [standing(house, one) for one in (MIX, MASTER)] == before
    house.does("mix", "approve", MIX, "--as", "ari")
    assert standing(house, MIX) == before[0], "a signature more takes nothing away"


def test_a_mix_is_approved_when_every_role_of_the_quorum_has_approved_it(house: Label, tmp_path: Path) -> None:
    needs_both(house)
    said = house.run("mix", "approve", MIX, "--as", "pat")
    assert (said.code, f"not approved yet: {PARTLY}" in said.err) == (0, True)
    head = house.head
    house.does("mix", "approve", MIX, "--as", "pat")
    assert house.head == head, "the same again"
    assert PARTLY in standing(house, MIX)
    assert PARTLY in standing(house, MASTER), "a master is blocked by it"
    assert house.refuses(3, "export", MIX, tmp_path / "out").rule == "approve.quorum"
    house.does("mix", "approve", MIX, "--as", "ari")
    assert "the label's is missing" in standing(house, MIX), "an artist is not asked for"
    assert house.run("mix", "approve", MIX, "--as", "lou").err == ""
    assert "approved" in standing(house, MIX)
    assert "missing" not in standing(house, MIX)
    house.does("undo", "--yes", "--as", "lou")
    assert "the label's is missing" in standing(house, MIX)


def test_the_rejection_of_one_role_holds_until_it_approves_itself(house: Label) -> None:
    needs_both(house)
    house.does("mix", "approve", MIX, "--as", "pat")
    house.does("mix", "reject", MIX, "--as", "lou")
    assert "rejected" in standing(house, MIX)
    house.does("mix", "approve", MIX, "--as", "pat")
    assert PARTLY in standing(house, MIX)
    house.does("mix", "approve", MIX, "--as", "lou")
    assert "missing" not in standing(house, MIX)


def test_queue_and_board_tell_what_is_missing_and_review_asks_those_whose_it_is(house: Label) -> None:
    needs_both(house)
    house.does("mix", "approve", MIX, "--as", "pat")
    rows = {row["address"]: row["why"] for row in house.data("next")}
    assert rows[MIX] == PARTLY
    assert [row["remark"] for row in house.data("board")] == [f"{MIX}: {PARTLY}"]
    own = {who: [row["address"] for row in house.data("next", "--mine", "--as", who)] for who in ("pat", "lou")}
    assert (MIX in own["pat"], own["lou"]) == (False, [MIX])
    assert house.run("review", MIX, "--no-input", "--as", "lou").code == 8, "the label is asked"
    assert house.run("review", MIX, "--no-input", "--as", "pat").code == 0, "pat is not asked again"


def test_a_master_of_the_label_needs_both(house: Label, tmp_path: Path) -> None:
    needs_both(house, "master")
    assert "not approved yet" in house.run("master", "approve", MASTER, "--as", "lou").err
    assert "approved by lou (label); the producer's is missing" in standing(house, MASTER)
    assert house.refuses(3, "export", MASTER, tmp_path / "out").rule == "approve.quorum"
    house.does("master", "approve", MASTER, "--as", "pat")
    assert "missing" not in standing(house, MASTER)


def test_no_master_is_planned_of_a_mix_that_lacks_an_approval(house: Label) -> None:
    needs_both(house)
    house.does("mix", "approve", MIX, "--as", "pat")
    said = house.refuses(3, "master", "plan", "night-bus", "--target", "cd", "--songs", SONG, "--as", "pat")
    assert said.rule == "approve.quorum"
    assert "label may" in said.err


def test_who_revised_a_mix_is_not_the_only_one_who_approves_it_when_the_label_says_so(house: Label) -> None:
    house.does("rule", "set", "approve.self", "off")
    house.does("mix", "reject", MIX, "--as", "pat")
    said = house.run("mix", "approve", MIX, "--as", "pat")
    told = "approved by pat (producer), whose own work it is; somebody else's is missing"
    assert (said.code, told in said.err) == (0, True)
    assert told in standing(house, MIX)
    said = house.refuses(3, "export", MIX, house.folder / "out")
    assert (said.rule, "somebody who did not revise it may" in said.err) == ("approve.self", True)
    house.does("mix", "approve", MIX, "--as", "lea")
    assert "missing" not in standing(house, MIX)
    house.does("mix", "approve", MIX, "--as", "pat")
    assert "missing" not in standing(house, MIX), "the own approval beside another one"
    house.does("rule", "set", "approve.self", "on")
    house.does("mix", "reject", MIX, "--as", "lea")
    house.does("mix", "reject", MIX, "--as", "pat")
    assert house.run("mix", "approve", MIX, "--as", "pat").err == ""


def test_a_deputy_approves_no_more_than_whom_they_stand_in_for(house: Label) -> None:
    house.does("user", "add", "eve", "--role", "engineer")
    house.does("rule", "set", "approve.self", "off")
    house.does("mix", "reject", MIX, "--as", "pat")
    today = datetime.now(UTC).date()
    first, last = today - timedelta(days=2), today + timedelta(days=2)
    house.does("user", "away", "pat", "--from", first, "--to", last, "--deputy", "eve")
    assert "approved by eve (producer), whose own work it is" in house.run("mix", "approve", MIX, "--as", "eve").err
    house.does("mix", "approve", MIX, "--as", "lea")
    assert "missing" not in standing(house, MIX)


def test_a_rule_that_is_lifted_asks_for_nothing_more(house: Label) -> None:
    needs_both(house)
    house.does("mix", "approve", MIX, "--as", "pat")
    house.does("rule", "set", "approve.quorum.mix", "none")
    house.does("mix", "approve", MIX, "--as", "pat")
    assert "missing" not in standing(house, MIX)


def test_the_label_sets_rules_and_a_value_that_means_nothing_is_refused(house: Label) -> None:
    assert house.refuses(3, "rule", "set", "approve.self", "off", "--as", "pat").rule == "person.role"
    for words in (
        ("approve.self", "maybe"),
        ("park.takes", "0"),
        ("park.takes", "1000"),
        ("park.minutes", "soon"),
        ("approve.quorum.mix", "mixer"),
        ("approve.quorum.mix", "producer,"),
    ):
        assert house.refuses(2, "rule", "set", *words).rule == "rule.value"
    assert house.refuses(2, "rule", "set", "approve.quorum.take", "producer").rule == "rule.unknown"
    house.does("rule", "set", "approve.quorum.master", "label,producer,label")
    head = house.head
    house.does("rule", "set", "approve.quorum.master", "producer, label")
    assert house.head == head
    assert {row["rule"]: row["value"] for row in house.data("rule", "list")}[
        "approve.quorum.master"
    ] == "producer,label"
    earlier = {row["rule"]: row["value"] for row in house.data("rule", "list", "--as-of", str(head - 1))}
    assert earlier["approve.quorum.master"] == "none"
