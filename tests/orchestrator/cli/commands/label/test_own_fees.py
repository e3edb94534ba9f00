"""A musician sees their own deals and session fees, and nobody else's; those who see money see everybody's."""

from pathlib import Path

import pytest

from tests.orchestrator.label import Label, open_label

OTHERS = ("41.17", "300", "82.34")
"""Amounts of others, as they would be printed."""


@pytest.fixture(scope="module")
def label(tmp_path_factory: pytest.TempPathFactory) -> Label:
    """A session of two musicians, who have deals on the same record."""
    label = open_label(Path(tmp_path_factory.mktemp("fees")), "Drums")
    for person, role in (("mus", "musician"), ("sam", "musician"), ("eve", "engineer"), ("fin", "finance")):
        label.does("user", "add", person, "--role", role)
    label.does("person", "add", "mus", "--call", "73.19/3h")
    label.does("person", "add", "sam", "--call", "41.17/3h")
    label.does("deal", "add", "night-bus", "--who", "mus", "--role", "drummer", "--fee", "250")
    label.does("deal", "add", "night-bus", "--who", "sam", "--role", "bassist", "--fee", "300")
    label.does("session", "book", "night-bus", "--with", "mus", "--with", "sam", "--on", "2127-12-08",
               "--hours", "10-13")  # fmt: skip
    return label


def test_a_musician_sees_their_own_deals_and_fees(label: Label) -> None:
    (deal,) = label.data("deal", "list", "night-bus", "--as", "mus")
    assert (deal["deal"], deal["fee"]) == ("night-bus/D1", "250.00 EUR")
    assert label.data("deal", "show", "night-bus/D1", "--as", "mus")["who"] == "mus"
    shown = label.data("user", "show", "mus", "--as", "mus")
    assert [row["deal"] for row in shown["deals"]] == ["night-bus/D1"]
    assert [(row["session"], row["fee"]) for row in shown["fees"]] == [
        ("night-bus/S1", {"minor": 7319, "currency": "EUR"})
    ]
    said = label.does("user", "show", "mus", "--as", "mus")
    assert "night-bus/D1: drummer, 250.00 EUR" in said
    assert "73.19 EUR" in said
    assert "mus: 73.19 EUR" in label.data("session", "show", "night-bus", "S1", "--as", "mus")["terms"]


def test_nobody_elses_are_shown_to_a_musician(label: Label) -> None:
    assert label.refuses(3, "deal", "show", "night-bus/D2", "--as", "mus").rule == "curtain.money"
    assert label.refuses(3, "deal", "show", "night-bus/D9", "--as", "mus").rule == "curtain.money"
    shown = label.data("user", "show", "sam", "--as", "mus")
    assert (shown["deals"], shown["fees"]) == ([], [])
    for words in (("deal", "list", "night-bus"), ("user", "show", "sam"), ("user", "show", "mus"), ("user", "list"),
                  ("session", "show", "night-bus", "S1"), ("session", "list", "night-bus")):  # fmt: skip
        for flags in ((), ("--json",)):
            said = label.run(*words, *flags, "--as", "mus")
            assert said.code == 0
            assert not [amount for amount in OTHERS if amount in said.out + said.err], words
            assert not [amount for amount in ("4117", "30000", "11436") if amount in said.out], words


def test_roles_without_money_see_no_fee_and_finance_sees_all(label: Label) -> None:
    assert label.refuses(3, "deal", "list", "night-bus", "--as", "eve").rule == "curtain.money"
    shown = label.data("user", "show", "mus", "--as", "eve")
    assert (shown["deals"], shown["fees"]) == ([], [])
    assert [row["who"] for row in label.data("deal", "list", "night-bus", "--as", "fin")] == ["mus", "sam"]
    assert label.data("user", "show", "sam", "--as", "fin")["fees"][0]["fee"]["minor"] == 4117


def test_a_view_as_a_musician_shows_no_more_than_the_caller_sees(label: Label) -> None:
    assert label.data("user", "show", "mus", "--view-as", "mus", "--as", "eve")["fees"] == []
    assert label.refuses(3, "deal", "list", "night-bus", "--view-as", "mus", "--as", "eve").rule == "curtain.money"
    seen = label.data("deal", "list", "night-bus", "--view-as", "mus", "--as", "fin")
    assert [row["who"] for row in seen] == ["mus"]


def test_a_cancelled_session_without_a_fee_pays_nothing(tmp_path: Path) -> None:
    label = open_label(tmp_path, "Drums")
    label.does("user", "add", "mus", "--role", "musician")
    label.does("resource", "add", "mus", "--kind", "person", "--rate", "50/hour")
    label.does("session", "book", "night-bus", "--with", "mus", "--on", "2127-12-08", "--hours", "10-13")
    assert label.data("user", "show", "mus", "--as", "mus")["fees"][0]["fee"]["minor"] == 15000
    label.does("session", "cancel", "night-bus", "S1")
    assert label.data("user", "show", "mus", "--as", "mus")["fees"] == []
